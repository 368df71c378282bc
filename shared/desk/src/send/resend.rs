//! Sending again what failed.

use porchlight_domain::access::Person;
use porchlight_domain::id::ConversationId;
use porchlight_domain::message::Message;

use super::NewText;
use crate::{Desk, Refusal};

impl Desk {
    /// The message that is to be sent again, put aside by that.
    pub(super) async fn original(
        &self,
        who: &Person,
        id: &ConversationId,
        new: &NewText,
    ) -> Result<Option<Message>, Refusal> {
        let Some(original) = &new.resend_of else { return Ok(None) };
        let found = self.store.message_by_id(&who.business.id, original).await?;
        let found = found.filter(|message| message.conversation == *id);
        let mut message = found.ok_or(Refusal::UnknownMessage)?;
        let may = message.delivery().is_some_and(|delivery| delivery.may_resend(self.now()));
        if !may || message.dismissed_at().is_some() {
            return Err(Refusal::NotResendable);
        }
        message.dismiss(self.now());
        Ok(Some(message))
    }
}
