//! What became of messages whose answer, or whose callbacks, were lost. Only evidence settles them.

use std::collections::HashSet;
use std::time::Duration;

use futures::future::try_join_all;
use porchlight_channel::{Carrier, Fetched, NoAccount, Silence};
use porchlight_domain::delivery::{Delivery, FETCH_AFTER, ListedMessage, Lost, Status, Step, match_listed};
use porchlight_domain::id::BusinessId;
use porchlight_domain::message::Message;
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use porchlight_store::StoreError;
use porchlight_store::records::MessageRecord;

use crate::Courier;

/// A provider that is out of reach is asked again every minute, until so long after the last time to fetch.
const FETCHES_END: Duration = FETCH_AFTER[FETCH_AFTER.len() - 1].saturating_add(Duration::from_hours(1));

/// Places of the thread around a lost message where another of the same words may stand.
const NEAR: usize = 200;

/// Why nothing was told.
#[derive(Debug, thiserror::Error)]
enum Untold {
    #[error("{0}")]
    Account(#[from] NoAccount),
    #[error("{0}")]
    Silence(#[from] Silence),
    #[error("nothing carries messages of this conversation's channel")]
    NoCarrier,
}

impl Untold {
    /// Whether the next minute may be better.
    const fn passes(&self) -> bool {
        match self {
            Self::Account(error) => matches!(error, NoAccount::OutOfReach(_)),
            Self::Silence(silence) => silence.passes,
            Self::NoCarrier => false,
        }
    }
}

impl Courier {
    /// Asks the provider's list for an `unknown` message; attaches the one entry that can be it.
    pub async fn ask_list(&self, place: &MessageRecord, message: &Message) -> Result<(), StoreError> {
        let Some(out) = message.body.outbound() else { return Ok(()) };
        let Some(window) = out.delivery.post_window() else { return Ok(()) };
        // It left from its line or from one that has taken over since: which one did then is not kept.
        let lines = self.store.line_and_successors(&place.business, &out.line).await?;
        let Some(carrier) = self.carrier_of(place).await? else { return self.asked(place).await };
        let listed = match list(carrier, place, &out.contact, &lines).await {
            Ok(listed) => listed,
            Err(silence) => return self.not_told(place, message, &silence).await,
        };
        let body = carrier.words(&out.text);
        // In this order, after the list: whoever posted what it shows is a rival, or an owner, by now.
        let rivals = self.rivals(place, carrier, &body).await?;
        let owned = self.owned(&place.business, &listed, window).await?;
        let lost = Lost { to: &out.contact, from: &lines, body: &body, window };
        let found = match_listed(&lost, &listed, |sid| owned.contains(sid));
        match found.filter(|entry| !rivals.iter().any(|rival| may_be(rival, entry))) {
            Some(found) => {
                self.act(place, |delivery, now| delivery.record(found.evidence(now))).await.map(drop)
            }
            None => self.asked(place).await,
        }
    }

    /// Fetches a message that has been silent since it was accepted.
    pub async fn fetch(&self, place: &MessageRecord, message: &Message, sid: &str) -> Result<(), StoreError> {
        let evidence = match self.fetched(place, sid).await {
            Ok(fetched) => Some(fetched.evidence),
            Err(silence) if silence.passes() && fetches_go_on(message, self.clock.now()) => {
                still_silent(place, &silence);
                return Ok(());
            }
            Err(silence) => {
                still_silent(place, &silence);
                None
            }
        };
        let fold = |delivery: &mut Delivery, now| {
            if matches!(delivery.next_step(now), Step::FetchBySid(_)) {
                delivery.fetched_by_sid(now);
            }
            if let Some(evidence) = &evidence {
                delivery.record(evidence.clone());
            }
        };
        self.act(place, fold).await.map(drop)
    }

    /// Fetches a message that has ended for what it cost. A provider that does not tell is asked at the next time: a
    /// price is worth no more.
    pub async fn ask_price(&self, place: &MessageRecord, sid: &str) -> Result<(), StoreError> {
        let told = self.fetched(place, sid).await;
        let told = told.inspect_err(|silence| still_silent(place, silence)).ok();
        let fold = |delivery: &mut Delivery, now| {
            if let Some(fetched) = &told {
                delivery.record(fetched.evidence.clone());
            }
            if matches!(delivery.next_step(now), Step::AskPrice(_)) {
                delivery.priced(told.as_ref().and_then(|fetched| fetched.price.clone()), now);
            }
        };
        self.act(place, fold).await.map(drop)
    }

    async fn fetched(&self, place: &MessageRecord, sid: &str) -> Result<Fetched, Untold> {
        let carrier = self.carrier_of(place).await.ok().flatten().ok_or(Untold::NoCarrier)?;
        Ok(carrier.open(&place.business).await?.fetch(sid, self.clock.now()).await?)
    }

    /// What carries the messages of the conversation.
    async fn carrier_of(&self, place: &MessageRecord) -> Result<Option<&dyn Carrier>, StoreError> {
        let conversation = self.store.conversation(&place.business, &place.conversation).await?;
        let route = conversation.as_ref().and_then(|conversation| conversation.route());
        Ok(route.and_then(|route| self.channels.carrier_of(route.channel)))
    }

    /// Other messages of the thread with the same words, posted or being posted, of which nothing is known.
    async fn rivals(
        &self,
        place: &MessageRecord,
        carrier: &dyn Carrier,
        body: &str,
    ) -> Result<Vec<Delivery>, StoreError> {
        let after = place.seq.saturating_sub(NEAR as u64 / 2);
        let near = self.store.messages_after(&place.business, &place.conversation, after, NEAR).await?;
        let same =
            near.into_iter().filter(|other| other.seq != place.seq && carrier.words(other.text()) == body);
        let silent = |delivery: &Delivery| {
            delivery.evidence.is_empty() && matches!(delivery.status(), Status::Sending | Status::Unknown)
        };
        Ok(same.filter_map(|other| other.delivery().cloned()).filter(silent).collect())
    }

    /// SIDs in the window that a message of ours owns already; two of the same words are common.
    async fn owned(
        &self,
        business: &BusinessId,
        listed: &[ListedMessage],
        (from, to): (Timestamp, Timestamp),
    ) -> Result<HashSet<String>, StoreError> {
        let mut owned = HashSet::new();
        for entry in listed.iter().filter(|entry| (from..=to).contains(&entry.created_at)) {
            if self.store.sid_pointer(business, &entry.sid).await?.is_some() {
                owned.insert(entry.sid.clone());
            }
        }
        Ok(owned)
    }

    async fn asked(&self, place: &MessageRecord) -> Result<(), StoreError> {
        let once = |delivery: &mut Delivery, now| {
            if delivery.next_step(now) == Step::AskList {
                delivery.asked_provider(now);
            }
        };
        self.act(place, once).await.map(drop)
    }

    async fn not_told(
        &self,
        place: &MessageRecord,
        message: &Message,
        silence: &Untold,
    ) -> Result<(), StoreError> {
        still_silent(place, silence);
        let decided = message.delivery().is_none_or(|delivery| delivery.may_dismiss(self.clock.now()));
        if silence.passes() && !decided { Ok(()) } else { self.asked(place).await }
    }
}

async fn list(
    carrier: &dyn Carrier,
    place: &MessageRecord,
    to: &ContactPoint,
    lines: &[ContactPoint],
) -> Result<Vec<ListedMessage>, Untold> {
    let wire = carrier.open(&place.business).await?;
    Ok(try_join_all(lines.iter().map(|from| wire.list(to, from))).await?.concat())
}

/// Whether the entry may as well be the rival's; one that is being posted right now has no window yet.
fn may_be(rival: &Delivery, entry: &ListedMessage) -> bool {
    rival.post_window().is_none_or(|(from, to)| (from..=to).contains(&entry.created_at))
}

fn fetches_go_on(message: &Message, now: Timestamp) -> bool {
    let accepted = message.delivery().and_then(Delivery::accepted_at);
    accepted.is_some_and(|accepted| now.since(accepted) < FETCHES_END)
}

/// Without its source: an address that was asked may hold a number (P11).
fn still_silent(place: &MessageRecord, silence: &Untold) {
    let MessageRecord { business, conversation, seq } = place;
    tracing::warn!(%business, %conversation, seq, %silence, "the provider did not tell of a message");
}
