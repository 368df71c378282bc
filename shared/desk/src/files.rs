//! The files of messages: who sees them, and how those of customers come to lie with us.

use std::time::Duration;

use porchlight_domain::access::Person;
use porchlight_domain::conversation::LastMessage;
use porchlight_domain::id::{BusinessId, ConversationId};
use porchlight_domain::message::{Media, Message};
use porchlight_domain::time::Timestamp;
use porchlight_store::StoreError;

use crate::{Desk, Refusal};

/// How long a write is tried against contention.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where a file stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePlace {
    /// The conversation.
    pub conversation: ConversationId,
    /// The message's place in it.
    pub seq: u64,
    /// The file's place among the message's.
    pub place: usize,
}

impl Desk {
    /// The file, if this person sees the message that it belongs to (P7).
    pub async fn media_in_sight(&self, who: &Person, at: &FilePlace) -> Result<Media, Refusal> {
        let seen = self.see(who, &at.conversation).await?;
        let message = self.store.message_at(&who.business.id, &at.conversation, at.seq).await?;
        let shown = message.filter(|message| seen.sight.shows(message));
        shown.and_then(|message| message.media().get(at.place).cloned()).ok_or(Refusal::NotFound)
    }

    /// A file from before files were kept: somebody asked for it, so it is fetched now.
    pub async fn begin_fetching(&self, business: &BusinessId, at: &FilePlace) -> Result<(), StoreError> {
        let begin = |file: &mut Media, now| {
            if file.kept.is_none() && file.fetch.is_none() {
                *file = file.clone().to_be_fetched(now);
            }
        };
        self.change_file(business, at, begin).await.map(drop)
    }

    /// Changes a file of a customer's message, and tells everybody who sees it; the message as it then is. `change`
    /// must be harmless to repeat on its own result.
    pub async fn change_file(
        &self,
        business: &BusinessId,
        at: &FilePlace,
        change: impl Fn(&mut Media, Timestamp),
    ) -> Result<Option<Message>, StoreError> {
        self.rereading(PATIENCE, || self.change_file_once(business, at, &change)).await
    }

    async fn change_file_once(
        &self,
        business: &BusinessId,
        at: &FilePlace,
        change: impl Fn(&mut Media, Timestamp),
    ) -> Result<Option<Message>, StoreError> {
        let Some(before) = self.store.message_at(business, &at.conversation, at.seq).await? else {
            return Ok(None);
        };
        let mut after = before.clone();
        let Some(file) = after.media_mut().get_mut(at.place) else { return Ok(None) };
        change(file, self.now());
        if after == before {
            return Ok(Some(after));
        }
        let event = self.updated(&after);
        let mut commit = self.store.commit(business).update_message(&mut after).event(&event);
        // A row that says "Photo" says what the bytes are.
        if LastMessage::of(&after) != LastMessage::of(&before)
            && let Some(mut conversation) = self.store.conversation(business, &at.conversation).await?
            && conversation.record_files(&after)
        {
            commit = commit.conversation(&mut conversation);
        }
        commit.run().await?;
        Ok(Some(after))
    }
}
