//! What its viewer has pinned stays on top of a list.

use std::collections::HashSet;

use porchlight_domain::access::{Sight, sight};
use porchlight_domain::conversation::Conversation;
use porchlight_domain::id::ConversationId;
use porchlight_edge::session::SignedIn;
use porchlight_store::StoreError;
use porchlight_store::lists::ListQuery;

use super::cursor::Standing;
use crate::Inbox;

/// Pins that are shown on top.
const MOST: usize = 50;

impl Inbox {
    /// Puts what is pinned, and belongs in the list, before its first page, and takes it out of where it stood.
    pub(super) async fn pinned_first(
        &self,
        who: &SignedIn,
        query: &ListQuery,
        first: bool,
        rows: &mut Vec<(Conversation, Sight)>,
    ) -> Result<(), StoreError> {
        let pinned = self.pinned(who, query).await?;
        let ids: HashSet<ConversationId> = pinned.iter().map(|(it, _)| it.id.clone()).collect();
        rows.retain(|(conversation, _)| !ids.contains(&conversation.id));
        if first {
            rows.splice(0..0, pinned);
        }
        Ok(())
    }

    async fn pinned(
        &self,
        who: &SignedIn,
        query: &ListQuery,
    ) -> Result<Vec<(Conversation, Sight)>, StoreError> {
        // A technician has none: what they pinned before they became one stays where it is.
        if !who.viewer.is_office() {
            return Ok(Vec::new());
        }
        let business = &who.business.id;
        let mut ids = self.store.pinned_conversations(business, &who.staff.id).await?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        ids.sort();
        ids.truncate(MOST);
        let conversations = self.store.conversations(business, &ids).await?;
        let facts = self.store.access_facts_of_all(&who.viewer, &conversations, self.now()).await?;
        let seen = conversations.into_iter().zip(facts).map(|(conversation, facts)| {
            let sight = sight(&who.viewer, &conversation, &facts, self.now());
            (conversation, sight)
        });
        let mut seen: Vec<_> = seen.filter(|(it, sight)| !sight.is_hidden() && query.shows(it)).collect();
        seen.sort_by_cached_key(|(conversation, _)| Standing::of(conversation, query.sort));
        Ok(seen)
    }
}
