//! `PUT /api/staff/{id}/day-off` and `GET /api/day-off`: somebody is off today.

use axum::Json;
use axum::extract::State;
use porchlight_domain::access::Browse;
use porchlight_domain::id::{CommandId, StaffId};
use porchlight_edge::Problem;
use porchlight_edge::session::{May, SignedIn};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Inbox;
use crate::ask::{Body, Checked, Named};
use crate::refusal::problem;
use crate::view::day_off::{DayOff, DaysOff, OffToday};

/// The routes of this file.
pub fn routes() -> OpenApiRouter<Inbox> {
    OpenApiRouter::new().routes(routes!(put)).routes(routes!(list))
}

/// Somebody is off today, or back.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DayOffCommand {
    /// Made by the client: repeating it goes on where it stood, and undoes nothing that was done since.
    pub id: CommandId,
    /// Off until midnight where the business is; or back.
    pub off: bool,
}

impl Checked for DayOffCommand {}

/// Say that somebody is off today, or back
///
/// Of oneself, or by the office. Off, nothing wakes them, on call neither, until midnight where the business is; each
/// conversation that is assigned to them becomes nobody's, with the reason in its timeline. Of very many, ask again with the
/// same id, or go on by `/api/bulk/{id}/next`, while `release.next` says so. Being back gives no conversation back:
/// `/api/bulk/{id}/undo` with the id of `release` does, as far as nobody changed it since.
#[utoipa::path(
    put, path = "/api/staff/{id}/day-off", operation_id = "putDayOff", tag = "staff",
    params(("id" = StaffId, Path)),
    request_body = DayOffCommand,
    responses((status = 200, description = "As they are now", body = DayOff)),
)]
pub async fn put(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<StaffId>,
    Body(DayOffCommand { id: command, off }): Body<DayOffCommand>,
) -> Result<Json<DayOff>, Problem> {
    if off {
        let marked = inbox.desk.mark_off(&who, &id, command).await.map_err(problem)?;
        return Ok(Json(DayOff::marked(marked, inbox.now())));
    }
    let staff = inbox.desk.mark_back(&who, &id, command).await.map_err(problem)?;
    Ok(Json(DayOff::new(&staff, inbox.now())))
}

/// Who is off today, and what wants somebody else
///
/// The office's to see.
#[utoipa::path(
    get, path = "/api/day-off", operation_id = "listDaysOff", tag = "staff",
    responses((status = 200, description = "Everybody who is off", body = DaysOff)),
)]
pub async fn list(State(inbox): State<Inbox>, May(who, may): May<Browse>) -> Result<Json<DaysOff>, Problem> {
    let wanting = inbox.desk.wanting(&who, may).await.map_err(problem)?;
    let now = inbox.now();
    Ok(Json(DaysOff { people: wanting.iter().filter_map(|it| OffToday::new(it, now)).collect() }))
}
