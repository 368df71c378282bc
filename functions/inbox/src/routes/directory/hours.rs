//! `GET|PUT /api/settings/hours`

use axum::Json;
use axum::extract::State;
use porchlight_domain::access::KeepHours;
use porchlight_domain::business::Business;
use porchlight_domain::hours::{BusinessHours, time_zone};
use porchlight_edge::Problem;
use porchlight_edge::session::{May, SignedIn};

use crate::Inbox;
use crate::ask::{Body, Checked, Wrong, has_length};
use crate::view::directory::Hours;

impl Checked for Hours {
    fn check(&self) -> Result<(), Wrong> {
        has_length("time_zone", &self.time_zone, 1, 64)?;
        time_zone(&self.time_zone).map_err(|error| Wrong::new(format!("time_zone: {error}.")))?;
        BusinessHours::new(self.week.clone())
            .map_err(|error| Wrong::new(format!("week: {error}.")))
            .map(|_| ())
    }
}

/// When people are expected to answer
#[utoipa::path(
    get, path = "/api/settings/hours", operation_id = "getHours", tag = "directory",
    responses((status = 200, description = "The hours", body = Hours)),
)]
pub async fn get(who: SignedIn) -> Json<Hours> {
    Json(hours(&who.business))
}

/// Say when people are expected to answer
///
/// An admin's to do.
#[utoipa::path(
    put, path = "/api/settings/hours", operation_id = "putHours", tag = "directory",
    request_body = Hours,
    responses((status = 200, description = "As they are now", body = Hours)),
)]
pub async fn put(
    State(inbox): State<Inbox>,
    May(who, ..): May<KeepHours>,
    Body(wanted): Body<Hours>,
) -> Result<Json<Hours>, Problem> {
    let week = BusinessHours::new(wanted.week)
        .map_err(|error| Problem::unprocessable("invalid", error.to_string()))?;
    let id = &who.person.business.id;
    let business = inbox.store.set_hours(id, &wanted.time_zone, &week).await?;
    Ok(Json(hours(&business)))
}

fn hours(business: &Business) -> Hours {
    Hours { time_zone: business.time_zone.clone(), week: business.hours.week().clone() }
}
