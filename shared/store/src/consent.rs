//! Consent of a contact point towards a line group (P6): what stands, and the ledger of all that was said.

use porchlight_domain::consent::{Arrival, Consent, ConsentSource, ConsentWord, Particulars};
use porchlight_domain::id::{BusinessId, LineGroupId};
use porchlight_domain::phone::ContactPoint;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::commit::{Commit, Part};
use crate::error::StoreError;
use crate::items;
use crate::keys::{self, Key};
use crate::query::Query;
use crate::store::Store;
use crate::table::{Expression, Item, Table, key_of, text};

/// Somebody says that a contact point may, or may not, be texted from a line group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentChange {
    /// Whose.
    pub contact: ContactPoint,
    /// Towards whom.
    pub group: LineGroupId,
    /// Names its line in the ledger; the same again is the same line.
    pub line: Ulid,
    /// What was said.
    pub said: Consent,
    /// What was on record when it was decided.
    pub was: Option<Consent>,
    /// What is on record from then on, where it changes anything.
    pub stands: Option<Consent>,
    /// Who said it, how, and in which words.
    pub particulars: Particulars,
}

/// One line of the ledger of consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentLine {
    /// What was said, by whom, and when it was received.
    pub said: Consent,
    /// Whether it stood, in the order of arrival; an older word only leaves its line.
    pub stood: bool,
    /// Who said it, how, and in which words; nothing in lines of before that was kept.
    #[serde(flatten)]
    pub particulars: Particulars,
}

/// A line of the ledger, and what names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerEntry {
    /// Its name; later ones are larger.
    pub id: Ulid,
    /// Towards whom.
    pub group: LineGroupId,
    /// What it says.
    pub line: ConsentLine,
}

impl ConsentChange {
    /// What comes of something said, given what is on record.
    pub fn decide(
        (contact, group): (ContactPoint, LineGroupId),
        line: Ulid,
        was: Option<Consent>,
        said: Consent,
        arrival: Arrival,
    ) -> Self {
        let opens = said.how == ConsentSource::Word(ConsentWord::Start);
        let said = if opens { Consent { granted: Some(line.into()), ..said } } else { said };
        let stands = Consent::after(was, said, arrival);
        // The line stands where what it says stands: behind the one before, whatever the clocks say.
        let said = stands.unwrap_or(said);
        Self { stands, contact, group, line, said, was, particulars: Particulars::default() }
    }

    /// The same, with who said it and how.
    #[must_use]
    pub fn told(self, particulars: Particulars) -> Self {
        Self { particulars, ..self }
    }

    /// A line that changes nothing of what is on record.
    #[must_use]
    pub fn unchanging(self) -> Self {
        Self { stands: None, ..self }
    }

    /// What is on record afterwards.
    pub fn now(&self) -> Option<Consent> {
        self.stands.or(self.was)
    }
}

impl Commit<'_> {
    /// The ledger's line, and consent as it now stands; fails if another word was recorded since it was read.
    pub fn consent(self, change: &ConsentChange) -> Self {
        let line = ConsentLine {
            said: change.said,
            stood: change.stands.is_some(),
            particulars: change.particulars.clone(),
        };
        let key = keys::consent_line(self.business(), &change.contact, &change.group, change.line);
        let commit =
            self.put(Part::Consent, Table::Directory, items::to_item(&key, &line), Expression::default());
        let Some(stands) = &change.stands else { return commit };
        let (item, as_read) = consent_item(&consent_key(commit.business(), change), stands, change.was);
        commit.put(Part::Consent, Table::Directory, item, as_read)
    }
}

impl Store {
    /// All that was said about consent towards a line group, in the order of the lines' ids.
    pub async fn consent_lines(
        &self,
        business: &BusinessId,
        contact: &ContactPoint,
        group: &LineGroupId,
    ) -> Result<Vec<ConsentLine>, StoreError> {
        let pk = keys::consent_lines_pk(business, contact);
        self.read_all(&pk, &format!("{group}#"), "line of consent").await
    }
}

impl Store {
    /// The ledger of a contact point towards all line groups, in the order in which it was written.
    pub async fn consent_ledger(
        &self,
        business: &BusinessId,
        contact: &ContactPoint,
    ) -> Result<Vec<LedgerEntry>, StoreError> {
        let query = Query::table(Table::Directory, keys::consent_lines_pk(business, contact));
        let mut entries = Vec::new();
        for item in self.query_all(query).await? {
            let Some((group, id)) = key_of(&item).and_then(|key| line_of(&key.sk)) else { continue };
            entries.push(LedgerEntry { id, group, line: items::from_item("line of consent", item)? });
        }
        entries.sort_by_key(|entry| (entry.line.said.at, entry.id));
        Ok(entries)
    }
}

/// The line group and the name of a line, from its sort key.
fn line_of(sk: &str) -> Option<(LineGroupId, Ulid)> {
    let (group, line) = sk.split_once('#')?;
    Some((group.parse().ok()?, Ulid::from_string(line).ok()?))
}

fn consent_key(business: &BusinessId, change: &ConsentChange) -> Key {
    keys::consent(business, &change.contact, &change.group)
}

fn consent_item(key: &Key, stands: &Consent, was: Option<Consent>) -> (Item, Expression) {
    let item = items::to_item(key, stands);
    let Some(was) = was else { return (item, Expression::absent()) };
    // Each change is later than the one before, so that the instant names it.
    let as_read = Expression::new("#at = :at").name("#at", "at").value(":at", text(was.at));
    (item, as_read)
}
