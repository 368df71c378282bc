//! `PUT /api/jobs/{id}`

use axum::Json;
use axum::extract::State;
use porchlight_domain::customer::{Job, JobStatus};
use porchlight_domain::event::Happening;
use porchlight_domain::id::{CustomerId, JobId};
use porchlight_domain::time::Timestamp;
use porchlight_edge::Problem;
use porchlight_edge::session::{KeepDirectory, May, SignedIn};
use porchlight_edge::view::words::JobStatusWord;
use serde::Deserialize;
use utoipa::ToSchema;

use super::customers::MOST_CENTS;
use crate::Inbox;
use crate::ask::{Body, Checked, Named, Wrong, has_length, lies_within};
use crate::attempt::Refusal;
use crate::view::directory::JobRecordView;

/// A job as it is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JobRecord {
    /// Whose it is; it never becomes another's.
    #[schema(value_type = String, pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
    pub customer_id: CustomerId,
    /// The number people call it by.
    #[schema(minimum = 1, maximum = 999_999_999)]
    pub number: u32,
    /// "Water heater replacement".
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// Where it stands.
    pub status: JobStatusWord,
    /// When the crew comes.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub scheduled_at: Option<Timestamp>,
    /// What it costs, in cents.
    #[serde(default)]
    #[schema(required = false, minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub amount_cents: i64,
}

impl Checked for JobRecord {
    fn check(&self) -> Result<(), Wrong> {
        lies_within("number", self.number, 1, 999_999_999)?;
        has_length("title", &self.title, 1, 200)?;
        lies_within("amount_cents", self.amount_cents, 0, MOST_CENTS)
    }
}

/// Put a job
///
/// Booking one reopens the closed conversations with its customer. 409 where the job is another customer's.
#[utoipa::path(
    put, path = "/api/jobs/{id}", operation_id = "putJob", tag = "directory",
    params(("id" = String, Path, pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$")),
    request_body = JobRecord,
    responses(
        (status = 200, description = "As it is now", body = JobRecordView),
        (status = 409, description = "It is another customer's",
            body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn put(
    State(inbox): State<Inbox>,
    May(who, ..): May<KeepDirectory>,
    Named(id): Named<JobId>,
    Body(record): Body<JobRecord>,
) -> Result<Json<JobRecordView>, Problem> {
    let job = inbox.until_written(|| inbox.try_put_job(&who, &id, &record)).await?;
    Ok(Json(job.into()))
}

impl JobRecord {
    /// The job as it then is; an end keeps the time at which it was first told.
    fn job(&self, id: &JobId, known: Option<&Job>, now: Timestamp) -> Job {
        let status = JobStatus::from(self.status);
        let ended_at = known.and_then(|known| known.ended_at).unwrap_or(now);
        Job {
            id: id.clone(),
            customer: self.customer_id.clone(),
            number: self.number,
            title: self.title.clone(),
            status,
            scheduled_at: self.scheduled_at,
            ended_at: (!status.is_active()).then_some(ended_at),
            amount_cents: self.amount_cents,
            version: known.map_or(0, |known| known.version),
        }
    }
}

impl Inbox {
    async fn try_put_job(&self, who: &SignedIn, id: &JobId, record: &JobRecord) -> Result<Job, Refusal> {
        let business = &who.business.id;
        let known = self.store.job(business, id).await?;
        if known.as_ref().is_some_and(|known| known.customer != record.customer_id) {
            return Err(Problem::conflict("another-customers", "This job is another customer's").into());
        }
        if self.store.customer(business, &record.customer_id).await?.is_none() {
            return Err(
                Problem::unprocessable("unknown-customer", "There is no customer with this id.").into()
            );
        }
        let mut job = record.job(id, known.as_ref(), self.now());
        let newly_booked = job.is_newly_booked(known.as_ref());
        let was_ended = known.and_then(|known| known.ended_at);
        let conversations = self.conversations_of(business, &job.customer).await?;
        let mut commit = self.store.commit(business).job(&mut job);
        if was_ended != job.ended_at {
            commit = self.access_changed(commit, &conversations, &self.crew_of(business, id).await?);
        }
        let booked = conversations.into_iter().filter(|_| newly_booked);
        let reopened = booked.filter_map(|mut it| it.record_booking().then_some(it));
        // What there is no room for is reopened by `index`, which follows new jobs.
        let room = commit.room() / 2;
        for mut conversation in reopened.take(room) {
            let event = self.event(&conversation, Happening::ConversationUpdated);
            commit = commit.conversation(&mut conversation).event(&event);
        }
        commit.run().await?;
        Ok(job)
    }
}
