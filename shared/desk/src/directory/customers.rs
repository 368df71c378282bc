//! Customers, and how far a lead has come.

use porchlight_domain::access::{Grant, KeepDirectory};
use porchlight_domain::customer::{Customer, LeadStage};
use porchlight_domain::id::{BusinessId, CustomerId};
use porchlight_domain::time::Timestamp;

use crate::{Desk, Refusal};

/// A customer as they are to be; how far a lead has come is said elsewhere.
#[derive(Clone)]
pub struct CustomerChange {
    /// A person or a firm.
    pub name: String,
    /// Where the work is.
    pub address: Option<String>,
    /// What the office wrote about them.
    pub notes: Option<String>,
    /// How to get in: what the crew at the door needs.
    pub access_notes: Option<String>,
    /// What they owe, in cents.
    pub balance_cents: i64,
    /// Since when they are known; kept, or now, where it is left out.
    pub since: Option<Timestamp>,
}

impl Desk {
    /// Puts a customer, a new one too.
    pub async fn put_customer(
        &self,
        _: Grant<KeepDirectory>,
        business: &BusinessId,
        id: &CustomerId,
        change: &CustomerChange,
    ) -> Result<Customer, Refusal> {
        self.until_written(async || {
            let known = self.store.customer(business, id).await?;
            let mut customer = self.changed_customer(id, change.clone(), known.as_ref());
            self.store.put_customer(business, &mut customer).await?;
            Ok(customer)
        })
        .await
    }

    fn changed_customer(
        &self,
        id: &CustomerId,
        change: CustomerChange,
        known: Option<&Customer>,
    ) -> Customer {
        let CustomerChange { name, address, notes, access_notes, balance_cents, since } = change;
        Customer {
            id: id.clone(),
            name,
            address,
            notes,
            access_notes,
            balance_cents,
            lead: known.and_then(|known| known.lead),
            since: since.or(known.map(|known| known.since)).unwrap_or_else(|| self.now()),
            version: known.map_or(0, |known| known.version),
        }
    }

    /// Says how far a lead has come; nothing for somebody who never was one.
    pub async fn put_lead(
        &self,
        _: Grant<KeepDirectory>,
        business: &BusinessId,
        id: &CustomerId,
        stage: Option<LeadStage>,
    ) -> Result<Customer, Refusal> {
        self.until_written(async || {
            let mut customer = self.known_customer(business, id).await?;
            customer.lead = stage;
            self.store.put_customer(business, &mut customer).await?;
            Ok(customer)
        })
        .await
    }

    /// The customer who is named in an address.
    pub(super) async fn known_customer(
        &self,
        business: &BusinessId,
        id: &CustomerId,
    ) -> Result<Customer, Refusal> {
        self.store.customer(business, id).await?.ok_or(Refusal::NotFound)
    }
}
