//! `PUT /api/customers/{id}/lead`

use axum::Json;
use axum::extract::State;
use porchlight_api::words::LeadStageWord;
use porchlight_domain::access::KeepDirectory;
use porchlight_domain::id::CustomerId;
use porchlight_edge::Problem;
use porchlight_edge::session::May;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Named, present};
use crate::refusal::problem;
use crate::view::directory::CustomerView;

/// How far a lead has come.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeadCommand {
    /// The stage; `null` for somebody who never was a lead.
    #[serde(deserialize_with = "present")]
    #[schema(required)]
    pub stage: Option<LeadStageWord>,
}

impl Checked for LeadCommand {}

/// Say how far a lead has come
#[utoipa::path(
    put, path = "/api/customers/{id}/lead", operation_id = "putLead", tag = "directory",
    params(("id" = CustomerId, Path)),
    request_body = LeadCommand,
    responses((status = 200, description = "The customer, as they are now", body = CustomerView)),
)]
pub async fn put(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepDirectory>,
    Named(id): Named<CustomerId>,
    Body(command): Body<LeadCommand>,
) -> Result<Json<CustomerView>, Problem> {
    let stage = command.stage.map(Into::into);
    let customer = inbox.desk.put_lead(may, &who.business.id, &id, stage).await.map_err(problem)?;
    Ok(Json(customer.into()))
}
