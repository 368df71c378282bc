//! A technician's list: the conversations that they may be a member of, each checked against the facts of
//! access. There are as many as they have customers, so the whole list is made and a page cut from it.

use porchlight_api::Counts;
use porchlight_domain::access::Sight;
use porchlight_domain::conversation::Conversation;
use porchlight_domain::id::ConversationId;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use porchlight_store::StoreError;
use porchlight_store::lists::ListQuery;

use super::Rows;
use super::cursor::{self, Place, Standing};
use super::search::Part;
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
        let mut own = self.desk.own(who).await?;
        let counts = self.own_counts(who, &own).await?;
        if let Some(words) = words {
            let part = Part::of(from.as_ref(), limit)?;
            return Ok((self.search_among_own(who, query, words, part, own).await?, counts));
        }
        own.retain(|(conversation, _)| query.shows(conversation));
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

    /// What a technician finds: among the customers that they see, among their internal threads, or both.
    async fn search_among_own(
        &self,
        who: &SignedIn,
        query: &ListQuery,
        words: &str,
        part: Part,
        own: Vec<(Conversation, Sight)>,
    ) -> Result<Rows, StoreError> {
        let (internal, with_customers): (Vec<_>, Vec<_>) =
            own.into_iter().partition(|(conversation, _)| conversation.party.is_internal());
        let mut rows = Rows::new(Vec::new(), None);
        if query.threads.has_customers() {
            let query = super::internal::with_customers(query);
            rows = self.search_own(who, &query, words, part, &with_customers).await?;
        }
        if query.threads.has_internal() && part.skip == 0 {
            self.search_internal(who, query, (words, part.limit), internal, &mut rows).await?;
        }
        Ok(rows)
    }

    async fn own_counts(&self, who: &SignedIn, own: &[(Conversation, Sight)]) -> Result<Counts, StoreError> {
        let ids: Vec<ConversationId> = own.iter().map(|(conversation, _)| conversation.id.clone()).collect();
        let markers = self.store.read_markers(&who.business.id, &who.staff.id, &ids).await?;
        Ok(Counts::of_seen(own, &markers))
    }
}
