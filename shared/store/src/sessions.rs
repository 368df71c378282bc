//! Who is signed in. Kept under the SHA-256 of the token, and once more under the person, so that all of
//! somebody's sessions can be ended.

use porchlight_domain::id::{BusinessId, StaffId};
use porchlight_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::commit::Part;
use crate::error::StoreError;
use crate::items;
use crate::keys::{self, Key};
use crate::query::Query;
use crate::receipts::lives;
use crate::store::Store;
use crate::table::{Expression, Item, Table, number};

/// A person is signed in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRecord {
    /// SHA-256 of the token, in hex.
    pub digest: String,
    /// The tenant: it comes from here and never from a request (P7).
    pub business: BusinessId,
    /// Who.
    pub staff: StaffId,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when, to the second.
    pub ends_at: Timestamp,
    /// The person's epoch when it began: it ends with the epoch.
    #[serde(default)]
    pub epoch: u64,
}

impl std::fmt::Debug for SessionRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SessionRecord({}, ends {})", self.staff, self.ends_at)
    }
}

impl SessionRecord {
    fn item(&self, key: &Key) -> Item {
        let mut item = items::to_item(key, self);
        item.insert("expires_at".to_owned(), number(self.ends_at.seconds()));
        item
    }
}

impl Store {
    /// Begins a session.
    pub async fn put_session(&self, session: &SessionRecord) -> Result<(), StoreError> {
        let own = keys::session(&session.digest);
        let of_staff = keys::session_of_staff(&session.business, &session.staff, &session.digest);
        self.commit(&session.business)
            .put(Part::Other, Table::Vault, session.item(&own), Expression::default())
            .put(Part::Other, Table::Vault, session.item(&of_staff), Expression::default())
            .run()
            .await
    }

    /// The session of this token digest, unless it has ended; strongly consistent.
    pub async fn session(&self, digest: &str, now: Timestamp) -> Result<Option<SessionRecord>, StoreError> {
        let item = self.get(Table::Vault, &keys::session(digest)).await?.filter(|item| lives(item, now));
        item.map(|item| items::from_item("session", item)).transpose()
    }

    /// Ends a session.
    pub async fn delete_session(&self, session: &SessionRecord) -> Result<(), StoreError> {
        self.delete(Table::Vault, &keys::session(&session.digest)).await?;
        let of_staff = keys::session_of_staff(&session.business, &session.staff, &session.digest);
        self.delete(Table::Vault, &of_staff).await
    }

    /// Ends every session of a person: a new password, or they left.
    pub async fn delete_sessions_of(&self, business: &BusinessId, staff: &StaffId) -> Result<(), StoreError> {
        self.delete_sessions_before(business, staff, None).await.map(drop)
    }

    /// Ends the sessions of a person that began in an epoch before this one, or all; the digests of those.
    pub async fn delete_sessions_before(
        &self,
        business: &BusinessId,
        staff: &StaffId,
        epoch: Option<u64>,
    ) -> Result<Vec<String>, StoreError> {
        let query = Query::table(Table::Vault, keys::staff_pk(business, staff)).prefix("SESSION#");
        let sessions: Vec<SessionRecord> = items::from_items("session", self.query_all(query).await?)?;
        let ended = sessions.into_iter().filter(|session| epoch.is_none_or(|epoch| session.epoch < epoch));
        let digests: Vec<String> = ended.map(|session| session.digest).collect();
        // The ones that let somebody in go first.
        let own = digests.iter().map(|digest| keys::session(digest));
        let of_staff = digests.iter().map(|digest| keys::session_of_staff(business, staff, digest));
        for key in own.chain(of_staff) {
            self.delete(Table::Vault, &key).await?;
        }
        Ok(digests)
    }
}
