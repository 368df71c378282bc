//! Why a message did not arrive, in plain words. Which reason a provider's code stands for is its channel's to say.

use serde::{Deserialize, Deserializer, Serialize};

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
    /// The network or a queue was full.
    Congested,
    /// The day's share is used up: the next day has its own.
    DailyLimit,
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

impl FailureClass {
    /// What a person can do about it, in a sentence for the screen.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::OptedOut => "Call them. Texts open again when they send START.",
            Self::InvalidNumber => "Check the number with the customer, or text another one.",
            Self::CannotText => "Call them, or text another number.",
            Self::Unreachable => "Send it again later, or call.",
            Self::Filtered => "Leave out links and words that sound like advertising, or call.",
            Self::Permanent => "Change the message before you send it again.",
            Self::Config => "An admin can mend it in the account. Until then it fails again.",
            Self::AccountSuspended => {
                "An admin settles it with the texting service. Until then nothing leaves."
            }
            Self::Congested => "Send it again in a few minutes.",
            Self::DailyLimit => "Send it again tomorrow, or call.",
            Self::Expired => "Send it again, if it still matters.",
            Self::Unexplained => "Send it again once. If that fails too, call.",
        }
    }
}

impl FailureReason {
    /// They opted out, and we knew before the call (P6).
    pub fn opted_out() -> Self {
        let words = "Not delivered: they texted STOP. Texts are off until they send START.".to_owned();
        Self { code: None, class: FailureClass::OptedOut, words }
    }

    /// A person decided that they asked for no more texts, or they took back consent to texts like this one.
    pub fn revoked() -> Self {
        let words = "Not sent: they asked for no more texts.".to_owned();
        Self { code: None, class: FailureClass::OptedOut, words }
    }

    /// They seemed to ask for no more texts, and nobody decided what they meant while it was fresh.
    pub fn undecided() -> Self {
        let words =
            "Not sent: they may have asked for no more texts, and nobody decided for four hours.".to_owned();
        Self { code: None, class: FailureClass::Expired, words }
    }

    /// Texts do not reach the number, and we knew before the call: nothing was paid for.
    pub fn known_unreachable() -> Self {
        let words = "Not sent: this number cannot get texts.".to_owned();
        Self { code: None, class: FailureClass::CannotText, words }
    }

    /// Somebody blocked the number meanwhile.
    pub fn blocked() -> Self {
        let words = "Not sent: this number is blocked. Unblock it to write.".to_owned();
        Self { code: None, class: FailureClass::CannotText, words }
    }

    /// A code of which only the number was kept.
    fn of_bare_code(code: u32) -> Self {
        let words = format!("Not delivered: the provider reported problem {code}.");
        Self { code: Some(code), class: FailureClass::Unexplained, words }
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
        self.class == FailureClass::OptedOut && self.code.is_some()
    }

    /// The contact point is to be marked "cannot text": the provider says that nothing will ever arrive there.
    pub fn cannot_text(&self) -> bool {
        self.code.is_some() && matches!(self.class, FailureClass::CannotText | FailureClass::InvalidNumber)
    }

    /// The sentence without who or what was not reached by it: "this number is a landline".
    pub fn cause(&self) -> &str {
        let cause = self.words.split_once(": ").map_or(self.words.as_str(), |(_, cause)| cause);
        cause.trim_end_matches('.')
    }
}

/// A reason as it is kept; before reasons were kept, it was the provider's bare code.
#[derive(Deserialize)]
#[serde(untagged)]
enum Kept {
    Reason(FailureReason),
    Code(u32),
}

/// Reads a reason, an old bare code too.
pub(super) fn read<'de, D: Deserializer<'de>>(field: D) -> Result<Option<FailureReason>, D::Error> {
    Ok(Option::<Kept>::deserialize(field)?.map(|kept| match kept {
        Kept::Reason(reason) => reason,
        Kept::Code(code) => FailureReason::of_bare_code(code),
    }))
}
