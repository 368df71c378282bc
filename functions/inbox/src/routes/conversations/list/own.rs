//! A technician's list: the conversations that they may be a member of, each checked against the facts of
//! access. There are as many as they have customers, so the whole list is made and a page cut from it.

use porchlight_api::Counts;
use porchlight_domain::access::{Sight, sight};
use porchlight_domain::conversation::Conversation;
use porchlight_domain::id::ConversationId;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use porchlight_store::StoreError;
use porchlight_store::lists::ListQuery;

use super::Rows;
use super::cursor::{self, Place, Standing};
use super::search::{Part, belongs};
use crate::Inbox;

impl Inbox {
    /// A page of what a technician sees, and how much of it there is.
    pub async fn own_page(
        &self,
        who: &SignedIn,
        query: &ListQuery,
        words: Option<&str>,
        from: Option<Place>,
        limit: usize,
    ) -> Result<(Rows, Counts), Problem> {
        let mut own = self.own(who).await?;
        let counts = self.own_counts(who, &own).await?;
        if let Some(words) = words {
            let part = Part::of(from.as_ref(), limit)?;
            return Ok((self.search_own(who, query, words, part, &own).await?, counts));
        }
        own.retain(|(conversation, _)| belongs(conversation, query));
        if let Some(place) = from {
            let Place::Own(last) = place else { return Err(cursor::foreign()) };
            own.retain(|(conversation, _)| Standing::of(conversation, query.sort) > last);
        }
        own.sort_by_cached_key(|(conversation, _)| Standing::of(conversation, query.sort));
        let goes_on = own.len() > limit;
        own.truncate(limit);
        let last = own.last().filter(|_| goes_on).map(|(last, _)| Place::Own(Standing::of(last, query.sort)));
        Ok((Rows::new(own, last), counts))
    }

    /// Everything that a technician sees now.
    async fn own(&self, who: &SignedIn) -> Result<Vec<(Conversation, Sight)>, StoreError> {
        let business = &who.business.id;
        let ids = self.store.conversations_of_member(business, &who.staff.id).await?;
        let conversations = self.store.conversations(business, &ids).await?;
        let facts = self.store.access_facts_of_all(&who.viewer, &conversations, self.now()).await?;
        let seen = conversations.into_iter().zip(facts).map(|(conversation, facts)| {
            let sight = sight(&who.viewer, &conversation, &facts, self.now());
            (conversation, sight)
        });
        Ok(seen.filter(|(_, sight)| !sight.is_hidden()).collect())
    }

    async fn own_counts(&self, who: &SignedIn, own: &[(Conversation, Sight)]) -> Result<Counts, StoreError> {
        let ids: Vec<ConversationId> = own.iter().map(|(conversation, _)| conversation.id.clone()).collect();
        let markers = self.store.read_markers(&who.business.id, &who.staff.id, &ids).await?;
        Ok(Counts::of_seen(own, &markers))
    }
}
