//! `PUT /api/contacts/{contact}`

use axum::Json;
use axum::extract::State;
use porchlight_domain::customer::ContactRecord;
use porchlight_domain::event::Happening;
use porchlight_domain::phone::ContactPoint;
use porchlight_edge::Problem;
use porchlight_edge::session::{KeepDirectory, May, SignedIn};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Named};
use crate::attempt::Refusal;
use crate::view::directory::ContactRecordView;

/// What is known of a contact point itself.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactCommand {
    /// A landline, or unreachable for texts.
    pub cannot_text: bool,
    /// A landlord's or property manager's: crews see only their own jobs' messages.
    pub shared: bool,
}

impl Checked for ContactCommand {}

/// Say what is known of a contact point
#[utoipa::path(
    put, path = "/api/contacts/{contact}", operation_id = "putContact", tag = "directory",
    params(
        ("contact" = String, Path, min_length = 1, max_length = 254, description = "E.164 number or email address"),
    ),
    request_body = ContactCommand,
    responses((status = 200, description = "As it is now", body = ContactRecordView)),
)]
pub async fn put(
    State(inbox): State<Inbox>,
    May(who, ..): May<KeepDirectory>,
    Named(contact): Named<ContactPoint>,
    Body(command): Body<ContactCommand>,
) -> Result<Json<ContactRecordView>, Problem> {
    let ContactCommand { cannot_text, shared } = command;
    let record = ContactRecord { contact, cannot_text, shared };
    inbox.until_written(|| inbox.try_put_contact(&who, &record)).await?;
    Ok(Json(record.into()))
}

impl Inbox {
    /// Rows show whether texts reach it, and a shared number narrows what crews see: both are told.
    async fn try_put_contact(&self, who: &SignedIn, record: &ContactRecord) -> Result<(), Refusal> {
        let business = &who.business.id;
        let conversations = self.store.conversations_with(business, &record.contact).await?;
        let mut commit = self.store.commit(business).contact(record);
        for conversation in &conversations {
            let ledger = self.store.access_ledger(conversation, self.now()).await?;
            commit = self.access_changed(commit, std::slice::from_ref(conversation), &ledger.candidates());
        }
        for mut conversation in conversations.into_iter().filter(|it| it.cannot_text != record.cannot_text) {
            conversation.know_cannot_text(record.cannot_text);
            let event = self.event(&conversation, Happening::ConversationUpdated);
            commit = commit.conversation(&mut conversation).event(&event);
        }
        Ok(commit.run().await?)
    }
}
