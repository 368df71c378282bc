//! What stands in the way of a text to the customer.

use super::Conversation;
use crate::consent::Consent;
use crate::phone::ContactPoint;

/// What stands in the way of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The customer opted out.
    OptedOut,
    /// Whoever wrote hid their number: they are nobody who could be answered.
    HiddenNumber,
    /// A landline, a short code, or unreachable for texts; an internal thread has no number at all.
    CannotText,
    /// The person is not allowed to write to customers.
    NotPermitted,
}

impl Conversation {
    /// What stands in the way of a text by whoever may write, given the consent on record. Whoever may not is
    /// told so first: the rest is not theirs to mend.
    pub fn obstacle(&self, may_write: bool, consent: Option<&Consent>) -> Option<Obstacle> {
        if !may_write {
            return Some(Obstacle::NotPermitted);
        }
        if !Consent::allows(consent) {
            return Some(Obstacle::OptedOut);
        }
        if self.contact().is_some_and(ContactPoint::is_hidden) {
            return Some(Obstacle::HiddenNumber);
        }
        let reachable = !self.cannot_text && self.contact().is_some_and(ContactPoint::is_e164);
        (!reachable).then_some(Obstacle::CannotText)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{at, conversation};

    #[test]
    fn the_permission_comes_first_then_consent_then_the_number() {
        let mut conversation = conversation();
        let stop = Consent::not_this_person(at(1));
        assert_eq!(conversation.obstacle(true, None), None);
        conversation.know_cannot_text(true);
        assert_eq!(conversation.obstacle(true, None), Some(Obstacle::CannotText));
        assert_eq!(conversation.obstacle(true, Some(&stop)), Some(Obstacle::OptedOut), "P6");
        assert_eq!(conversation.obstacle(false, Some(&stop)), Some(Obstacle::NotPermitted));
    }
}
