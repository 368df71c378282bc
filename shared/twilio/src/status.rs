//! Twilio's words for the state of a message (`reference/twilio.md` §3).

use std::fmt;
use std::str::FromStr;

/// A status as Twilio writes it, in order of [`StatusWord::rank`]. Callbacks come in any order, so evidence is
/// folded by rank, never by arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StatusWord {
    /// To be sent at a later time.
    Scheduled,
    /// Taken by a messaging service that has not chosen a sender yet.
    Accepted,
    /// Waiting for its turn on the sender's queue.
    Queued,
    /// On its way to the carrier.
    Sending,
    /// The carrier took it.
    Sent,
    /// Taken back before it went.
    Canceled,
    /// Never left Twilio.
    Failed,
    /// The carrier could not deliver it.
    Undelivered,
    /// Some recipients have it.
    PartiallyDelivered,
    /// The phone has it.
    Delivered,
    /// It was read (RCS, WhatsApp).
    Read,
    /// An inbound message on its way in.
    Receiving,
    /// An inbound message.
    Received,
}

/// A word that Twilio's documentation does not list: the callback is quarantined.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Twilio's status word is not a known one")]
pub struct UnknownStatusWord(pub String);

impl StatusWord {
    const ALL: [Self; 13] = [
        Self::Scheduled,
        Self::Accepted,
        Self::Queued,
        Self::Sending,
        Self::Sent,
        Self::Canceled,
        Self::Failed,
        Self::Undelivered,
        Self::PartiallyDelivered,
        Self::Delivered,
        Self::Read,
        Self::Receiving,
        Self::Received,
    ];

    /// The word itself.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Accepted => "accepted",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Canceled => "canceled",
            Self::Failed => "failed",
            Self::Undelivered => "undelivered",
            Self::PartiallyDelivered => "partially_delivered",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Receiving => "receiving",
            Self::Received => "received",
        }
    }

    /// The weight of this evidence about an outbound message: the highest wins. Inbound words have none.
    pub const fn rank(self) -> Option<u8> {
        match self {
            Self::Scheduled | Self::Accepted => Some(0),
            Self::Queued => Some(1),
            Self::Sending => Some(2),
            Self::Sent => Some(3),
            Self::Canceled => Some(4),
            Self::Failed => Some(5),
            Self::Undelivered => Some(6),
            Self::PartiallyDelivered => Some(7),
            Self::Delivered => Some(8),
            Self::Read => Some(9),
            Self::Receiving | Self::Received => None,
        }
    }

    /// Whether Twilio says nothing more after it, so that nothing need be fetched.
    pub const fn is_final(self) -> bool {
        matches!(self.rank(), Some(4..))
    }
}

impl FromStr for StatusWord {
    type Err = UnknownStatusWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|known| known.as_str() == word);
        known.ok_or_else(|| UnknownStatusWord(word.to_owned()))
    }
}

impl fmt::Display for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_and_ranks_rise() {
        let words = StatusWord::ALL.map(|word| word.as_str().parse::<StatusWord>().unwrap());
        assert_eq!(words, StatusWord::ALL);
        let ranks: Vec<_> = StatusWord::ALL.into_iter().filter_map(StatusWord::rank).collect();
        assert_eq!(ranks, [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }

    #[test]
    fn an_unknown_word_is_an_error_not_a_guess() {
        assert_eq!("Delivered".parse::<StatusWord>(), Err(UnknownStatusWord("Delivered".into())));
        assert!("teleported".parse::<StatusWord>().is_err());
    }

    #[test]
    fn only_the_last_words_are_final() {
        let last: Vec<_> = StatusWord::ALL.into_iter().filter(|word| word.is_final()).collect();
        assert_eq!(last.len(), 6);
        assert!(!StatusWord::Sent.is_final() && !StatusWord::Received.is_final());
    }
}
