//! `GET /api/jobs`, `GET /api/jobs/{id}`: the jobs of a day, as whoever works on them reads them

use axum::Json;
use axum::extract::State;
use porchlight_domain::access::Person;
use porchlight_domain::id::JobId;
use porchlight_domain::workday::{Days, Workday};
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::Inbox;
use crate::ask::{Asked, Checked, Named};
use crate::refusal::problem;
use crate::view::workday::{WorkdayJob, WorkdayView};

/// So many are told of at once.
const MOST: usize = 200;

/// Which jobs.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct JobsQuery {
    /// One's own, of which days. Without it the office reads everybody's of today and tomorrow.
    #[param(inline, required = false)]
    mine: Option<MineWord>,
}

/// Which days.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MineWord {
    /// Today, where the business is.
    Today,
    /// Tomorrow.
    Tomorrow,
    /// Both.
    Upcoming,
}

impl Checked for JobsQuery {}

impl JobsQuery {
    const fn days(&self) -> Days {
        match self.mine {
            Some(MineWord::Today) => Days::Today,
            Some(MineWord::Tomorrow) => Days::Tomorrow,
            Some(MineWord::Upcoming) | None => Days::Upcoming,
        }
    }
}

/// The jobs of today and tomorrow
///
/// Each with its customer, the way in, and the conversations that the viewer may open. A technician is told of those on
/// which they work, and of no others, however they ask.
#[utoipa::path(
    get, path = "/api/jobs", operation_id = "listJobs", tag = "directory",
    params(JobsQuery),
    responses((status = 200, description = "Day by day", body = WorkdayView)),
)]
pub async fn list(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Asked(asked): Asked<JobsQuery>,
) -> Result<Json<WorkdayView>, Problem> {
    let day = today(&inbox, &who);
    let only_mine = asked.mine.is_some();
    let jobs = inbox.desk.jobs_of_days(&who, &day, asked.days(), only_mine, MOST + 1);
    let (mut jobs, names) = tokio::try_join!(jobs, inbox.names(&who.business.id))?;
    let more = jobs.len() > MOST;
    jobs.truncate(MOST);
    Ok(Json(WorkdayView {
        today: day.today().to_string(),
        time_zone: who.business.time_zone.clone(),
        jobs: jobs.into_iter().map(|job| WorkdayJob::new(job, &day, &names)).collect(),
        more,
    }))
}

/// One job
#[utoipa::path(
    get, path = "/api/jobs/{id}", operation_id = "getJob", tag = "directory",
    params(("id" = JobId, Path)),
    responses((status = 200, description = "With what whoever works on it needs", body = WorkdayJob)),
)]
pub async fn get(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<JobId>,
) -> Result<Json<WorkdayJob>, Problem> {
    let job = inbox.desk.job_at_hand(&who, &id).await.map_err(problem)?;
    let names = inbox.names(&who.business.id).await?;
    Ok(Json(WorkdayJob::new(job, &today(&inbox, &who), &names)))
}

/// The day that it is at the business.
fn today(inbox: &Inbox, who: &Person) -> Workday {
    Workday::new(inbox.now(), &who.business.time_zone)
}
