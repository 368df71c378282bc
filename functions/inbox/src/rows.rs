//! What somebody sees, as rows.

use porchlight_api::row::Reader;
use porchlight_api::{ConversationRow, StaffNames};
use porchlight_desk::{Seen, SeenMarked, last_in_sight};
use porchlight_domain::access::Person;
use porchlight_domain::conversation::{LastMessage, ReadMarker};
use porchlight_domain::id::{BusinessId, ConversationId};
use porchlight_domain::time::Timestamp;
use porchlight_edge::Problem;
use porchlight_store::StoreError;

use crate::Inbox;
use crate::refusal::problem;

/// This person, as the reader of what they see.
pub const fn reader<'a>(
    who: &'a Person,
    seen: &'a Seen,
    last: Option<&'a LastMessage>,
    marker: &'a ReadMarker,
    now: Timestamp,
) -> Reader<'a> {
    Reader { viewer: &who.viewer, sight: &seen.sight, marker, last, now }
}

impl Inbox {
    /// The list row of what somebody sees.
    pub async fn row(&self, who: &Person, marked: &SeenMarked) -> Result<ConversationRow, StoreError> {
        let (business, conversation) = (&who.business.id, &marked.seen.conversation);
        let drafts = self.store.drafts(business, &conversation.id, &who.staff.id);
        let last = last_in_sight(&self.store, conversation, &marked.seen.sight);
        let (drafts, last, names) = tokio::try_join!(drafts, last, self.names(business))?;
        let reader = reader(who, &marked.seen, last.as_ref(), &marked.marker, self.now());
        Ok(ConversationRow::new(conversation, reader, &names).with_drafts(drafts))
    }

    /// The same of a conversation that is named.
    pub async fn row_of(&self, who: &Person, id: &ConversationId) -> Result<ConversationRow, Problem> {
        let seen = self.desk.see(who, id).await.map_err(problem)?;
        let marker = self.store.read_marker(&who.business.id, id, &who.staff.id).await?;
        Ok(self.row(who, &SeenMarked { seen, marker }).await?)
    }

    /// The names of everybody who works, or worked, there.
    pub async fn names(&self, business: &BusinessId) -> Result<StaffNames, StoreError> {
        Ok(StaffNames::new(&*self.colleagues.of(business).await?))
    }
}
