//! The ledger of consent.

use porchlight_api::words::{ConsentActWord, ConsentWord, PurposeWord};
use porchlight_api::{StaffNames, StaffRef};
use porchlight_domain::consent::{Consent, ConsentAct, ConsentLineId, Particulars};
use porchlight_domain::id::{LineGroupId, MessageId};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use porchlight_store::consent::{ConsentLine, LedgerEntry};
use porchlight_store::contacts::ContactFacts;
use serde::Serialize;
use utoipa::ToSchema;

use super::detail::{ConsentDetail, ConsentHow};

/// All that was said about texting somebody.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ConsentLedger)]
pub struct Ledger {
    /// Whom.
    pub contact: ContactPoint,
    /// Whether they may be texted now; open where nothing was ever said, since they wrote to us.
    pub state: ConsentWord,
    /// What that rests on, where something was said.
    #[schema(required)]
    pub now: Option<ConsentDetail>,
    /// In the order in which they came.
    pub entries: Vec<ConsentEntry>,
}

/// Something that was said about being texted.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConsentEntry {
    /// What names it.
    pub id: ConsentLineId,
    /// The lines of the business that it was said to.
    pub group_id: LineGroupId,
    /// What was said.
    pub act: ConsentActWord,
    /// Where it comes from.
    pub source: ConsentHow,
    /// How, as whoever kept it puts it.
    #[schema(required)]
    pub how: Option<String>,
    /// The words: the customer's own, or what was written down of them.
    #[schema(required)]
    pub words: Option<String>,
    /// The customer's text that was decided about.
    #[schema(required)]
    pub quote: Option<String>,
    /// That text, or the one that said it.
    #[schema(required)]
    pub message_id: Option<MessageId>,
    /// What it was about, where that was said.
    #[schema(required)]
    pub scope: Option<PurposeWord>,
    /// What may be sent after it.
    #[schema(required)]
    pub leaves: Option<PurposeWord>,
    /// When.
    pub at: Timestamp,
    /// Who kept it; nobody of what the customer wrote.
    #[schema(required)]
    pub by: Option<StaffRef>,
    /// Whether it changed anything: a word that came late, or that only repeats, does not.
    pub stood: bool,
}

/// The ledger, with the names of those who kept it.
pub fn ledger(
    contact: &ContactPoint,
    entries: Vec<LedgerEntry>,
    facts: &ContactFacts,
    names: &StaffNames,
) -> Ledger {
    let now = facts.consents.values().max_by_key(|consent| (!consent.is_open(), consent.at));
    Ledger {
        contact: contact.clone(),
        state: if Consent::allows(now) { ConsentWord::Open } else { ConsentWord::Closed },
        now: now.map(ConsentDetail::from),
        entries: entries.into_iter().map(|entry| view(entry, names)).collect(),
    }
}

pub(super) fn view(entry: LedgerEntry, names: &StaffNames) -> ConsentEntry {
    let LedgerEntry { id, group, line: ConsentLine { said, stood, particulars } } = entry;
    let detail = ConsentDetail::from(&said);
    let Particulars { act, by, how, words, quote, message, scope } = particulars;
    let plain = if said.is_open() { ConsentAct::Grant } else { ConsentAct::Revoke };
    ConsentEntry {
        id: id.into(),
        group_id: group,
        act: act.unwrap_or(plain).into(),
        source: detail.how,
        how,
        words,
        quote,
        message_id: message,
        scope: scope.map(Into::into),
        leaves: said.is_open().then_some(detail.scope),
        at: said.at,
        by: by.map(|staff| names.get(&staff)),
        stood,
    }
}
