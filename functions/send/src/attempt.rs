//! One attempt at one message: claim, check, post, settle. The only way to a POST.

use std::time::Duration;

use porchlight_channel::{NoAccount, Parcel, Wire};
use porchlight_domain::consent::Consent;
use porchlight_domain::delivery::{
    After, ClaimId, Delivery, FailureClass, FailureReason, PostOutcome, Status,
};
use porchlight_domain::message::{Message, Outbound};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use porchlight_store::StoreError;
use porchlight_store::records::MessageRecord;

use crate::{Courier, PATIENCE};

/// Between two POSTs of one claim, whatever the provider asks.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);
/// When the tokens or the consent cannot be read, the message goes back for so long.
const LATER: Duration = Duration::from_mins(1);

/// What an attempt was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// It was ours, and its outcome is written: the thread's next message may go.
    Settled,
    /// It is not queued, not due, another's, or an earlier message holds it.
    NotOurs,
}

/// Whether a claimed message may be posted.
enum Readiness {
    Post(Box<dyn Wire>, Box<Parcel>),
    Never(FailureReason),
    NotNow,
}

impl Courier {
    /// Claims the message and takes it to the provider.
    pub async fn attempt(&self, place: &MessageRecord) -> Result<Attempt, StoreError> {
        let claim = ClaimId::new(self.entropy.ulid(self.clock.now()).to_string());
        let Some(message) = self.claim(place, &claim).await? else { return Ok(Attempt::NotOurs) };
        if message.status() == Status::Failed {
            return Ok(Attempt::Settled);
        }
        loop {
            let ready = self.desk.rereading(PATIENCE, || self.check(place, &message)).await;
            let outcome = match ready.unwrap_or_else(|error| not_now(place, &error)) {
                Readiness::Never(reason) => return self.refuse(place, &claim, reason).await,
                Readiness::NotNow => return self.release(place, &claim).await,
                Readiness::Post(wire, parcel) => {
                    if !may_post(&message, &claim, self.clock.now()) {
                        return self.release(place, &claim).await;
                    }
                    wire.post(&parcel, self.clock.now()).await
                }
            };
            let After::Retry { wait } = self.settle(place, &claim, outcome).await? else {
                return Ok(Attempt::Settled);
            };
            tokio::time::sleep(wait.max(SHORTEST_WAIT)).await;
        }
    }

    /// The message, if it is ours now: claimed, or given up as too old. A claim whose answer was lost is
    /// recognised by its id.
    async fn claim(&self, place: &MessageRecord, claim: &ClaimId) -> Result<Option<Message>, StoreError> {
        let MessageRecord { business, conversation, seq } = place;
        let queued = self
            .read(place)
            .await?
            .is_some_and(|message| message.delivery().is_some_and(Delivery::holds_later));
        if !queued || !self.store.earlier_holding(business, conversation, *seq).await?.is_empty() {
            return Ok(None);
        }
        let claimed = self.act(place, |delivery, now| take(delivery, claim, now)).await?;
        Ok(claimed.and_then(|(message, taken)| taken.then_some(message)))
    }

    /// Everything that a POST needs, and consent last, as it stands at this moment (P6).
    async fn check(&self, place: &MessageRecord, message: &Message) -> Result<Readiness, StoreError> {
        let business = &place.business;
        let conversation = self.store.conversation(business, &message.conversation).await?;
        let route = conversation.as_ref().and_then(|conversation| conversation.route());
        let (Some(out), Some(route)) = (message.body.outbound(), route) else { return Ok(Readiness::NotNow) };
        let Some(carrier) = self.channels.carrier_of(route.channel) else {
            return Ok(Readiness::Never(not_set_up()));
        };
        let wire = match carrier.open(business).await {
            Ok(wire) => wire,
            Err(NoAccount::NotSetUp) => return Ok(Readiness::Never(not_set_up())),
            Err(error @ NoAccount::OutOfReach(_)) => return Ok(not_now(place, &error)),
        };
        let Some(from) = self.line_of(place, out).await? else {
            return Ok(Readiness::Never(not_set_up()));
        };
        let consent = self.store.consent(business, &out.contact, &route.group).await?;
        if !Consent::allows(consent.as_ref()) {
            return Ok(Readiness::Never(FailureReason::opted_out()));
        }
        let (business, message) = (business.clone(), message.id.clone());
        let (to, words) = (out.contact.clone(), carrier.words(&out.text));
        Ok(Readiness::Post(wire, Box::new(Parcel { business, message, from, to, words })))
    }

    /// The line that the message leaves from: its own, or the one that took over.
    async fn line_of(
        &self,
        place: &MessageRecord,
        out: &Outbound,
    ) -> Result<Option<ContactPoint>, StoreError> {
        Ok(self.store.line_and_successors(&place.business, &out.line).await?.pop())
    }

    async fn settle(
        &self,
        place: &MessageRecord,
        claim: &ClaimId,
        outcome: PostOutcome,
    ) -> Result<After, StoreError> {
        let settled =
            self.act(place, |delivery, now| delivery.settle_post(claim, outcome.clone(), now)).await?;
        let Some((message, after)) = settled else { return Ok(After::Stale) };
        tracing::info!(message = %message.id, status = message.status().as_str(), "posted");
        Ok(after)
    }

    /// Nothing was posted, and nothing will be.
    async fn refuse(
        &self,
        place: &MessageRecord,
        claim: &ClaimId,
        reason: FailureReason,
    ) -> Result<Attempt, StoreError> {
        self.act(place, |delivery, _| delivery.refuse(claim, reason.clone())).await?;
        Ok(Attempt::Settled)
    }

    /// Nothing was posted, and it may be later.
    async fn release(&self, place: &MessageRecord, claim: &ClaimId) -> Result<Attempt, StoreError> {
        self.act(place, |delivery, now| delivery.release(claim, now, now + LATER)).await?;
        Ok(Attempt::Settled)
    }
}

fn take(delivery: &mut Delivery, claim: &ClaimId, now: Timestamp) -> bool {
    delivery.is_claimed_by(claim) || delivery.give_up(now) || delivery.claim(claim.clone(), now).is_ok()
}

fn may_post(message: &Message, claim: &ClaimId, now: Timestamp) -> bool {
    message.delivery().is_some_and(|delivery| delivery.may_post(claim, now))
}

fn not_set_up() -> FailureReason {
    let words = "Not sent: texting is not set up. Check the account and the line in Settings.".to_owned();
    FailureReason { code: None, class: FailureClass::Config, words }
}

fn not_now(place: &MessageRecord, error: &(dyn std::error::Error + 'static)) -> Readiness {
    crate::wake::log_failure(place, error);
    Readiness::NotNow
}
