//! The Twilio outside world: verify what it sends us, read it, and call it.
//!
//! Everything here is pure (bytes and words in, values out) except [`client`], [`media`] and [`carrier`], which do I/O.
//! Facts about Twilio come from `reference/twilio.md`; what to do about them from `PROTOCOLS.md` §1 and §2.
//!
//! # Layout
//!
//! - [`account`]: which Twilio account, and its token that never shows in a log.
//! - [`form`]: a form body as ordered pairs, safe with bytes that are not UTF-8.
//! - [`signature`]: `X-Twilio-Signature`, checked and made.
//! - [`webhook`]: an inbound message, a status callback.
//! - [`client`]: create (one attempt, honest about what it does not know), fetch, list.
//! - [`media`]: the files of messages; the addresses come from outside and are distrusted.
//!
//! - [`door`] and [`carrier`]: all of it as a channel of ours. [`codes`]: its error codes in plain words.
//!
//! Invariant: one call of [`client`] is at most one POST on the wire: no retry, no redirect, no pooled
//! connection (P4).
//!
//! It must not know the store, the session, or what a message makes of things.

pub mod account;
pub mod carrier;
pub mod client;
pub mod codes;
pub mod door;
pub mod form;
pub mod media;
pub mod signature;
pub mod webhook;

pub use account::{Account, AuthToken};
pub use client::{CreateClient, CreateMessage, CreateOutcome, ReadClient, ReadError};
pub use form::Form;
pub use media::{MediaClient, MediaError};
pub use signature::{SignatureError, SignedContent};
pub use webhook::{InboundMedia, InboundMessage, StatusUpdate, WebhookError};
