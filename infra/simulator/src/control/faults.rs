//! Break things: rates, the next messages, Bad Monday.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Shared;
use super::problem::{Given, Problem};
use crate::events::Change;
use crate::faults::{FaultSettings, Planned};
use crate::world::World;

/// `GET /simulator/faults`
pub(super) async fn show(State(world): Shared) -> Json<Value> {
    view(&world)
}

/// `PUT /simulator/faults`: all rates at once; what is left out is off.
pub(super) async fn set(
    State(world): Shared,
    Given(settings): Given<FaultSettings>,
) -> Result<Json<Value>, Problem> {
    if !settings.is_valid() {
        return Err(Problem::unprocessable("a rate must be between 0 and 1"));
    }
    world.set_faults(settings);
    Ok(view(&world))
}

/// `POST /simulator/faults/next`
pub(super) async fn plan(State(world): Shared, Given(planned): Given<Planned>) -> (StatusCode, Json<Value>) {
    world.plan_fault(planned);
    (StatusCode::CREATED, view(&world))
}

/// `DELETE /simulator/faults/next`
pub(super) async fn unplan(State(world): Shared) -> StatusCode {
    world.lock().faults.planned.clear();
    world.events.tell(Change::Faults);
    StatusCode::NO_CONTENT
}

/// What `POST /simulator/bad-monday` may say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BadMonday {
    #[serde(default = "on")]
    on: bool,
}

const fn on() -> bool {
    true
}

/// `POST /simulator/bad-monday`: all at 20 %, or all off.
pub(super) async fn bad_monday(State(world): Shared, Given(given): Given<BadMonday>) -> Json<Value> {
    let settings = if given.on { FaultSettings::bad_monday() } else { FaultSettings::default() };
    world.set_faults(settings);
    view(&world)
}

fn view(world: &World) -> Json<Value> {
    let inner = world.lock();
    Json(json!({ "rates": inner.faults.settings, "next": inner.faults.planned }))
}
