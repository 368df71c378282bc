//! Counters of a business: sums of what each conversation contributes, exactly once (PROTOCOLS §4; P10).

use std::collections::BTreeMap;

use porchlight_domain::contribution::{Change, Contribution};
use porchlight_domain::id::{BusinessId, ConversationId, StaffId};
use serde::{Deserialize, Serialize};

use crate::commit::Part;
use crate::error::StoreError;
use crate::keys;
use crate::query::Query;
use crate::store::Store;
use crate::table::{Expression, Item, Table, key_item, number, number_of, text};

/// What was last applied of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// What the counters hold of it.
    pub contribution: Contribution,
    /// What the search index holds of it, in the words of `index`; the store only compares it.
    #[serde(default)]
    pub indexed: String,
}

/// The counters of a business.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Conversations in All.
    pub total: i64,
    /// Conversations in Attention.
    pub attention: i64,
    /// Unread messages per person; nobody with none.
    pub unread: BTreeMap<StaffId, i64>,
    /// Unread internal messages per person; nobody with none.
    pub internal: BTreeMap<StaffId, i64>,
}

impl Counters {
    /// Of one person.
    pub fn unread_of(&self, staff: &StaffId) -> i64 {
        self.unread.get(staff).copied().unwrap_or(0)
    }

    /// Of one person, of what colleagues wrote.
    pub fn internal_of(&self, staff: &StaffId) -> i64 {
        self.internal.get(staff).copied().unwrap_or(0)
    }

    fn add(&mut self, shard: &Item) {
        self.total += number_of(shard, "total").unwrap_or(0);
        self.attention += number_of(shard, "attention").unwrap_or(0);
        for name in shard.keys() {
            let Some((kind, staff)) = name.split_once('#') else { continue };
            let sums = match kind {
                "unread" => &mut self.unread,
                "internal" => &mut self.internal,
                _ => continue,
            };
            if let Some((staff, count)) = staff.parse().ok().zip(number_of(shard, name)) {
                *sums.entry(staff).or_default() += count;
            }
        }
    }
}

/// The value as one text, equal exactly when the value is.
fn as_text(applied: &Applied) -> String {
    serde_json::to_string(applied).expect("plain structs become JSON")
}

impl Store {
    /// What was last applied of a conversation; strongly consistent.
    pub async fn applied(
        &self,
        business: &BusinessId,
        conversation: &ConversationId,
    ) -> Result<Option<Applied>, StoreError> {
        let item = self.get(Table::Derived, &keys::applied(business, conversation)).await?;
        let Some(item) = item else { return Ok(None) };
        let text = crate::table::text_of(&item, "applied").unwrap_or_default();
        serde_json::from_str(text).map(Some).map_err(|error| StoreError::unreadable("applied", error))
    }

    /// Applies what a conversation contributes now, in place of what was applied before, on condition that
    /// this is exactly as it was read (or still absent), and adds the difference to its counter shard. A
    /// conflict: somebody else applied something meanwhile; read again.
    pub async fn apply_contribution(
        &self,
        business: &BusinessId,
        conversation: &ConversationId,
        previous: Option<&Applied>,
        next: &Applied,
    ) -> Result<(), StoreError> {
        if previous == Some(next) {
            return Ok(());
        }
        let as_read = match previous {
            None => Expression::absent(),
            Some(previous) => {
                Expression::new("applied = :applied").value(":applied", text(as_text(previous)))
            }
        };
        let item = applied_item(business, conversation, next);
        let nothing = Contribution::default();
        let before = previous.map_or(&nothing, |previous| &previous.contribution);
        let change = Change::between(before, &next.contribution);
        let mut commit = self.commit(business).put(Part::Other, Table::Derived, item, as_read);
        if !change.is_nothing() {
            let shard = keys::counter_shard(business, keys::counter_shard_of(conversation));
            commit = commit.update(Part::Other, Table::Derived, &shard, addition(&change), None);
        }
        commit.run().await
    }

    /// The sums over all shards; strongly consistent.
    pub async fn counters(&self, business: &BusinessId) -> Result<Counters, StoreError> {
        let query = Query::table(Table::Derived, keys::counters_pk(business)).prefix("SHARD#");
        let mut counters = Counters::default();
        for shard in self.query_all(query).await? {
            counters.add(&shard);
        }
        counters.unread.retain(|_, count| *count != 0);
        counters.internal.retain(|_, count| *count != 0);
        Ok(counters)
    }
}

/// What was applied of a conversation, as it lies there.
pub(crate) fn applied_item(business: &BusinessId, conversation: &ConversationId, applied: &Applied) -> Item {
    let mut item = key_item(&keys::applied(business, conversation));
    item.insert("applied".to_owned(), text(as_text(applied)));
    item
}

/// A shard of the counters that holds nothing but this.
pub(crate) fn shard_item(business: &BusinessId, shard: u8, sum: &Change) -> Item {
    let mut item = key_item(&keys::counter_shard(business, shard));
    item.extend(counts(sum).map(|(name, count)| (name, number(count))));
    item
}

/// What a change adds to, and how much.
fn counts(change: &Change) -> impl Iterator<Item = (String, i64)> {
    let unread = change.unread.iter().map(|(staff, count)| (format!("unread#{staff}"), *count));
    let internal = change.internal.iter().map(|(staff, count)| (format!("internal#{staff}"), *count));
    let totals = [("total".to_owned(), change.total), ("attention".to_owned(), change.attention)];
    totals.into_iter().chain(unread).chain(internal).filter(|(_, count)| *count != 0)
}

fn addition(change: &Change) -> Expression {
    let mut add = Expression::default();
    let mut clauses = Vec::new();
    for (place, (name, count)) in counts(change).enumerate() {
        clauses.push(format!("#n{place} :c{place}"));
        add = add.name(&format!("#n{place}"), name).value(&format!(":c{place}"), number(count));
    }
    add.text = format!("ADD {}", clauses.join(", "));
    add
}
