//! Consent of a contact point towards a line group (P6): what stands, and the ledger of all that was said.

use porchlight_domain::consent::{Arrival, Consent};
use porchlight_domain::id::{BusinessId, LineGroupId};
use porchlight_domain::phone::ContactPoint;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::commit::{Commit, Part};
use crate::error::StoreError;
use crate::items;
use crate::keys::{self, Key};
use crate::store::Store;
use crate::table::{Expression, Item, Table, text};

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
}

/// One line of the ledger of consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentLine {
    /// What was said, by whom, and when it was received.
    pub said: Consent,
    /// Whether it stood, in the order of arrival; an older word only leaves its line.
    pub stood: bool,
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
        Self { stands: Consent::after(was, said, arrival), contact, group, line, said, was }
    }

    /// What is on record afterwards.
    pub fn now(&self) -> Option<Consent> {
        self.stands.or(self.was)
    }
}

impl Commit<'_> {
    /// The ledger's line, and consent as it now stands; fails if another word was recorded since it was read.
    pub fn consent(self, change: &ConsentChange) -> Self {
        let line = ConsentLine { said: change.said, stood: change.stands.is_some() };
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
