//! Changes of the people of a business, each of its own field and only while its maker is an admin; and what was done,
//! by whom.

use porchlight_domain::id::BusinessId;
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::staff::{DayOff, Role, Staff, StaffEntry};

use crate::commit::{Commit, Part};
use crate::directory::pointers;
use crate::error::StoreError;
use crate::items::{self, value_of};
use crate::keys;
use crate::query::Query;
use crate::store::Store;
use crate::table::{Expression, Table, number};

impl Store {
    /// What was done about the people of a business on one day (`2026-11-20`, UTC), in order.
    pub async fn staff_entries(
        &self,
        business: &BusinessId,
        day: &str,
    ) -> Result<Vec<StaffEntry>, StoreError> {
        let found = self.query_all(Query::table(Table::Vault, keys::audit_pk(business, day))).await?;
        items::from_items("staff entry", found)
    }
}

impl Commit<'_> {
    /// What somebody is and may do now, if it still is as it was read. Their name, address and password stay. A
    /// conflict at [`Part::Staff`] means: read again.
    pub fn change_staff(self, before: &Staff, after: &Staff) -> Self {
        let unchanged = unchanged(before);
        let mut set =
            "SET #role = :new_role, full_chat_access = :new_access, session_epoch = :new_epoch".to_owned();
        set.push_str(if after.works() { " REMOVE disabled_at" } else { ", disabled_at = :new_disabled" });
        let mut update = Expression { text: set, ..unchanged.clone() }
            .value(":new_role", value_of(&after.role))
            .value(":new_access", value_of(&after.full_chat_access))
            .value(":new_epoch", number(after.session_epoch));
        if let Some(at) = &after.disabled_at {
            update = update.value(":new_disabled", value_of(at));
        }
        let key = keys::staff(&before.business, &before.id);
        self.update(Part::Staff, Table::Directory, &key, update, Some(&unchanged.text))
    }

    /// Somebody is off for the day, or back, if that is as it was read; all else of them stays. A conflict at
    /// [`Part::Staff`] means: read again.
    pub fn day_off(self, before: &Staff, off: Option<&DayOff>) -> Self {
        let set = off.map_or("REMOVE day_off", |_| "SET day_off = :off");
        let mut update = Expression::new(set);
        if let Some(off) = off {
            update = update.value(":off", value_of(off));
        }
        let same = match &before.day_off {
            None => "attribute_exists(pk) AND attribute_not_exists(day_off)",
            Some(was) => {
                update = update.value(":was", value_of(was));
                "attribute_exists(pk) AND day_off = :was"
            }
        };
        let key = keys::staff(&before.business, &before.id);
        self.update(Part::Staff, Table::Directory, &key, update, Some(same))
    }

    /// Somebody's own phone is this one, or none, if all of them is as it was read; the number finds them. A conflict at
    /// [`Part::Staff`]: read again, or the number is somebody else's.
    pub fn staff_phone(self, before: &Staff, phone: Option<&ContactPoint>) -> Self {
        let unchanged = unchanged(before);
        let as_read = match before.phone {
            None => "(attribute_not_exists(phone) OR phone = :was)",
            Some(_) => "phone = :was",
        };
        let condition = format!("{} AND {as_read}", unchanged.text);
        let update = Expression { text: "SET phone = :phone".to_owned(), ..unchanged }
            .value(":was", value_of(&before.phone))
            .value(":phone", value_of(&phone));
        let key = keys::staff(&before.business, &before.id);
        let commit = self.update(Part::Staff, Table::Directory, &key, update, Some(&condition));
        let number = |number| keys::staff_number(&before.business, number);
        let commit = match &before.phone {
            Some(old) => commit.delete(Part::Staff, Table::Directory, &number(old)),
            None => commit,
        };
        phone.map(number).iter().fold(commit, |commit, key| commit.staff_pointer(key, before))
    }

    /// Only while this person is an admin who works here, and was not signed out since they were read; a conflict at
    /// [`Part::Admin`] says: read again. It writes what stands there: a transaction has no other way to look.
    pub fn while_admin(self, admin: &Staff) -> Self {
        let still = Expression::new("SET #role = :admin")
            .name("#role", "role")
            .value(":admin", value_of(&Role::Admin))
            .value(":epoch", number(admin.session_epoch));
        let is_one = format!(
            "#role = :admin AND attribute_not_exists(disabled_at){}",
            same_epoch(admin.session_epoch)
        );
        let key = keys::staff(&admin.business, &admin.id);
        self.update(Part::Admin, Table::Directory, &key, still, Some(&is_one))
    }

    /// Somebody new with the ways to find them. A conflict at [`Part::Staff`]: the address is somebody's.
    pub fn create_staff(self, staff: &Staff) -> Self {
        let item = items::to_item(&keys::staff(&staff.business, &staff.id), staff);
        let commit = self.put(Part::Staff, Table::Directory, item, Expression::absent());
        pointers(staff).iter().fold(commit, |commit, key| commit.staff_pointer(key, staff))
    }

    /// Whether technicians may text customers at all. The rest of the business's record stays.
    pub fn technicians_text(self, business: &BusinessId, allowed: bool) -> Self {
        let update = Expression::new("SET technicians_text = :allowed").value(":allowed", value_of(&allowed));
        let exists = Some("attribute_exists(pk)");
        self.update(Part::Other, Table::Directory, &keys::business(business), update, exists)
    }

    /// Keeps what was done.
    pub fn staff_entry(self, entry: &StaffEntry) -> Self {
        let item = items::to_item(&keys::audit(self.business(), &entry.id), entry);
        self.put(Part::Other, Table::Vault, item, Expression::default())
    }
}

/// The condition that what others may change of this person is as it was read.
pub(crate) fn unchanged(staff: &Staff) -> Expression {
    let mut condition = Expression::new("#role = :role AND full_chat_access = :access")
        .name("#role", "role")
        .value(":role", value_of(&staff.role))
        .value(":access", value_of(&staff.full_chat_access));
    let (text, value) = match &staff.disabled_at {
        None => (" AND attribute_not_exists(disabled_at)", None),
        Some(at) => (" AND disabled_at = :disabled", Some((":disabled", value_of(at)))),
    };
    condition.text.push_str(text);
    condition.values.extend(value.map(|(name, value)| (name.to_owned(), value)));
    condition.text.push_str(same_epoch(staff.session_epoch));
    condition.value(":epoch", number(staff.session_epoch))
}

/// The end of a condition with `:epoch`. Whoever was never signed out everywhere has no epoch, or 0.
const fn same_epoch(epoch: u64) -> &'static str {
    match epoch {
        0 => " AND (attribute_not_exists(session_epoch) OR session_epoch = :epoch)",
        _ => " AND session_epoch = :epoch",
    }
}
