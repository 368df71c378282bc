//! The devices that somebody is woken at. One endpoint or token is one device of one person: whoever signed in there last.

use porchlight_domain::access::Person;
use porchlight_domain::device::{Address, Device, Health, MOST_DEVICES};
use porchlight_domain::id::DeviceId;
use porchlight_domain::time::Timestamp;

use crate::{Desk, Refusal};

/// A device that somebody registers.
#[derive(Clone, Debug)]
pub struct NewDevice {
    /// Made by the client; the device of theirs that has it is reached elsewhere from now on.
    pub id: Option<DeviceId>,
    /// As its owner knows it; empty where nobody says.
    pub name: String,
    /// How it is reached.
    pub address: Address,
}

impl Desk {
    /// Registers a device in the session of this digest. The same address again is the same device; somebody else's passes
    /// to them, and wakes the other no more.
    pub async fn register_device(
        &self,
        who: &Person,
        session: &str,
        new: &NewDevice,
    ) -> Result<Device, Refusal> {
        self.until_written(|| self.try_register_device(who, session, new)).await
    }

    async fn try_register_device(
        &self,
        who: &Person,
        session: &str,
        new: &NewDevice,
    ) -> Result<Device, Refusal> {
        let (business, staff) = (&who.business.id, &who.staff.id);
        let digest = new.address.digest();
        let (holder, theirs) =
            futures::try_join!(self.store.device_holder(&digest), self.store.devices_of(business, staff))?;
        let known = theirs.iter().find(|device| device.address.digest() == digest);
        let known = known.or_else(|| theirs.iter().find(|device| Some(&device.id) == new.id.as_ref()));
        let now = self.now();
        let fresh = Device {
            business: business.clone(),
            id: new.id.clone().unwrap_or_else(|| self.new_id(now)),
            staff: staff.clone(),
            name: new.name.clone(),
            address: new.address.clone(),
            session: session.to_owned(),
            created_at: now,
            last_success_at: None,
            health: Health::New,
            health_reason: None,
            endpoint: None,
        };
        let device = known.map_or_else(|| fresh.clone(), |known| fresh.clone().again(known));
        self.store.put_device(&device, holder.as_ref(), known).await?;
        if known.is_none() && theirs.len() >= MOST_DEVICES {
            self.forget_oldest(&theirs).await?;
        }
        Ok(device)
    }

    /// The one that was not reached for the longest time makes room.
    async fn forget_oldest(&self, theirs: &[Device]) -> Result<(), Refusal> {
        let heard_of = |device: &&Device| device.last_success_at.unwrap_or(device.created_at);
        if let Some(oldest) = theirs.iter().min_by_key(heard_of) {
            self.store.delete_device(oldest).await?;
        }
        Ok(())
    }

    /// Somebody's devices, the first one first. Those of a session that has ended are removed.
    pub async fn devices(&self, who: &Person) -> Result<Vec<Device>, Refusal> {
        let (business, staff) = (&who.business.id, &who.staff.id);
        let now = self.now();
        let mut living = Vec::new();
        for device in self.store.devices_of(business, staff).await? {
            if self.is_signed_in(&device, who, now).await? {
                living.push(device);
            } else {
                self.store.delete_device(&device).await?;
            }
        }
        living.sort_by_key(|device| device.created_at);
        Ok(living)
    }

    async fn is_signed_in(&self, device: &Device, who: &Person, now: Timestamp) -> Result<bool, Refusal> {
        let session = self.store.session(&device.session, now).await?;
        Ok(session.is_some_and(|session| session.epoch == who.staff.session_epoch))
    }

    /// A device of somebody's.
    pub async fn device(&self, who: &Person, id: &DeviceId) -> Result<Device, Refusal> {
        let found = self.store.device(&who.business.id, &who.staff.id, id).await?;
        found.ok_or(Refusal::NotFound)
    }

    /// It is woken no more; what it was, unless it came anew or passed to somebody else meanwhile.
    pub async fn remove_device(&self, who: &Person, id: &DeviceId) -> Result<Option<Device>, Refusal> {
        let device = self.device(who, id).await?;
        Ok(self.store.delete_device(&device).await?.then_some(device))
    }

    /// Somebody signs out: the devices of that session are woken no more. Those that were removed.
    pub async fn remove_devices_of_session(
        &self,
        who: &Person,
        session: &str,
    ) -> Result<Vec<Device>, Refusal> {
        let theirs = self.store.devices_of(&who.business.id, &who.staff.id).await?;
        let ended: Vec<Device> = theirs.into_iter().filter(|device| device.session == session).collect();
        let mut removed = Vec::new();
        for device in ended {
            if self.store.delete_device(&device).await? {
                removed.push(device);
            }
        }
        Ok(removed)
    }
}
