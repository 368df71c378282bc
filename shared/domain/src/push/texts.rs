//! The texts that a member of staff may get at their own phone, and what they say about them: their own consent, given by
//! themselves alone (P6).

use crate::consent::{Consent, Purpose};
use crate::phone::ContactPoint;
use crate::time::Timestamp;

/// What somebody agrees to when they let us text them: the ledger keeps these words.
pub const TEXTS_WORDS: &str = "Text me when a customer waits and nobody on the job has opened the message.";

/// How they say so.
pub const TEXTS_HOW: &str = "in their own notification settings";

/// Whether somebody is texted, as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaffTexts {
    /// They have said yes, and nothing since: towards all lines.
    pub allowed: bool,
    /// Their STOP, where it stands: only their START takes it back.
    pub stopped_at: Option<Timestamp>,
    /// Their own phone, as the directory has it.
    pub number: Option<ContactPoint>,
}

impl StaffTexts {
    /// From what is on record for their number towards each line group.
    pub fn of<'c>(
        number: Option<&ContactPoint>,
        on_record: impl IntoIterator<Item = Option<&'c Consent>>,
    ) -> Self {
        let Some(number) = number else { return Self::default() };
        let on_record: Vec<_> = on_record.into_iter().collect();
        let allowed = !on_record.is_empty() && on_record.iter().all(|consent| may_text_staff(*consent));
        let stopped = on_record.iter().flatten().filter(|consent| consent.only_they_can_open());
        let stopped_at = stopped.map(|consent| consent.at).max();
        Self { allowed, stopped_at, number: Some(number.clone()) }
    }
}

/// Whether a member of staff may be texted, given what is on record: unlike a customer, who wrote to us first, they have
/// to have said so.
pub fn may_text_staff(on_record: Option<&Consent>) -> bool {
    let said_so = on_record.is_some_and(|consent| consent.granted.is_some());
    said_so && Consent::permits(on_record, Purpose::Service)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::ConsentWord;
    use crate::samples::{at, phone};

    fn given() -> Consent {
        Consent::given(None, Purpose::Service, ulid::Ulid::from(1).into(), at(1))
    }

    fn stopped() -> Consent {
        Consent::of_word(ConsentWord::Stop, at(5)).expect("it closes")
    }

    #[test]
    fn nobody_is_texted_who_has_not_said_so_p6() {
        assert!(!may_text_staff(None), "staff did not write to us first");
        assert!(may_text_staff(Some(&given())));
        assert!(!may_text_staff(Some(&stopped())));
        let unsaid = Consent { granted: None, ..given() };
        assert!(!may_text_staff(Some(&unsaid)));
    }

    #[test]
    fn a_stop_shows_until_it_is_taken_back_p6() {
        let number = phone("+12075550101");
        let of = |consents: &[Option<Consent>]| {
            StaffTexts::of(Some(&number), consents.iter().map(Option::as_ref).collect::<Vec<_>>())
        };
        let texts = of(&[Some(given())]);
        assert_eq!((texts.allowed, texts.stopped_at), (true, None));
        let texts = of(&[Some(given()), Some(stopped())]);
        assert_eq!((texts.allowed, texts.stopped_at), (false, Some(at(5))));
        assert!(!of(&[Some(given()), None]).allowed, "not towards all lines");
        assert!(!of(&[]).allowed);
        assert_eq!(StaffTexts::of(None, [Some(&given())]), StaffTexts::default());
    }
}
