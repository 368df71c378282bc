//! `PUT /api/customers/{id}/lead`

use axum::Json;
use axum::extract::State;
use porchlight_domain::id::CustomerId;
use porchlight_edge::Problem;
use porchlight_edge::session::{KeepDirectory, May};
use porchlight_edge::view::words::LeadStageWord;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Named, present};
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
    params(("id" = String, Path, pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$")),
    request_body = LeadCommand,
    responses((status = 200, description = "The customer, as they are now", body = CustomerView)),
)]
pub async fn put(
    State(inbox): State<Inbox>,
    May(who, ..): May<KeepDirectory>,
    Named(id): Named<CustomerId>,
    Body(command): Body<LeadCommand>,
) -> Result<Json<CustomerView>, Problem> {
    let customer = inbox
        .until_written(async || {
            let mut customer = inbox.known_customer(&who.business.id, &id).await?;
            customer.lead = command.stage.map(Into::into);
            inbox.store.put_customer(&who.business.id, &mut customer).await?;
            Ok(customer)
        })
        .await?;
    Ok(Json(customer.into()))
}
