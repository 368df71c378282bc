//! `GET /api/contacts/{contact}/timeline` (FEATURES 26, 75)

use axum::Json;
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use porchlight_api::ProblemShape;
use porchlight_domain::access::Browse;
use porchlight_edge::Problem;
use porchlight_edge::session::May;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::Inbox;
use crate::ask::{Asked, Checked, Named, Wrong, lies_within, typed};
use crate::timeline::Place;
use crate::view::timeline::{Timeline, TimelineEntry};

/// Which page.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TimelineQuery {
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many entries.
    #[param(minimum = 1, maximum = 100, default = 30)]
    limit: Option<usize>,
}

impl Checked for TimelineQuery {
    fn check(&self) -> Result<(), Wrong> {
        lies_within("limit", self.limit.unwrap_or(1), 1, 100)
    }
}

/// What happened with a contact point
///
/// Newest first, at the head what is ahead: texts on every channel, notes and acts, jobs and their crews, what was said
/// about being texted, whose it is and was; with who did it, and what from. A page may be shorter than asked for and
/// still go on.
#[utoipa::path(
    get, path = "/api/contacts/{contact}/timeline", operation_id = "getTimeline", tag = "directory",
    params(
        ("contact" = String, Path, min_length = 1, max_length = 254, description = "E.164 number or email address"),
        TimelineQuery,
    ),
    responses(
        (status = 200, description = "A page of it", body = Timeline),
        (status = 403, description = "The office's to see",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 422, description = "No number that can be called or texted",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn get(
    State(inbox): State<Inbox>,
    May(who, _): May<Browse>,
    Named(contact): Named<String>,
    Asked(query): Asked<TimelineQuery>,
) -> Result<Json<Timeline>, Problem> {
    let contact = typed(&contact)?;
    let place = query.cursor.as_deref().map_or_else(|| Ok(Place::default()), opened)?;
    let page = inbox.timeline(&who, &contact, &place, query.limit.unwrap_or(30)).await?;
    let names = inbox.names(&who.business.id).await?;
    Ok(Json(Timeline {
        entries: page.entries.into_iter().filter_map(|entry| TimelineEntry::new(entry, &names)).collect(),
        next_cursor: page.next.as_ref().map(sealed),
    }))
}

/// No secret, and no more than where to go on: whoever makes one up gets another place in the same timeline.
fn sealed(place: &Place) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(place).expect("a place is plain data"))
}

fn opened(cursor: &str) -> Result<Place, Problem> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| Problem::foreign_cursor())?;
    serde_json::from_slice(&bytes).map_err(|_| Problem::foreign_cursor())
}
