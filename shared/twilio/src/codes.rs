//! Twilio's error codes in plain words (reference/twilio.md §2).
//!
//! One table for the refusal of a POST and for the code of a status callback.

use std::time::Duration;

use porchlight_domain::delivery::{FailureClass, FailureReason, PostOutcome};

/// Codes of a refusal that passes by itself: nothing was accepted, and posting again may work.
const PASSING: [u32; 3] = [14107, 20429, 21611];

/// The reason behind a code, known or not.
pub fn reason(code: u32) -> FailureReason {
    let (class, words) = number_trouble(code)
        .or_else(|| content_trouble(code))
        .or_else(|| sender_trouble(code))
        .unwrap_or_else(|| delivery_trouble(code));
    FailureReason { code: Some(code), class, words: words.to_owned() }
}

/// A refusal with Twilio's own JSON `code` (4xx).
pub fn refused(http_status: u16, code: u32, retry_after: Option<Duration>) -> PostOutcome {
    if http_status == 429 || PASSING.contains(&code) {
        PostOutcome::NotAccepted { code: Some(code), retry_after }
    } else {
        PostOutcome::Rejected(reason(code))
    }
}

type Entry = (FailureClass, &'static str);

/// The recipient's number.
const fn number_trouble(code: u32) -> Option<Entry> {
    use FailureClass::{CannotText, InvalidNumber, OptedOut, Permanent};
    Some(match code {
        21211 | 21217 => (InvalidNumber, "Not delivered: this is not a phone number that exists."),
        21614 => (CannotText, "Not delivered: this is not a mobile number."),
        21610 => (OptedOut, "Not delivered: they texted STOP. Texts are off until they send START."),
        21604 => (Permanent, "Not delivered: no number to send to was given."),
        30005 => (CannotText, "Not delivered: this number is unknown or no longer in use."),
        30006 => (CannotText, "Not delivered: this number is a landline."),
        _ => return None,
    })
}

/// What was written.
const fn content_trouble(code: u32) -> Option<Entry> {
    use FailureClass::{Filtered, Permanent};
    Some(match code {
        21602 | 21619 => (Permanent, "Not delivered: the message was empty."),
        21617 => (Permanent, "Not delivered: the message is longer than 1,600 characters."),
        21620 | 12300 | 11200 | 30019 => (Permanent, "Not delivered: the attached file could not be used."),
        21623 => (Permanent, "Not delivered: more than ten files were attached."),
        30004 => (Filtered, "Not delivered: this phone blocks texts from us."),
        30007 => (Filtered, "Not delivered: the carrier blocked it as spam."),
        30450 => (Filtered, "Not delivered: Twilio blocks texts to numbers like this one."),
        _ => return None,
    })
}

/// Our line, our account, our settings.
const fn sender_trouble(code: u32) -> Option<Entry> {
    use FailureClass::{AccountSuspended, Config};
    Some(match code {
        21219 => (Config, "Not sent: the Twilio account is on trial, and this number is not verified there."),
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
    use FailureClass::{Congested, DailyLimit, Expired, Unexplained, Unreachable};
    match code {
        30003 => (Unreachable, "Not delivered: the phone was off or out of reach."),
        21611 | 30001 => (Congested, "Not delivered: too many texts were waiting on this line."),
        14107 | 20429 | 30022 | 63017 => (Congested, "Not delivered: too many texts at once."),
        30017 | 30410 => (Congested, "Not delivered: the carrier's network was busy."),
        30023 | 30027 => (DailyLimit, "Not delivered: the carrier's limit for today is used up."),
        63038 => (DailyLimit, "Not delivered: the account's limit for today is used up."),
        30036 => (Expired, "Not delivered: it could not be delivered in time."),
        30008 => (Unexplained, "Not delivered: the carrier did not say why."),
        _ => (Unexplained, "Not delivered: Twilio reported a problem it did not explain."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_by_itself_is_no_refusal() {
        for (http_status, code) in [(429, 99999), (400, 21611), (400, 14107), (429, 20429)] {
            assert!(matches!(refused(http_status, code, None), PostOutcome::NotAccepted { .. }), "{code}");
        }
        assert_eq!(refused(400, 21612, None), PostOutcome::Rejected(reason(21612)));
    }

    #[test]
    fn an_opt_out_closes_consent_and_a_landline_is_marked() {
        let told = |code| (reason(code).closes_consent(), reason(code).cannot_text());
        assert_eq!(
            [21610, 30005, 30006, 30003].map(told),
            [(true, false), (false, true), (false, true), (false, false)]
        );
        assert!([21211, 21614].iter().all(|code| reason(*code).cannot_text()));
        assert!(!reason(21219).cannot_text(), "that is the trial account's, not the number's");
    }

    #[test]
    fn every_reason_is_a_whole_sentence_with_something_to_do() {
        for code in (11_000..64_000).chain([7]) {
            let reason = reason(code);
            assert!(reason.words.starts_with("Not ") && reason.words.ends_with('.'), "{code}");
            assert!(reason.class.advice().ends_with('.'), "{code}");
            assert!(!reason.cause().ends_with('.') && !reason.cause().starts_with("Not "), "{code}");
        }
    }

    #[test]
    fn a_code_that_nobody_listed_still_has_words() {
        assert_eq!((reason(7).class, reason(7).code), (FailureClass::Unexplained, Some(7)));
    }
}
