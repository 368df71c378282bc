//! What every function needs at its edge, so that the functions themselves are only their job.
//!
//! # Layout
//!
//! - [`function`]: what a Lambda answers to; the same value is run on AWS and invoked on one machine.
//! - [`platform`]: everything from outside that a function may use, made once per process.
//! - [`settings`], [`secrets`], [`wake`]: configuration, credentials, and word that a table was written. [`kept`]: what
//!   is read once until such word comes.
//! - [`problem`]: the one conversion of errors to answers (RFC 9457), logged there once. [`answer`]: what answers have in
//!   common.
//! - [`session`], [`password`] (with [`turns`]), [`same_origin`]: who asks, and that it is really they who ask.
//!   `origin`: that they came through CloudFront.
//! - [`telemetry`]: log lines without bodies, numbers and tokens (P11).
//!
//! Invariant: every error becomes an answer in `problem`, once, and is logged there once.
//! Invariant: the tenant and the person come from the session, never from the request (P7).
//!
//! It must not know what any function does.

pub mod answer;
pub mod function;
pub mod kept;
mod origin;
pub mod password;
pub mod platform;
pub mod problem;
pub mod same_origin;
pub mod secrets;
pub mod session;
pub mod settings;
pub mod telemetry;
pub mod turns;
pub mod wake;

pub use function::{BoxError, Change, ChangeKind, Function, Kind, Tick, run_on_lambda};
pub use kept::Colleagues;
pub use platform::Platform;
pub use porchlight_ambient::{Clock, Entropy};
pub use problem::Problem;
pub use secrets::{Secrets, SecretsError};
pub use settings::{ConfigError, Settings};
pub use wake::Wake;
