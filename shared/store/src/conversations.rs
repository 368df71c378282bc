//! Conversations one by one: the summary and what each person keeps about it.

use std::collections::HashMap;

use porchlight_domain::business::LineGroup;
use porchlight_domain::channel::Channel;
use porchlight_domain::conversation::{Conversation, Draft, DraftKind, ReadMarker};
use porchlight_domain::id::{BusinessId, ConversationId, StaffId};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::commit::{Commit, Part, unchanged_since};
use crate::error::StoreError;
use crate::items;
use crate::keys::{self, Key};
use crate::outbound::{DuePage, DuePlace, readable, still_due};
use crate::query::{MEMBER, PINNED, Query};
use crate::records::{ConversationPart, conversation_record};
use crate::store::Store;
use crate::table::{Expression, Item, Table, key_item, key_of, text};

/// All that `index` and `live` need of a conversation, from one consistent read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConversationPartition {
    /// The summary.
    pub conversation: Option<Conversation>,
    /// What each person has seen.
    pub markers: HashMap<StaffId, ReadMarker>,
    /// What each person is writing.
    pub drafts: HashMap<(StaffId, DraftKind), Draft>,
    /// Technicians who may see it, as `index` last worked out.
    pub members: Vec<StaffId>,
}

/// What one person keeps about conversations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Personal {
    /// What they have seen; nothing of those where they never looked.
    pub markers: HashMap<ConversationId, ReadMarker>,
    /// What they are writing.
    pub drafts: HashMap<ConversationId, Drafts>,
}

/// What one person is writing in one conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drafts {
    /// To the customer.
    pub reply: Option<Draft>,
    /// To colleagues.
    pub note: Option<Draft>,
}

impl Drafts {
    fn put(&mut self, kind: DraftKind, draft: Draft) {
        match kind {
            DraftKind::Reply => self.reply = Some(draft),
            DraftKind::Note => self.note = Some(draft),
        }
    }
}

/// Where a walk over all conversations goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanCursor(Key);

#[derive(Serialize, Deserialize)]
struct MemberItem {
    member_of: String,
    conversation: ConversationId,
    joined_at: Timestamp,
}

impl Commit<'_> {
    /// What somebody has seen, if they have not looked again elsewhere since it was read.
    pub fn read_marker(
        self,
        conversation: &ConversationId,
        staff: &StaffId,
        marker: &mut ReadMarker,
    ) -> Self {
        let unchanged = unchanged_since(marker.version);
        marker.version += 1;
        let mut item = items::to_item(&keys::read_marker(self.business(), conversation, staff), marker);
        if marker.pinned {
            item.insert("pinned_by".to_owned(), text(keys::staff_pk(self.business(), staff)));
        }
        self.put(Part::Personal, Table::Conversations, item, unchanged)
    }

    /// What somebody is writing, in the place of what they had written when it was read; without words, none.
    pub fn draft(
        self,
        conversation: &ConversationId,
        staff: &StaffId,
        kind: DraftKind,
        draft: &Draft,
        had: Option<&Draft>,
    ) -> Self {
        if draft.text.is_empty() {
            return self.delete_draft(conversation, staff, kind, had);
        }
        let item = items::to_item(&keys::draft(self.business(), conversation, staff, kind), draft);
        self.put(Part::Personal, Table::Conversations, item, still(had))
    }

    /// The draft was sent or thrown away, if it is still the one that was read.
    pub fn delete_draft(
        self,
        conversation: &ConversationId,
        staff: &StaffId,
        kind: DraftKind,
        had: Option<&Draft>,
    ) -> Self {
        let key = keys::draft(self.business(), conversation, staff, kind);
        self.delete_if(Part::Personal, Table::Conversations, &key, still(had))
    }

    /// A technician is among those who may see it (derived, by `index`).
    pub fn member(self, conversation: &ConversationId, staff: &StaffId, joined_at: Timestamp) -> Self {
        let item = MemberItem {
            member_of: keys::staff_pk(self.business(), staff),
            conversation: conversation.clone(),
            joined_at,
        };
        let item = items::to_item(&keys::member(self.business(), conversation, staff), &item);
        self.put(Part::Personal, Table::Conversations, item, Expression::default())
    }

    /// A technician is no longer among those who may see it.
    pub fn remove_member(self, conversation: &ConversationId, staff: &StaffId) -> Self {
        let key = keys::member(self.business(), conversation, staff);
        self.delete(Part::Personal, Table::Conversations, &key)
    }
}

/// The draft is what it was when it was read.
fn still(had: Option<&Draft>) -> Expression {
    match had {
        None => Expression::absent(),
        Some(had) => Expression::new("#text = :text").name("#text", "text").value(":text", text(&had.text)),
    }
}

impl Store {
    /// The summary; strongly consistent.
    pub async fn conversation(
        &self,
        business: &BusinessId,
        id: &ConversationId,
    ) -> Result<Option<Conversation>, StoreError> {
        let item = self.get(Table::Conversations, &keys::summary(business, id)).await?;
        item.map(items::conversation).transpose()
    }

    /// These conversations, in their order, without the absent ones; strongly consistent.
    pub async fn conversations(
        &self,
        business: &BusinessId,
        ids: &[ConversationId],
    ) -> Result<Vec<Conversation>, StoreError> {
        let keys: Vec<Key> = ids.iter().map(|id| keys::summary(business, id)).collect();
        let items = self.get_many(Table::Conversations, &keys).await?;
        let found: Result<Vec<Conversation>, _> = items.into_iter().map(items::conversation).collect();
        let mut found: HashMap<_, _> = found?.into_iter().map(|c| (c.id.clone(), c)).collect();
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// The conversations with a contact point: one per line group and channel, where there is one.
    pub async fn conversations_with(
        &self,
        business: &BusinessId,
        contact: &ContactPoint,
    ) -> Result<Vec<Conversation>, StoreError> {
        let groups = self.groups(business).await?;
        let of_group = |group: &LineGroup| {
            Channel::EVERY.map(|channel| ConversationId::of_customer(&group.id, channel, contact))
        };
        let ids: Vec<ConversationId> = groups.iter().flat_map(of_group).collect();
        self.conversations(business, &ids).await
    }

    /// Summary, markers and members in one consistent read.
    pub async fn conversation_partition(
        &self,
        business: &BusinessId,
        id: &ConversationId,
    ) -> Result<ConversationPartition, StoreError> {
        let query = Query::table(Table::Conversations, keys::conversation_pk(business, id));
        let mut partition = ConversationPartition::default();
        for item in self.query_all(query).await? {
            partition.take(item)?;
        }
        Ok(partition)
    }

    /// What one person has seen of each of these; nothing for those never looked at. Strongly consistent.
    pub async fn read_markers(
        &self,
        business: &BusinessId,
        staff: &StaffId,
        ids: &[ConversationId],
    ) -> Result<HashMap<ConversationId, ReadMarker>, StoreError> {
        let keys: Vec<Key> = ids.iter().map(|id| keys::read_marker(business, id, staff)).collect();
        let mut markers = HashMap::new();
        for item in self.get_many(Table::Conversations, &keys).await? {
            let record = key_of(&item).and_then(|key| conversation_record(&key.pk, &key.sk));
            if let Some(record) = record {
                markers.insert(record.conversation, items::from_item("read marker", item)?);
            }
        }
        Ok(markers)
    }

    /// What one person has seen of each of these, and is writing there. Strongly consistent.
    pub async fn personal(
        &self,
        business: &BusinessId,
        staff: &StaffId,
        ids: &[ConversationId],
    ) -> Result<Personal, StoreError> {
        let of = |id| {
            [
                keys::read_marker(business, id, staff),
                keys::draft(business, id, staff, DraftKind::Reply),
                keys::draft(business, id, staff, DraftKind::Note),
            ]
        };
        let keys: Vec<Key> = ids.iter().flat_map(of).collect();
        let mut personal = Personal::default();
        for item in self.get_many(Table::Conversations, &keys).await? {
            let Some(record) = key_of(&item).and_then(|key| conversation_record(&key.pk, &key.sk)) else {
                continue;
            };
            match record.part {
                ConversationPart::ReadMarker(_) => {
                    personal.markers.insert(record.conversation, items::from_item("read marker", item)?);
                }
                ConversationPart::Draft(_, kind) => {
                    let drafts = personal.drafts.entry(record.conversation).or_default();
                    drafts.put(kind, items::from_item("draft", item)?);
                }
                ConversationPart::Summary | ConversationPart::Member(_) => {}
            }
        }
        Ok(personal)
    }

    /// What one person has seen; the default for one who never looked. Strongly consistent.
    pub async fn read_marker(
        &self,
        business: &BusinessId,
        id: &ConversationId,
        staff: &StaffId,
    ) -> Result<ReadMarker, StoreError> {
        let item = self.get(Table::Conversations, &keys::read_marker(business, id, staff)).await?;
        item.map_or_else(|| Ok(ReadMarker::default()), |item| items::from_item("read marker", item))
    }

    /// What one person is writing; strongly consistent.
    pub async fn draft(
        &self,
        business: &BusinessId,
        id: &ConversationId,
        staff: &StaffId,
        kind: DraftKind,
    ) -> Result<Option<Draft>, StoreError> {
        let item = self.get(Table::Conversations, &keys::draft(business, id, staff, kind)).await?;
        item.map(|item| items::from_item("draft", item)).transpose()
    }

    /// The same of both kinds.
    pub async fn drafts(
        &self,
        business: &BusinessId,
        id: &ConversationId,
        staff: &StaffId,
    ) -> Result<Drafts, StoreError> {
        let (reply, note) = futures::try_join!(
            self.draft(business, id, staff, DraftKind::Reply),
            self.draft(business, id, staff, DraftKind::Note)
        )?;
        Ok(Drafts { reply, note })
    }

    /// The conversations of which a technician is a member: candidates, to be checked against the
    /// assignments (P7). By the index, which may lag.
    pub async fn conversations_of_member(
        &self,
        business: &BusinessId,
        staff: &StaffId,
    ) -> Result<Vec<ConversationId>, StoreError> {
        let query = Query::index(Table::Conversations, MEMBER, keys::staff_pk(business, staff));
        let items = self.query_all(query).await?;
        let records =
            items.iter().filter_map(|item| key_of(item).and_then(|k| conversation_record(&k.pk, &k.sk)));
        Ok(records.map(|record| record.conversation).collect())
    }

    /// The conversations that somebody has pinned: candidates, to be checked against access. By the index, which may
    /// lag.
    pub async fn pinned_conversations(
        &self,
        business: &BusinessId,
        staff: &StaffId,
    ) -> Result<Vec<ConversationId>, StoreError> {
        let query = Query::index(Table::Conversations, PINNED, keys::staff_pk(business, staff));
        let items = self.query_all(query).await?;
        let records =
            items.iter().filter_map(|item| key_of(item).and_then(|k| conversation_record(&k.pk, &k.sk)));
        Ok(records.map(|record| record.conversation).collect())
    }

    /// Conversations of one shard whose *due* (the end of a snooze) has passed, of all businesses.
    pub async fn due_conversations(
        &self,
        shard: u8,
        now: Timestamp,
        limit: usize,
        from: Option<DuePlace>,
    ) -> Result<DuePage<Conversation>, StoreError> {
        let rows = self.due_rows(Table::Conversations, shard, now, limit, from).await?;
        let items = self.get_many(Table::Conversations, &rows.found).await?;
        Ok(DuePage { found: readable(still_due(items, now), items::conversation), next: rows.next })
    }

    /// Walks over all conversations of a business, blocked ones too, for a rebuild: a page and where it
    /// goes on. Reads the whole table, whoever it belongs to.
    pub async fn scan_conversations(
        &self,
        business: &BusinessId,
        after: Option<ScanCursor>,
    ) -> Result<(Vec<Conversation>, Option<ScanCursor>), StoreError> {
        let filter = Expression::new("begins_with(pk, :prefix) AND sk = :meta")
            .value(":prefix", text(keys::conversations_prefix(business)))
            .value(":meta", text(keys::META));
        let from: Option<Item> = after.map(|ScanCursor(key)| key_item(&key));
        let found = self.scan(Table::Conversations, filter, from).await?;
        let next = found.next.as_ref().and_then(key_of).map(ScanCursor);
        let conversations: Result<_, _> = found.items.into_iter().map(items::conversation).collect();
        Ok((conversations?, next))
    }
}

impl ConversationPartition {
    /// What this person is writing.
    pub fn drafts_of(&self, staff: &StaffId) -> Drafts {
        let of = |kind| self.drafts.get(&(staff.clone(), kind)).cloned();
        Drafts { reply: of(DraftKind::Reply), note: of(DraftKind::Note) }
    }

    fn take(&mut self, item: Item) -> Result<(), StoreError> {
        let record = key_of(&item).and_then(|key| conversation_record(&key.pk, &key.sk));
        match record.map(|record| record.part) {
            Some(ConversationPart::Summary) => self.conversation = Some(items::conversation(item)?),
            Some(ConversationPart::ReadMarker(staff)) => {
                self.markers.insert(staff, items::from_item("read marker", item)?);
            }
            Some(ConversationPart::Member(staff)) => self.members.push(staff),
            Some(ConversationPart::Draft(staff, kind)) => {
                self.drafts.insert((staff, kind), items::from_item("draft", item)?);
            }
            None => {}
        }
        Ok(())
    }
}
