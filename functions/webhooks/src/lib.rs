//! Twilio calls in: texts from customers, and what became of our own (PROTOCOLS §1; P1, P2, P3).
//!
//! A call is answered 2xx only once its raw receipt is kept; as a rule once what it says is written, or set aside where
//! a person sees it, and sooner where that takes long or many are waiting. Whatever is left unapplied, by a crash or by
//! contention, is taken up by the sweep.
//!
//! # Layout
//!
//! - [`build`]: what the function answers to. `call`: one call of Twilio's. `sweep`: every minute.
//! - How a receipt is verified and applied is `porchlight_desk::intake`, shared with the tray's replay.
//!
//! Invariant: a 2xx is given only once the receipt is kept (P1).
//!
//! It must not know sessions, nor send anything: an answer to a text is `send`'s.

mod call;
mod sweep;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::post;
use porchlight_channel::Channels;
use porchlight_desk::{Desk, Intake};
use porchlight_edge::{Clock, ConfigError, Function, Platform, Problem};
use porchlight_store::Store;

/// Far more than Twilio posts, and as much as one item of the vault surely holds (DynamoDB's limit is 400 KB):
/// a longer body is refused (413) rather than kept in part.
pub const LONGEST_BODY: usize = 300 << 10;

/// What a call needs.
#[derive(Clone)]
struct Webhooks {
    store: Store,
    intake: Intake,
    clock: Clock,
}

/// The function, on what the platform gives it. Settings: `PUBLIC_URL` and the tables' names.
pub fn build(platform: Platform) -> Result<Function, ConfigError> {
    let channels = porchlight_channels::doors(&platform)?;
    build_with(platform, channels)
}

/// The same with these ways in.
pub fn build_with(platform: Platform, channels: Channels) -> Result<Function, ConfigError> {
    let store = platform.store()?;
    let desk = Desk::new(store.clone(), platform.clock.clone(), platform.entropy);
    let intake = Intake::new(desk, channels);
    let webhooks = Webhooks { store, intake: intake.clone(), clock: platform.clock };
    let router = Router::new()
        .route("/{*address}", post(call::receive))
        .fallback(async || Problem::not_found())
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .with_state(webhooks);
    let every_minute = move |tick| sweep::apply_what_is_left(intake.clone(), tick);
    Ok(Function::new().http(router).longest_body(LONGEST_BODY).schedule("sweep", every_minute))
}
