//! `GET|PUT /api/settings/push-ladder`: what happens when nobody of the crew opens a customer's message (FEATURES 92)

use axum::Json;
use axum::extract::State;
use porchlight_domain::access::KeepPushLadder;
use porchlight_domain::business::Business;
use porchlight_domain::push::PushLadder;
use porchlight_edge::Problem;
use porchlight_edge::session::{May, SignedIn};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Wrong};

/// What happens when nobody on the job opens a customer's message: they are texted at their own phone, where they have
/// agreed to that, and then the office is told. Only for jobs of that day; an answer or a look ends it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PushLadder)]
pub struct LadderSettings {
    /// Off until an admin says otherwise.
    pub enabled: bool,
    /// Minutes from the message to the text.
    #[schema(minimum = 1, maximum = 480)]
    pub text_after_minutes: u16,
    /// Minutes from the text, or from when it would have left, to the office.
    #[schema(minimum = 1, maximum = 480)]
    pub alert_after_minutes: u16,
}

impl LadderSettings {
    fn read(self) -> Result<PushLadder, Wrong> {
        let Self { enabled, text_after_minutes, alert_after_minutes } = self;
        PushLadder::new(enabled, text_after_minutes, alert_after_minutes)
            .map_err(|error| Wrong::new(format!("text_after_minutes, alert_after_minutes: {error}.")))
    }
}

impl Checked for LadderSettings {
    fn check(&self) -> Result<(), Wrong> {
        self.read().map(drop)
    }
}

/// What happens when nobody on the job opens a customer's message
#[utoipa::path(
    get, path = "/api/settings/push-ladder", operation_id = "getPushLadder", tag = "devices",
    responses((status = 200, description = "The steps", body = LadderSettings)),
)]
pub async fn get(who: SignedIn) -> Json<LadderSettings> {
    Json(settings(&who.business))
}

/// Say what happens when nobody on the job opens a customer's message
///
/// An admin's to do.
#[utoipa::path(
    put, path = "/api/settings/push-ladder", operation_id = "putPushLadder", tag = "devices",
    request_body = LadderSettings,
    responses((status = 200, description = "As they are now", body = LadderSettings)),
)]
pub async fn put(
    State(inbox): State<Inbox>,
    May(who, ..): May<KeepPushLadder>,
    Body(wanted): Body<LadderSettings>,
) -> Result<Json<LadderSettings>, Problem> {
    let ladder = wanted.read().map_err(|wrong| Problem::unprocessable("invalid", wrong.sentence()))?;
    let business = inbox.store.set_push_ladder(&who.business.id, &ladder).await?;
    Ok(Json(settings(&business)))
}

fn settings(business: &Business) -> LadderSettings {
    let ladder = &business.push_ladder;
    LadderSettings {
        enabled: ladder.is_on(),
        text_after_minutes: ladder.text_after_minutes(),
        alert_after_minutes: ladder.alert_after_minutes(),
    }
}
