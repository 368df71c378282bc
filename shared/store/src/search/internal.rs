//! Finding among internal threads: by the colleague's name, and by what was said, in each thread's own words. Nothing of
//! them lies in what the business shares, so only threads that the caller may see are ever looked into (P7).

use porchlight_domain::conversation::Conversation;
use porchlight_domain::id::BusinessId;
use porchlight_domain::terms::{self, QueryTerm};

use super::SearchHit;
use super::words::{Match, Shown, find_by};
use crate::error::StoreError;
use crate::store::Store;

impl Store {
    /// Those of these threads, each with what it is called, that have all terms; in their order.
    pub async fn search_internal(
        &self,
        business: &BusinessId,
        threads: Vec<(Conversation, String)>,
        asked: &[QueryTerm],
    ) -> Result<Vec<SearchHit>, StoreError> {
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<&Conversation> = threads.iter().map(|(conversation, _)| conversation).collect();
        let words = self.words_of_all(business, &rows).await?;
        let found = threads.into_iter().filter_map(|(conversation, name)| {
            let lines = words.get(&conversation.id).map_or(&[][..], Vec::as_slice);
            let found = find_by(&terms::name_terms(&name), lines, asked, Shown::Office)?;
            let seq = Match::seq(found);
            Some(SearchHit { conversation, seq })
        });
        Ok(found.collect())
    }
}
