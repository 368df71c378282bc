//! What is known of a contact point itself.

use porchlight_domain::access::{Grant, KeepDirectory};
use porchlight_domain::customer::ContactRecord;
use porchlight_domain::event::Happening;
use porchlight_domain::id::BusinessId;
use porchlight_domain::phone::ContactPoint;

use crate::{Desk, Refusal};

/// A contact point as the office says that it is.
#[derive(Clone, Debug)]
pub struct ContactChange {
    /// The number or address.
    pub contact: ContactPoint,
    /// Texts do not reach it.
    pub cannot_text: bool,
    /// A landlord's or property manager's.
    pub shared: bool,
}

impl Desk {
    /// Says what is known of it. Rows show whether texts reach it, and a shared number narrows what crews see: both
    /// are told.
    pub async fn put_contact(
        &self,
        _: Grant<KeepDirectory>,
        business: &BusinessId,
        change: &ContactChange,
    ) -> Result<ContactRecord, Refusal> {
        self.until_written(|| self.try_put_contact(business, change)).await
    }

    async fn try_put_contact(
        &self,
        business: &BusinessId,
        change: &ContactChange,
    ) -> Result<ContactRecord, Refusal> {
        let known = self.store.contact(business, &change.contact).await?;
        let was = known.unwrap_or_else(|| ContactRecord::new(change.contact.clone()));
        let ContactChange { cannot_text, shared, .. } = *change;
        let reach_changed = was.cannot_text != cannot_text;
        let record = ContactRecord { cannot_text, shared, told: was.told.filter(|_| !reach_changed), ..was };
        let conversations = self.store.conversations_with(business, &record.contact).await?;
        let mut commit = self.store.commit(business).contact_said(&record, reach_changed, self.now());
        for conversation in &conversations {
            let ledger = self.store.access_ledger(conversation, self.now()).await?;
            commit = self.access_changed(commit, std::slice::from_ref(conversation), &ledger.candidates());
        }
        for mut conversation in conversations.into_iter().filter(|it| it.cannot_text != record.cannot_text) {
            conversation.know_cannot_text(record.cannot_text);
            let event = self.event(&conversation.id, Happening::ConversationUpdated);
            commit = commit.conversation(&mut conversation).event(&event);
        }
        commit.run().await?;
        Ok(record)
    }
}
