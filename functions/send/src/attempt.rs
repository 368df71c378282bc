//! One attempt at one message: claim, check, post, settle. The only way to a POST.

use std::time::Duration;

use porchlight_channel::{NoAccount, Parcel, Wire};
use porchlight_domain::consent::Consent;
use porchlight_domain::conversation::Conversation;
use porchlight_domain::delivery::{
    After, ClaimId, Delivery, FailureClass, FailureReason, PostOutcome, Status,
};
use porchlight_domain::id::BusinessId;
use porchlight_domain::message::{Message, Outbound};
use porchlight_domain::party::Party;
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::push::may_text_staff;
use porchlight_domain::time::Timestamp;
use porchlight_store::StoreError;
use porchlight_store::commit::Part;
use porchlight_store::records::MessageRecord;

use crate::pace::Account;
use crate::{Courier, PATIENCE};

/// Between two POSTs of one claim, whatever the provider asks.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);
/// An instant is told in milliseconds, cut: so much later it has surely come.
const INSTANT: Duration = Duration::from_millis(1);
/// A claim waits so long for its account's turn; for longer the message goes back to the queue.
const WAITS_HERE: Duration = Duration::from_secs(5);
/// When the tokens or the consent cannot be read, the message goes back for so long.
const LATER: Duration = Duration::from_mins(1);

/// What waits for a person's decision is looked at again so often; the decision itself hurries it.
const HELD: Duration = Duration::from_mins(5);
/// What waited so long for a decision will not go: nobody meant it to leave half a day later.
const DECIDED_WITHIN: Duration = Duration::from_mins(235);

/// What an attempt was.
#[derive(Debug)]
pub enum Attempt {
    /// It was ours, and its outcome is written: the thread's next message may go.
    Settled,
    /// It is not queued, not due, or another's.
    NotOurs,
    /// This earlier message holds it, the first of those that do.
    Behind(Box<Message>),
    /// It came in, with files that may still be to be fetched.
    CameIn(Box<Message>),
}

/// What came of claiming a message.
enum Claimed {
    Ours(Box<Message>),
    Not(Attempt),
}

/// Whether a claimed message may be posted.
enum Readiness {
    Post(Account, Box<dyn Wire>, Box<Parcel>),
    Never(FailureReason),
    NotNow,
    /// They seem to have asked for no more texts, and nobody has decided yet.
    Held,
}

impl Courier {
    /// Claims the message and takes it to the provider.
    pub async fn attempt(&self, place: &MessageRecord) -> Result<Attempt, StoreError> {
        let claim = ClaimId::new(self.entropy.ulid(self.clock.now()).to_string());
        let message = match self.claim(place, &claim).await? {
            Claimed::Ours(message) => message,
            Claimed::Not(attempt) => return Ok(attempt),
        };
        if message.status() == Status::Failed {
            return Ok(Attempt::Settled);
        }
        let mut has_waited = false;
        loop {
            let ready = self.desk.rereading(PATIENCE, || self.check(place, &message)).await;
            let (account, wire, parcel) = match ready.unwrap_or_else(|error| not_now(place, &error)) {
                Readiness::Never(reason) => return self.refuse(place, &claim, reason).await,
                Readiness::NotNow => return self.release(place, &claim, LATER).await,
                Readiness::Held => return self.release(place, &claim, HELD).await,
                Readiness::Post(account, wire, parcel) => (account, wire, parcel),
            };
            let now = self.clock.now();
            if !may_post(&message, &claim, now) {
                return self.release(place, &claim, LATER).await;
            }
            if let Err(until) = self.pace.turn(&account, now) {
                let wait = until.since(now);
                // Once: whoever finds the account shut again leaves it to those who ask.
                if has_waited || wait > WAITS_HERE {
                    return self.release(place, &claim, wait).await;
                }
                has_waited = true;
                tokio::time::sleep(wait + INSTANT).await;
                continue;
            }
            let outcome = self.learn(account, wire.post(&parcel, now).await);
            let After::Retry { wait } = self.settle(place, &claim, outcome).await? else {
                return Ok(Attempt::Settled);
            };
            has_waited = true;
            tokio::time::sleep(wait.max(SHORTEST_WAIT) + INSTANT).await;
        }
    }

    /// What the outcome says about the account: a message that was not accepted waits as long as everybody.
    fn learn(&self, account: Account, outcome: PostOutcome) -> PostOutcome {
        match outcome {
            PostOutcome::NotAccepted { code, retry_after } => {
                let wait = self.pace.refused(account, retry_after, self.clock.now(), self.entropy.fraction());
                PostOutcome::NotAccepted {
                    code,
                    retry_after: Some(retry_after.unwrap_or_default().max(wait)),
                }
            }
            PostOutcome::Accepted(_) | PostOutcome::Rejected(_) => {
                self.pace.answered(&account);
                outcome
            }
            PostOutcome::Unknown => outcome,
        }
    }

    /// The message, if it is ours now: claimed, or given up as too old. A claim whose answer was lost is
    /// recognised by its id.
    async fn claim(&self, place: &MessageRecord, claim: &ClaimId) -> Result<Claimed, StoreError> {
        let MessageRecord { business, conversation, seq } = place;
        let Some(message) = self.read(place).await? else { return Ok(Claimed::Not(Attempt::NotOurs)) };
        self.soon.note(place, &message);
        if message.fetch_due().is_some() {
            return Ok(Claimed::Not(Attempt::CameIn(Box::new(message))));
        }
        if !message.delivery().is_some_and(Delivery::holds_later) {
            return Ok(Claimed::Not(Attempt::NotOurs));
        }
        if let Some(holder) = self.store.earlier_holding(business, conversation, *seq).await?.pop() {
            return Ok(Claimed::Not(Attempt::Behind(Box::new(holder))));
        }
        Ok(match self.act(place, |delivery, now| take(delivery, claim, now)).await? {
            Some((message, true)) => Claimed::Ours(Box::new(message)),
            _ => Claimed::Not(Attempt::NotOurs),
        })
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
        let files = self.share_files(business, out).await?;
        // All as they stand at this moment: a sentence that asks for no more texts rides on the conversation, and what is
        // known of the number spares the money.
        let (known, consent, now) = futures::try_join!(
            self.store.contact(business, &out.contact),
            self.store.consent(business, &out.contact, &route.group),
            self.store.conversation(business, &message.conversation)
        )?;
        if let Some(held) = held(out, consent.as_ref(), now.as_ref(), self.clock.now()) {
            return Ok(held);
        }
        if !self.lets_us(business, now.as_ref(), &out.contact, consent.as_ref()).await? {
            return Ok(Readiness::Never(FailureReason::revoked()));
        }
        if let Some(record) = known.filter(|record| record.block.is_some() || record.cannot_text) {
            let blocked = record.block.is_some();
            let why = if blocked { FailureReason::blocked() } else { FailureReason::known_unreachable() };
            return Ok(Readiness::Never(why));
        }
        let parcel = Parcel::of(business, message, from, |text| carrier.words(text));
        let Some(parcel) = parcel else { return Ok(Readiness::NotNow) };
        let parcel = parcel.with(files);
        Ok(Readiness::Post((business.clone(), route.channel), wire, Box::new(parcel)))
    }

    /// Whether a member of staff still lets us text them at this phone of theirs; a customer is asked nothing here (P6).
    async fn lets_us(
        &self,
        business: &BusinessId,
        conversation: Option<&Conversation>,
        contact: &ContactPoint,
        on_record: Option<&Consent>,
    ) -> Result<bool, StoreError> {
        let Some(Party::StaffPhone { staff, .. }) = conversation.map(|conversation| &conversation.party)
        else {
            return Ok(true);
        };
        let agreed = self.store.texts_agreement(business, staff).await?;
        Ok(may_text_staff(contact, agreed.as_ref(), on_record))
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
        let fold = async |outcome: PostOutcome| {
            self.act(place, |delivery, now| delivery.settle_post(claim, outcome.clone(), now)).await
        };
        let settled = match fold(outcome).await {
            // Another message has this SID: whatever was taken, nobody knows whether it was this one.
            Err(StoreError::Conflict(conflict)) if conflict.is_at(Part::SidPointer) => {
                tracing::error!(message = %place.seq, "the provider answered with another message's SID");
                fold(PostOutcome::Unknown).await?
            }
            settled => settled?,
        };
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
    async fn release(
        &self,
        place: &MessageRecord,
        claim: &ClaimId,
        later: Duration,
    ) -> Result<Attempt, StoreError> {
        self.act(place, |delivery, now| delivery.release(claim, now, now + later)).await?;
        Ok(Attempt::Settled)
    }
}

fn take(delivery: &mut Delivery, claim: &ClaimId, now: Timestamp) -> bool {
    delivery.is_claimed_by(claim) || delivery.give_up(now) || delivery.claim(claim.clone(), now).is_ok()
}

/// Why consent, as it stands at this moment, keeps the text here (P6).
fn held(
    out: &Outbound,
    consent: Option<&Consent>,
    conversation: Option<&Conversation>,
    now: Timestamp,
) -> Option<Readiness> {
    if !Consent::permits(consent, out.purpose) {
        let theirs = consent.is_some_and(Consent::only_they_can_open);
        let why = if theirs { FailureReason::opted_out() } else { FailureReason::revoked() };
        return Some(Readiness::Never(why));
    }
    conversation?.doubt?;
    if now.since(out.delivery.queued_at) >= DECIDED_WITHIN {
        return Some(Readiness::Never(FailureReason::undecided()));
    }
    Some(Readiness::Held)
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
