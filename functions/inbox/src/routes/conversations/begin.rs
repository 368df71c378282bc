//! `POST /api/conversations`: somebody new (P9, P3, P6)

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use porchlight_api::words::{ChannelWord, PurposeWord};
use porchlight_api::{ConversationRow, MessageView, ProblemShape};
use porchlight_desk::{Given, NewConversation};
use porchlight_domain::access::Begin;
use porchlight_domain::id::MessageId;
use porchlight_domain::segments;
use porchlight_edge::Problem;
use porchlight_edge::session::May;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Wrong, has_at_most, has_length, typed};
use crate::refusal::problem;
use crate::routes::conversations::send::can_leave;

/// How somebody agreed to be texted.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentGiven {
    /// "They asked by phone".
    #[schema(min_length = 1, max_length = 200, pattern = r"\S")]
    pub how: String,
    /// In which words, or where it is written.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S")]
    pub words: String,
    /// For what; texts about their work where it is left out.
    #[serde(default)]
    pub scope: Option<PurposeWord>,
}

/// Somebody new, and what is written to them first.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginCommand {
    /// Made by the client, and the first message's: the same again is harmless.
    pub id: MessageId,
    /// A phone number, as people type it.
    #[schema(min_length = 1, max_length = 254)]
    pub contact: String,
    /// How it travels: by SMS, so far.
    pub channel: ChannelWord,
    /// What it says, in markdown; it leaves as plain text.
    #[schema(min_length = 1, max_length = 1600, pattern = r"\S")]
    pub text: String,
    /// What they are called, where nobody is known by the number.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub name: Option<String>,
    /// How they agreed to be texted.
    pub consent: ConsentGiven,
}

impl Checked for BeginCommand {
    fn check(&self) -> Result<(), Wrong> {
        has_length("contact", &self.contact, 1, 254)?;
        has_length("text", &self.text, 1, segments::LONGEST_BODY)?;
        has_at_most("name", self.name.as_deref(), 200)?;
        has_words("consent.how", &self.consent.how, 200)?;
        has_words("consent.words", &self.consent.words, 500)?;
        // Nobody has asked anything yet.
        if self.consent.scope == Some(PurposeWord::Reply) {
            return Err(Wrong::new("consent.scope must be service or marketing: a first text is no reply."));
        }
        can_leave(&self.text)
    }
}

/// A text that says something has at most so many characters.
pub fn has_words(field: &str, text: &str, most: usize) -> Result<(), Wrong> {
    has_length(field, text, 1, most)?;
    if text.trim().is_empty() { Err(Wrong::new(format!("{field} must say something."))) } else { Ok(()) }
}

/// A conversation that was begun, with its first text.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Begun {
    /// As it is now.
    pub conversation: ConversationRow,
    /// Queued, now or when this id first came.
    pub message: MessageView,
}

/// Begin a conversation
///
/// Keeps how they agreed, and queues the first text, as one. 409 when there is a conversation with the number
/// already (`already-a-thread`, with the `conversation`'s `id` and `name`), when they opted out (`opted-out`), or when
/// texts do not reach the number (`cannot-text`). 422 where the number is none that can be written to
/// (`not-a-contact`, `not-for-texts`).
#[utoipa::path(
    post, path = "/api/conversations", operation_id = "beginConversation", tag = "conversations",
    request_body = BeginCommand,
    responses(
        (status = 202, description = "Begun, now or when this id first came", body = Begun),
        (status = 409, description = "Something stands in the way",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn begin(
    State(inbox): State<Inbox>,
    May(who, may): May<Begin>,
    Body(command): Body<BeginCommand>,
) -> Result<(StatusCode, Json<Begun>), Problem> {
    let new = new_conversation(command)?;
    let (conversation, message) = inbox.desk.begin(may, &who, &new).await.map_err(problem)?;
    let row = inbox.row_of(&who, &conversation.id).await?;
    let names = inbox.names(&who.business.id).await?;
    Ok((StatusCode::ACCEPTED, Json(Begun { conversation: row, message: MessageView::new(&message, &names) })))
}

fn new_conversation(command: BeginCommand) -> Result<NewConversation, Problem> {
    let BeginCommand { id, contact, channel, text, name, consent } = command;
    if channel != ChannelWord::Sms {
        return Err(Problem::unprocessable("no-such-channel", "Conversations are begun by SMS so far."));
    }
    let ConsentGiven { how, words, scope } = consent;
    let scope = scope.map(Into::into).unwrap_or_default();
    let name = name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    let consent = Given { how, words, scope };
    Ok(NewConversation { id, contact: typed(&contact)?, channel: channel.into(), text, name, consent })
}
