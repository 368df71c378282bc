//! The messages of one conversation, in order.

use std::collections::BTreeMap;
use std::time::Duration;

use porchlight_domain::id::{BusinessId, ConversationId};
use porchlight_domain::message::Message;
use porchlight_store::StoreError;
use porchlight_store::records::MessageRecord;
use tokio::time::Instant;

use crate::Courier;
use crate::attempt::Attempt;

/// An invocation goes on with one conversation for so long; the rest stays due for the sweep.
const GOES_ON_FOR: Duration = Duration::from_mins(1);

/// Things about messages, by conversation.
pub type Threads<T> = BTreeMap<(BusinessId, ConversationId), Vec<T>>;

/// Sorts things by the conversation that they are about; within one they keep their order.
pub fn by_thread<T>(things: impl IntoIterator<Item = (MessageRecord, T)>) -> Threads<(MessageRecord, T)> {
    let mut threads = Threads::new();
    for (place, thing) in things {
        let thread = (place.business.clone(), place.conversation.clone());
        threads.entry(thread).or_default().push((place, thing));
    }
    threads
}

impl Courier {
    /// Delivers this message if it is queued and nothing earlier holds it, and goes on with the thread's next
    /// queued one; the earlier message that holds the first that could not go.
    pub async fn deliver_from(&self, place: MessageRecord) -> Result<Option<Message>, StoreError> {
        let started = Instant::now();
        let mut next = Some(place);
        while let Some(place) = next {
            match self.attempt(&place).await? {
                Attempt::Settled if started.elapsed() <= GOES_ON_FOR => {}
                Attempt::Settled | Attempt::NotOurs => return Ok(None),
                Attempt::Behind(holder) => return Ok(Some(*holder)),
                Attempt::CameIn(message) => {
                    self.fetch_files(&place, &message).await?;
                    return Ok(None);
                }
            }
            next = self.next_queued(&place).await?;
        }
        Ok(None)
    }

    /// The thread's next queued message after this place.
    pub async fn next_queued(&self, place: &MessageRecord) -> Result<Option<MessageRecord>, StoreError> {
        let next = self.store.next_queued(&place.business, &place.conversation, place.seq).await?;
        Ok(next.map(|message| MessageRecord { seq: message.seq, ..place.clone() }))
    }
}
