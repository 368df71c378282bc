//! How much of a conversation somebody sees.

use super::{Audience, audience};
use crate::conversation::{Conversation, LastMessage, ReadMarker};
use crate::id::{CustomerId, JobId};
use crate::message::{Message, MessageKind};
use crate::time::Timestamp;

/// How much of a conversation somebody sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Nothing; to them it does not exist.
    Hidden,
    /// Only the messages of these jobs, each with its customer (a shared number).
    Jobs(Vec<(JobId, CustomerId)>),
    /// The contact point's whole history, without the office's notes.
    Crew,
    /// The same from then on: before, somebody else had the contact point ("not this person").
    CrewSince(Timestamp),
    /// Everything of a conversation with a customer.
    Office,
    /// An internal thread, by one of those it is between.
    Insider,
}

impl Sight {
    /// Whether there is anything to see.
    pub const fn is_hidden(&self) -> bool {
        matches!(self, Self::Hidden)
    }

    /// Whether this message is part of what is seen.
    pub fn shows(&self, message: &Message) -> bool {
        self.is_among(message.audience())
            && match self {
                Self::Hidden => false,
                Self::Office | Self::Insider | Self::Crew => true,
                Self::CrewSince(since) => message.created_at >= *since,
                Self::Jobs(jobs) => message.job.as_ref().is_some_and(|job| has(jobs, job)),
            }
    }

    /// Whether the end of the timeline, as the summary keeps it, is part of what is seen. It does not say
    /// which job it is about, so whoever sees only some jobs does not see it.
    pub fn shows_last(&self, last: &LastMessage) -> bool {
        self.is_among(audience(last.kind))
            && match self {
                Self::Hidden | Self::Jobs(_) => false,
                Self::Office | Self::Insider | Self::Crew => true,
                Self::CrewSince(since) => last.at >= *since,
            }
    }

    /// Whether this message may stand in the list's row as the last one: quiet entries never do.
    pub fn shows_in_row(&self, message: &Message) -> bool {
        message.kind() != MessageKind::System && self.shows(message)
    }

    /// Whether they are among those who are meant to read something.
    const fn is_among(&self, audience: Audience) -> bool {
        match audience {
            Audience::All => !self.is_hidden(),
            Audience::Office => matches!(self, Self::Office),
            Audience::Insiders => matches!(self, Self::Insider),
        }
    }

    /// Whether this job of the customer's is part of what is seen.
    pub fn shows_job(&self, job: &JobId) -> bool {
        match self {
            Self::Hidden => false,
            Self::Office | Self::Insider | Self::Crew | Self::CrewSince(_) => true,
            Self::Jobs(jobs) => has(jobs, job),
        }
    }

    /// Whether this customer of the contact point is one that is seen: of a shared number, only those of one's
    /// own jobs.
    pub fn shows_customer(&self, customer: &CustomerId) -> bool {
        match self {
            Self::Hidden => false,
            Self::Office | Self::Insider | Self::Crew | Self::CrewSince(_) => true,
            Self::Jobs(jobs) => jobs.iter().any(|(_, theirs)| theirs == customer),
        }
    }

    /// Whether what somebody has not read is counted for them: not where only some jobs are theirs to see.
    pub const fn counts_unread(&self) -> bool {
        !matches!(self, Self::Jobs(_))
    }

    /// Unread for one person. Counts do not say which jobs they are about, so whoever sees only some jobs is
    /// told of none but their own mark.
    pub fn unread(&self, conversation: &Conversation, marker: &ReadMarker) -> u64 {
        match self {
            Self::Hidden => 0,
            Self::Office | Self::Crew | Self::CrewSince(_) => conversation.unread(marker),
            Self::Insider => conversation.internal_unread(marker),
            Self::Jobs(_) => marker.marks(),
        }
    }

    /// A crew's, of a history that begins there.
    pub(super) fn of_crew(begins: Option<Timestamp>) -> Self {
        begins.map_or(Self::Crew, Self::CrewSince)
    }
}

fn has(jobs: &[(JobId, CustomerId)], job: &JobId) -> bool {
    jobs.iter().any(|(theirs, _)| theirs == job)
}
