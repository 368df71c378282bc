//! What a conversation is called: the words of its name and street, its jobs' numbers, an address's words.
//!
//! Many share a name or a street, so those who do stand in sets, a few for each word: thousands of them are read in a
//! moment. The ends of a number go through the log.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use aws_sdk_dynamodb::types::AttributeValue;
use futures::{StreamExt, TryStreamExt};
use porchlight_domain::conversation::{Conversation, CustomerSummary};
use porchlight_domain::id::{BusinessId, ConversationId};
use porchlight_domain::terms::{self, QueryTerm};

use super::suggestion;
use super::words::{Shown, has};
use super::write::Indexed;
use crate::derived::DerivedItem;
use crate::error::StoreError;
use crate::keys::{self, Key, Short};
use crate::store::Store;
use crate::table::{Expression, Item, Outcome, Table, key_item, text_of};

/// The conversations of a set.
const IDS: &str = "ids";
/// Sets that are changed at the same time.
const AT_ONCE: usize = 8;

/// What a customer is found by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Called {
    pub name: String,
    /// Street and jobs' numbers.
    pub more: String,
}

impl Called {
    pub fn by(customer: Option<&CustomerSummary>, shown: Shown) -> Self {
        let Some(customer) = customer else { return Self::default() };
        // Of a shared number only some jobs are one's own: nobody learns of the others by their numbers (P7).
        let jobs = customer.job.iter().map(|job| job.number).chain(customer.other_jobs.iter().copied());
        let numbers = jobs.filter(|_| shown != Shown::Labels).map(|number| number.to_string());
        let more: Vec<String> = customer.street.iter().cloned().chain(numbers).collect();
        Self { name: customer.name.clone(), more: more.join(" ") }
    }

    fn words(&self) -> BTreeSet<String> {
        let mut words = terms::name_terms(&self.name);
        words.extend(terms::terms(&self.more));
        words
    }
}

/// All labels that a viewer finds the conversation by.
pub(super) fn labels_shown(conversation: &Conversation, shown: Shown) -> BTreeSet<String> {
    let mut labels = Called::by(conversation.customer.as_ref(), shown).words();
    labels.extend(conversation.contact().map(terms::phone_fragments).unwrap_or_default());
    labels
}

/// A few digits are a part of a number only from three on; fewer may still be a name's ("Unit 7").
pub(super) fn label_has(label: &str, term: &QueryTerm) -> bool {
    let digits = term.text.bytes().all(|b| b.is_ascii_digit());
    if digits && !term.is_phone_fragment { label == term.text } else { has(label, term) }
}

/// The conversations that an item of the labels tells of.
pub(super) fn told(item: &Item) -> impl Iterator<Item = Short> {
    let set = item.get(IDS).and_then(|ids| ids.as_ss().ok()).map(Vec::as_slice).unwrap_or_default();
    // Of a set that is empty by now the last part is no conversation.
    let alone = text_of(item, "sk").and_then(|sk| sk.rsplit('#').next());
    set.iter().map(String::as_str).chain(alone).filter_map(Short::read)
}

/// The words of an address, which never change; a number has none.
fn address_words(conversation: &Conversation) -> BTreeSet<String> {
    let address = conversation.contact().filter(|contact| contact.digits().is_empty());
    address.map(terms::phone_fragments).unwrap_or_default()
}

/// The sets of a business that is loaded, while it is.
#[derive(Debug, Default)]
pub(crate) struct Sets {
    sets: BTreeMap<Key, Vec<String>>,
    words: HashSet<String>,
}

impl Sets {
    /// All that a conversation is called; what needs no set.
    pub fn lay(&mut self, conversation: &Conversation) -> Vec<DerivedItem> {
        let (business, id) = (&conversation.business, &conversation.id);
        let mut items = Vec::new();
        let mut words = Called::by(conversation.customer.as_ref(), Shown::Office).words();
        words.extend(address_words(conversation));
        for word in words {
            if self.words.insert(word.clone()) {
                items.extend(suggestion::of_a_name(business, &word));
            }
            self.sets.entry(keys::label_set(business, &word, id)).or_default().push(keys::short(id));
        }
        items
    }

    pub fn into_items(self) -> impl Iterator<Item = Item> {
        self.sets.into_iter().map(|(key, ids)| {
            let mut item = key_item(&key);
            item.insert(IDS.to_owned(), AttributeValue::Ss(ids));
            item
        })
    }
}

impl Store {
    /// What it is called: once, and again when that has changed.
    pub(super) async fn index_labels(
        &self,
        conversation: &Conversation,
        before: &Indexed,
    ) -> Result<(), StoreError> {
        let now = Called::by(conversation.customer.as_ref(), Shown::Office);
        let was = Called { name: before.name.clone().unwrap_or_default(), more: before.more.clone() };
        if before.contact && was == now {
            return Ok(());
        }
        let (business, id, mut now) = (&conversation.business, &conversation.id, now.words());
        let mut old = was.words();
        if before.contact {
            old.extend(address_words(conversation));
        } else {
            old.clear();
        }
        now.extend(address_words(conversation));
        let joined: Vec<&String> = now.difference(&old).collect();
        let places = joined.iter().flat_map(|word| suggestion::of_a_name(business, word));
        self.put_derived(places.collect()).await?;
        let joined = joined.into_iter().map(|word| (word, true));
        let left = old.difference(&now).map(|word| (word, false));
        let changes: Vec<_> =
            joined.chain(left).map(|(word, joins)| self.change_set(business, word, id, joins)).collect();
        futures::stream::iter(changes).buffer_unordered(AT_ONCE).try_collect().await
    }

    /// Repeating it changes nothing.
    async fn change_set(
        &self,
        business: &BusinessId,
        word: &str,
        id: &ConversationId,
        joins: bool,
    ) -> Result<(), StoreError> {
        let key = keys::label_set(business, word, id);
        let change = Expression::new(if joins { "ADD #ids :id" } else { "DELETE #ids :id" });
        let change = change.name("#ids", IDS).value(":id", AttributeValue::Ss(vec![keys::short(id)]));
        match self.update_if(Table::Derived, &key, change, None).await? {
            Outcome::Done(left) if !left.contains_key(IDS) => {
                let empty = Expression::new("attribute_not_exists(#ids)").name("#ids", IDS);
                // Refused where somebody has joined it meanwhile.
                self.delete_if(Table::Derived, &key, &empty).await.map(|_| ())
            }
            _ => Ok(()),
        }
    }
}
