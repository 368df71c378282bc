//! The store on the template's tables: by values, and the same by the SDK in process and over the engine's HTTP server.

mod support;

mod access;
mod bulk_acts;
mod derived;
mod devices;
mod directory;
mod faults;
mod inbound;
mod ladders;
mod lists;
mod outbound;
mod roles;
mod units;
mod vault;
