//! Delivers what is queued
