//! `POST /api/conversations/{id}/notes`, and who would read one.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use porchlight_api::MessageView;
use porchlight_desk::NewNote;
use porchlight_domain::id::{ConversationId, MessageId, StaffId};
use porchlight_domain::markdown;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Named, Wrong, has_length};
use crate::refusal::problem;
use crate::view::notes::{NoteReader, NoteReaders};

/// The longest note, in characters: a page of text. A draft may be longer, so that nothing is lost while it is cut down.
const LONGEST_NOTE: usize = 5_000;
/// People whom one note names, at most.
const MOST_MENTIONS: usize = 20;

/// A note for colleagues.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteCommand {
    /// Made by the client: writing again with the same id is harmless.
    pub id: MessageId,
    /// What it says, in markdown. It never leaves the house.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub text: String,
    /// The crew reads it too, not the office alone. A technician's note always is for the crew.
    #[serde(default)]
    #[schema(required = false)]
    pub crew: bool,
    /// Who is named in it, and is told.
    #[serde(default)]
    #[schema(required = false, max_items = 20)]
    pub mentions: Vec<StaffId>,
}

impl Checked for NoteCommand {
    fn check(&self) -> Result<(), Wrong> {
        has_length("text", &self.text, 1, LONGEST_NOTE)?;
        if !markdown::sendable(&self.text) {
            return Err(Wrong::new("text must say something: nothing of it can be seen."));
        }
        if self.mentions.len() > MOST_MENTIONS {
            return Err(Wrong::new(format!("A note may name {MOST_MENTIONS} people.")));
        }
        Ok(())
    }
}

/// Write a note for colleagues
///
/// It stands in the customer's thread and never leaves the house. It changes neither attention nor anybody's unread,
/// and opens nothing. Whoever is named is told; naming somebody lets them see nothing: 422 (`mention-unread`, with
/// `people`) when somebody who is named could not read it, and nothing is written.
#[utoipa::path(
    post, path = "/api/conversations/{id}/notes", operation_id = "writeNote", tag = "conversations",
    params(("id" = ConversationId, Path)),
    request_body = NoteCommand,
    responses((status = 201, description = "Written, now or when this id first came", body = MessageView)),
)]
pub async fn write(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
    Body(new): Body<NoteCommand>,
) -> Result<(StatusCode, Json<MessageView>), Problem> {
    let note = inbox.desk.write_note(&who, &id, &new.into()).await.map_err(problem)?;
    let names = inbox.names(&who.business.id).await?;
    Ok((StatusCode::CREATED, Json(MessageView::new(&note, &names))))
}

/// Who would read a note here
///
/// Everybody who works here, by name, with what of a note they would see: for asking before somebody is named in one.
#[utoipa::path(
    get, path = "/api/conversations/{id}/readers", operation_id = "noteReaders", tag = "conversations",
    params(("id" = ConversationId, Path)),
    responses((status = 200, description = "Everybody who works here", body = NoteReaders)),
)]
pub async fn readers(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
) -> Result<Json<NoteReaders>, Problem> {
    let readers = inbox.desk.note_readers(&who, &id).await.map_err(problem)?;
    Ok(Json(NoteReaders { readers: readers.into_iter().map(NoteReader::from).collect() }))
}

impl From<NoteCommand> for NewNote {
    fn from(new: NoteCommand) -> Self {
        let NoteCommand { id, text, crew, mentions } = new;
        Self { id, text, for_crew: crew, mentions }
    }
}
