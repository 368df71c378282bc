//! Wakes the devices of whoever a message concerns (RULES "Push"; P7).
//!
//! A stream record is only a wake-up: who is woken is decided on facts read then, each post is claimed per message and
//! device, and everything is read and decided once more between the claim and the post. So records may repeat, come late
//! or never again, and invocations may run side by side or die.
//!
//! # Layout
//!
//! - `wake`: the stream of messages: who is woken, and the claims. `sweep`: every minute, what was broken off or waits,
//!   and the ladders whose next step has come.
//! - `facts`: what is known of a message and of one person now, and the decision on it.
//! - `ladder`: nobody of the crew opens it: what the desk does then, and the office, which is woken.
//! - `post`: one claimed post: asked again, posted, settled.
//! - Who is woken is `porchlight_domain::push`; how a device is reached is `porchlight_notify`.
//!
//! Invariant: no post without a claim, and none without a decision made after the claim.
//!
//! It must not know who wrote a message, or what else follows from it.

mod facts;
mod ladder;
mod post;
mod sweep;
mod wake;

use std::sync::Arc;

use porchlight_desk::Desk;
use porchlight_edge::{Clock, ConfigError, Entropy, Function, Platform};
use porchlight_notifiers::Notifiers;
use porchlight_store::Store;

/// Posts under way at the same time in one invocation: one push service that is slow holds up few others.
const SIDE_BY_SIDE: usize = 32;

/// Wakes devices. Cheap to clone.
#[derive(Clone)]
struct Waker {
    store: Store,
    desk: Desk,
    public_url: Arc<str>,
    notifiers: Notifiers,
    clock: Clock,
    entropy: Entropy,
}

/// The function, on what the platform gives it. Settings: those of [`Notifiers`], `PUBLIC_URL` and the tables'
/// names.
pub fn build(platform: Platform) -> Result<Function, ConfigError> {
    let notifiers = Notifiers::new(&platform)?;
    let public_url = platform.settings.require("PUBLIC_URL")?.trim_end_matches('/').into();
    let store = platform.store()?;
    let Platform { clock, entropy, .. } = platform;
    let desk = Desk::new(store.clone(), clock.clone(), entropy.clone());
    let waker = Waker { store, desk, public_url, notifiers, clock, entropy };
    let woken = waker.clone();
    Ok(Function::new()
        .stream(move |changes| wake::wake(woken.clone(), changes))
        .schedule("sweep", move |tick| sweep::take_up(waker.clone(), tick)))
}
