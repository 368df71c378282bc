//! The stream: messages that were just written.

use std::collections::BTreeMap;

use futures::stream::{self, StreamExt};
use porchlight_domain::device::Device;
use porchlight_domain::id::StaffId;
use porchlight_domain::party::Party;
use porchlight_domain::push::{Alert, LEASE, WAKES_FOR, may_wake};
use porchlight_domain::time::Timestamp;
use porchlight_edge::{BoxError, Change};
use porchlight_store::StoreError;
use porchlight_store::pushes::PushClaim;
use porchlight_store::records::{MessageRecord, message_record};

use crate::facts::{Person, Thread};
use crate::{SIDE_BY_SIDE, Waker};

/// Wakes whoever the records concern; the sequence numbers of those that could not be worked on come again. What was
/// claimed is not among them: the sweep has it.
pub async fn wake(waker: Waker, changes: Vec<Change>) -> Result<Vec<String>, BoxError> {
    let named = changes.into_iter().filter_map(|change| {
        let place = message_record(&change.pk, &change.sk)?;
        Some((place, change.sequence_number))
    });
    let work = named.map(|(place, number)| {
        let waker = waker.clone();
        async move {
            let woken = waker.wake_for(&place).await;
            woken.inspect_err(|error| log_failure(&place, error)).is_err().then_some(number)
        }
    });
    let failed = stream::iter(work.collect::<Vec<_>>()).buffer_unordered(SIDE_BY_SIDE).collect::<Vec<_>>();
    Ok(failed.await.into_iter().flatten().collect())
}

impl Waker {
    /// Begins the push ladder that the message begins, claims a post for every device that it wakes, and posts.
    async fn wake_for(&self, place: &MessageRecord) -> Result<(), StoreError> {
        let Some(thread) = self.thread(place).await? else { return Ok(()) };
        let now = self.clock.now();
        // What goes to a colleague's own phone is no thread that anybody reads.
        let is_text_to_staff = matches!(thread.conversation.party, Party::StaffPhone { .. });
        if is_text_to_staff || !may_wake(&thread.message) || now.since(thread.message.created_at) > WAKES_FOR
        {
            return Ok(());
        }
        self.begin_ladder(&thread).await?;
        let devices = self.wanted(&thread, Thread::alert).await?;
        let claims = devices.iter().map(|device| claim_of(&thread, place, device, now));
        self.claim_and_post_all(claims.collect()).await
    }

    /// Claims a post for every device of each of these, and posts; each by itself.
    pub async fn claim_and_post_all(&self, claims: Vec<PushClaim>) -> Result<(), StoreError> {
        let posts = claims.into_iter().map(|claim| self.claim_and_post(claim)).collect::<Vec<_>>();
        let claimed = stream::iter(posts).buffer_unordered(SIDE_BY_SIDE).collect::<Vec<_>>().await;
        claimed.into_iter().collect()
    }

    /// The devices of those whom it wakes as things are, by this decision.
    pub async fn wanted(&self, thread: &Thread, wakes: Decision) -> Result<Vec<Device>, StoreError> {
        let business = &thread.business.id;
        let woken = self.store.woken(business).await?;
        let mut theirs = BTreeMap::<StaffId, Vec<Device>>::new();
        for device in woken.devices.iter().filter(|device| device.is_reachable()) {
            theirs.entry(device.staff.clone()).or_default().push(device.clone());
        }
        if theirs.is_empty() {
            return Ok(Vec::new());
        }
        let staff = self.store.staff_of(business).await?;
        let now = self.clock.now();
        let mut wanted = Vec::new();
        for staff in staff {
            let id = staff.id.clone();
            let Some(devices) = theirs.remove(&id) else { continue };
            let marker = self.store.read_marker(business, &thread.conversation.id, &id).await?;
            let person = Person { staff, preferences: woken.preferences_of(&id), marker };
            if wakes(thread, &person, now).is_some() {
                wanted.extend(devices);
            }
        }
        Ok(wanted)
    }

    /// Each device is claimed right before its post: where one cannot be claimed, no other one waits for it. What goes
    /// wrong after that is the sweep's to mend.
    async fn claim_and_post(&self, claim: PushClaim) -> Result<(), StoreError> {
        let claim = PushClaim { due: Some(self.clock.now() + LEASE), ..claim };
        if !self.store.claim_push(&claim).await? {
            return Ok(());
        }
        let place = place_of(&claim);
        if let Err(error) = self.post(claim).await {
            log_failure(&place, &error);
        }
        Ok(())
    }
}

/// Whether somebody is woken, and as what.
type Decision = fn(&Thread, &Person, Timestamp) -> Option<Alert>;

/// A post that begins.
pub fn claim_of(thread: &Thread, place: &MessageRecord, device: &Device, now: Timestamp) -> PushClaim {
    PushClaim {
        business: place.business.clone(),
        message: thread.message.id.clone(),
        conversation: place.conversation.clone(),
        seq: place.seq,
        staff: device.staff.clone(),
        device: device.id.clone(),
        is_escalation: false,
        begun_at: now,
        tries: 1,
        lost: 0,
        is_posting: true,
        due: None,
    }
}

/// Where a claim's message stands.
pub fn place_of(claim: &PushClaim) -> MessageRecord {
    let PushClaim { business, conversation, seq, .. } = claim.clone();
    MessageRecord { business, conversation, seq }
}

/// Says where waking failed.
pub fn log_failure(place: &MessageRecord, error: &(dyn std::error::Error + 'static)) {
    let MessageRecord { business, conversation, seq } = place;
    tracing::error!(%business, %conversation, seq, error, "nobody could be woken by a message just now");
}
