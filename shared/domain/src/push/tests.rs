//! The decision, by tables and by every combination.
