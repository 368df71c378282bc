//! An event with what it points to, read once and shared by all clients that are told.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::response::sse::Event as Sent;
use futures::future::try_join_all;
use porchlight_api::{ConversationRow, StaffNames};
use porchlight_domain::conversation::{Conversation, ReadMarker};
use porchlight_domain::event::Event;
use porchlight_domain::id::{BusinessId, ConversationId, StaffId};
use porchlight_domain::message::Message;
use porchlight_domain::time::Timestamp;
use porchlight_store::access::AccessLedger;
use porchlight_store::conversations::{ConversationPartition, Drafts};
use porchlight_store::{Store, StoreError};
use tokio::sync::OnceCell;
use tokio::time::Instant;

use crate::{Live, warn};

/// For so long the facts of access that one client asked for serve the others; a client that is slower asks
/// for itself.
const FACTS_LAST: Duration = Duration::from_secs(1);

/// Different rows of one event that are kept: there are as many as people who have read or drafted there.
const DRAWN: usize = 16;

/// What clients are told of.
pub(crate) enum News {
    /// Something happened in a conversation.
    Told(Box<Told>),
    /// What all of the business share changed; clients read it again.
    OfBusiness(Event),
}

/// An event with what it points to, as it was a moment ago.
pub(crate) struct Told {
    pub event: Event,
    pub conversation: Conversation,
    /// The message that the event is about, if there is one.
    pub message: Option<Message>,
    pub names: Arc<StaffNames>,
    partition: Arc<ConversationPartition>,
    facts: OnceCell<(Instant, AccessLedger)>,
    /// What was told of it so far: an office sees the same, but for what each has read and drafted.
    drawn: Mutex<Vec<Drawn>>,
}

/// A row with all that it stands for on the wire.
struct Drawn {
    row: ConversationRow,
    with_message: bool,
    sent: Sent,
}

impl News {
    /// What happened.
    pub const fn event(&self) -> &Event {
        match self {
            Self::Told(told) => &told.event,
            Self::OfBusiness(event) => event,
        }
    }
}

impl Told {
    /// What this person has seen.
    pub fn marker(&self, staff: &StaffId) -> ReadMarker {
        self.partition.markers.get(staff).cloned().unwrap_or_default()
    }

    /// What this person is writing there.
    pub fn drafts(&self, staff: &StaffId) -> Drafts {
        self.partition.drafts_of(staff)
    }

    /// What is sent of this row, with the message or without: made once for all who see the same.
    pub fn drawn(
        &self,
        row: ConversationRow,
        with_message: bool,
        draw: impl FnOnce(ConversationRow) -> Sent,
    ) -> Sent {
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        let same = drawn.iter().find(|it| it.with_message == with_message && it.row == row);
        if let Some(Drawn { sent, .. }) = same {
            return sent.clone();
        }
        let sent = draw(row.clone());
        if drawn.len() < DRAWN {
            drawn.push(Drawn { row, with_message, sent: sent.clone() });
        }
        sent
    }

    /// Whether `index` last counted this technician among those who may see it.
    pub fn was_member(&self, staff: &StaffId) -> bool {
        self.partition.members.contains(staff)
    }

    /// Who works at the contact point now; read when the first technician is told, and shared for a moment.
    pub async fn ledger(&self, store: &Store, now: Timestamp) -> Result<AccessLedger, StoreError> {
        let read = async || store.access_ledger(&self.conversation, now).await;
        let shared = self.facts.get_or_try_init(async || Ok((Instant::now(), read().await?))).await?;
        if shared.0.elapsed() < FACTS_LAST { Ok(shared.1.clone()) } else { read().await }
    }
}

/// Reads what these events point to, each conversation once. An event whose conversation is gone is left out.
pub(crate) async fn read_all(
    live: &Live,
    business: &BusinessId,
    events: Vec<Event>,
) -> Result<Vec<News>, StoreError> {
    let store = &live.store;
    let mut ids: Vec<&ConversationId> =
        events.iter().filter_map(|event| event.conversation.as_ref()).collect();
    ids.sort();
    ids.dedup();
    let partitions = try_join_all(ids.iter().map(|id| partition_of(store, business, id)));
    let messages = try_join_all(events.iter().map(|event| message_of(store, business, event)));
    let (partitions, messages, staff) =
        futures::try_join!(partitions, messages, live.colleagues.of(business))?;
    let names = Arc::new(StaffNames::new(&*staff));
    let partitions: HashMap<ConversationId, Arc<ConversationPartition>> =
        ids.into_iter().cloned().zip(partitions.into_iter().map(Arc::new)).collect();
    let told = events.into_iter().zip(messages).filter_map(|(event, message)| {
        let Some(id) = &event.conversation else { return Some(News::OfBusiness(event)) };
        let partition = Arc::clone(&partitions[id]);
        let conversation = partition.conversation.clone()?;
        Some(News::Told(Box::new(Told {
            conversation,
            event,
            message,
            names: Arc::clone(&names),
            partition,
            facts: OnceCell::new(),
            drawn: Mutex::default(),
        })))
    });
    Ok(told.collect())
}

/// Empty where it cannot be read.
async fn partition_of(
    store: &Store,
    business: &BusinessId,
    id: &ConversationId,
) -> Result<ConversationPartition, StoreError> {
    Ok(or_left_out(store.conversation_partition(business, id).await)?.unwrap_or_default())
}

async fn message_of(
    store: &Store,
    business: &BusinessId,
    event: &Event,
) -> Result<Option<Message>, StoreError> {
    match event.conversation.as_ref().zip(event.happening.seq()) {
        Some((id, seq)) => Ok(or_left_out(store.message_at(business, id, seq).await)?.flatten()),
        None => Ok(None),
    }
}

/// What cannot be read now and never will be is left out: it must not stop the feed of everything else.
fn or_left_out<T>(read: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match read {
        Err(error @ StoreError::Unreadable { .. }) => {
            warn(&error, "what an event points to cannot be read and is left out");
            Ok(None)
        }
        read => read.map(Some),
    }
}
