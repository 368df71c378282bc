//! A tapback becomes a chip on the message that it is about (RULES "Attention and waiting").

use porchlight_domain::event::{Event, Happening};
use porchlight_domain::inbound::ReactionText;
use porchlight_domain::markdown::plain_text;
use porchlight_domain::message::{Message, MessageKind, Reaction};
use porchlight_domain::time::Timestamp;
use porchlight_store::StoreError;
use porchlight_store::receipts::{Receipt, ReceiptKey};

use super::{Intake, or_applied_before};

impl Intake {
    /// Puts the chip on, or takes it off: no unread, no attention, no reopening.
    pub(super) async fn record_reaction(
        &self,
        receipt: &Receipt,
        reaction: &ReactionText,
        mut message: Message,
    ) -> Result<(), StoreError> {
        let key: &ReceiptKey = &receipt.key;
        set(&mut message, reaction, receipt.received_at);
        let event = Event {
            id: self.new_id(self.clock.now()),
            conversation: message.conversation.clone(),
            happening: Happening::MessageUpdated { seq: message.seq },
        };
        let commit = self.store.commit(key.business()).receipt_applied(key, self.clock.now());
        or_applied_before(commit.update_message(&mut message).event(&event).run().await)
    }
}

/// The newest message of ours that the tapback quotes, as it left: without its markdown. What never left (notes,
/// quiet lines) is quoted by nobody.
pub(super) fn target(reaction: &ReactionText, recent: &[Message]) -> Option<Message> {
    let left = |message: &&Message| matches!(message.kind(), MessageKind::Staff | MessageKind::Automated);
    let mut ours = recent.iter().rev().filter(left);
    ours.find(|message| reaction.matches(&plain_text(message.text()))).cloned()
}

fn set(message: &mut Message, reaction: &ReactionText, at: Timestamp) {
    let Some(reactions) = message.reactions_mut() else { return };
    reactions.retain(|kept| kept.kind != reaction.kind);
    if !reaction.removed {
        reactions.push(Reaction { kind: reaction.kind.clone(), at });
    }
}
