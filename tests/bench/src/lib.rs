//! Measurements, one command
