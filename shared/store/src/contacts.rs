//! Customers and the contact points by which they are reached.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use porchlight_domain::consent::Consent;
use porchlight_domain::conversation::CustomerSummary;
use porchlight_domain::customer::{Block, ContactLink, ContactRecord, Customer, Unreachable};
use porchlight_domain::id::{BusinessId, CustomerId, JobId, LineGroupId, StaffId};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;

use crate::commit::{Commit, Part, unchanged_since};
use crate::customer_file::CustomerFile;
use crate::directory::list_as;
use crate::error::StoreError;
use crate::items::{self, value_of};
use crate::keys::{self, Key};
use crate::query::Query;
use crate::records::{DirectoryPart, directory_record};
use crate::store::Store;
use crate::table::{Expression, Item, Table, key_of, text, text_of};

/// All that is known of a contact point, from one consistent read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactFacts {
    /// Its own record; none for one never written about.
    pub record: Option<ContactRecord>,
    /// Consent towards each line group; none on record is open.
    pub consents: HashMap<LineGroupId, Consent>,
    /// Who uses it, and who used to.
    pub links: Vec<ContactLink>,
    /// The member of staff whose own number it is.
    pub staff: Option<StaffId>,
}

impl ContactFacts {
    /// A landline or unreachable.
    pub fn cannot_text(&self) -> bool {
        self.record.as_ref().is_some_and(|record| record.cannot_text)
    }

    /// It is to disturb nobody.
    pub fn is_blocked(&self) -> bool {
        self.record.as_ref().is_some_and(|record| record.block.is_some())
    }

    /// A landlord's or property manager's.
    pub fn is_shared(&self) -> bool {
        self.record.as_ref().is_some_and(|record| record.shared)
    }

    /// The customers who use it now, the last linked first.
    pub fn customers(&self) -> Vec<CustomerId> {
        let mut links: Vec<&ContactLink> = self.links.iter().filter(|link| link.is_current()).collect();
        links.sort_by_key(|link| std::cmp::Reverse(link.linked_at));
        links.into_iter().map(|link| link.customer.clone()).collect()
    }

    fn take(&mut self, item: Item) -> Result<(), StoreError> {
        let part = key_of(&item).and_then(|key| directory_record(&key.pk, &key.sk)).map(|record| record.part);
        match part {
            Some(DirectoryPart::Contact(_)) => self.record = Some(items::from_item("contact point", item)?),
            Some(DirectoryPart::Link { .. }) => self.links.push(items::from_item("contact link", item)?),
            Some(DirectoryPart::StaffNumber(_)) => {
                self.staff = text_of(&item, "staff").and_then(|staff| staff.parse().ok());
            }
            Some(DirectoryPart::Consent { group, .. }) => {
                self.consents.insert(group, items::from_item("consent", item)?);
            }
            _ => {}
        }
        Ok(())
    }
}

/// What a text from a contact point meets in the directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sender {
    /// The contact point itself.
    pub contact: ContactFacts,
    /// The customer behind it, as rows show them.
    pub customer: Option<CustomerSummary>,
    /// The active jobs of all customers who use it.
    pub active_jobs: Vec<JobId>,
}

impl Commit<'_> {
    /// A customer as they now are, if nobody else changed them since they were read (`version` 0: new).
    pub fn customer(self, customer: &mut Customer) -> Self {
        let unchanged = unchanged_since(customer.version);
        customer.version += 1;
        let mut item = items::to_item(&keys::customer(self.business(), &customer.id), customer);
        let place = keys::customers_place(&customer.name, &customer.id);
        list_as(&mut item, keys::customers_list(self.business()), place);
        self.put(Part::Customer, Table::Directory, item, unchanged)
    }

    /// The contact point's own record; the last one wins.
    pub fn contact(self, record: &ContactRecord) -> Self {
        let mut item = items::to_item(&keys::contact(self.business(), &record.contact), record);
        if let Some(block) = &record.block {
            let place = keys::blocked_place(block.at, &record.contact);
            list_as(&mut item, keys::blocked_list(self.business()), place);
        }
        self.put(Part::Contact, Table::Directory, item, Expression::default())
    }

    /// Texts do not reach the contact point, and why, where the provider said so; the rest of its record stays.
    pub fn unreachable(self, contact: &ContactPoint, told: Option<&Unreachable>) -> Self {
        let update = match told {
            Some(told) => Expression::new("SET contact = :contact, cannot_text = :yes, told = :told")
                .value(":told", value_of(told)),
            None => Expression::new("SET contact = :contact, cannot_text = :yes REMOVE told"),
        };
        self.contact_update(contact, update.value(":yes", AttributeValue::Bool(true)))
    }

    /// Texts reach the contact point from now on; the rest of its record stays.
    pub fn reachable(self, contact: &ContactPoint, since: Timestamp) -> Self {
        let update = "SET contact = :contact, cannot_text = :no, reachable_since = :since REMOVE told";
        let update = Expression::new(update)
            .value(":since", value_of(&since))
            .value(":no", AttributeValue::Bool(false));
        self.contact_update(contact, update)
    }

    /// The contact point is blocked, and stands in the list of those; or is not, any more. The rest of its record stays.
    pub fn block(self, contact: &ContactPoint, block: Option<&Block>) -> Self {
        let update = match block {
            None => Expression::new("SET contact = :contact REMOVE #block, #kind, #place"),
            Some(block) => {
                let place = keys::blocked_place(block.at, contact);
                Expression::new("SET contact = :contact, #block = :block, #kind = :kind, #place = :place")
                    .value(":block", value_of(block))
                    .value(":kind", text(keys::blocked_list(self.business())))
                    .value(":place", text(place))
            }
        };
        let update = update.name("#block", "block").name("#kind", "kind").name("#place", "kind_key");
        self.contact_update(contact, update)
    }

    /// What the office says of the contact point, from then on: whether it is shared, and whether texts reach it
    /// where that is another than before. The rest of its record stays.
    pub fn contact_said(self, said: &ContactRecord, reach_changed: bool, now: Timestamp) -> Self {
        let update = match (reach_changed, said.cannot_text) {
            (false, _) => Expression::new("SET contact = :contact, #shared = :shared"),
            (true, true) => {
                let update = "SET contact = :contact, #shared = :shared, cannot_text = :cannot REMOVE told";
                Expression::new(update).value(":cannot", AttributeValue::Bool(true))
            }
            (true, false) => Expression::new(
                "SET contact = :contact, #shared = :shared, cannot_text = :cannot, reachable_since = :since REMOVE told",
            )
            .value(":cannot", AttributeValue::Bool(false))
            .value(":since", value_of(&now)),
        };
        let shared = AttributeValue::Bool(said.shared);
        self.contact_update(&said.contact, update.name("#shared", "shared").value(":shared", shared))
    }

    fn contact_update(self, contact: &ContactPoint, update: Expression) -> Self {
        let key = keys::contact(self.business(), contact);
        let update = update.value(":contact", text(contact));
        self.update(Part::Contact, Table::Directory, &key, update, None)
    }

    /// A customer uses a contact point (or used to), on both sides.
    pub fn link(self, link: &ContactLink) -> Self {
        let by_contact = keys::link_of_contact(self.business(), &link.contact, &link.customer);
        let by_customer = keys::link_of_customer(self.business(), &link.customer, &link.contact);
        self.put(Part::Contact, Table::Directory, items::to_item(&by_contact, link), Expression::default())
            .put(Part::Contact, Table::Directory, items::to_item(&by_customer, link), Expression::default())
    }
}

impl Store {
    /// The customer; strongly consistent.
    pub async fn customer(
        &self,
        business: &BusinessId,
        id: &CustomerId,
    ) -> Result<Option<Customer>, StoreError> {
        self.read(&keys::customer(business, id), "customer").await
    }

    /// Puts a customer as they now are; the version is the one that was read (0: new).
    pub async fn put_customer(
        &self,
        business: &BusinessId,
        customer: &mut Customer,
    ) -> Result<(), StoreError> {
        self.commit(business).customer(customer).run().await
    }

    /// A page of the customers by name, and after which place it goes on. By the index, which may lag.
    pub async fn customers(
        &self,
        business: &BusinessId,
        after: Option<String>,
        limit: usize,
    ) -> Result<(Vec<Customer>, Option<String>), StoreError> {
        self.read_list(keys::customers_list(business), after, limit, "customer").await
    }

    /// The contact point's own record; strongly consistent.
    pub async fn contact(
        &self,
        business: &BusinessId,
        contact: &ContactPoint,
    ) -> Result<Option<ContactRecord>, StoreError> {
        self.read(&keys::contact(business, contact), "contact point").await
    }

    /// A page of those that are blocked, the last blocked first, and after which place it goes on. By the index, which
    /// may lag; read again from the table.
    pub async fn blocked(
        &self,
        business: &BusinessId,
        after: Option<String>,
        limit: usize,
    ) -> Result<(Vec<ContactRecord>, Option<String>), StoreError> {
        let (mut found, next) =
            self.read_list(keys::blocked_list(business), after, limit, "contact point").await?;
        found.retain(|record: &ContactRecord| record.block.is_some());
        Ok((found, next))
    }

    /// The own records of these contact points, where they have one; strongly consistent.
    pub async fn contact_records(
        &self,
        business: &BusinessId,
        contacts: &[ContactPoint],
    ) -> Result<Vec<ContactRecord>, StoreError> {
        let mut keys: Vec<Key> = contacts.iter().map(|contact| keys::contact(business, contact)).collect();
        keys.sort();
        keys.dedup();
        items::from_items("contact point", self.get_many(Table::Directory, &keys).await?)
    }

    /// Puts the contact point's own record; the last one wins.
    pub async fn put_contact(&self, business: &BusinessId, record: &ContactRecord) -> Result<(), StoreError> {
        self.commit(business).contact(record).run().await
    }

    /// Record, consent, links and staff number of a contact point; one strongly consistent read.
    pub async fn contact_facts(
        &self,
        business: &BusinessId,
        contact: &ContactPoint,
    ) -> Result<ContactFacts, StoreError> {
        let query = Query::table(Table::Directory, keys::contact_pk(business, contact));
        let mut facts = ContactFacts::default();
        for item in self.query_all(query).await? {
            facts.take(item)?;
        }
        Ok(facts)
    }

    /// The contact points of a customer, former ones too; strongly consistent.
    pub async fn links_of_customer(
        &self,
        business: &BusinessId,
        customer: &CustomerId,
    ) -> Result<Vec<ContactLink>, StoreError> {
        self.read_all(&keys::customer_pk(business, customer), "LINK#", "contact link").await
    }

    /// Puts a link, on both sides.
    pub async fn put_link(&self, business: &BusinessId, link: &ContactLink) -> Result<(), StoreError> {
        self.commit(business).link(link).run().await
    }

    /// Consent towards a line group, strongly consistent: the last look before a POST (P6). None is open.
    pub async fn consent(
        &self,
        business: &BusinessId,
        contact: &ContactPoint,
        group: &LineGroupId,
    ) -> Result<Option<Consent>, StoreError> {
        self.read(&keys::consent(business, contact, group), "consent").await
    }

    /// The customer behind a contact point, as rows show them: the one linked last.
    pub async fn customer_summary(
        &self,
        business: &BusinessId,
        contact: &ContactPoint,
    ) -> Result<Option<CustomerSummary>, StoreError> {
        let facts = self.contact_facts(business, contact).await?;
        match facts.customers().first() {
            Some(customer) => self.summary_of_customer(business, customer).await,
            None => Ok(None),
        }
    }

    /// A customer as rows show them.
    pub async fn summary_of_customer(
        &self,
        business: &BusinessId,
        customer: &CustomerId,
    ) -> Result<Option<CustomerSummary>, StoreError> {
        Ok(self.customer_file(business, customer).await?.summary())
    }

    /// All that a text from this contact point meets in the directory; strongly consistent.
    pub async fn sender(&self, business: &BusinessId, contact: &ContactPoint) -> Result<Sender, StoreError> {
        let contact = self.contact_facts(business, contact).await?;
        let customers = contact.customers();
        let files = customers.iter().map(|customer| self.customer_file(business, customer));
        let files = futures::future::try_join_all(files).await?;
        let customer = files.first().and_then(CustomerFile::summary);
        let active_jobs = files.iter().flat_map(CustomerFile::active_jobs).cloned().collect();
        Ok(Sender { contact, customer, active_jobs })
    }
}
