//! What became of a message of ours, as a status callback tells it.

use porchlight_domain::delivery::{Evidence, ProviderStatus};
use porchlight_domain::id::MessageId;
use porchlight_store::StoreError;
use porchlight_store::commit::Part;
use porchlight_store::receipts::Receipt;
use porchlight_twilio::{Form, StatusUpdate};

use super::{Intake, Misfit, Refusal, or_applied_before};
use crate::deliveries::DeliveryChange;

impl Intake {
    /// Folds the callback into the message that its path names. It may come before the answer to our own POST
    /// is stored: the pointer from the message's id was written when it was queued.
    pub(super) async fn record_status(
        &self,
        receipt: &Receipt,
        message: Option<MessageId>,
    ) -> Result<(), Refusal> {
        let business = receipt.key.business();
        let evidence = evidence(receipt)?;
        let message = message.ok_or(Misfit::UnknownMessage)?;
        let before = self.store.message_by_id(business, &message).await?.ok_or(Misfit::UnknownMessage)?;
        let mut after = before.clone();
        let delivery = after.delivery_mut().ok_or(Misfit::UnknownMessage)?;
        if !delivery.record(evidence) {
            self.store.mark_applied(&receipt.key, self.clock.now()).await?;
            return Ok(());
        }
        let change = DeliveryChange { business, before: &before, after, receipt: Some(&receipt.key) };
        match self.deliveries.write(change).await.map(drop) {
            Err(StoreError::Conflict(conflict)) if conflict.is_at(Part::SidPointer) => {
                Err(Misfit::ForeignSid.into())
            }
            written => Ok(or_applied_before(written)?),
        }
    }
}

fn evidence(receipt: &Receipt) -> Result<Evidence, Misfit> {
    let update = StatusUpdate::from_form(&Form::parse(&receipt.body))?;
    let status = ProviderStatus::from_word(&update.status).ok_or(Misfit::UnknownStatusWord)?;
    Ok(Evidence {
        sid: update.sid,
        status,
        error: update.error_code,
        raw_date: update.raw_dlr_done_date,
        seen_at: receipt.received_at,
    })
}
