//! What one viewer is shown of what happened (P7).

use axum::response::sse::Event;
use porchlight_api::live::{
    LiveConversation, LiveJobs, LiveMessage, LivePresence, LiveRemoved, LiveStaff, LiveTemplates,
};
use porchlight_api::row::Reader;
use porchlight_api::{ConversationRow, MessageView};
use porchlight_desk::last_in_sight;
use porchlight_domain::access::{AccessFacts, BusinessAct, Sight, Viewer, sight};
use porchlight_domain::event::{Event as Happened, Happening};
use porchlight_domain::id::StaffId;
use porchlight_domain::presence;
use porchlight_domain::time::Timestamp;
use porchlight_store::{Store, StoreError};
use serde::Serialize;

use crate::told::Told;

/// The event as this viewer may know it, if they may know of it at all.
pub(crate) async fn show(
    store: &Store,
    viewer: &Viewer,
    told: &Told,
    now: Timestamp,
) -> Result<Option<Event>, StoreError> {
    if let Some((staff, typing)) = told.event.happening.presence_of() {
        return presence(store, viewer, told, (staff, typing), now).await;
    }
    if told.event.happening.only_for().is_some_and(|staff| *staff != viewer.staff) {
        return Ok(None);
    }
    // Nothing needs to be read for the office; the policy decides all the same.
    let at_once = sight(viewer, &told.conversation, &AccessFacts::default(), now);
    if !at_once.is_hidden() {
        return Ok(Some(shown(store, viewer, told, &at_once, now).await?));
    }
    let ledger = told.ledger(store, now).await?;
    let sight = sight(viewer, &told.conversation, &ledger.facts_for(&viewer.staff), now);
    if !sight.is_hidden() {
        return Ok(Some(shown(store, viewer, told, &sight, now).await?));
    }
    // Whoever never had access is not told that there is such a conversation.
    let had_access = matches!(told.event.happening, Happening::AccessChanged { .. })
        || told.was_member(&viewer.staff)
        || ledger.candidates().contains(&viewer.staff);
    let id = told.conversation.id.clone();
    Ok(had_access.then(|| event(told, "conversation.removed", &LiveRemoved { id })))
}

/// The event of what all of the business share, for whoever may use it. Who works there concerns everybody.
pub(crate) fn show_of_business(viewer: &Viewer, event: &Happened) -> Option<Event> {
    let shown = match event.happening {
        Happening::TemplatesUpdated if viewer.may(BusinessAct::UseTemplates) => {
            named("templates.updated", &LiveTemplates {})
        }
        Happening::JobUpdated { ref crew } if viewer.is_office() || crew.contains(&viewer.staff) => {
            named("jobs.updated", &LiveJobs {})
        }
        Happening::StaffUpdated => named("staff.updated", &LiveStaff {}),
        _ => return None,
    };
    Some(shown.id(event.id.as_str()))
}

/// Somebody's presence, while it lasts, to others who see the conversation.
async fn presence(
    store: &Store,
    viewer: &Viewer,
    told: &Told,
    (staff, typing): (&StaffId, bool),
    now: Timestamp,
) -> Result<Option<Event>, StoreError> {
    let Some(lasts) = presence::holds(told.event.id.time(), now) else { return Ok(None) };
    if *staff == viewer.staff || !sees(store, viewer, told, now).await? {
        return Ok(None);
    }
    let shown = LivePresence {
        conversation_id: told.conversation.id.clone(),
        person: told.names.get(staff),
        typing,
        lasts_ms: u64::try_from(lasts.as_millis()).unwrap_or_default(),
    };
    Ok(Some(event(told, "presence", &shown)))
}

async fn sees(store: &Store, viewer: &Viewer, told: &Told, now: Timestamp) -> Result<bool, StoreError> {
    if !sight(viewer, &told.conversation, &AccessFacts::default(), now).is_hidden() {
        return Ok(true);
    }
    let facts = told.ledger(store, now).await?.facts_for(&viewer.staff);
    Ok(!sight(viewer, &told.conversation, &facts, now).is_hidden())
}

async fn shown(
    store: &Store,
    viewer: &Viewer,
    told: &Told,
    sight: &Sight,
    now: Timestamp,
) -> Result<Event, StoreError> {
    let marker = told.marker(&viewer.staff);
    let last = last_in_sight(store, &told.conversation, sight).await?;
    let reader = Reader { viewer, sight, marker: &marker, last: last.as_ref(), now };
    let conversation =
        ConversationRow::new(&told.conversation, reader, &told.names).with_drafts(told.drafts(&viewer.staff));
    let name = match told.event.happening {
        Happening::MessageCreated { .. } => "message.created",
        Happening::MessageUpdated { .. } => "message.updated",
        _ => "conversation.updated",
    };
    let message = told.message.as_ref().filter(|message| sight.shows(message));
    Ok(told.drawn(conversation, message.is_some(), |conversation| match message {
        Some(message) => {
            let message = MessageView::new(message, &told.names);
            event(told, name, &LiveMessage { message, conversation: Some(conversation) })
        }
        // The row has a new version, even where the message is not theirs to see.
        None => event(told, "conversation.updated", &LiveConversation { conversation }),
    }))
}

fn event(told: &Told, name: &str, data: &impl Serialize) -> Event {
    named(name, data).id(told.event.id.as_str())
}

/// An event without a cursor.
pub(crate) fn named(name: &str, data: &impl Serialize) -> Event {
    Event::default().event(name).json_data(data).expect("the views become JSON")
}
