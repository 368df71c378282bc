//! `PUT /api/conversations/{id}/assignee`

use axum::Json;
use axum::extract::State;
use porchlight_domain::access::Act;
use porchlight_domain::conversation::SystemLine;
use porchlight_domain::id::{CommandId, ConversationId, StaffId};
use porchlight_domain::staff::Staff;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use porchlight_edge::view::ConversationRow;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Named, present};
use crate::attempt::Refusal;
use crate::command::Command;

/// Whose a conversation is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignCommand {
    /// Made by the client: repeating the command with the same id does nothing more.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
    pub id: Option<CommandId>,
    /// The person; `null` for nobody.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>, required, pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
    pub assignee: Option<StaffId>,
}

impl Checked for AssignCommand {}

/// Assign to somebody, or to nobody
///
/// The office's to do. Whose it is says nothing about who may see it.
#[utoipa::path(
    put, path = "/api/conversations/{id}/assignee", operation_id = "assign", tag = "conversations",
    params(("id" = String, Path, pattern = "^[0-9a-f]{32}$")),
    request_body = AssignCommand,
    responses((status = 200, description = "As it is now", body = ConversationRow)),
)]
pub async fn assign(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
    Body(body): Body<AssignCommand>,
) -> Result<Json<ConversationRow>, Problem> {
    let to = body.assignee;
    let parts = ["assign", who.staff.id.as_str(), id.as_str(), to.as_ref().map_or("", StaffId::as_str)];
    let command = inbox.command(&who.business.id, body.id, &parts);
    inbox.until_written(|| inbox.try_assign(&who, &id, to.as_ref(), &command)).await.map(Json)
}

impl Inbox {
    async fn try_assign(
        &self,
        who: &SignedIn,
        id: &ConversationId,
        to: Option<&StaffId>,
        command: &Command,
    ) -> Result<ConversationRow, Refusal> {
        let mut seen = self.see(who, id).await?;
        seen.permit(who, Act::Assign)?;
        let person = match to {
            Some(to) => Some(self.colleague(who, to).await?),
            None => None,
        };
        if !self.was_done(command).await? && seen.conversation.assignee.as_ref() != to {
            seen.conversation.assign(to.cloned());
            let commit = command.join(self.store.commit(&who.business.id));
            let line = line_of(who, person.as_ref());
            self.changed(commit, who, &mut seen.conversation, Some(line)).run().await?;
        }
        let marker = self.store.read_marker(&who.business.id, id, &who.staff.id).await?;
        Ok(self.row(who, &seen, &marker).await?)
    }

    async fn colleague(&self, who: &SignedIn, id: &StaffId) -> Result<Staff, Refusal> {
        let person = self.store.staff(&who.business.id, id).await?;
        let working = person.filter(|person| person.disabled_at.is_none());
        let unknown = || Problem::unprocessable("unknown-staff", "Nobody with this id works here.");
        working.ok_or_else(|| unknown().into())
    }
}

fn line_of<'a>(who: &'a SignedIn, to: Option<&'a Staff>) -> SystemLine<'a> {
    let by = &who.staff.name;
    match to {
        None => SystemLine::Unassigned { by },
        Some(person) if person.id == who.staff.id => SystemLine::Took { by },
        Some(person) => SystemLine::Assigned { by, to: &person.name },
    }
}
