//! The API behind the web inbox: office and technicians, over JSON.
//!
//! # Layout
//!
//! - [`ask`]: how a request is read. `answer`: what all answers share.
//! - `reach`: who sees how much of a conversation (the policy itself is the domain's); `reply`: who may write
//!   in it. `attempt`: reading, deciding and writing again when somebody else was faster. `command`: commands
//!   that repeat themselves. `quiet`: changes with the line of the timeline that tells of them.
//! - `guessing`: how often somebody may try to sign in.
//! - `files`: the files of messages, fetched from where the provider keeps them.
//! - `routes`: one file per endpoint or small group. A handler authorizes, loads, decides (domain), writes
//!   once, answers.
//! - [`view`]: JSON shapes that only this function answers with; those shared with the live feed are in
//!   `porchlight_edge::view`. [`openapi`]: the document.
//!
//! It must not know how a text leaves or comes in: it queues, others carry.

mod answer;
pub mod ask;
mod attempt;
mod command;
mod files;
mod guessing;
pub mod openapi;
mod quiet;
mod reach;
mod reply;
mod routes;
pub mod view;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use porchlight_domain::conversation::Conversation;
use porchlight_domain::event::{Event, Happening};
use porchlight_domain::id::EventId;
use porchlight_domain::time::Timestamp;
use porchlight_edge::intake::Intake;
use porchlight_edge::session::Sessions;
use porchlight_edge::{Clock, ConfigError, Entropy, Function, Platform, same_origin};
use porchlight_store::Store;

use crate::files::Files;

/// What the handlers work with. Cheap to clone.
#[derive(Clone)]
pub struct Inbox {
    store: Store,
    sessions: Sessions,
    clock: Clock,
    entropy: Entropy,
    intake: Intake,
    files: Files,
}

/// The function, ready to answer. Settings: `PUBLIC_URL`, `TWILIO_BASE_URL`, `ALLOW_LOOPBACK` and the tables' names.
pub fn build(platform: Platform) -> Result<Function, ConfigError> {
    let inbox = Inbox {
        store: platform.store()?,
        sessions: Sessions::new(&platform)?,
        intake: Intake::new(&platform)?,
        files: Files::new(&platform)?,
        clock: platform.clock,
        entropy: platform.entropy,
    };
    Ok(Function::new().http(router(inbox)))
}

/// All routes, with what stands around them.
fn router(inbox: Inbox) -> Router {
    let (routes, _) = routes::all().split_for_parts();
    routes
        .fallback(answer::no_such_route)
        .method_not_allowed_fallback(answer::no_such_method)
        .layer(DefaultBodyLimit::max(ask::LARGEST_BODY))
        .layer(from_fn_with_state(inbox.clone(), same_origin_only))
        .layer(from_fn(answer::never_stored))
        .with_state(inbox)
}

async fn same_origin_only(State(inbox): State<Inbox>, request: Request, next: Next) -> Response {
    let origin = inbox.sessions.public_origin().to_owned();
    same_origin::require_same_origin(origin, request, next).await
}

impl FromRef<Inbox> for Sessions {
    fn from_ref(inbox: &Inbox) -> Self {
        inbox.sessions.clone()
    }
}

impl Inbox {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// An event of the live feed, its id minted for this attempt.
    fn event(&self, conversation: &Conversation, happening: Happening) -> Event {
        Event {
            id: EventId::from(self.entropy.ulid(self.now())),
            conversation: conversation.id.clone(),
            happening,
        }
    }
}
