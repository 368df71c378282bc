//! `index`, brought the records of both streams as AWS brings them: in order, or not, or twice.

mod counters;
mod house;
mod members;
mod search;
