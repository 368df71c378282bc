//! Models outside, asked for words.
//!
//! # Layout
//!
//! - [`transcribe`]: a recording becomes words. What is asked and what is answered are pure; the one call is
//!   [`TranscribeClient`]'s.
//!
//! Invariant: what is sent is kept nowhere here, and neither it nor what comes back is ever logged (P11).
//!
//! It must not know who asks, nor what the words are for.

pub mod transcribe;

pub use transcribe::{AudioKind, Recording, TranscribeClient, TranscribeError};
