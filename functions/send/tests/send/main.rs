//! The function on the template's tables and with its role's permissions, against a Twilio that does what the
//! test tells it to.

mod loopback;
mod support;
mod twilio;

mod another_channel;
mod crash;
mod files;
mod later;
mod notes;
mod once;
mod outcome;
mod reconcile;
