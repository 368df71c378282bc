//! `POST /api/jobs/{id}/facts`, `DELETE /api/jobs/{id}/facts/{fact}`: what stands above the threads of a job.

use axum::Json;
use axum::extract::State;
use porchlight_api::ProblemShape;
use porchlight_desk::{FactAsked, FactPart};
use porchlight_domain::customer::Job;
use porchlight_domain::id::{ConversationId, FactId, JobId};
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Named, Wrong, has_length};
use crate::refusal::problem;
use crate::view::facts::{JobFactView, JobFacts};

/// Characters of a part of a message: no text has more.
const LONGEST_PART: usize = 1600;

/// What is to be kept with a job.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFact {
    /// Made by the client: asked again it is kept once.
    pub id: FactId,
    /// The conversation that says or shows it.
    pub conversation_id: ConversationId,
    /// The place of the message there.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_u64)]
    pub seq: u64,
    /// Some of its words; with neither this nor a file, all of them.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1600)]
    pub text: Option<String>,
    /// The place of a file among its files, from 0.
    #[serde(default)]
    pub file: Option<u16>,
}

impl Checked for NewFact {
    fn check(&self) -> Result<(), Wrong> {
        if self.text.is_some() && self.file.is_some() {
            return Err(Wrong::new("A fact is words or a file, not both."));
        }
        self.text.as_ref().map_or(Ok(()), |text| has_length("text", text, 1, LONGEST_PART))
    }
}

impl From<NewFact> for FactAsked {
    fn from(NewFact { id, conversation_id: conversation, seq, text, file }: NewFact) -> Self {
        let part = match (file, text) {
            (Some(file), _) => FactPart::File(file),
            (None, Some(text)) => FactPart::Words(text),
            (None, None) => FactPart::Whole,
        };
        Self { id, conversation, seq, part }
    }
}

/// Keep something of a thread above it, with the job
///
/// Words of a message with the customer, cut to 200 characters, or a file of it; whoever sees both keeps it, and whoever
/// sees the job reads it. The same of the same message is there once. 422 `not-a-fact` for what such a message does not
/// say, 409 `too-many-facts` where the job has twelve.
#[utoipa::path(
    post, path = "/api/jobs/{id}/facts", operation_id = "keepFact", tag = "directory",
    params(("id" = JobId, Path)),
    request_body = NewFact,
    responses(
        (status = 200, description = "The facts of the job as they are now", body = JobFacts),
        (status = 409, description = "The job has as many as it may",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn post(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<JobId>,
    Body(fact): Body<NewFact>,
) -> Result<Json<JobFacts>, Problem> {
    let job = inbox.desk.keep_fact(&who, &id, &fact.into()).await.map_err(problem)?;
    inbox.facts(&who, &job).await
}

/// Take a fact of a job away
///
/// Whoever sees the job does. Again is harmless.
#[utoipa::path(
    delete, path = "/api/jobs/{id}/facts/{fact}", operation_id = "forgetFact", tag = "directory",
    params(("id" = JobId, Path), ("fact" = FactId, Path)),
    responses((status = 200, description = "The facts of the job as they are now", body = JobFacts)),
)]
pub async fn delete(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named((id, fact)): Named<(JobId, FactId)>,
) -> Result<Json<JobFacts>, Problem> {
    let job = inbox.desk.forget_fact(&who, &id, &fact).await.map_err(problem)?;
    inbox.facts(&who, &job).await
}

impl Inbox {
    async fn facts(&self, who: &SignedIn, job: &Job) -> Result<Json<JobFacts>, Problem> {
        let names = self.names(&who.business.id).await?;
        Ok(Json(JobFacts { facts: JobFactView::of(job, &names) }))
    }
}
