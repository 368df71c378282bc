//! Clients' commands and the throttle of sign-ins. Receipts are in
//! [`receipts`](crate::receipts), sessions in [`sessions`](crate::sessions).

use std::time::Duration;

use porchlight_domain::bulk::Trace;
use porchlight_domain::command::Fingerprint;
use porchlight_domain::id::{BusinessId, CommandId};
use porchlight_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::commit::{Commit, Part};
use crate::error::StoreError;
use crate::items;
use crate::keys;
use crate::store::Store;
use crate::table::{Expression, Item, Outcome, Table, number, number_of};

/// A command of a client other than a send (P9).
#[derive(Clone, PartialEq, Eq)]
pub struct CommandRecord {
    /// The tenant.
    pub business: BusinessId,
    /// The client's id of it.
    pub id: CommandId,
    /// What it asked for.
    pub fingerprint: Fingerprint,
    /// When.
    pub at: Timestamp,
    /// Of a row of a bulk command: what it changed, to be put back.
    pub trace: Option<Trace>,
    /// Of such a row: when the bulk command ends, and nobody can repeat this one any more.
    pub ends_at: Option<Timestamp>,
}

porchlight_domain::debug_shows!(CommandRecord: business, id, fingerprint, at);

#[derive(Serialize, Deserialize)]
struct CommandItem {
    id: CommandId,
    fingerprint: Fingerprint,
    at: Timestamp,
    trace: Option<Trace>,
    ends_at: Option<Timestamp>,
    /// Unix seconds, for the table's TTL.
    expires_at: Option<i64>,
}

impl CommandRecord {
    fn item(&self) -> Item {
        let item = CommandItem {
            id: self.id.clone(),
            fingerprint: self.fingerprint.clone(),
            at: self.at,
            trace: self.trace.clone(),
            ends_at: self.ends_at,
            expires_at: self.ends_at.map(Timestamp::seconds),
        };
        items::to_item(&keys::command(&self.business, &self.id), &item)
    }

    pub(crate) fn from_item(business: &BusinessId, item: Item) -> Result<Self, StoreError> {
        let CommandItem { id, fingerprint, at, trace, ends_at, .. } = items::from_item("command", item)?;
        Ok(Self { business: business.clone(), id, fingerprint, at, trace, ends_at })
    }
}

impl Commit<'_> {
    /// The command; fails if the id was used before, telling by whom
    /// ([`Conflict::command`](crate::Conflict)).
    pub fn command(self, command: &CommandRecord) -> Self {
        self.put(Part::Command, Table::Vault, command.item(), Expression::absent())
    }
}

impl Store {
    /// The command of this id, if it was carried out; strongly consistent.
    pub async fn command(
        &self,
        business: &BusinessId,
        id: &CommandId,
    ) -> Result<Option<CommandRecord>, StoreError> {
        let item = self.get(Table::Vault, &keys::command(business, id)).await?;
        item.map(|item| CommandRecord::from_item(business, item)).transpose()
    }

    /// Keeps a command by itself; the one that was there before, if any.
    pub async fn put_command(&self, command: &CommandRecord) -> Result<Option<CommandRecord>, StoreError> {
        match self.put_if(Table::Vault, command.item(), &Expression::absent()).await? {
            Outcome::Done(_) => Ok(None),
            Outcome::Refused(item) => CommandRecord::from_item(&command.business, item).map(Some),
        }
    }

    /// Counts an attempt to sign in as this address (SHA-256 of it, in hex) before it is looked at; the first
    /// one opens a window of this length. How many that are now: however many come at once, each has a number
    /// of its own.
    pub async fn count_login(
        &self,
        digest: &str,
        window: Duration,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let key = keys::login_throttle(digest);
        let add = Expression::new("ADD attempts :one")
            .value(":one", number(1))
            .value(":now", number(now.seconds()));
        let begin = Expression::new("SET attempts = :one, expires_at = :expires")
            .value(":one", number(1))
            .value(":now", number(now.seconds()))
            .value(":expires", number((now + window).seconds()));
        let steps = [
            (&add, "expires_at > :now"),
            (&begin, "attribute_not_exists(pk) OR expires_at <= :now"),
            // Another attempt began the window between the two.
            (&add, "expires_at > :now"),
        ];
        for (update, condition) in steps {
            let outcome = self.update_if(Table::Vault, &key, update.clone(), Some(condition)).await?;
            if let Outcome::Done(item) = outcome {
                return Ok(attempts(&item));
            }
        }
        Err(StoreError::Busy { operation: "UpdateItem", source: "the window ended meanwhile".into() })
    }

    /// An attempt that was counted was no failure after all.
    pub async fn take_back_login(&self, digest: &str) -> Result<(), StoreError> {
        let less = Expression::new("ADD attempts :less").value(":less", number(-1)).value(":none", number(0));
        let key = keys::login_throttle(digest);
        self.update_if(Table::Vault, &key, less, Some("attempts > :none")).await.map(drop)
    }

    /// Whether somebody has signed in from this place (SHA-256 of account and place, in hex) not long ago.
    pub async fn is_known_place(&self, digest: &str, now: Timestamp) -> Result<bool, StoreError> {
        let item = self.get(Table::Vault, &keys::known_place(digest)).await?;
        Ok(item.and_then(|item| number_of(&item, "expires_at")).is_some_and(|ends| ends > now.seconds()))
    }

    /// Somebody has signed in from this place.
    pub async fn know_place(&self, digest: &str, until: Timestamp) -> Result<(), StoreError> {
        let mut item = crate::table::key_item(&keys::known_place(digest));
        item.insert("expires_at".to_owned(), number(until.seconds()));
        self.put(Table::Vault, item).await
    }

    /// A sign-in succeeded: nothing is held against the address any more.
    pub async fn clear_logins(&self, digest: &str) -> Result<(), StoreError> {
        self.delete(Table::Vault, &keys::login_throttle(digest)).await
    }
}

fn attempts(item: &Item) -> u64 {
    number_of(item, "attempts").and_then(|count| u64::try_from(count).ok()).unwrap_or(0)
}
