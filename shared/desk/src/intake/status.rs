//! What became of a message of ours, as a provider reports it.

use porchlight_channel::Misfit;
use porchlight_domain::delivery::Evidence;
use porchlight_domain::id::MessageId;
use porchlight_store::StoreError;
use porchlight_store::commit::Part;
use porchlight_store::receipts::ReceiptKey;

use super::{Refusal, or_applied_before};
use crate::Desk;
use crate::deliveries::DeliveryChange;

impl Desk {
    /// Folds the report into the message that its address names. It may come before the answer to our own POST
    /// is stored: the pointer from the message's id was written when it was queued.
    pub(super) async fn record_report(
        &self,
        receipt: &ReceiptKey,
        evidence: Evidence,
        message: Option<MessageId>,
    ) -> Result<(), Refusal> {
        let business = receipt.business();
        let message = message.ok_or(Misfit::UnknownMessage)?;
        let before = self.store.message_by_id(business, &message).await?.ok_or(Misfit::UnknownMessage)?;
        let mut after = before.clone();
        let delivery = after.delivery_mut().ok_or(Misfit::UnknownMessage)?;
        if !delivery.record(evidence) {
            self.store.mark_applied(receipt, self.now()).await?;
            return Ok(());
        }
        let change = DeliveryChange { business, before: &before, after, receipt: Some(receipt) };
        match self.write_delivery(change).await.map(drop) {
            Err(StoreError::Conflict(conflict)) if conflict.is_at(Part::SidPointer) => {
                Err(Misfit::ForeignSid.into())
            }
            written => Ok(or_applied_before(written)?),
        }
    }
}
