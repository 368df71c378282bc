//! A Twilio, and phones, that behave, and misbehave on demand.
//!
//! The demo and the tests run against this instead of the real provider: it takes messages over Twilio's REST
//! API, keeps phones that text in and receive, signs and retries webhooks as Twilio does, and plays faults from
//! a seed. `README.md` in this folder documents its control API.
//!
//! # Layout
//!
//! - [`config`], [`server`]: how to start and stop it.
//! - `world`: everything that is there while it runs; `state` and `journal`: what survives a restart.
//! - `lines`: the account's numbers. `api/`: Twilio's REST API. `control/`: ours, under `/simulator/`.
//! - `inbound`, `outbound`: the life of a text in each direction; `webhook`, `twiml`: calling Porchlight;
//!   `keyword`: STOP, START, HELP. [`past`]: messages from before.
//! - `faults`, `draw`: what goes wrong, decided by the seed. `personas`: phones that answer.
//! - `events`: the log that the control API and the page show. `page`: the page, whose files are in `page/`.
//!   `same_origin`: no other web site reads or moves either.
//!
//! It is a world of its own and must not know any Porchlight crate: what it signs and parses, it signs and
//! parses by itself, so that a mistake over there cannot cancel itself out over here.
//!
//! Invariant: it knows nothing of Porchlight: what it does, Twilio does, or may do on a bad day.

mod ambient;
mod api;
pub mod config;
mod control;
mod draw;
pub mod events;
pub mod faults;
mod inbound;
mod journal;
mod keyword;
mod lines;
pub mod message;
mod moment;
mod number;
mod outbound;
mod page;
pub mod past;
mod personas;
mod same_origin;
mod segments;
pub mod server;
mod signing;
mod state;
mod twiml;
mod webhook;
mod world;

pub use config::{Line, Pace, Persona, Personas, SimulatorConfig};
pub use events::Event;
pub use faults::{Fault, FaultKind, FaultSettings, Planned};
pub use inbound::{TextError, TextIn, TextMedia, TextSent};
pub use message::{Direction, Media, Message};
pub use moment::Moment;
pub use page::PHOTO;
pub use past::{Ending, Remembered};
pub use server::{RunningSimulator, Simulator, StartError};
pub use webhook::WebhookOutcome;
