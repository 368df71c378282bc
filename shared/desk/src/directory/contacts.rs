//! What is known of a contact point itself.

use porchlight_domain::access::{Grant, KeepDirectory};
use porchlight_domain::customer::ContactRecord;
use porchlight_domain::event::Happening;
use porchlight_domain::id::BusinessId;

use crate::{Desk, Refusal};

impl Desk {
    /// Says what is known of it. Rows show whether texts reach it, and a shared number narrows what crews see: both
    /// are told.
    pub async fn put_contact(
        &self,
        _: Grant<KeepDirectory>,
        business: &BusinessId,
        record: &ContactRecord,
    ) -> Result<(), Refusal> {
        self.until_written(|| self.try_put_contact(business, record)).await
    }

    async fn try_put_contact(&self, business: &BusinessId, record: &ContactRecord) -> Result<(), Refusal> {
        let conversations = self.store.conversations_with(business, &record.contact).await?;
        let mut commit = self.store.commit(business).contact(record);
        for conversation in &conversations {
            let ledger = self.store.access_ledger(conversation, self.now()).await?;
            commit = self.access_changed(commit, std::slice::from_ref(conversation), &ledger.candidates());
        }
        for mut conversation in conversations.into_iter().filter(|it| it.cannot_text != record.cannot_text) {
            conversation.know_cannot_text(record.cannot_text);
            let event = self.event(&conversation.id, Happening::ConversationUpdated);
            commit = commit.conversation(&mut conversation).event(&event);
        }
        Ok(commit.run().await?)
    }
}
