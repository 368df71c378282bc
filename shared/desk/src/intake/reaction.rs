//! A tapback becomes a chip on the message that it is about (RULES "Attention and waiting").

use porchlight_domain::inbound::ReactionText;
use porchlight_domain::markdown::plain_text;
use porchlight_domain::message::{Message, MessageKind, Reaction};
use porchlight_domain::time::Timestamp;
use porchlight_store::StoreError;
use porchlight_store::receipts::ReceiptKey;

use super::or_applied_before;
use crate::Desk;

impl Desk {
    /// Puts the chip on, or takes it off: no unread, no attention, no reopening.
    pub(super) async fn record_reaction(
        &self,
        receipt: &ReceiptKey,
        reaction: &ReactionText,
        mut message: Message,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        set(&mut message, reaction, at);
        let event = self.updated(&message);
        let commit = self.store.commit(receipt.business()).receipt_applied(receipt, self.now());
        or_applied_before(commit.update_message(&mut message).event(&event).run().await)
    }
}

/// The newest message of ours that the tapback quotes, as it left: without its markdown. What never left (notes,
/// quiet entries) is quoted by nobody.
pub(super) fn target(reaction: &ReactionText, recent: &[Message]) -> Option<Message> {
    let left = |message: &&Message| matches!(message.kind(), MessageKind::Staff | MessageKind::Automated);
    let mut ours = recent.iter().rev().filter(left);
    ours.find(|message| reaction.matches(&plain_text(message.text()))).cloned()
}

/// One for each person and message, and on a contact point's thread there is one person: a later one replaces it,
/// and taking it back does so whatever it was called.
fn set(message: &mut Message, reaction: &ReactionText, at: Timestamp) {
    let Some(reactions) = message.reactions_mut() else { return };
    reactions.clear();
    if !reaction.removed {
        reactions.push(Reaction { kind: reaction.kind.clone(), at });
    }
}
