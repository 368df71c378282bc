//! Types and rules of a shared message line for field-service businesses.
//!
//! Pure: values in, values out. No async, no AWS, no HTTP, no clock, no randomness; instants, ids and
//! random numbers come in as arguments. The words are those of the inbox's rules, and the same in code,
//! tables, JSON and on the screen.
//!
//! # Layout
//!
//! - Words: [`time`], [`id`], [`channel`], [`phone`], [`form_factor`].
//! - Who and what: [`business`], [`hours`], [`staff`], [`customer`], [`party`] (who a conversation is with).
//! - The line itself: [`conversation`], [`message`], [`delivery`] (how a message gets out exactly once),
//!   [`inbound`] (what a text from a customer means), [`consent`], [`markdown`]
//!   (as plain text), [`segments`], [`file`] (what files are, and what they must not tell), [`template`] (texts that are
//!   kept, and filled for one conversation).
//! - Around it: [`access`] (who sees what), [`command`] (clients repeat themselves), [`bulk`] (one
//!   command over many conversations), [`event`] (the live feed), [`presence`] (who looks), [`contribution`] and
//!   [`terms`] (what counters and search are made of), [`timeline`] (what happened with a contact point).
//!
//! Invariant: the same values in give the same values out; a match over a closed set has no wildcard where a
//! new word would need a decision.

pub mod access;
pub mod bulk;
pub mod business;
pub mod channel;
pub mod command;
pub mod consent;
pub mod contribution;
pub mod conversation;
pub mod customer;
pub mod delivery;
pub mod dictation;
mod discreet;
pub mod event;
pub mod file;
pub mod form_factor;
pub mod hours;
pub mod id;
pub mod inbound;
pub mod markdown;
pub mod message;
pub mod party;
pub mod phone;
pub mod presence;
pub mod quiet;
pub mod segments;
pub mod staff;
pub mod template;
pub mod terms;
pub mod time;
pub mod timeline;

#[cfg(test)]
mod samples;
