//! A template, filled for one conversation by the one who writes there.

use futures::future::try_join_all;
use porchlight_domain::access::{Grant, Person, Sight, UseTemplates};
use porchlight_domain::customer::Job;
use porchlight_domain::id::{BusinessId, ConversationId, JobId, StaffId, TemplateId};
use porchlight_domain::template::fill::{Filled, fill};
use porchlight_domain::template::values::{Facts, Values};
use porchlight_store::StoreError;
use porchlight_store::customer_file::CustomerFile;

use crate::send::jobs_of;
use crate::{Desk, Refusal, Seen};

/// What is filled.
#[derive(Clone)]
pub enum Wording {
    /// A template that is kept.
    Kept(TemplateId),
    /// Words that nobody has kept yet.
    Words(String),
}

/// A filled text.
pub struct Rendered {
    /// What it came to.
    pub filled: Filled,
    /// The job that it tells of.
    pub job: Option<Job>,
    /// The jobs that it may tell of instead, the latest first.
    pub jobs: Vec<Job>,
}

impl Desk {
    /// Fills a text from the conversation's customer, their job, the business and whoever writes. The job is the one
    /// that is said, or the one that a message would be about.
    pub async fn render(
        &self,
        _: Grant<UseTemplates>,
        who: &Person,
        id: &ConversationId,
        wording: &Wording,
        job: Option<&JobId>,
    ) -> Result<Rendered, Refusal> {
        let seen = self.see(who, id).await?;
        let text = self.words_of(&who.business.id, wording).await?;
        let (file, line) = tokio::try_join!(self.file_in_sight(&seen), self.line_of(&seen.conversation))?;
        let jobs = jobs_in_sight(&seen, &file);
        let job = match job {
            Some(wanted) => Some(*jobs.iter().find(|it| it.id == *wanted).ok_or(Refusal::UnknownJob)?),
            None => self.job_to_tell_of(who, &seen, &jobs),
        };
        let crew = self.names_of_crew(&who.business.id, job).await?;
        let facts = Facts {
            customer: file.customer.as_ref(),
            with_money: seen.sight == Sight::Office,
            job,
            crew: &crew,
            business: &who.business.name,
            line: line.as_ref(),
            writer: &who.staff.name,
        };
        let filled = fill(&text, &Values::of(&facts, &who.business.time_zone, self.now()));
        Ok(Rendered { filled, job: job.cloned(), jobs: jobs.into_iter().cloned().collect() })
    }

    async fn words_of(&self, business: &BusinessId, wording: &Wording) -> Result<String, Refusal> {
        match wording {
            Wording::Words(words) => Ok(words.clone()),
            Wording::Kept(id) => {
                let library = self.store.templates(business).await?;
                let template = library.get(id).ok_or(Refusal::NotFound)?;
                Ok(template.content.text.clone())
            }
        }
    }

    /// The customer with their jobs; nothing where nobody is known.
    async fn file_in_sight(&self, seen: &Seen) -> Result<CustomerFile, StoreError> {
        match seen.customer() {
            Some(customer) => self.store.customer_file(&seen.conversation.business, customer).await,
            None => Ok(CustomerFile::default()),
        }
    }

    /// The job that a message would be about: the one that the thread was just about, else a technician's own, else the
    /// only one that is booked or under way; where none is, the one that ended last. Of several booked ones none is
    /// guessed.
    fn job_to_tell_of<'f>(&self, who: &Person, seen: &Seen, jobs: &[&'f Job]) -> Option<&'f Job> {
        let named = |id: JobId| jobs.iter().copied().find(|job| job.id == id);
        let recent = seen.conversation.job_of_inbound(&[], self.now());
        if !who.viewer.is_office() {
            let theirs = jobs_of(seen);
            let recent = recent.filter(|job| theirs.contains(job));
            return recent.or_else(|| theirs.into_iter().next()).and_then(named);
        }
        let active: Vec<&Job> = jobs.iter().copied().filter(|job| job.status.is_active()).collect();
        recent.and_then(named).or_else(|| match active[..] {
            [only] => Some(only),
            [] => jobs.iter().copied().max_by_key(|job| job.ended_at),
            _ => None,
        })
    }

    /// The names of those who work on it, as colleagues know them.
    async fn names_of_crew(
        &self,
        business: &BusinessId,
        job: Option<&Job>,
    ) -> Result<Vec<String>, StoreError> {
        let Some(job) = job else { return Ok(Vec::new()) };
        let assignments = self.store.assignments_of_job(business, &job.id).await?;
        let mut crew: Vec<_> = assignments.into_iter().filter(|it| it.unassigned_at.is_none()).collect();
        crew.sort_by_key(|it| it.assigned_at);
        let ids: Vec<StaffId> = crew.into_iter().map(|it| it.staff).collect();
        let people = try_join_all(ids.iter().map(|id| self.store.staff(business, id))).await?;
        Ok(people.into_iter().flatten().map(|person| person.name).collect())
    }
}

/// The customer's jobs that are seen, the latest first; of those that are canceled there is nothing to tell.
fn jobs_in_sight<'f>(seen: &Seen, file: &'f CustomerFile) -> Vec<&'f Job> {
    let is_told =
        |job: &&Job| seen.sight.shows_job(&job.id) && (job.status.is_active() || job.is_completed());
    let mut jobs: Vec<&Job> = file.jobs.iter().filter(is_told).collect();
    jobs.sort_by_key(|job| std::cmp::Reverse((job.scheduled_at, job.number)));
    jobs
}
