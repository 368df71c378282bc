//! Facts of a job.

use porchlight_api::media::MediaId;
use porchlight_api::words::MediaKindWord;
use porchlight_api::{StaffNames, StaffRef};
use porchlight_domain::customer::{Job, JobFact, KeptFact};
use porchlight_domain::id::{ConversationId, FactId, MessageId};
use porchlight_domain::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// The facts of a job.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct JobFacts {
    /// The first one kept first.
    pub facts: Vec<JobFactView>,
}

/// Something of a thread that somebody keeps with a job: words, or a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = JobFact)]
pub struct JobFactView {
    /// Its id.
    pub id: FactId,
    /// The words; null for a file.
    #[schema(required)]
    pub text: Option<String>,
    /// The file; null for words.
    #[schema(required)]
    pub file: Option<FactFile>,
    /// Where it was said.
    pub conversation_id: ConversationId,
    /// By which message.
    pub message_id: MessageId,
    /// Its place there.
    pub seq: u64,
    /// Who kept it.
    pub by: StaffRef,
    /// When.
    pub at: Timestamp,
}

/// A file that is a fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FactFile {
    /// Names the file.
    pub id: MediaId,
    /// Its place among its message's files, from 0.
    pub place: u16,
    /// What it is called where it is not shown.
    pub kind: MediaKindWord,
    /// What it is called, where somebody said so.
    #[schema(required)]
    pub name: Option<String>,
    /// Where whoever sees its message fetches it.
    pub url: String,
}

impl JobFactView {
    /// With the names of the staff.
    pub fn new(fact: &JobFact, names: &StaffNames) -> Self {
        let (text, file) = match &fact.kept {
            KeptFact::Words { text } => (Some(text.clone()), None),
            KeptFact::File { place, media, name } => {
                let id = MediaId { conversation: fact.conversation.clone(), seq: fact.seq, place: *place };
                let url = format!("/api/media/{id}");
                (None, Some(FactFile { id, place: *place, kind: (*media).into(), name: name.clone(), url }))
            }
        };
        Self {
            id: fact.id.clone(),
            text,
            file,
            conversation_id: fact.conversation.clone(),
            message_id: fact.message.clone(),
            seq: fact.seq,
            by: names.get(&fact.by),
            at: fact.at,
        }
    }

    /// All of a job.
    pub fn of(job: &Job, names: &StaffNames) -> Vec<Self> {
        job.facts.iter().map(|fact| Self::new(fact, names)).collect()
    }
}
