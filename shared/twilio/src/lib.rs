//! The Twilio outside world: verify what it sends us, read it, and call it.
//!
//! Everything here is pure (bytes and words in, values out) except [`client`] and [`media`], which do I/O.
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
//! It must not know Porchlight's own types: no domain, no store, no clock.

pub mod account;
pub mod client;
pub mod form;
pub mod media;
pub mod signature;
pub mod webhook;

pub use account::{Account, AuthToken};
pub use client::{CreateClient, CreateMessage, CreateOutcome, ReadClient, ReadError};
pub use form::Form;
pub use media::{ImageType, MediaClient, MediaError};
pub use signature::{SignatureError, SignedContent};
pub use webhook::{InboundMedia, InboundMessage, StatusUpdate, WebhookError};
