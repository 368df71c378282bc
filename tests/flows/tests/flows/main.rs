//! What a business lives through, from the outside. One program, so that it is linked once.

mod access;
mod aws_behaviour;
mod bad_input;
mod bad_monday;
mod capacity;
mod commands;
mod consent;
mod derived;
mod dictation;
mod files;
mod inbound;
mod ladder;
mod lists;
mod live;
mod lost_answers;
mod notes;
mod official_twilio;
mod openapi;
mod outbound;
mod push;
mod quarantine;
mod search;
mod writer;

/// A customer's phone.
const MARIA: &str = "+12075550188";
/// Another's.
const OMAR: &str = "+12075550177";
/// A third one's.
const JUNE: &str = "+12075550166";
