//! Search, counters and other derived data
