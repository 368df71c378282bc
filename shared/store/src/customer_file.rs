//! A customer with all that lies beside them, from one read.

use porchlight_domain::conversation::CustomerSummary;
use porchlight_domain::customer::{ContactLink, Customer, Job};
use porchlight_domain::id::{BusinessId, CustomerId, JobId};

use crate::error::StoreError;
use crate::items;
use crate::jobs::summarize;
use crate::keys;
use crate::query::Query;
use crate::records::{DirectoryPart, directory_record};
use crate::store::Store;
use crate::table::{Item, Table, key_of};

/// A customer, their contact points and their jobs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerFile {
    /// Themselves; none for one whose record is gone.
    pub customer: Option<Customer>,
    /// What they use, and used to.
    pub links: Vec<ContactLink>,
    /// Whatever was booked for them.
    pub jobs: Vec<Job>,
}

impl CustomerFile {
    /// The customer as rows show them.
    pub fn summary(&self) -> Option<CustomerSummary> {
        self.customer.as_ref().map(|customer| summarize(customer, &self.jobs))
    }

    /// The booked or running jobs.
    pub fn active_jobs(&self) -> impl Iterator<Item = &JobId> {
        self.jobs.iter().filter(|job| job.status.is_active()).map(|job| &job.id)
    }

    fn take(&mut self, item: Item) -> Result<(), StoreError> {
        match key_of(&item).and_then(|key| directory_record(&key.pk, &key.sk)).map(|record| record.part) {
            Some(DirectoryPart::Customer(_)) => self.customer = Some(items::from_item("customer", item)?),
            Some(DirectoryPart::Link { .. }) => self.links.push(items::from_item("contact link", item)?),
            Some(DirectoryPart::Job { .. }) => self.jobs.push(items::from_item("job", item)?),
            _ => {}
        }
        Ok(())
    }
}

impl Store {
    /// All that lies in a customer's partition; strongly consistent.
    pub async fn customer_file(
        &self,
        business: &BusinessId,
        customer: &CustomerId,
    ) -> Result<CustomerFile, StoreError> {
        let mut file = CustomerFile::default();
        let query = Query::table(Table::Directory, keys::customer_pk(business, customer));
        self.query_all(query).await?.into_iter().try_for_each(|item| file.take(item))?;
        Ok(file)
    }
}
