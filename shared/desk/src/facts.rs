//! Facts of a job: what somebody puts above its threads.

use porchlight_domain::access::{Act, Person};
use porchlight_domain::conversation::Conversation;
use porchlight_domain::customer::{Job, JobFact, KeptFact};
use porchlight_domain::event::Happening;
use porchlight_domain::id::{ConversationId, FactId, JobId};
use porchlight_domain::message::Message;
use porchlight_store::Commit;

use crate::{Desk, Refusal};

/// What is to be kept with a job.
#[derive(Clone)]
pub struct FactAsked {
    /// Made by the client: asked again it is kept once.
    pub id: FactId,
    /// The conversation that says or shows it.
    pub conversation: ConversationId,
    /// The place of the message there: what comes in has no other address.
    pub seq: u64,
    /// Which of it.
    pub part: FactPart,
}

/// What of a message.
#[derive(Clone)]
pub enum FactPart {
    /// All its words.
    Whole,
    /// Some of its words.
    Words(String),
    /// A file of it, by its place from 0.
    File(u16),
}

impl Desk {
    /// Keeps something of a thread with a job, for whoever sees both; the job as it then is.
    pub async fn keep_fact(&self, who: &Person, job: &JobId, asked: &FactAsked) -> Result<Job, Refusal> {
        self.until_written(|| self.try_keep_fact(who, job, asked)).await
    }

    async fn try_keep_fact(&self, who: &Person, id: &JobId, asked: &FactAsked) -> Result<Job, Refusal> {
        let seen = self.see(who, &asked.conversation).await?;
        let found = self.store.message_at(&who.business.id, &asked.conversation, asked.seq).await?;
        let message = found.filter(|message| seen.sight.shows(message)).ok_or(Refusal::NotFound)?;
        seen.permit(who, Act::Note)?;
        let mut job = self.job_in_sight(who, id).await?;
        let kept = is_about(&message, &seen.conversation, &job).then(|| asked.part.of(&message)).flatten();
        let fact = JobFact {
            id: asked.id.clone(),
            kept: kept.ok_or(Refusal::NotAFact)?,
            conversation: message.conversation.clone(),
            message: message.id.clone(),
            seq: message.seq,
            by: who.staff.id.clone(),
            at: self.now(),
        };
        if job.keep_fact(fact).map_err(|_| Refusal::TooManyFacts)? {
            self.job_told(who, &mut job).await?.run().await?;
        }
        Ok(job)
    }

    /// Takes a fact away, for whoever sees the job; the job as it then is.
    pub async fn forget_fact(&self, who: &Person, job: &JobId, fact: &FactId) -> Result<Job, Refusal> {
        self.until_written(async || {
            let mut job = self.job_in_sight(who, job).await?;
            if job.forget_fact(fact) {
                self.job_told(who, &mut job).await?.run().await?;
            }
            Ok(job)
        })
        .await
    }

    /// Whoever works on it, and the office, hears of it.
    async fn job_told(&self, who: &Person, job: &mut Job) -> Result<Commit<'_>, Refusal> {
        let crew = self.crew_of(&who.business.id, &job.id).await?;
        let told = self.event_of_business(Happening::JobUpdated { crew: crew.into_iter().collect() });
        Ok(self.store.commit(&who.business.id).job(job).event(&told))
    }
}

impl FactPart {
    fn of(&self, message: &Message) -> Option<KeptFact> {
        match self {
            Self::Whole => KeptFact::words(message, None),
            Self::Words(words) => KeptFact::words(message, Some(words)),
            Self::File(place) => KeptFact::file(message, *place),
        }
    }
}

/// What is said in a thread is about the jobs of its customer, and about the one that a message names.
fn is_about(message: &Message, conversation: &Conversation, job: &Job) -> bool {
    let theirs = conversation.customer.as_ref().is_some_and(|customer| customer.id == job.customer);
    theirs || message.job.as_ref() == Some(&job.id)
}
