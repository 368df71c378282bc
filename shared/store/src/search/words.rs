//! The words of a conversation, in blocks, and what a search finds in them.

use std::collections::{BTreeSet, HashMap};

use futures::{StreamExt, TryStreamExt};
use porchlight_domain::access::Audience;
use porchlight_domain::conversation::Conversation;
use porchlight_domain::id::{BusinessId, ConversationId};
use porchlight_domain::message::{Message, MessageKind};
use porchlight_domain::terms::{self, QueryTerm};

use super::labels::{label_has, labels_shown};
use crate::error::StoreError;
use crate::items;
use crate::keys::{Key, words_pk};
use crate::query::Query;
use crate::store::Store;
use crate::table::{Expression, Item, Outcome, Table, key_item, number, text, text_of};

/// Messages of one block: a dozen texts stay near one write unit (1 KB).
pub(super) const BLOCK: u64 = 12;

/// Threads with fewer are short.
const FEW_BLOCKS: u64 = 4;
/// Long threads whose words are read at the same time.
const AT_ONCE: usize = 16;

/// What of a conversation a viewer finds it by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// Everything.
    Office,
    /// All but what is the office's alone.
    Crew,
    /// Name and number.
    Labels,
}

/// What of a conversation has the terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match {
    /// Its name and number have all of them.
    Labels,
    /// This message has the most of them.
    Message(u64),
}

impl Match {
    pub const fn seq(self) -> Option<u64> {
        match self {
            Self::Labels => None,
            Self::Message(seq) => Some(seq),
        }
    }
}

/// One message's terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub seq: u64,
    /// The office's only.
    pub for_office: bool,
    pub terms: Vec<String>,
}

impl Line {
    /// The line of a message; none for kinds that are not searched, nor of what waits, which is said at another place, or
    /// was taken back.
    pub fn of(message: &Message) -> Option<Self> {
        if !message.is_said() || message.deleted_at().is_some() {
            return None;
        }
        match message.kind() {
            MessageKind::Customer
            | MessageKind::Staff
            | MessageKind::Automated
            | MessageKind::Note
            | MessageKind::Internal => {}
            MessageKind::Escalation | MessageKind::System => return None,
        }
        let for_office = match message.audience() {
            Audience::All => false,
            Audience::Office | Audience::Insiders => true,
        };
        let terms = terms::terms(message.text()).into_iter().collect();
        Some(Self { seq: message.seq, for_office, terms })
    }

    fn to_text(&self) -> String {
        let mark = if self.for_office { "!" } else { "" };
        format!("{}{mark} {}", self.seq, self.terms.join(" "))
    }

    fn from_text(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let head = words.next()?;
        let seq = head.trim_end_matches('!').parse().ok()?;
        Some(Self { seq, for_office: head.ends_with('!'), terms: words.map(str::to_owned).collect() })
    }

    pub fn is_shown(&self, shown: Shown) -> bool {
        match shown {
            Shown::Office => true,
            Shown::Crew => !self.for_office,
            Shown::Labels => false,
        }
    }
}

/// The block that a place of the timeline is in.
pub(super) const fn block_of(seq: u64) -> u64 {
    seq.saturating_sub(1) / BLOCK
}

pub(super) fn block_key(business: &BusinessId, conversation: &ConversationId, block: u64) -> Key {
    Key::new(words_pk(business, conversation), block_sk(block))
}

/// A block's place among those of its conversation.
pub(super) fn block_sk(block: u64) -> String {
    format!("{block:08}")
}

/// The first place of a block.
pub(super) const fn first_of(block: u64) -> u64 {
    block * BLOCK + 1
}

impl Store {
    /// Puts a block that reaches the place `until`, unless the one there reaches as far: a slow writer never
    /// takes away what a faster one has put.
    pub(super) async fn put_block(
        &self,
        business: &BusinessId,
        conversation: &ConversationId,
        until: u64,
        lines: &[Line],
    ) -> Result<(), StoreError> {
        let item = block_item(business, conversation, until, lines);
        let further = Expression::new("attribute_not_exists(pk) OR #until < :until")
            .name("#until", "until")
            .value(":until", number(until));
        self.put_if(Table::Derived, item, &further).await.map(drop)
    }

    /// Puts the block of a place anew, as its messages are now: one of them was taken back.
    pub(super) async fn put_block_anew(
        &self,
        conversation: &Conversation,
        block: u64,
    ) -> Result<(), StoreError> {
        let (business, id) = (&conversation.business, &conversation.id);
        let limit = usize::try_from(BLOCK).expect("a small number");
        let messages = self.messages_after(business, id, first_of(block) - 1, limit).await?;
        let messages: Vec<Message> = messages.into_iter().filter(|it| block_of(it.seq) == block).collect();
        let Some(until) = messages.last().map(|last| last.seq) else { return Ok(()) };
        let lines: Vec<Line> = messages.iter().filter_map(Line::of).collect();
        let item = block_item(business, id, until, &lines);
        let as_far = Expression::new("attribute_not_exists(pk) OR #until <= :until")
            .name("#until", "until")
            .value(":until", number(until));
        match self.put_if(Table::Derived, item, &as_far).await? {
            Outcome::Done(_) => Ok(()),
            Outcome::Refused(_) => {
                let source = "a block reaches further than its messages were read".into();
                Err(StoreError::Busy { operation: "PutItem", source })
            }
        }
    }

    /// All words of these conversations, the newest message first; strongly consistent. The blocks of short threads come
    /// together.
    pub(super) async fn words_of_all(
        &self,
        business: &BusinessId,
        rows: &[&Conversation],
    ) -> Result<HashMap<ConversationId, Vec<Line>>, StoreError> {
        let (short, long): (Vec<&Conversation>, Vec<&Conversation>) =
            rows.iter().partition(|row| block_of(row.seq) < FEW_BLOCKS);
        let keys = short.iter().flat_map(|row| {
            (0..=block_of(row.seq)).map(|block| block_key(business, &row.id, block)).collect::<Vec<_>>()
        });
        let mut blocks = self.get_many(Table::Derived, &keys.collect::<Vec<_>>()).await?;
        blocks.sort_by(|one, other| text_of(other, "sk").cmp(&text_of(one, "sk")));
        let mut words: HashMap<ConversationId, Vec<Line>> = HashMap::new();
        for block in &blocks {
            let id = text_of(block, "pk").and_then(|pk| pk.rsplit('#').next()?.parse().ok());
            words.entry(id.ok_or_else(|| items::no_key("words"))?).or_default().extend(lines(block));
        }
        let read: Vec<_> = long.iter().map(|row| self.words(business, &row.id)).collect();
        let read: Vec<Vec<Line>> = futures::stream::iter(read).buffered(AT_ONCE).try_collect().await?;
        words.extend(long.iter().map(|row| row.id.clone()).zip(read));
        Ok(words)
    }

    /// All words of a conversation, the newest message first; strongly consistent.
    pub(super) async fn words(
        &self,
        business: &BusinessId,
        conversation: &ConversationId,
    ) -> Result<Vec<Line>, StoreError> {
        let query = Query::table(Table::Derived, words_pk(business, conversation)).descending(true);
        Ok(self.query_all(query).await?.iter().flat_map(lines).collect())
    }
}

/// A block that reaches the place `until`.
pub(super) fn block_item(
    business: &BusinessId,
    conversation: &ConversationId,
    until: u64,
    lines: &[Line],
) -> Item {
    let mut item = key_item(&block_key(business, conversation, block_of(until)));
    item.insert("until".to_owned(), number(until));
    item.insert("lines".to_owned(), text(lines.iter().map(Line::to_text).collect::<Vec<_>>().join("\n")));
    item
}

/// The lines of a block, the newest first.
pub(super) fn lines(block: &Item) -> Vec<Line> {
    text_of(block, "lines").unwrap_or_default().lines().rev().filter_map(Line::from_text).collect()
}

/// Whether the conversation has every term, and by which message: the newest of those with the most terms.
/// The lines are newest first.
pub(super) fn find(
    conversation: &Conversation,
    lines: &[Line],
    asked: &[QueryTerm],
    shown: Shown,
) -> Option<Match> {
    find_by(&labels_shown(conversation, shown), lines, asked, shown)
}

/// The same of what is called by these labels.
pub(super) fn find_by(
    labels: &BTreeSet<String>,
    lines: &[Line],
    asked: &[QueryTerm],
    shown: Shown,
) -> Option<Match> {
    let lines: Vec<&Line> = lines.iter().filter(|line| line.is_shown(shown)).collect();
    let line_has = |line: &Line, term: &QueryTerm| line.terms.iter().any(|word| has(word, term));
    let of_name = |term: &QueryTerm| labels.iter().any(|label| label_has(label, term));
    if !asked.iter().all(|term| of_name(term) || lines.iter().any(|line| line_has(line, term))) {
        return None;
    }
    if asked.iter().all(of_name) {
        return Some(Match::Labels);
    }
    let best = lines.iter().rev().max_by_key(|line| asked.iter().filter(|term| line_has(line, term)).count());
    best.map(|line| Match::Message(line.seq))
}

pub(super) fn has(word: &str, term: &QueryTerm) -> bool {
    if term.is_prefix { word.starts_with(&term.text) } else { word == term.text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_survives_its_text() {
        for for_office in [false, true] {
            let line = Line { seq: 12, for_office, terms: vec!["leak".into(), "1042".into()] };
            assert_eq!(Line::from_text(&line.to_text()), Some(line));
        }
    }

    #[test]
    fn blocks_have_a_dozen_places_from_the_first_on() {
        assert_eq!((block_of(1), block_of(12), block_of(13)), (0, 0, 1));
        assert_eq!((first_of(0), first_of(1)), (1, 13));
    }
}
