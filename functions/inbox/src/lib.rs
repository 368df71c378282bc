//! The API behind the web inbox: office and technicians, over JSON.
//!
//! # Layout
//!
//! - [`ask`]: how a request is read. What all answers share is the edge's.
//! - What is done, and whether it may be, is the desk's (`porchlight_desk`). `refusal`: its refusals in the words of
//!   the API. `rows`: what somebody sees, as rows. `timeline`: what happened with a contact point.
//! - `dictation`: recordings pass through to the provider of transcriptions.
//! - `guessing`: how often somebody may try to sign in.
//! - `routes`: one file per endpoint or small group. A handler reads the request, lets the desk act, and shows
//!   what came of it.
//! - [`view`]: JSON shapes that only this function answers with; those shared with the live feed are in
//!   `porchlight_api`. [`openapi`]: the document.
//!
//! Invariant: nothing is answered that the desk has not let this person see; hidden, foreign and unknown are
//! the same 404 (P7).
//!
//! It must not know how a text leaves or comes in: it queues, others carry.

pub mod ask;
mod dictation;
mod guessing;
pub mod openapi;
mod refusal;
mod routes;
mod rows;
mod timeline;
pub mod view;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use porchlight_desk::{Desk, Intake};
use porchlight_domain::time::Timestamp;
use porchlight_edge::session::Sessions;
use porchlight_edge::{Clock, Colleagues, ConfigError, Entropy, Function, Platform, answer, same_origin};
use porchlight_store::Store;

use crate::dictation::Dictation;

/// What the handlers work with. Cheap to clone.
#[derive(Clone)]
pub struct Inbox {
    store: Store,
    desk: Desk,
    sessions: Sessions,
    clock: Clock,
    entropy: Entropy,
    intake: Intake,
    dictation: Dictation,
    colleagues: Colleagues,
}

/// The function, ready to answer. Settings: `PUBLIC_URL`, `TRANSCRIBE_BASE_URL`, `TRANSCRIBE_MODEL`, `BUCKET_FILES`
/// and the tables' names.
pub fn build(platform: Platform) -> Result<Function, ConfigError> {
    let store = platform.store()?;
    let public_url = platform.settings.require("PUBLIC_URL")?;
    let desk = Desk::new(store.clone(), platform.clock.clone(), platform.entropy.clone())
        .with_files(platform.bucket()?, public_url);
    let inbox = Inbox {
        store,
        sessions: Sessions::new(&platform)?,
        intake: Intake::new(desk.clone(), porchlight_channels::doors(&platform)?),
        desk,
        dictation: Dictation::new(&platform)?,
        colleagues: Colleagues::new(&platform)?,
        clock: platform.clock,
        entropy: platform.entropy,
    };
    Ok(Function::new().http(router(inbox)).longest_body(dictation::LARGEST))
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
        .layer(from_fn(answer::not_found_in_its_time))
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
}
