//! Commands from clients, which repeat themselves (PROTOCOLS §5; P9).

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::id::{ConversationId, JobId, MessageId, StaffId};
use crate::message::Message;
use crate::time::Timestamp;

/// What a command asks for, as SHA-256 in hex: the same id with another fingerprint is another command.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Of a command's parts in order, its kind first; the length of each is part of it.
    pub fn of<P: AsRef<[u8]>>(parts: &[P]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.as_ref().len() as u64).to_be_bytes());
            hash.update(part.as_ref());
        }
        Self(hex::encode(hash.finalize()))
    }

    /// The hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What makes two sends the same command. `seen_seq` and `force` are no part of it: a client may learn of
/// newer messages, or insist, between two tries of one send.
#[derive(Clone, Copy)]
pub struct SendCommand<'a> {
    /// Who writes.
    pub author: &'a StaffId,
    /// Where.
    pub conversation: &'a ConversationId,
    /// What.
    pub text: &'a str,
    /// With which files.
    pub attachments: &'a [String],
    /// When, if not now.
    pub send_at: Option<Timestamp>,
    /// The message that it sends again.
    pub resend_of: Option<&'a MessageId>,
    /// Not to go where the customer writes before.
    pub cancel_on_reply: bool,
    /// Held for so many seconds, to be taken back.
    pub undo_s: Option<u32>,
    /// The job that it was said to be about.
    pub job: Option<&'a JobId>,
}

crate::debug_shows!(SendCommand<'a>: author, conversation, send_at, resend_of);

impl SendCommand<'_> {
    /// The fingerprint that is kept in the message's pointer.
    pub fn fingerprint(&self) -> Fingerprint {
        let send_at = self.send_at.map(|at| at.to_string()).unwrap_or_default();
        let resend_of = self.resend_of.map_or("", MessageId::as_str);
        let mut parts =
            vec!["send", self.author.as_str(), self.conversation.as_str(), self.text, &send_at, resend_of];
        parts.extend(self.attachments.iter().map(String::as_str));
        // Only where they were asked for: what was sent before there were such still has its fingerprint.
        let undo_s = self.undo_s.map(|seconds| format!("undo_s={seconds}"));
        let job = self.job.map(|job| format!("job={job}"));
        parts.extend(self.cancel_on_reply.then_some("cancel_on_reply"));
        parts.extend(undo_s.iter().chain(&job).map(String::as_str));
        Fingerprint::of(&parts)
    }
}

/// A colleague has written to the customer since the writer last looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaleSend {
    /// Who.
    pub who: StaffId,
    /// When.
    pub when: Timestamp,
    /// The place of what they wrote.
    pub seq: u64,
}

/// The newest message to the customer by another person after `seen_seq`, from the timeline after it.
/// A `seen_seq` above the current one counts as current.
pub fn stale<'m>(
    seen_seq: u64,
    current_seq: u64,
    writer: &StaffId,
    timeline: impl IntoIterator<Item = &'m Message>,
) -> Option<StaleSend> {
    let seen = seen_seq.min(current_seq);
    timeline
        .into_iter()
        .filter(|message| message.seq > seen && message.is_human_reply() && message.counts_as_written())
        .filter_map(|message| Some((message, message.author()?)))
        .filter(|(_, author)| *author != writer)
        .max_by_key(|(message, _)| message.seq)
        .map(|(message, author)| StaleSend {
            who: author.clone(),
            when: message.created_at,
            seq: message.seq,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{at, conversation, message, staff};

    #[test]
    fn a_fingerprint_tells_commands_apart_and_repeats_alike_p9() {
        let (author, conversation) = (staff(1), conversation().id.clone());
        let send = |text, attachments: &[String], send_at| {
            let (author, conversation) = (&author, &conversation);
            let (cancel_on_reply, undo_s, job, resend_of) = (false, None, None, None);
            SendCommand {
                author,
                conversation,
                text,
                attachments,
                send_at,
                resend_of,
                cancel_on_reply,
                undo_s,
                job,
            }
            .fingerprint()
        };
        assert_eq!(send("Hi", &[], None), send("Hi", &[], None));
        let others = [
            send("Hi!", &[], None),
            send("Hi", &["a".to_owned()], None),
            send("Hi", &["a".to_owned(), String::new()], None),
            send("Hi", &[], Some(at(1))),
        ];
        assert!(others.iter().all(|other| *other != send("Hi", &[], None)));
        assert_ne!(Fingerprint::of(&["ab", "c"]), Fingerprint::of(&["a", "bc"]));
        assert_eq!(send("Hi", &[], None).as_str().len(), 64);
    }

    #[test]
    fn only_a_colleagues_newer_reply_makes_a_send_stale_p9() {
        let timeline =
            [message(1).of_customer(), message(2).by(1), message(3).by(2), message(4).of_customer()];
        let found =
            |seen, writer| stale(seen, 4, &staff(writer), &timeline).map(|stale| (stale.who, stale.seq));
        assert_eq!(found(1, 1), Some((staff(2), 3)));
        assert_eq!(found(1, 2), Some((staff(1), 2)));
        assert_eq!(found(3, 1), None);
        assert_eq!(found(900, 1), None, "above the current one counts as current");
    }
}
