//! Why a message did not arrive, in plain words (codes: reference/twilio.md §2).
//!
//! One table for the refusal of a POST and for the code of a status callback.

use serde::{Deserialize, Serialize};

/// What kind of reason it is: decides what else happens, and what a person can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureClass {
    /// They opted out: consent closes too.
    OptedOut,
    /// No such number.
    InvalidNumber,
    /// The number exists and takes no texts: the contact point is marked.
    CannotText,
    /// The phone was off or out of reach.
    Unreachable,
    /// The carrier or the provider blocked the content.
    Filtered,
    /// The message itself would fail again: too long, bad files.
    Permanent,
    /// Something to mend in the provider's or in our settings.
    Config,
    /// The provider closed the account.
    AccountSuspended,
    /// The network, a queue or a daily cap was full.
    Congested,
    /// It grew too old on the way.
    Expired,
    /// Nobody says why.
    Unexplained,
}

/// Why a message did not arrive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureReason {
    /// The provider's code, where it gave one.
    pub code: Option<u32>,
    /// What kind of reason.
    pub class: FailureClass,
    /// A whole sentence for the screen.
    pub words: String,
}

impl FailureReason {
    /// The reason behind a provider's code, known or not.
    pub fn of_code(code: u32) -> Self {
        let (class, words) = number_trouble(code)
            .or_else(|| content_trouble(code))
            .or_else(|| sender_trouble(code))
            .unwrap_or_else(|| delivery_trouble(code));
        Self { code: Some(code), class, words: words.to_owned() }
    }

    /// They opted out, and we knew before the call (P6).
    pub fn opted_out() -> Self {
        Self { code: None, ..Self::of_code(21610) }
    }

    /// The provider was too busy, or out of reach, until our patience ended.
    pub fn gave_up(code: Option<u32>) -> Self {
        let words = "Not sent: the texting service did not take it for four hours.".to_owned();
        Self { code, class: FailureClass::Congested, words }
    }

    /// Nobody was there to send it while it was fresh.
    pub fn too_old() -> Self {
        let words = "Not sent: it had waited for more than four hours.".to_owned();
        Self { code: None, class: FailureClass::Expired, words }
    }

    /// The provider gave no code.
    pub fn unexplained() -> Self {
        let words = "Not delivered: the carrier did not say why.".to_owned();
        Self { code: None, class: FailureClass::Unexplained, words }
    }

    /// The provider's refusal also closes the contact point's consent.
    pub fn closes_consent(&self) -> bool {
        self.code == Some(21610)
    }

    /// The contact point is to be marked "cannot text".
    pub fn cannot_text(&self) -> bool {
        self.class == FailureClass::CannotText
    }
}

type Entry = (FailureClass, &'static str);

/// The recipient's number.
const fn number_trouble(code: u32) -> Option<Entry> {
    use FailureClass::{CannotText, InvalidNumber, OptedOut, Permanent};
    Some(match code {
        21211 | 21217 | 21219 => (InvalidNumber, "Not delivered: this is not a phone number that exists."),
        21614 => (InvalidNumber, "Not delivered: this is not a mobile number."),
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
        30007 => (Filtered, "Not delivered: the carrier blocked what it says."),
        30450 => (Filtered, "Not delivered: the carrier blocked this number range."),
        _ => return None,
    })
}

/// Our line, our account, our settings.
const fn sender_trouble(code: u32) -> Option<Entry> {
    use FailureClass::{AccountSuspended, Config};
    Some(match code {
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
    use FailureClass::{Congested, Expired, Unexplained, Unreachable};
    match code {
        30003 => (Unreachable, "Not delivered: the phone was off or out of reach."),
        21611 | 30001 => (Congested, "Not delivered: the line's queue was full."),
        14107 | 20429 | 30022 | 63017 => (Congested, "Not delivered: too many texts at once."),
        30017 | 30410 => (Congested, "Not delivered: the carrier's network was busy."),
        30023 | 30027 => (Congested, "Not delivered: the carrier's limit for today is used up."),
        63038 => (Congested, "Not delivered: the account's limit for today is used up."),
        30036 => (Expired, "Not delivered: it could not be delivered in time."),
        30008 => (Unexplained, "Not delivered: the carrier did not say why."),
        _ => (Unexplained, "Not delivered: Twilio reported a problem it did not explain."),
    }
}
