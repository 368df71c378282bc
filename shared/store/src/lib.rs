//! Every access pattern on the tables: keys, items, transactions, over the calls of `porchlight-calls`.
//!
//! The same code runs on AWS, where the SDK sends them, and on one machine, where the engine takes them as values.
//! The list of patterns with their keys and costs is this crate's README; the code follows it.
//!
//! # Layout
//!
//! - [`keys`] and [`records`]: keys made and keys read. `items`: how values lie in items. `table`: the few
//!   calls that everything else is made of. [`error`], [`meter`].
//! - [`commit`]: one transaction, built part by part: the fact and its consequences.
//! - One room each: [`directory`] (with [`contacts`], [`customer_file`], [`consent`], [`jobs`], [`access`], [`templates`]), [`conversations`], [`lists`],
//!   [`messages`], [`inbound`], [`outbound`], [`events`], [`vault`] (with [`receipts`]), [`sessions`], [`staff`], [`invites`],
//!   [`devices`], [`pushes`], [`ladders`], [`derived`] (with [`counters`]), `bulk_acts` (one command over many conversations), [`bulk`] (seeding).
//!
//! Invariant: whatever a decision rests on is read strongly consistent, and written on condition that it is
//! still so.
//! Invariant: no item that is one per business is written on a request's path (P12); counters are sharded.
//!
//! # What it must not know
//!
//! The time, chance and the environment: instants and ids are arguments. HTTP, Twilio, who may see what:
//! it reads facts, `porchlight-domain` decides, it writes the decision.

pub mod access;
pub mod bulk;
pub mod bulk_acts;
pub mod commit;
pub mod consent;
pub mod contacts;
pub mod conversations;
pub mod cost;
pub mod counters;
pub mod customer_file;
pub mod derived;
pub mod devices;
pub mod dictation;
mod directory;
pub mod error;
pub mod events;
pub mod inbound;
pub mod invites;
mod items;
pub mod jobs;
pub mod keys;
pub mod ladders;
pub mod lists;
pub mod messages;
pub mod meter;
pub mod outbound;
pub mod people;
pub mod pushes;
mod query;
pub mod receipts;
pub mod records;
pub mod search;
pub mod sessions;
pub mod staff;
mod store;
mod table;
pub mod templates;
pub mod uploads;
pub mod vault;
pub mod walks;

pub use commit::{Commit, Conflict, Part};
pub use error::{StoreError, backoff};
pub use meter::CapacityMeter;
pub use store::{Store, Tables};
