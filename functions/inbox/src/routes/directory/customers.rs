//! `PUT /api/customers/{id}`

use axum::Json;
use axum::extract::State;
use porchlight_domain::customer::Customer;
use porchlight_domain::id::{BusinessId, CustomerId};
use porchlight_domain::time::Timestamp;
use porchlight_edge::Problem;
use porchlight_edge::session::{KeepDirectory, May, SignedIn};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Named, Wrong, has_at_most, has_length, lies_within};
use crate::attempt::Refusal;
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
    /// What they owe, in cents.
    #[serde(default)]
    #[schema(required = false, minimum = -1_000_000_000_000_i64, maximum = 1_000_000_000_000_i64)]
    pub balance_cents: i64,
    /// Since when they are known; kept, or now, where it is left out.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub since: Option<Timestamp>,
}

impl Checked for CustomerRecord {
    fn check(&self) -> Result<(), Wrong> {
        has_length("name", &self.name, 1, 200)?;
        has_at_most("address", self.address.as_deref(), 500)?;
        has_at_most("notes", self.notes.as_deref(), 5000)?;
        lies_within("balance_cents", self.balance_cents, -MOST_CENTS, MOST_CENTS)
    }
}

/// Put a customer
#[utoipa::path(
    put, path = "/api/customers/{id}", operation_id = "putCustomer", tag = "directory",
    params(("id" = String, Path, pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$")),
    request_body = CustomerRecord,
    responses((status = 200, description = "As they are now", body = CustomerView)),
)]
pub async fn put(
    State(inbox): State<Inbox>,
    May(who, ..): May<KeepDirectory>,
    Named(id): Named<CustomerId>,
    Body(record): Body<CustomerRecord>,
) -> Result<Json<CustomerView>, Problem> {
    let customer = inbox.until_written(|| inbox.try_put_customer(&who, &id, &record)).await?;
    Ok(Json(customer.into()))
}

impl Inbox {
    async fn try_put_customer(
        &self,
        who: &SignedIn,
        id: &CustomerId,
        record: &CustomerRecord,
    ) -> Result<Customer, Refusal> {
        let known = self.store.customer(&who.business.id, id).await?;
        let record = record.clone();
        let mut customer = Customer {
            id: id.clone(),
            name: record.name,
            address: record.address,
            notes: record.notes,
            balance_cents: record.balance_cents,
            lead: known.as_ref().and_then(|known| known.lead),
            since: record.since.or(known.as_ref().map(|known| known.since)).unwrap_or_else(|| self.now()),
            version: known.map_or(0, |known| known.version),
        };
        self.store.put_customer(&who.business.id, &mut customer).await?;
        Ok(customer)
    }

    /// The customer, or the 404 that every endpoint under them gives.
    pub async fn known_customer(&self, business: &BusinessId, id: &CustomerId) -> Result<Customer, Refusal> {
        self.store.customer(business, id).await?.ok_or_else(|| Problem::not_found().into())
    }
}
