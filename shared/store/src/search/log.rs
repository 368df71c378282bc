//! What was said lately and is not packed yet.
//!
//! A posting of its own for each word of a text would be a write unit each. So a text's words are written as one line of
//! the log, of which a search reads all (some forty kilobytes, unless packing fails); when it is full, its lines are packed:
//! the places of one word lie together then. Whatever is interrupted is done again: the same lines make the same items,
//! what is packed twice is found once, and a line leaves the log only when its items are there, and only as it was read
//! (P10). The open block is written by `index` alone, and never within a transaction (P12).

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use futures::{StreamExt, TryStreamExt};
use porchlight_domain::conversation::Conversation;
use porchlight_domain::id::BusinessId;
use porchlight_domain::terms::{self, QueryTerm};

use super::labels::label_has;
use super::postings::Packing;
use super::words::has;
use crate::derived::DerivedItem;
use crate::error::StoreError;
use crate::keys::{Key, Short, log_pk, log_place, short};
use crate::query::{Query, Range};
use crate::store::Store;
use crate::table::{Expression, Item, Outcome, Table, key_of, number, text_of};

/// Blocks that are packed together, when the next one is begun.
const BLOCKS: u64 = 48;
/// So many blocks later they are packed again, if they are still there.
const AGAIN: u64 = 12;
/// Bytes, or lines, of a block that is full: it stays near a kilobyte, which is a write unit.
const FULL: usize = 860;
const FULL_LINES: usize = 12;
/// Lines that are packed at once rather than logged: those of a conversation that is derived anew.
const MANY: usize = 24;
/// Blocks that are taken away at the same time.
const AT_ONCE: usize = 8;

const LINES: &str = "lines";

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entry<'l> {
    /// A message's place and its words: `{time}#{conversation}#{seq} word word`.
    Said { place: &'l str, terms: Vec<&'l str> },
    /// A conversation's number: `#{conversation} {digits}`.
    Number { short: &'l str, digits: &'l str },
}

impl<'l> Entry<'l> {
    pub fn of(line: &'l str) -> Option<Self> {
        let mut words = line.split(' ');
        let head = words.next()?;
        match head.strip_prefix('#') {
            Some(short) => Some(Self::Number { short, digits: words.next()? }),
            None => Some(Self::Said { place: head, terms: words.collect() }),
        }
    }
}

/// A message's line.
pub(super) fn said<'t>(place: &str, terms: impl Iterator<Item = &'t str>) -> String {
    terms.fold(place.to_owned(), |line, term| line + " " + term)
}

/// A conversation's line, if it has a number.
pub(super) fn numbered(conversation: &Conversation) -> Option<String> {
    let digits = conversation.contact()?.digits();
    (!digits.is_empty()).then(|| format!("#{} {digits}", short(&conversation.id)))
}

/// All that the log tells.
#[derive(Debug, Default)]
pub(super) struct Log {
    lines: Vec<String>,
}

impl Log {
    fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.lines.iter().filter_map(|line| Entry::of(line))
    }

    /// The places of the messages that have the term, newest first.
    pub fn places(&self, term: &QueryTerm) -> Vec<String> {
        let has_it = |line: &&String| line.split(' ').skip(1).any(|word| has(word, term));
        let of_messages = self.lines.iter().filter(|line| !line.starts_with('#'));
        let places = of_messages.filter(has_it).filter_map(|line| line.split(' ').next());
        let mut places: Vec<String> = places.map(str::to_owned).collect();
        places.sort_unstable_by(|one, other| other.cmp(one));
        places
    }

    /// The conversations whose number has the fragment.
    pub fn ending(&self, term: &QueryTerm) -> Vec<Short> {
        let numbers = self.entries().filter_map(|entry| match entry {
            Entry::Number { short, digits } => Some((short, digits)),
            Entry::Said { .. } => None,
        });
        let with_it = numbers.filter(|(_, digits)| terms::ends(digits).any(|end| label_has(end, term)));
        with_it.filter_map(|(short, _)| Short::read(short)).collect()
    }

    /// The words of its messages.
    pub fn words(&self) -> BTreeSet<String> {
        let said = self.entries().filter_map(|entry| match entry {
            Entry::Said { terms, .. } => Some(terms),
            Entry::Number { .. } => None,
        });
        said.flatten().map(str::to_owned).collect()
    }
}

impl Store {
    /// The whole log; strongly consistent. Read before the postings: what leaves it in between is found there.
    pub(super) async fn log(&self, business: &BusinessId) -> Result<Log, StoreError> {
        let blocks = self.query_all(Query::table(Table::Derived, log_pk(business))).await?;
        Ok(Log { lines: blocks.iter().flat_map(lines).map(str::to_owned).collect() })
    }

    /// Writes lines into the log, or packs them at once where there are many. Repeating it changes nothing that is found.
    pub(super) async fn note(&self, business: &BusinessId, lines: Vec<String>) -> Result<(), StoreError> {
        if lines.is_empty() {
            return Ok(());
        }
        if lines.len() > MANY {
            return self.lay_packed(business, lines.iter().map(String::as_str)).await;
        }
        let mut block = self.open_block(business).await?;
        loop {
            match self.add_to(business, block, &lines).await? {
                // Others may be filling the same block.
                Outcome::Refused(_) => block += 1,
                // Only one of them has begun it.
                Outcome::Done(now) if self::lines(&now).count() == lines.len() => {
                    return self.pack_if_full(business, block).await;
                }
                Outcome::Done(_) => return Ok(()),
            }
        }
    }

    async fn add_to(
        &self,
        business: &BusinessId,
        block: u64,
        lines: &[String],
    ) -> Result<Outcome, StoreError> {
        let key = Key::new(log_pk(business), log_place(block));
        let add = Expression::new("ADD #lines :lines").name("#lines", LINES);
        let add = add.value(":lines", AttributeValue::Ss(lines.to_vec())).value(":full", number(FULL_LINES));
        let has_room = "attribute_not_exists(#lines) OR size(#lines) < :full";
        self.update_if(Table::Derived, &key, add, Some(has_room)).await
    }

    /// The block to write to: the newest, or the one after it.
    async fn open_block(&self, business: &BusinessId) -> Result<u64, StoreError> {
        let newest = Query::table(Table::Derived, log_pk(business)).descending(true).limit(1);
        let newest = self.query_first(newest, 1).await?;
        let Some(newest) = newest.first() else { return Ok(0) };
        let block = number_of_block(newest);
        let written: Vec<usize> = lines(newest).map(str::len).collect();
        let is_full = written.len() >= FULL_LINES || written.iter().sum::<usize>() >= FULL;
        Ok(if is_full { block + 1 } else { block })
    }

    /// Packs the oldest blocks when a new one is begun and there are enough; and again a little later, where that did not
    /// succeed. What somebody wrote to meanwhile stays, for the next time.
    async fn pack_if_full(&self, business: &BusinessId, begun: u64) -> Result<(), StoreError> {
        let oldest = Query::table(Table::Derived, log_pk(business)).limit(1);
        let oldest = self.query_first(oldest, 1).await?.first().map_or(begun, number_of_block);
        let behind = begun.saturating_sub(oldest);
        if behind < BLOCKS || !behind.is_multiple_of(AGAIN) {
            return Ok(());
        }
        let packed = Range::Between(log_place(oldest), log_place(oldest + BLOCKS - 1));
        let blocks = self.query_all(Query::table(Table::Derived, log_pk(business)).range(packed)).await?;
        self.lay_packed(business, blocks.iter().flat_map(lines)).await?;
        let left = blocks.iter().filter_map(|block| {
            let as_read = Expression::new("#lines = :lines").name("#lines", LINES);
            Some((key_of(block)?, as_read.value(":lines", block.get(LINES)?.clone())))
        });
        let left: Vec<_> = left.collect();
        let left = left.iter().map(|(key, as_read)| self.delete_if(Table::Derived, key, as_read));
        futures::stream::iter(left.collect::<Vec<_>>())
            .buffer_unordered(AT_ONCE)
            .try_for_each(|_| async { Ok(()) })
            .await
    }

    async fn lay_packed<'l>(
        &self,
        business: &BusinessId,
        lines: impl Iterator<Item = &'l str>,
    ) -> Result<(), StoreError> {
        let mut packing = Packing::default();
        lines.filter_map(Entry::of).for_each(|entry| packing.add(&entry));
        let words = packing.words(business);
        let known = self.which_derived(&words).await?;
        let new = words.into_iter().filter(|key| !known.contains(key));
        let mut items: Vec<DerivedItem> = new.map(|key| DerivedItem::bare(key.pk, key.sk)).collect();
        items.extend(packing.into_items(business));
        self.put_derived(items).await
    }
}

fn number_of_block(block: &Item) -> u64 {
    text_of(block, "sk").and_then(|sk| sk.parse().ok()).unwrap_or(0)
}

/// The lines of a block.
pub(super) fn lines(block: &Item) -> impl Iterator<Item = &str> {
    let lines = block.get(LINES).and_then(|lines| lines.as_ss().ok()).map(Vec::as_slice);
    lines.unwrap_or_default().iter().map(String::as_str)
}
