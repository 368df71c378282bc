//! Whether everything that the provider has is accounted for.

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::Shared;
use crate::faults::{FaultKind, FaultList as _};
use crate::message::{Direction, Message};
use crate::outbound;
use crate::webhook::WebhookOutcome;

/// How the provider's messages stand. A message counts as untold where its text, or its last status, was not taken.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Summary {
    /// Events in the log.
    events: usize,
    /// Messages at the provider.
    messages: usize,
    /// Of these: something is still to happen.
    under_way: usize,
    /// Untold because of a fault that was played.
    untold_by_fault: usize,
    /// Untold, and no fault explains it.
    unexplained: usize,
}

/// `GET /simulator/summary`
pub(super) async fn show(State(world): Shared) -> Json<Summary> {
    let events = world.events.len();
    let inner = world.lock();
    let messages = inner.state.messages();
    Json(messages.iter().fold(Summary { events, ..Summary::default() }, Summary::with))
}

impl Summary {
    fn with(mut self, message: &Message) -> Self {
        self.messages += 1;
        if is_under_way(message) {
            self.under_way += 1;
        } else if message.faults.has(FaultKind::LostCallbacks) {
            self.untold_by_fault += 1;
        } else if let Some(outcome) = untold(message) {
            self.untold_by_fault += usize::from(outcome.fault.is_some());
            self.unexplained += usize::from(outcome.fault.is_none());
        }
        self
    }
}

fn is_under_way(message: &Message) -> bool {
    match message.direction {
        Direction::Inbound => message.webhook.is_none(),
        Direction::OutboundApi => outbound::is_unfinished(message),
        Direction::OutboundReply => false,
    }
}

fn untold(message: &Message) -> Option<&WebhookOutcome> {
    let told = message.webhook.as_ref().filter(|outcome| !outcome.accepted);
    told.or_else(|| message.missed.get(&message.status))
}
