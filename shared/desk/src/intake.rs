//! The way of a post into the inbox (PROTOCOLS §1; P1, P2, P3): genuine, kept, applied.
//!
//! `webhooks` calls it when a provider does and again every minute for what was left unapplied; the tray's replay
//! calls it when a person asks. All of them meet in [`Intake::apply`], the protocol's step 3. What a post says is
//! its channel's door to read.
//!
//! # Layout
//!
//! - `receipts`: a post as it is kept. `coming`: fresh or again. `turns`: one text of a conversation at a time; `room`:
//!   some of all at a time.
//! - `text`: a customer's text. `reaction`: a tapback. `staff`: what a colleague's own phone sends.
//!   `status`: what became of a message of ours.
//!
//! Invariant: a receipt that is kept is applied, or stands in the tray; a crash between leaves it to the sweep (P1).

mod catching_up;
mod coming;
mod reaction;
mod receipts;
mod room;
mod staff;
mod status;
mod text;
mod turns;

use std::time::Duration;

use porchlight_channel::{Channels, Door, Glimpse, Inbound, Misfit, Named, NoAccount, Post, Text};
use porchlight_domain::id::{BusinessId, ConversationId};
use porchlight_domain::party::{Party, Route};
use porchlight_store::StoreError;
use porchlight_store::commit::Part;
use porchlight_store::inbound::{PutReceipt, ReceiptState};
use porchlight_store::receipts::{Receipt, ReceiptKey};
use tokio::time::Instant;

use self::coming::Coming;
use self::room::{Place, Room};
use self::turns::{Turn, Turns};
use crate::Desk;

/// How long contention is met with another try before a receipt is left to the sweep, or to the next second.
const PATIENCE: Duration = Duration::from_secs(8);
/// Behind an answer the work goes on for so long, where the process lives.
const GOES_ON_FOR: Duration = Duration::from_mins(1);
/// How long a provider waits until a text is understood. What is kept is safe: the work goes on behind the answer.
const ANSWERED_WITHIN: Duration = Duration::from_secs(3);
/// The same for a word that may end consent, so that nothing is sent to whoever has just been thanked for it.
const STOP_ANSWERED_WITHIN: Duration = Duration::from_secs(8);
/// The sweep leaves a receipt to whoever took it in for so long: longer than any invocation tries. What still waits in
/// a crowd then, it leaves as well.
const SWEEP_AFTER: Duration = Duration::from_secs(30);

/// Receipts that the sweep reads at once.
const SWEPT_AT_ONCE: usize = 100;

/// Takes posts in. Cheap to clone.
#[derive(Clone)]
pub struct Intake {
    desk: Desk,
    channels: Channels,
    turns: Turns,
    room: Room,
}

/// What came of a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applied {
    /// What it says is in the inbox, now or since an earlier time.
    Done,
    /// It waits in the tray for a person.
    Quarantined(Misfit),
    /// It is kept, and understanding it takes its time: what is left of that is the sweep's.
    Later,
}

/// What came of replaying a receipt of the tray.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replayed {
    /// There is no such receipt, or it has expired.
    NotFound,
    /// Its signature is still wrong: the setting is not mended.
    NotGenuine,
    /// What it says is in the inbox: in this conversation, where it is about one.
    InInbox(Option<ConversationId>),
    /// It waits in the tray as before.
    StillWaits(Misfit),
    /// It is kept and is being understood.
    NotYet,
}

/// Why a webhook cannot be taken in just now.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The tables.
    #[error("the receipt could not be applied")]
    Store(#[from] StoreError),
    /// No door has its address any more.
    #[error("no door has this address")]
    NoDoor,
    /// The account.
    #[error("the account could not be read")]
    Account(#[from] NoAccount),
}

/// Why an attempt ends without anything written.
enum Refusal {
    Misfit(Misfit),
    Store(StoreError),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Misfit> for Refusal {
    fn from(misfit: Misfit) -> Self {
        Self::Misfit(misfit)
    }
}

impl Intake {
    /// Through these doors.
    pub fn new(desk: Desk, channels: Channels) -> Self {
        Self { desk, channels, turns: Turns::default(), room: Room::default() }
    }

    /// The door that an address leads to, and what it names there.
    pub fn door_of(&self, path: &str) -> Option<(&dyn Door, Named)> {
        self.channels.door_of(path)
    }

    /// The receipt of a genuine post; none if no door has its address.
    pub fn receipt_of(&self, post: Post) -> Option<Receipt> {
        let (door, Named { business, call }) = self.door_of(&post.path)?;
        let name = door.receipt(&call, &post.body);
        Some(receipts::kept(post, receipts::key(business, name)))
    }

    /// Takes in a post that is known to be genuine.
    pub async fn take_in(&self, post: Post) -> Result<Applied, IntakeError> {
        let receipt = self.receipt_of(post).ok_or(IntakeError::NoDoor)?;
        Ok(self.admit(&receipt).await?)
    }

    /// Keeps the receipt of a genuine post, then applies it; one that was applied before stays as it is.
    pub async fn admit(&self, receipt: &Receipt) -> Result<Applied, StoreError> {
        self.keep_and_apply(receipt, self.arriving(receipt).await).await
    }

    /// A word that opens consent acts on what it meets at its arrival; another word that is recorded from then on
    /// came later (P6). Where that cannot be read, only clocks tell.
    async fn arriving(&self, receipt: &Receipt) -> Coming {
        let Some(text) = self.text_of(receipt).filter(text::may_open) else { return Coming::fresh() };
        let met = self.desk.consent_met(receipt.key.business(), &text).await;
        met.map_or_else(|_| Coming::again(), Coming::meeting)
    }

    async fn keep_and_apply(&self, receipt: &Receipt, coming: Coming) -> Result<Applied, StoreError> {
        let due = receipt.received_at.max(self.desk.now()) + SWEEP_AFTER;
        match self.desk.store.put_receipt(receipt, due).await? {
            PutReceipt::Present(ReceiptState::Applied) => Ok(Applied::Done),
            PutReceipt::Present(ReceiptState::Quarantined { reason }) => {
                Ok(Applied::Quarantined(Misfit::Unreadable(reason)))
            }
            PutReceipt::New => Ok(self.apply_in_time(receipt.clone(), coming).await),
            PutReceipt::Present(ReceiptState::Unapplied) => {
                // As it came first: a word that comes again is ordered by when it was received.
                let first = self.desk.store.receipt(&receipt.key, self.desk.now()).await?;
                Ok(self.apply_in_time(first.unwrap_or_else(|| receipt.clone()), Coming::again()).await)
            }
        }
    }

    /// Applies what is kept, as long as a provider waits; it goes on behind the answer while the process lives. Behind
    /// a crowd nobody waits.
    async fn apply_in_time(&self, receipt: Receipt, coming: Coming) -> Applied {
        let hurries = self.may_end_consent(&receipt);
        let limit = if hurries { STOP_ANSWERED_WITHIN } else { ANSWERED_WITHIN };
        let is_crowded = self.room.is_crowded() && !hurries;
        let Some(place) = self.room.place(&receipt.key, receipt.body.len(), hurries) else {
            self.catch_up();
            return Applied::Later;
        };
        let (key, intake) = (receipt.key.clone(), self.clone());
        let work = tokio::spawn(async move { intake.apply_until_done(&receipt, &coming, &place).await });
        if is_crowded {
            return Applied::Later;
        }
        match tokio::time::timeout(limit, work).await {
            Ok(Ok(Some(applied))) => return applied,
            Ok(Err(error)) => still_unapplied(&key, &error),
            Ok(Ok(None)) | Err(_) => {}
        }
        // Where nothing goes on behind an answer, the next sweep takes it up.
        let due = self.desk.store.postpone_receipt(&key, self.desk.now()).await;
        due.unwrap_or_else(|error| still_unapplied(&key, &error));
        Applied::Later
    }

    /// Tries again each second, for a while; `None` when it is left to the sweep.
    async fn apply_until_done(&self, receipt: &Receipt, coming: &Coming, place: &Place) -> Option<Applied> {
        let mut ends = None;
        loop {
            let done = {
                let _turn = self.turn_of(receipt).await;
                let _slot = place.begin().await;
                Box::pin(self.apply_as(receipt, coming)).await
            };
            let ends = *ends.get_or_insert_with(|| Instant::now() + GOES_ON_FOR);
            match done {
                Ok(applied) => return Some(applied),
                Err(error) => {
                    still_unapplied(&receipt.key, &error);
                    if !error.is_worth_rereading() || Instant::now() >= ends {
                        return None;
                    }
                }
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    /// The turn of its conversation: a later text does not overtake it.
    async fn turn_of(&self, receipt: &Receipt) -> Option<Turn> {
        let text = self.text_of(receipt)?;
        Some(self.turns.of(receipt.key.business(), &text.from, &text.to).await)
    }

    fn may_end_consent(&self, receipt: &Receipt) -> bool {
        self.text_of(receipt).is_some_and(|text| text::may_close(&text))
    }

    /// The text that a receipt is, if it is one that can be read.
    fn text_of(&self, receipt: &Receipt) -> Option<Text> {
        let post = receipts::post(receipt);
        let (door, named) = self.door_of(&post.path)?;
        match door.read(&named.call, &post) {
            Ok(Inbound::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Step 3 for what arrived some time ago: decides what the receipt says and writes it, or puts it into the
    /// tray.
    pub async fn apply(&self, receipt: &Receipt) -> Result<Applied, StoreError> {
        let _turn = self.turn_of(receipt).await;
        self.apply_as(receipt, &Coming::again()).await
    }

    async fn apply_as(&self, receipt: &Receipt, coming: &Coming) -> Result<Applied, StoreError> {
        let verdict = self.desk.rereading(PATIENCE, || self.attempt(receipt, coming)).await?;
        let Err(misfit) = verdict else { return Ok(Applied::Done) };
        tracing::warn!(receipt = %receipt.key, business = %receipt.key.business(), %misfit, "a webhook is set aside");
        let set_aside = self.desk.store.quarantine(&receipt.key, &misfit.to_string()).await?;
        Ok(if set_aside { Applied::Quarantined(misfit) } else { Applied::Done })
    }

    /// Takes a receipt out of the tray and applies it again, once more checking an unverified one's signature.
    pub async fn replay(&self, key: &ReceiptKey) -> Result<Replayed, IntakeError> {
        let Some(receipt) = self.desk.store.receipt(key, self.desk.now()).await? else {
            return Ok(Replayed::NotFound);
        };
        if !matches!(key, ReceiptKey::Unverified { .. }) {
            let applied = self.apply(&receipt).await?;
            return Ok(self.replayed(&receipt, applied).await?);
        }
        let post = receipts::post(&receipt);
        let found = self.door_of(&post.path).filter(|(_, named)| named.business == *key.business());
        let Some((door, named)) = found else { return Ok(Replayed::NotFound) };
        if !door.is_genuine(&named.business, &post).await? {
            return Ok(Replayed::NotGenuine);
        }
        let Some(receipt) = self.receipt_of(post) else { return Ok(Replayed::NotFound) };
        let applied = self.keep_and_apply(&receipt, Coming::again()).await?;
        self.desk.store.mark_applied(key, self.desk.now()).await?;
        Ok(self.replayed(&receipt, applied).await?)
    }

    async fn replayed(&self, receipt: &Receipt, applied: Applied) -> Result<Replayed, StoreError> {
        Ok(match applied {
            Applied::Quarantined(misfit) => Replayed::StillWaits(misfit),
            Applied::Later => Replayed::NotYet,
            Applied::Done => Replayed::InInbox(self.conversation_of(receipt).await?),
        })
    }

    /// The conversation that a receipt is about, if it can be told and is there.
    async fn conversation_of(&self, receipt: &Receipt) -> Result<Option<ConversationId>, StoreError> {
        let (store, business, post) = (&self.desk.store, receipt.key.business(), receipts::post(receipt));
        let Some((door, named)) = self.door_of(&post.path) else { return Ok(None) };
        match door.read(&named.call, &post) {
            Err(_) => Ok(None),
            Ok(Inbound::Report(_)) => {
                let Some(message) = named.call.message() else { return Ok(None) };
                Ok(store.message_by_id(business, &message).await?.map(|message| message.conversation))
            }
            Ok(Inbound::Text(text)) => {
                let Some(line) = store.line(business, &text.to).await? else { return Ok(None) };
                let colleague = store.contact_facts(business, &text.from).await?.staff;
                let route =
                    Route { group: line.group, channel: text.channel, contact: text.from, line: line.number };
                let party = colleague.map_or_else(|| Party::Customer(route), |staff| Party::Staff { staff });
                let id = ConversationId::of(&party);
                Ok(store.conversation(business, &id).await?.map(|_| id))
            }
        }
    }

    /// What a receipt of the tray seems to say.
    pub fn glimpse(&self, receipt: &Receipt) -> Glimpse {
        let post = receipts::post(receipt);
        self.door_of(&post.path).map(|(door, _)| door.glimpse(&post)).unwrap_or_default()
    }

    /// Applies what was left unapplied in one shard of the sweep, page by page, beginning none after `ends`; at
    /// least how many are left for the next time. None where this process is at them already.
    pub async fn sweep(&self, shard: u8, ends: Instant) -> Result<usize, StoreError> {
        if self.room.is_catching_up() {
            return Ok(0);
        }
        let (now, mut left, mut from) = (self.desk.now(), 0, None);
        loop {
            if Instant::now() >= ends {
                return Ok(left + 1);
            }
            let page = self.desk.store.unapplied_due(shard, now, SWEPT_AT_ONCE, from).await?;
            for receipt in page.found.iter().filter(|receipt| !self.room.has_in_hand(&receipt.key)) {
                if Instant::now() >= ends {
                    return Ok(left + 1);
                }
                left += usize::from(!self.take_up(receipt).await?);
            }
            from = page.next;
            if from.is_none() {
                return Ok(left);
            }
        }
    }

    /// Applies a receipt that was left; whether that settled it.
    async fn take_up(&self, receipt: &Receipt) -> Result<bool, StoreError> {
        let _turn = self.turn_of(receipt).await;
        self.settle(receipt).await
    }

    /// The same in its turn. One that can never be stored goes into the tray, where a person sees it (P1).
    async fn settle(&self, receipt: &Receipt) -> Result<bool, StoreError> {
        let Err(error) = self.apply_as(receipt, &Coming::again()).await else { return Ok(true) };
        still_unapplied(&receipt.key, &error);
        if error.is_worth_rereading() {
            self.desk.store.postpone_receipt(&receipt.key, self.desk.now() + SWEEP_AFTER).await?;
            return Ok(false);
        }
        self.desk.store.quarantine(&receipt.key, &Misfit::NotStored.to_string()).await?;
        Ok(true)
    }

    /// One try: everything is read anew.
    async fn attempt(&self, receipt: &Receipt, coming: &Coming) -> Result<Result<(), Misfit>, StoreError> {
        match self.record(receipt, coming).await {
            Ok(()) => Ok(Ok(())),
            Err(Refusal::Misfit(misfit)) => Ok(Err(misfit)),
            Err(Refusal::Store(error)) => Err(error),
        }
    }

    async fn record(&self, receipt: &Receipt, coming: &Coming) -> Result<(), Refusal> {
        let post = receipts::post(receipt);
        let (door, named) = self.door_of(&post.path).ok_or(Misfit::UnknownAddress)?;
        match door.read(&named.call, &post)? {
            Inbound::Text(text) => {
                self.desk.record_text(&receipt.key, text, receipt.received_at, coming).await
            }
            Inbound::Report(evidence) => {
                self.desk.record_report(&receipt.key, evidence, named.call.message()).await
            }
        }
    }

    /// Keeps a post that was not genuine, within bounds; whether it was kept.
    pub async fn keep_unverified(&self, business: BusinessId, post: Post) -> Result<bool, StoreError> {
        if post.body.len() > receipts::LONGEST_UNVERIFIED {
            return Ok(false);
        }
        let id = self.desk.entropy.ulid(post.received_at).to_string();
        let receipt = receipts::kept(post, ReceiptKey::Unverified { business, id });
        self.desk.store.put_unverified(&receipt, receipts::UNVERIFIED_CAPS).await
    }
}

/// A receipt that was applied meanwhile needs nothing more (P2).
fn or_applied_before(written: Result<(), StoreError>) -> Result<(), StoreError> {
    match written {
        Err(StoreError::Conflict(conflict)) if conflict.is_at(Part::Receipt) => Ok(()),
        other => other,
    }
}

fn still_unapplied(key: &ReceiptKey, error: &(dyn std::error::Error + 'static)) {
    tracing::error!(receipt = %key, business = %key.business(), error, "a receipt is still not applied");
}
