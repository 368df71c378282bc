//! Whole-system flows, in process
