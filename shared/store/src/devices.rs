//! Devices that are woken, what their people want to be woken for, and who holds an address: one endpoint or token is one
//! device of one person, whoever came last.
//!
//! A business's devices lie in one partition: who is woken by a message is asked once per message.

use porchlight_domain::device::Device;
use porchlight_domain::id::{BusinessId, DeviceId, StaffId};
use porchlight_domain::push::{PushChange, PushPreferences, TextsAgreement};
use serde::{Deserialize, Serialize};

use crate::commit::{Commit, Part};
use crate::error::StoreError;
use crate::items::{self, value_of};
use crate::keys;
use crate::query::Query;
use crate::store::Store;
use crate::table::{Expression, Item, Outcome, Table, text, text_of};

/// Who holds an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceHolder {
    /// The tenant.
    pub business: BusinessId,
    /// Whose.
    pub staff: StaffId,
    /// Which device.
    pub device: DeviceId,
}

impl DeviceHolder {
    /// Of a device.
    pub fn of(device: &Device) -> Self {
        let Device { business, staff, id, .. } = device.clone();
        Self { business, staff, device: id }
    }
}

/// The devices of a business, and what people want.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Woken {
    /// In the order of their people.
    pub devices: Vec<Device>,
    /// Of those who have said so.
    pub preferences: Vec<(StaffId, PushPreferences)>,
}

impl Woken {
    /// What somebody wants, or what everybody does.
    pub fn preferences_of(&self, staff: &StaffId) -> PushPreferences {
        let said = self.preferences.iter().find(|(person, _)| person == staff);
        said.map(|(_, said)| said.clone()).unwrap_or_default()
    }
}

fn item(device: &Device) -> Item {
    let mut item = items::to_item(&keys::device(&device.business, &device.staff, &device.id), device);
    item.insert("digest".to_owned(), text(device.address.digest()));
    item
}

/// The device is the one that was read: at this address, registered in this session.
fn as_registered(device: &Device) -> Expression {
    Expression::new("digest = :digest AND #session = :session")
        .name("#session", "session")
        .value(":digest", text(device.address.digest()))
        .value(":session", text(&device.session))
}

impl Store {
    /// Who holds the address of this digest; strongly consistent.
    pub async fn device_holder(&self, digest: &str) -> Result<Option<DeviceHolder>, StoreError> {
        self.read(&keys::device_address(digest), "device holder").await
    }

    /// All that is needed to know whom a message of the business wakes; strongly consistent.
    pub async fn woken(&self, business: &BusinessId) -> Result<Woken, StoreError> {
        let found = self.query_all(Query::table(Table::Directory, keys::devices_pk(business))).await?;
        let mut woken = Woken::default();
        for item in found {
            let place = text_of(&item, "sk").unwrap_or_default().to_owned();
            match place.strip_prefix("WANTS#").map(str::parse) {
                Some(Ok(staff)) => {
                    woken.preferences.push((staff, items::from_item("push preferences", item)?));
                }
                Some(Err(_)) => return Err(items::no_key("push preferences")),
                None => woken.devices.push(items::from_item("device", item)?),
            }
        }
        Ok(woken)
    }

    /// The devices of one person; strongly consistent.
    pub async fn devices_of(
        &self,
        business: &BusinessId,
        staff: &StaffId,
    ) -> Result<Vec<Device>, StoreError> {
        self.read_all(&keys::devices_pk(business), &keys::devices_of(staff), "device").await
    }

    /// A device of somebody's; strongly consistent.
    pub async fn device(
        &self,
        business: &BusinessId,
        staff: &StaffId,
        id: &DeviceId,
    ) -> Result<Option<Device>, StoreError> {
        self.read(&keys::device(business, staff, id), "device").await
    }

    /// Puts a device, in place of whatever held its address before. A conflict: somebody else came meanwhile; read again.
    /// `replaced` is what the same device was under another address.
    pub async fn put_device(
        &self,
        device: &Device,
        before: Option<&DeviceHolder>,
        replaced: Option<&Device>,
    ) -> Result<(), StoreError> {
        let digest = device.address.digest();
        let holder = DeviceHolder::of(device);
        let as_read = before.map_or_else(Expression::absent, held_by);
        let pointer = items::to_item(&keys::device_address(&digest), &holder);
        let mut commit = self
            .commit(&device.business)
            .put(Part::Other, Table::Directory, item(device), Expression::default())
            .put(Part::Other, Table::Directory, pointer, as_read);
        if let Some(old) = before.filter(|old| **old != holder) {
            let key = keys::device(&old.business, &old.staff, &old.device);
            commit = commit.delete(Part::Other, Table::Directory, &key);
        }
        if let Some(old) = replaced.map(|old| old.address.digest()).filter(|old| *old != digest) {
            commit = commit.delete_if(
                Part::Other,
                Table::Directory,
                &keys::device_address(&old),
                Expression {
                    text: format!("attribute_not_exists(pk) OR ({})", held_by(&holder).text),
                    ..held_by(&holder)
                },
            );
        }
        commit.run().await
    }

    /// What is known of a device by now, unless it was removed or came anew meanwhile. Whether it was written.
    pub async fn update_device(&self, device: &Device) -> Result<bool, StoreError> {
        let put = self.put_if(Table::Directory, item(device), &as_registered(device)).await?;
        Ok(matches!(put, Outcome::Done(_)))
    }

    /// It is woken no more; not if it came anew, or passed to somebody else, meanwhile. Whether it was removed: what is
    /// kept of it elsewhere stays where it was not.
    pub async fn delete_device(&self, device: &Device) -> Result<bool, StoreError> {
        let holder = held_by(&DeviceHolder::of(device));
        let held = Expression { text: format!("attribute_not_exists(pk) OR ({})", holder.text), ..holder };
        let address = keys::device_address(&device.address.digest());
        let key = keys::device(&device.business, &device.staff, &device.id);
        let commit = self
            .commit(&device.business)
            .delete_if(Part::Other, Table::Directory, &key, as_registered(device))
            .delete_if(Part::Other, Table::Directory, &address, held);
        match commit.run().await {
            Err(StoreError::Conflict(_)) => Ok(false),
            written => written.map(|()| true),
        }
    }

    /// What somebody wants to be woken for; strongly consistent.
    pub async fn push_preferences(
        &self,
        business: &BusinessId,
        staff: &StaffId,
    ) -> Result<PushPreferences, StoreError> {
        let said = self.read(&keys::push_preferences(business, staff), "push preferences").await?;
        Ok(said.unwrap_or_default())
    }

    /// Changes it, and returns what it then is. What is not named stays, whoever changes that at the same time; of one
    /// thing the last word wins.
    pub async fn change_push_preferences(
        &self,
        business: &BusinessId,
        staff: &StaffId,
        change: &PushChange,
    ) -> Result<PushPreferences, StoreError> {
        let PushChange { quiet, on_call, office } = change;
        let said = [
            ("quiet", quiet.as_ref().map(value_of)),
            ("on_call", on_call.as_ref().map(value_of)),
            ("office", office.as_ref().map(value_of)),
        ];
        let said: Vec<_> = said.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        if said.is_empty() {
            return self.push_preferences(business, staff).await;
        }
        let set: Vec<_> = said.iter().map(|(name, _)| format!("{name} = :{name}")).collect();
        let set = Expression::new(format!("SET {}", set.join(", ")));
        let set = said.into_iter().fold(set, |set, (name, value)| set.value(&format!(":{name}"), value));
        let key = keys::push_preferences(business, staff);
        let (Outcome::Done(now) | Outcome::Refused(now)) =
            self.update_if(Table::Directory, &key, set, None).await?;
        items::from_item("push preferences", now)
    }

    /// What somebody agreed to about texts to their own phone; strongly consistent.
    pub async fn texts_agreement(
        &self,
        business: &BusinessId,
        staff: &StaffId,
    ) -> Result<Option<TextsAgreement>, StoreError> {
        self.read(&keys::texts_agreement(business, staff), "agreement to texts").await
    }
}

impl Commit<'_> {
    /// Somebody agrees to texts at their own phone; the last word of theirs wins.
    pub fn agree_to_texts(self, staff: &StaffId, agreed: &TextsAgreement) -> Self {
        let item = items::to_item(&keys::texts_agreement(self.business(), staff), agreed);
        self.put(Part::Consent, Table::Directory, item, Expression::default())
    }

    /// Nobody agrees to texts for this person any more.
    pub fn end_texts_agreement(self, staff: &StaffId) -> Self {
        let key = keys::texts_agreement(self.business(), staff);
        self.delete(Part::Consent, Table::Directory, &key)
    }
}

fn held_by(holder: &DeviceHolder) -> Expression {
    Expression::new("business = :business AND staff = :staff AND device = :device")
        .value(":business", text(&holder.business))
        .value(":staff", text(&holder.staff))
        .value(":device", text(&holder.device))
}
