//! The API behind the web inbox
