//! `PUT /api/jobs/{id}`

use axum::Json;
use axum::extract::State;
use porchlight_api::ProblemShape;
use porchlight_api::words::JobStatusWord;
use porchlight_desk::JobChange;
use porchlight_domain::access::KeepDirectory;
use porchlight_domain::id::{CustomerId, JobId};
use porchlight_domain::time::Timestamp;
use porchlight_edge::Problem;
use porchlight_edge::session::May;
use serde::Deserialize;
use utoipa::ToSchema;

use super::customers::MOST_CENTS;
use crate::Inbox;
use crate::ask::{Body, Checked, Named, Wrong, has_length, lies_within};
use crate::refusal::problem;
use crate::view::directory::JobRecordView;

/// A job as it is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JobRecord {
    /// Whose it is; it never becomes another's.
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
    pub scheduled_at: Option<Timestamp>,
    /// Until when it is planned to take: later than that.
    #[serde(default)]
    pub ends_at: Option<Timestamp>,
    /// What it costs, in cents.
    #[serde(default)]
    #[schema(required = false, minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub amount_cents: i64,
}

impl Checked for JobRecord {
    fn check(&self) -> Result<(), Wrong> {
        lies_within("number", self.number, 1, 999_999_999)?;
        has_length("title", &self.title, 1, 200)?;
        lies_within("amount_cents", self.amount_cents, 0, MOST_CENTS)?;
        match self.ends_at {
            Some(end) if self.scheduled_at.is_none_or(|at| end <= at) => {
                Err(Wrong::new("ends_at is later than scheduled_at."))
            }
            _ => Ok(()),
        }
    }
}

/// Put a job
///
/// Booking one reopens the closed conversations with its customer. 409 where the job is another customer's.
#[utoipa::path(
    put, path = "/api/jobs/{id}", operation_id = "putJob", tag = "directory",
    params(("id" = JobId, Path)),
    request_body = JobRecord,
    responses(
        (status = 200, description = "As it is now", body = JobRecordView),
        (status = 409, description = "It is another customer's",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn put(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepDirectory>,
    Named(id): Named<JobId>,
    Body(record): Body<JobRecord>,
) -> Result<Json<JobRecordView>, Problem> {
    let job = inbox.desk.put_job(may, &who.business.id, &id, &record.into()).await.map_err(problem)?;
    Ok(Json(job.into()))
}

impl From<JobRecord> for JobChange {
    fn from(record: JobRecord) -> Self {
        let JobRecord { customer_id, number, title, status, scheduled_at, ends_at, amount_cents } = record;
        let status = status.into();
        Self { customer: customer_id, number, title, status, scheduled_at, ends_at, amount_cents }
    }
}
