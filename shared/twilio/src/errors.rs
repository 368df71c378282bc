//! Twilio's error codes: what kind of trouble, and in words for people (`reference/twilio.md` §2).
//!
//! The same table serves the answer to a create and the code of a status callback. Whether a message may be
//! posted again is [`is_repostable`]'s alone to say, and only before Twilio has accepted it (PROTOCOLS §2).

/// The kind of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// Asking again would end the same.
    Permanent,
    /// Something to mend in Twilio's or in our settings.
    Config,
    /// Not accepted for certain, and worth asking again (see [`is_repostable`]).
    Retry,
    /// The recipient texted STOP: consent closes too.
    OptedOut,
    /// No such number.
    InvalidNumber,
    /// The number exists and takes no texts: the contact point is marked.
    CannotText,
    /// The carrier or Twilio blocked the content.
    Filtered,
    /// The phone was off or out of reach.
    Unreachable,
    /// The network, a queue or a daily cap was full.
    Congested,
    /// It grew too old on the way.
    Expired,
    /// Twilio closed the account: everything stops and someone is told.
    AccountSuspended,
    /// Twilio or the carrier does not say why.
    Unexplained,
}

impl ErrorClass {
    /// The class as data: one lower-case word, stored and sent to the screen.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Permanent => "permanent",
            Self::Config => "config",
            Self::Retry => "retry",
            Self::OptedOut => "opted_out",
            Self::InvalidNumber => "invalid_number",
            Self::CannotText => "cannot_text",
            Self::Filtered => "filtered",
            Self::Unreachable => "unreachable",
            Self::Congested => "congested",
            Self::Expired => "expired",
            Self::AccountSuspended => "account_suspended",
            Self::Unexplained => "unexplained",
        }
    }
}

/// A code explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The kind of trouble.
    pub class: ErrorClass,
    /// What a person reads, a whole sentence: "Not delivered: this number is a landline."
    pub words: &'static str,
}

/// Whether a create answered with this code may be posted again while its time lasts.
pub const fn is_repostable(code: u32) -> bool {
    matches!(code, 20429 | 21611 | 14107)
}

/// Explains a code, known or not.
pub const fn explain(code: u32) -> Explanation {
    let (class, words) = match number_trouble(code) {
        Some(found) => found,
        None => match sender_trouble(code) {
            Some(found) => found,
            None => delivery_trouble(code),
        },
    };
    Explanation { class, words }
}

type Entry = (ErrorClass, &'static str);

/// The recipient's number, and what was written to it.
const fn number_trouble(code: u32) -> Option<Entry> {
    use ErrorClass::{CannotText, Filtered, InvalidNumber, OptedOut, Permanent};
    Some(match code {
        21211 | 21217 | 21219 => (InvalidNumber, "Not delivered: this is not a phone number that exists."),
        21614 => (InvalidNumber, "Not delivered: this is not a mobile number."),
        21610 => (OptedOut, "Not delivered: they texted STOP. Texts are off until they send START."),
        21604 => (Permanent, "Not delivered: no number to send to was given."),
        21602 | 21619 => (Permanent, "Not delivered: the message was empty."),
        21617 => (Permanent, "Not delivered: the message is longer than 1,600 characters."),
        21620 | 12300 | 11200 | 30019 => (Permanent, "Not delivered: the attached file could not be used."),
        21623 => (Permanent, "Not delivered: more than ten files were attached."),
        30005 => (CannotText, "Not delivered: this number is unknown or no longer in use."),
        30006 => (CannotText, "Not delivered: this number is a landline."),
        30004 => (Filtered, "Not delivered: this phone blocks texts from us."),
        30007 => (Filtered, "Not delivered: the carrier blocked what it says."),
        30450 => (Filtered, "Not delivered: the carrier blocked this number range."),
        _ => return None,
    })
}

/// Our sender, our account, our settings.
const fn sender_trouble(code: u32) -> Option<Entry> {
    use ErrorClass::{AccountSuspended, Config, Retry};
    Some(match code {
        20429 => (Retry, "Not sent yet: Twilio asked us to slow down."),
        21611 => (Retry, "Not sent yet: the line's queue is full."),
        14107 => (Retry, "Not sent yet: too many texts between these two numbers at once."),
        20003 => (Config, "Not sent: Twilio did not accept our sign-in. Check the Twilio settings."),
        20404 => (Config, "Not sent: Twilio does not know this account. Check the Twilio settings."),
        21408 => (Config, "Not sent: texts to this country are switched off at Twilio."),
        21612 => (Config, "Not sent: this line cannot text that number."),
        21603 | 21606 | 21212 | 21703 | 21704 => {
            (Config, "Not sent: this line is not set up for texts at Twilio.")
        }
        21609 => (Config, "Not sent: Twilio cannot reach our address for delivery reports."),
        30032 => (Config, "Not delivered: this toll-free line is not verified yet."),
        30034 | 30035 => (Config, "Not delivered: this line is not registered with the carriers yet."),
        30002 | 20005 => (AccountSuspended, "Not delivered: Twilio has suspended the account."),
        _ => return None,
    })
}

/// The way to the phone.
const fn delivery_trouble(code: u32) -> Entry {
    use ErrorClass::{Congested, Expired, Unexplained, Unreachable};
    match code {
        30003 => (Unreachable, "Not delivered: the phone was off or out of reach."),
        30001 => (Congested, "Not delivered: the line's queue was full."),
        30022 => (Congested, "Not delivered: too many texts at once for this line."),
        30017 | 30410 => (Congested, "Not delivered: the carrier's network was busy."),
        30023 | 30027 => (Congested, "Not delivered: the carrier's limit for today is used up."),
        63038 => (Congested, "Not delivered: the account's limit for today is used up."),
        30036 => (Expired, "Not delivered: it could not be delivered in time."),
        30008 => (Unexplained, "Not delivered: the carrier did not say why."),
        _ => (Unexplained, "Not delivered: Twilio reported a problem it did not explain."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_the_reference_is_covered() {
        use ErrorClass::*;
        for (codes, class) in [
            (&[21211, 21614][..], InvalidNumber),
            (&[30005, 30006], CannotText),
            (&[21610], OptedOut),
            (&[21408, 21612, 21606, 21603, 21703, 21704, 30034, 30032, 30035, 20003, 20404], Config),
            (&[21617, 21620, 21623], Permanent),
            (&[20429, 21611, 14107], Retry),
            (&[30001, 30022, 30023, 30027, 63038, 30017, 30410], Congested),
            (&[30004, 30007, 30450], Filtered),
            (&[30002], AccountSuspended),
            (&[30003], Unreachable),
            (&[30036], Expired),
            (&[30008, 99999, 0], Unexplained),
        ] {
            for code in codes {
                assert_eq!(explain(*code).class, class, "{code}");
            }
        }
    }

    #[test]
    fn only_three_codes_may_be_posted_again_and_they_are_the_retry_class() {
        for code in 0..100_000 {
            assert_eq!(is_repostable(code), explain(code).class == ErrorClass::Retry, "P4: {code}");
        }
    }

    #[test]
    fn words_are_whole_sentences_in_our_voice() {
        assert_eq!(explain(30006).words, "Not delivered: this number is a landline.");
        for code in 0..100_000 {
            let words = explain(code).words;
            assert!(
                words.starts_with("Not ") && words.ends_with('.') && !words.contains('!'),
                "{code}: {words}"
            );
        }
    }
}
