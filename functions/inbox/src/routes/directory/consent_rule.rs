//! `GET|PUT /api/settings/consent`: how far one revocation goes (FEATURES 104)

use axum::Json;
use axum::extract::State;
use porchlight_api::ProblemShape;
use porchlight_domain::access::{KeepConsent, SetConsentRule};
use porchlight_domain::business::Business;
use porchlight_domain::consent::ONE_COVERS_ALL_FROM;
use porchlight_domain::time::Timestamp;
use porchlight_edge::Problem;
use porchlight_edge::session::May;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, present};
use crate::refusal::problem;

/// How far one revocation of consent goes.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentRule {
    /// From then on one revocation covers everything, whatever it was about; before, it leaves what is less. `null`: the
    /// rule's own day.
    #[serde(deserialize_with = "present")]
    #[schema(required)]
    pub one_revocation_covers_all_from: Option<Timestamp>,
}

/// The rule as it is now.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct ConsentRuleNow {
    /// From then on one revocation covers everything, whatever it was about.
    pub one_revocation_covers_all_from: Timestamp,
}

impl Checked for ConsentRule {}

/// How far one revocation goes
#[utoipa::path(
    get, path = "/api/settings/consent", operation_id = "getConsentRule", tag = "directory",
    responses(
        (status = 200, description = "The rule", body = ConsentRuleNow),
        (status = 403, description = "The office's to see",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn get(May(who, _): May<KeepConsent>) -> Json<ConsentRuleNow> {
    Json(rule(&who.business))
}

/// Say how far one revocation goes
///
/// An admin's to do.
#[utoipa::path(
    put, path = "/api/settings/consent", operation_id = "putConsentRule", tag = "directory",
    request_body = ConsentRule,
    responses((status = 200, description = "As it is now", body = ConsentRuleNow)),
)]
pub async fn put(
    State(inbox): State<Inbox>,
    May(who, may): May<SetConsentRule>,
    Body(wanted): Body<ConsentRule>,
) -> Result<Json<ConsentRuleNow>, Problem> {
    let from = wanted.one_revocation_covers_all_from;
    let business = inbox.desk.set_consent_rule(may, &who, from).await.map_err(problem)?;
    Ok(Json(rule(&business)))
}

fn rule(business: &Business) -> ConsentRuleNow {
    let from = business.one_revocation_covers_all_from.unwrap_or(ONE_COVERS_ALL_FROM);
    ConsentRuleNow { one_revocation_covers_all_from: from }
}
