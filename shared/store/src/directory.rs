//! Businesses, their lines and their staff. Customers' side: [`contacts`](crate::contacts) and
//! [`jobs`](crate::jobs).

use porchlight_domain::business::{Business, Line, LineGroup};
use porchlight_domain::hours::BusinessHours;
use porchlight_domain::id::{BusinessId, StaffId};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::push::PushLadder;
use porchlight_domain::staff::Staff;
use porchlight_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::commit::{Commit, Part};
use crate::error::StoreError;
use crate::items::{self, value_of};
use crate::keys::{self, Key};
use crate::query::{KIND, Query, Range};
use crate::store::Store;
use crate::table::{Expression, Item, Outcome, Table, key_of, text};

/// `kind` of all businesses in the index of lists.
const BUSINESSES: &str = "BUSINESS";

/// From a login or a number to the person.
#[derive(Serialize, Deserialize)]
struct StaffPointer {
    business: BusinessId,
    staff: StaffId,
}

impl Store {
    /// Puts the business's own record; the last one wins.
    pub async fn put_business(&self, business: &Business) -> Result<(), StoreError> {
        let mut item = items::to_item(&keys::business(&business.id), business);
        list_as(&mut item, BUSINESSES.to_owned(), business.id.to_string());
        self.put(Table::Directory, item).await
    }

    /// When people are expected to answer, and by which clock. The rest of the record stays.
    pub async fn set_hours(
        &self,
        id: &BusinessId,
        time_zone: &str,
        hours: &BusinessHours,
    ) -> Result<Business, StoreError> {
        let update = Expression::new("SET time_zone = :zone, hours = :hours")
            .value(":zone", text(time_zone.to_owned()))
            .value(":hours", value_of(hours));
        self.update_business(id, update).await
    }

    /// From when one revocation covers everything; none is the rule's own day. The rest of the record stays.
    pub async fn set_consent_rule(
        &self,
        id: &BusinessId,
        from: Option<Timestamp>,
    ) -> Result<Business, StoreError> {
        let update = match from {
            None => Expression::new("REMOVE one_revocation_covers_all_from"),
            Some(from) => {
                Expression::new("SET one_revocation_covers_all_from = :from").value(":from", value_of(&from))
            }
        };
        self.update_business(id, update).await
    }

    /// What happens when nobody of the crew opens a customer's message. The rest of the record stays.
    pub async fn set_push_ladder(
        &self,
        id: &BusinessId,
        ladder: &PushLadder,
    ) -> Result<Business, StoreError> {
        let update = Expression::new("SET push_ladder = :ladder").value(":ladder", value_of(ladder));
        self.update_business(id, update).await
    }

    async fn update_business(&self, id: &BusinessId, update: Expression) -> Result<Business, StoreError> {
        let key = keys::business(id);
        match self.update_if(Table::Directory, &key, update, Some("attribute_exists(pk)")).await? {
            Outcome::Done(item) => items::from_item("business", item),
            Outcome::Refused(_) => Err(StoreError::Refused {
                operation: "UpdateItem",
                source: "there is no such business".into(),
            }),
        }
    }

    /// The business; strongly consistent.
    pub async fn business(&self, id: &BusinessId) -> Result<Option<Business>, StoreError> {
        self.read(&keys::business(id), "business").await
    }

    /// All businesses, for schedules and tools. Found by the index, read consistently.
    pub async fn businesses(&self) -> Result<Vec<Business>, StoreError> {
        let found = self.query_all(Query::index(Table::Directory, KIND, BUSINESSES)).await?;
        let keys: Vec<Key> = found.iter().filter_map(key_of).collect();
        items::from_items("business", self.get_many(Table::Directory, &keys).await?)
    }

    /// Puts a line group; the last one wins.
    pub async fn put_group(&self, business: &BusinessId, group: &LineGroup) -> Result<(), StoreError> {
        self.put(Table::Directory, items::to_item(&keys::group(business, &group.id), group)).await
    }

    /// The line groups of a business; strongly consistent.
    pub async fn groups(&self, business: &BusinessId) -> Result<Vec<LineGroup>, StoreError> {
        self.read_all(business.as_str(), "GROUP#", "line group").await
    }

    /// Puts a line; the last one wins.
    pub async fn put_line(&self, business: &BusinessId, line: &Line) -> Result<(), StoreError> {
        self.put(Table::Directory, items::to_item(&keys::line(business, &line.number), line)).await
    }

    /// The line of this number; strongly consistent.
    pub async fn line(
        &self,
        business: &BusinessId,
        number: &ContactPoint,
    ) -> Result<Option<Line>, StoreError> {
        self.read(&keys::line(business, number), "line").await
    }

    /// A line and those that took over from it, one after the other: the last is the one that messages leave
    /// from. Empty where a line on the way is unknown, or they go in a circle.
    pub async fn line_and_successors(
        &self,
        business: &BusinessId,
        number: &ContactPoint,
    ) -> Result<Vec<ContactPoint>, StoreError> {
        let (mut lines, mut next) = (Vec::new(), Some(number.clone()));
        while let Some(number) = next {
            let line = self.line(business, &number).await?.filter(|_| !lines.contains(&number));
            let Some(line) = line else { return Ok(Vec::new()) };
            lines.push(number);
            next = line.successor;
        }
        Ok(lines)
    }

    /// The lines of a business; strongly consistent.
    pub async fn lines(&self, business: &BusinessId) -> Result<Vec<Line>, StoreError> {
        self.read_all(business.as_str(), "LINE#", "line").await
    }

    /// The member of staff; strongly consistent.
    pub async fn staff(&self, business: &BusinessId, id: &StaffId) -> Result<Option<Staff>, StoreError> {
        self.read(&keys::staff(business, id), "staff").await
    }

    /// Everybody of a business, those who left too; strongly consistent.
    pub async fn staff_of(&self, business: &BusinessId) -> Result<Vec<Staff>, StoreError> {
        self.read_all(business.as_str(), "STAFF#", "staff").await
    }

    /// Who signs in with this email address; strongly consistent.
    pub async fn staff_by_login(&self, email: &str) -> Result<Option<Staff>, StoreError> {
        let pointer: Option<StaffPointer> = self.read(&keys::login(email), "login").await?;
        let Some(StaffPointer { business, staff }) = pointer else { return Ok(None) };
        self.staff(&business, &staff).await
    }

    /// Puts a member of staff with the ways to find them, in one transaction. A conflict at [`Part::Staff`]:
    /// the email address or the number is somebody else's, or their record has just changed.
    pub async fn put_staff(&self, staff: &Staff) -> Result<(), StoreError> {
        let before = self.staff(&staff.business, &staff.id).await?;
        let as_read = match &before {
            None => Expression::absent(),
            Some(before) => {
                let mut unchanged = crate::staff::unchanged(before);
                unchanged.text.push_str(" AND email = :email");
                unchanged.value(":email", text(&before.email))
            }
        };
        let item = items::to_item(&keys::staff(&staff.business, &staff.id), staff);
        let mut commit = self.commit(&staff.business).put(Part::Staff, Table::Directory, item, as_read);
        let (old, new) = (before.as_ref().map(pointers).unwrap_or_default(), pointers(staff));
        for key in old.iter().filter(|key| !new.contains(key)) {
            commit = commit.delete(Part::Staff, Table::Directory, key);
        }
        for key in &new {
            commit = commit.staff_pointer(key, staff);
        }
        commit.run().await
    }

    /// The value at a key of the directory; strongly consistent.
    pub(crate) async fn read<T: serde::de::DeserializeOwned>(
        &self,
        key: &Key,
        kind: &'static str,
    ) -> Result<Option<T>, StoreError> {
        let item = self.get(Table::Directory, key).await?;
        item.map(|item| items::from_item(kind, item)).transpose()
    }

    /// The values of a partition of the directory whose sort keys begin so; strongly consistent.
    pub(crate) async fn read_all<T: serde::de::DeserializeOwned>(
        &self,
        pk: &str,
        prefix: &str,
        kind: &'static str,
    ) -> Result<Vec<T>, StoreError> {
        let query = Query::table(Table::Directory, pk).prefix(prefix);
        items::from_items(kind, self.query_all(query).await?)
    }

    /// A page of a list of the directory, in the order of its index: values and where it goes on.
    pub(crate) async fn read_list<T: serde::de::DeserializeOwned>(
        &self,
        list: String,
        after: Option<String>,
        limit: usize,
        kind: &'static str,
    ) -> Result<(Vec<T>, Option<String>), StoreError> {
        let range = after.map_or(Range::All, Range::After);
        let query = Query::index(Table::Directory, KIND, list).range(range).limit(limit);
        let found = self.query_first(query, limit).await?;
        let next = found.last().filter(|_| found.len() >= limit);
        let next = next.and_then(|last| crate::table::text_of(last, "kind_key")).map(str::to_owned);
        let keys: Vec<Key> = found.iter().filter_map(key_of).collect();
        let items = self.get_many(Table::Directory, &keys).await?;
        let mut by_key: std::collections::HashMap<Key, Item> =
            items.into_iter().filter_map(|item| Some((key_of(&item)?, item))).collect();
        let in_order = keys.iter().filter_map(|key| by_key.remove(key));
        Ok((items::from_items(kind, in_order)?, next))
    }
}

impl Commit<'_> {
    pub(crate) fn staff_pointer(self, key: &Key, staff: &Staff) -> Self {
        let pointer = StaffPointer { business: staff.business.clone(), staff: staff.id.clone() };
        let free =
            Expression::new("attribute_not_exists(pk) OR staff = :staff").value(":staff", text(&staff.id));
        self.put(Part::Staff, Table::Directory, items::to_item(key, &pointer), free)
    }
}

/// The keys by which somebody is found.
pub(crate) fn pointers(staff: &Staff) -> Vec<Key> {
    let phone = staff.phone.as_ref().map(|phone| keys::staff_number(&staff.business, phone));
    std::iter::once(keys::login(&staff.email)).chain(phone).collect()
}

/// The item stands in a list, at this place.
pub(crate) fn list_as(item: &mut Item, list: String, place: String) {
    item.insert("kind".to_owned(), text(list));
    item.insert("kind_key".to_owned(), text(place));
}
