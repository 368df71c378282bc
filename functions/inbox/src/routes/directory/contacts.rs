//! `PUT /api/contacts/{contact}`

use axum::Json;
use axum::extract::State;
use porchlight_desk::ContactChange;
use porchlight_domain::access::KeepDirectory;
use porchlight_edge::Problem;
use porchlight_edge::session::May;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Named, typed};
use crate::refusal::problem;
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
    May(who, may): May<KeepDirectory>,
    Named(contact): Named<String>,
    Body(command): Body<ContactCommand>,
) -> Result<Json<ContactRecordView>, Problem> {
    let contact = typed(&contact)?;
    let ContactCommand { cannot_text, shared } = command;
    let change = ContactChange { contact, cannot_text, shared };
    let record = inbox.desk.put_contact(may, &who.business.id, &change).await.map_err(problem)?;
    Ok(Json(record.into()))
}
