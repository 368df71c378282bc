//! One claimed post: asked again, posted, settled.

use std::time::Duration;

use porchlight_domain::device::Device;
use porchlight_domain::push::{LASTS, Notice, learned, neutral, next_try};
use porchlight_notify::{Outcome, Push};
use porchlight_store::StoreError;
use porchlight_store::pushes::PushClaim;

use crate::Waker;
use crate::facts::Thread;
use crate::wake::place_of;

/// A post of which nobody heard is made once more, and no further time.
const MOST_LOST: u32 = 1;

/// What could not be decided just now is taken up again after this.
const SOON: Duration = Duration::from_secs(10);

impl Waker {
    /// Posts what is claimed, if it still wakes this person there, and settles the claim.
    pub async fn post(&self, claim: PushClaim) -> Result<(), StoreError> {
        let asked = match self.ask_again(&claim).await {
            Ok(asked) => asked,
            Err(error) => {
                self.put_back(&claim).await?;
                return Err(error);
            }
        };
        let Some((thread, device, notice)) = asked else {
            return self.settle(&claim).await;
        };
        let smaller = neutral(notice.clone(), thread.names());
        let notice = if claim.lost > 0 { smaller.clone() } else { notice };
        let lasts = (thread.message.created_at + LASTS).since(self.clock.now());
        let posted = self.notifiers.post(&device, &Push { notice, smaller, lasts }).await;
        let endpoint = posted.endpoint.or_else(|| device.endpoint.clone());
        self.keep(&device, &Device { endpoint, ..device.clone() }, &posted.outcome).await?;
        tracing::info!(message = %claim.message, device = %claim.device, outcome = name(&posted.outcome), "pushed");
        match posted.outcome {
            Outcome::Taken | Outcome::Gone | Outcome::Refused(_) => self.settle(&claim).await,
            Outcome::Later { after, unknown, .. } => {
                let lost = claim.lost + u32::from(unknown);
                let now = self.clock.now();
                let next = next_try(claim.tries, after, claim.begun_at, now, self.entropy.fraction());
                let due = next.filter(|_| lost <= MOST_LOST);
                let later = PushClaim { due, lost, is_posting: false, ..claim.clone() };
                self.store.update_push(&claim, &later).await.map(drop)
            }
        }
    }

    /// Everything is read and decided anew: the thread, the person, the device, and the session that it was registered in.
    async fn ask_again(&self, claim: &PushClaim) -> Result<Option<(Thread, Device, Notice)>, StoreError> {
        let now = self.clock.now();
        if claim.lost > MOST_LOST || now.since(claim.begun_at) >= LASTS {
            return Ok(None);
        }
        let place = place_of(claim);
        let (thread, device) = futures::try_join!(
            self.thread(&place),
            self.store.device(&claim.business, &claim.staff, &claim.device),
        )?;
        let (Some(thread), Some(device)) = (thread, device.filter(Device::is_reachable)) else {
            return Ok(None);
        };
        let (person, session) = futures::try_join!(
            self.person(&thread, &claim.staff),
            self.store.session(&device.session, now),
        )?;
        let Some(person) = person else { return Ok(None) };
        let is_signed_in = session.is_some_and(|session| session.epoch == person.staff.session_epoch);
        if !is_signed_in {
            // Whoever signs in there again registers it again.
            self.forget(&device).await?;
            return Ok(None);
        }
        let alert = if claim.is_escalation { Thread::escalation } else { Thread::alert };
        let Some(alert) = alert(&thread, &person, now) else { return Ok(None) };
        let badge = self.badge(&thread, &person).await?;
        let notice = thread.notice(alert, &person, badge, now);
        Ok(Some((thread, device, notice)))
    }

    /// What the post tells of the device.
    async fn keep(&self, before: &Device, device: &Device, outcome: &Outcome) -> Result<(), StoreError> {
        if *outcome == Outcome::Gone {
            return self.forget(device).await;
        }
        let after = learned(device, &outcome.learned(), self.clock.now());
        if after.is_news_to(before) {
            self.store.update_device(&after).await?;
        }
        Ok(())
    }

    async fn forget(&self, device: &Device) -> Result<(), StoreError> {
        if self.store.delete_device(device).await? {
            self.notifiers.forget(device).await;
        }
        Ok(())
    }

    /// Nothing was posted yet: whoever takes it up next knows so.
    async fn put_back(&self, claim: &PushClaim) -> Result<(), StoreError> {
        let due = Some(self.clock.now() + SOON);
        let waiting = PushClaim { due, is_posting: false, ..claim.clone() };
        self.store.update_push(claim, &waiting).await.map(drop)
    }

    /// It is over.
    async fn settle(&self, claim: &PushClaim) -> Result<(), StoreError> {
        let over = PushClaim { due: None, is_posting: false, ..claim.clone() };
        self.store.update_push(claim, &over).await.map(drop)
    }
}

const fn name(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Taken => "taken",
        Outcome::Gone => "gone",
        Outcome::Refused(_) => "refused",
        Outcome::Later { .. } => "later",
    }
}
