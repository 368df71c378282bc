//! `PUT /api/customers/{id}`

use axum::Json;
use axum::extract::State;
use porchlight_desk::CustomerChange;
use porchlight_domain::access::KeepDirectory;
use porchlight_domain::id::CustomerId;
use porchlight_domain::time::Timestamp;
use porchlight_edge::Problem;
use porchlight_edge::session::May;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Named, Wrong, has_at_most, has_length, lies_within};
use crate::refusal::problem;
use crate::view::directory::CustomerView;

/// The largest amount, in cents, either way.
pub const MOST_CENTS: i64 = 1_000_000_000_000;

/// A customer as they are to be; lead state has its own endpoint.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerRecord {
    /// A person or a firm.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Where the work is.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub address: Option<String>,
    /// What the office wrote about them.
    #[serde(default)]
    #[schema(max_length = 5000)]
    pub notes: Option<String>,
    /// What whoever stands at the door needs; crews see it.
    #[serde(default)]
    #[schema(max_length = 5000)]
    pub access_notes: Option<String>,
    /// What they owe, in cents.
    #[serde(default)]
    #[schema(required = false, minimum = -1_000_000_000_000_i64, maximum = 1_000_000_000_000_i64)]
    pub balance_cents: i64,
    /// Since when they are known; kept, or now, where it is left out.
    #[serde(default)]
    pub since: Option<Timestamp>,
}

impl Checked for CustomerRecord {
    fn check(&self) -> Result<(), Wrong> {
        has_length("name", &self.name, 1, 200)?;
        has_at_most("address", self.address.as_deref(), 500)?;
        has_at_most("notes", self.notes.as_deref(), 5000)?;
        has_at_most("access_notes", self.access_notes.as_deref(), 5000)?;
        lies_within("balance_cents", self.balance_cents, -MOST_CENTS, MOST_CENTS)
    }
}

/// Put a customer
#[utoipa::path(
    put, path = "/api/customers/{id}", operation_id = "putCustomer", tag = "directory",
    params(("id" = CustomerId, Path)),
    request_body = CustomerRecord,
    responses((status = 200, description = "As they are now", body = CustomerView)),
)]
pub async fn put(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepDirectory>,
    Named(id): Named<CustomerId>,
    Body(record): Body<CustomerRecord>,
) -> Result<Json<CustomerView>, Problem> {
    let change = record.into();
    let customer = inbox.desk.put_customer(may, &who.business.id, &id, &change).await.map_err(problem)?;
    Ok(Json(customer.into()))
}

impl From<CustomerRecord> for CustomerChange {
    fn from(record: CustomerRecord) -> Self {
        let CustomerRecord { name, address, notes, access_notes, balance_cents, since } = record;
        Self { name, address, notes, access_notes, balance_cents, since }
    }
}
