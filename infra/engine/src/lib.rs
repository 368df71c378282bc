//! The platform's tables on one machine, behind the calls that on AWS the SDK sends.
//!
//! # Layout
//!
//! - [`template`]: reads `infra/*.yaml`, the only place where tables, indexes, routes, stream mappings,
//!   schedules and permissions are written.
//! - [`engine`]: the one module that knows the embedded engine (dynoxide), its traps and its private schema.
//! - `values`: the calls as values ([`Engine::calls`]): how everything that runs comes to its tables.
//! - [`connector`]: the other way in, for tests: an HTTP client for the SDK that opens no socket and asks the engine.
//! - `call`, `refusal`: what a call touches and what it is told instead, for both ways.
//! - [`policy`]: what a role allows; a client made with one refuses the rest, as AWS would.
//! - [`faults`]: what real DynamoDB does and the engine hides, on demand: conflicts, throttling, lagging
//!   indexes, lost answers.
//! - [`testing`]: tables for the tests of whoever stores something.
//!
//! Invariant: a write is answered when it is flushed, unless who writes can derive it again ([`Access::trails`]).
//! Invariant: whatever DynamoDB refuses is refused here, with its words; a client may do what its role may, and
//! no more.
//!
//! It must not know what the tables hold, nor what any function does.

mod call;
pub mod connector;
pub mod engine;
pub mod faults;
pub mod policy;
mod refusal;
pub mod template;
pub mod testing;
mod values;

pub use connector::Access;
pub use engine::{DeadLetter, Engine, EngineError, Loading};
pub use faults::{Fault, Faults, Injection};
pub use policy::Policy;
pub use template::{Stack, TemplateError, Templates};
pub use values::Item;
