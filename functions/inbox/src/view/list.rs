//! The list and the timeline, page by page.

use porchlight_api::words::MessageDirection;
use porchlight_api::{ConversationRow, Counts, MessageView};
use porchlight_domain::id::{ConversationId, MessageId};
use porchlight_domain::message::Message;
use serde::Serialize;
use utoipa::ToSchema;

/// A page of the list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConversationPage {
    /// In the order that was asked for.
    pub conversations: Vec<ConversationRow>,
    /// Give it back as `cursor` for the next page; absent at the end. It is good for the same person and the
    /// same query only.
    #[schema(required)]
    pub next_cursor: Option<String>,
    /// How many there are for this person; never depends on the query.
    pub counts: Counts,
    /// Of a search: the message by which each conversation was found, where one was.
    pub matches: Vec<MatchView>,
    /// A search looked only so far, and has no next page: there may be others that match.
    pub more: bool,
    /// Of a search that found nothing: near words by which the viewer finds something.
    #[schema(required)]
    pub suggestion: Option<String>,
    /// How many conversations those find; none where they are more than ten.
    #[schema(required)]
    pub suggestion_found: Option<usize>,
}

/// The message by which a conversation was found.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Match)]
pub struct MatchView {
    /// Where it stands.
    pub conversation_id: ConversationId,
    /// Its place there.
    pub seq: u64,
    /// Which way it went.
    pub direction: MessageDirection,
    /// The part of it around the first word that was searched for.
    pub text: String,
}

/// A page of a timeline.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MessagePage {
    /// Oldest first.
    pub messages: Vec<MessageView>,
    /// Older messages stand before this `seq`; absent at the beginning.
    #[schema(required)]
    pub next_before: Option<u64>,
    /// Newer messages stand after this `seq`; absent at the end.
    #[schema(required)]
    pub next_after: Option<u64>,
    /// Of `around` and `at`: the place of the message that was asked for; absent where there is none.
    #[schema(required)]
    pub target_seq: Option<u64>,
}

/// What was found in a thread.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ThreadHits {
    /// The newest first.
    pub hits: Vec<ThreadHit>,
    /// How many there are in the whole thread.
    pub total: usize,
    /// Older hits stand before this `seq`; absent at the end.
    #[schema(required)]
    pub next_before: Option<u64>,
}

/// A message that was found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ThreadHit {
    /// Its id.
    pub id: MessageId,
    /// Its place.
    pub seq: u64,
}

impl From<&Message> for ThreadHit {
    fn from(message: &Message) -> Self {
        Self { id: message.id.clone(), seq: message.seq }
    }
}
