//! The texts that a member of staff may get at their own phone, and what they say about them (P6).
//!
//! Two things are kept apart: their own agreement, given by themselves while signed in and for one number; and what was
//! said from that number, which is on record like a customer's. A text needs both: whoever holds the phone can end the
//! texts, and nobody but the person can begin them.

use serde::{Deserialize, Serialize};

use crate::consent::{Consent, ConsentLineId, ConsentSource, ConsentWord, Purpose};
use crate::id::LineGroupId;
use crate::phone::ContactPoint;
use crate::time::Timestamp;

/// What somebody agrees to when they let us text them: the ledger keeps these words.
pub const TEXTS_WORDS: &str = "Text me when a customer waits and nobody on the job has opened the message.";

/// How they say so.
pub const TEXTS_HOW: &str = "in their own notification settings";

/// Somebody let us text them, at this number and no other.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextsAgreement {
    /// Their own phone, as the directory had it then.
    pub number: ContactPoint,
    /// Since when.
    pub at: Timestamp,
    /// The ledger's line with the words.
    pub line: ConsentLineId,
}

crate::debug_shows!(TextsAgreement: at, line);

/// Texts from one line group were ended, from the phone or by its provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextsStopped {
    /// Since when.
    pub at: Timestamp,
    /// From which lines.
    pub group: LineGroupId,
    /// They wrote STOP; else the provider told us, or a word of theirs was taken for it.
    pub said_stop: bool,
}

/// Whether somebody is texted, as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaffTexts {
    /// They have said yes, and nothing since: towards all lines.
    pub allowed: bool,
    /// The last STOP of their phone that stands: only a START from there takes it back.
    pub stopped: Option<TextsStopped>,
    /// Their own phone, as the directory has it.
    pub number: Option<ContactPoint>,
}

impl StaffTexts {
    /// From their agreement, and what is on record for their number towards each line group.
    pub fn of(
        number: Option<&ContactPoint>,
        agreed: Option<&TextsAgreement>,
        on_record: &[(LineGroupId, Option<Consent>)],
    ) -> Self {
        let Some(number) = number else { return Self::default() };
        let may =
            |(_, consent): &(LineGroupId, Option<Consent>)| may_text_staff(number, agreed, consent.as_ref());
        let allowed = !on_record.is_empty() && on_record.iter().all(may);
        let stopped = on_record.iter().filter_map(|(group, consent)| stopped(group, consent.as_ref()?));
        Self { allowed, stopped: stopped.max_by_key(|stopped| stopped.at), number: Some(number.clone()) }
    }
}

fn stopped(group: &LineGroupId, consent: &Consent) -> Option<TextsStopped> {
    let said_stop = consent.how == ConsentSource::Word(ConsentWord::Stop);
    consent.only_they_can_open().then(|| TextsStopped { at: consent.at, group: group.clone(), said_stop })
}

/// Whether a member of staff may be texted at this number, given their agreement and what is on record for the number:
/// unlike a customer, who wrote to us first, they have to have said so, and for this number.
pub fn may_text_staff(
    number: &ContactPoint,
    agreed: Option<&TextsAgreement>,
    on_record: Option<&Consent>,
) -> bool {
    agreed.is_some_and(|agreed| agreed.number == *number) && Consent::permits(on_record, Purpose::Service)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{at, phone};

    fn agreed(number: &ContactPoint) -> TextsAgreement {
        TextsAgreement { number: number.clone(), at: at(1), line: ulid::Ulid::from(1u128).into() }
    }

    fn group(n: u128) -> LineGroupId {
        ulid::Ulid::from(n).to_string().parse().expect("a ULID")
    }

    fn word(word: ConsentWord, seconds: u64) -> Consent {
        Consent::of_word(word, at(seconds)).expect("a word that does something")
    }

    #[test]
    fn nobody_is_texted_who_has_not_said_so_for_this_very_number_p6() {
        let (his, hers) = (phone("+12075550101"), phone("+12075550102"));
        let start = word(ConsentWord::Start, 5);
        for on_record in [None, Some(&start)] {
            assert!(!may_text_staff(&his, None, on_record), "a START is no agreement");
            assert!(!may_text_staff(&his, Some(&agreed(&hers)), on_record), "another number");
            assert!(may_text_staff(&his, Some(&agreed(&his)), on_record));
        }
        assert!(!may_text_staff(&his, Some(&agreed(&his)), Some(&word(ConsentWord::Stop, 5))));
    }

    #[test]
    fn a_stop_shows_until_it_is_taken_back_p6() {
        let number = phone("+12075550101");
        let (first, second) = (group(1), group(2));
        let agreed = agreed(&number);
        let of = |one: Option<Consent>, other: Option<Consent>| {
            let on_record = [(first.clone(), one), (second.clone(), other)];
            StaffTexts::of(Some(&number), Some(&agreed), &on_record)
        };
        let texts = of(None, Some(word(ConsentWord::Start, 5)));
        assert_eq!((texts.allowed, texts.stopped), (true, None));
        let texts = of(Some(Consent::provider_refused(at(4))), Some(word(ConsentWord::Stop, 5)));
        assert!(!texts.allowed);
        assert_eq!(texts.stopped, Some(TextsStopped { at: at(5), group: second.clone(), said_stop: true }));
        let texts = of(Some(Consent::provider_refused(at(4))), None);
        assert_eq!(texts.stopped, Some(TextsStopped { at: at(4), group: first.clone(), said_stop: false }));
        assert!(!StaffTexts::of(Some(&number), Some(&agreed), &[]).allowed, "no line to text from");
        assert_eq!(StaffTexts::of(None, Some(&agreed), &[]), StaffTexts::default());
    }
}
