//! One call of a provider's.

use std::error::Error;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, Uri, header};
use porchlight_channel::Post;
use porchlight_edge::Problem;

use crate::Webhooks;

/// The headers that a receipt keeps.
const HEADERS: [&str; 3] = ["content-type", "x-twilio-signature", "i-twilio-idempotency-token"];

/// Genuine, kept, applied. Both addresses are the same to this: the path tells which it is.
pub async fn receive(
    State(webhooks): State<Webhooks>,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let path = uri.path_and_query().map_or_else(|| uri.path(), |path| path.as_str());
    let (door, named) = webhooks.intake.door_of(path).ok_or_else(Problem::not_found)?;
    let business = &named.business;
    if webhooks.store.business(business).await?.is_none() {
        return Err(Problem::not_found());
    }
    let post = Post {
        path: path.to_owned(),
        headers: kept(&headers),
        body: body.map_err(|rejection| unread(&rejection))?.to_vec(),
        received_at: webhooks.clock.now(),
    };
    if !door.is_genuine(business, &post).await.map_err(|error| unavailable(&error))? {
        webhooks.intake.keep_unverified(business.clone(), post).await?;
        return Err(Problem::forbidden("The signature is not one of this account's."));
    }
    webhooks.intake.take_in(post).await.map_err(|error| unavailable(&error))?;
    Ok(nothing_to_say())
}

fn kept(headers: &HeaderMap) -> Vec<(String, String)> {
    let value = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    HEADERS.into_iter().filter_map(|name| Some((name.to_owned(), value(name)?))).collect()
}

/// TwiML without a verb: Twilio neither answers the customer nor complains.
fn nothing_to_say() -> Response {
    ([(header::CONTENT_TYPE, "text/xml")], "<Response/>").into_response()
}

/// Twilio comes again (`#rc=5&rp=all`), and the sweep finds what was kept.
fn unavailable(error: &(dyn Error + 'static)) -> Problem {
    tracing::error!(error, "a webhook could not be taken in just now");
    Problem::unavailable()
}

fn unread(rejection: &BytesRejection) -> Problem {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Longer than any webhook of Twilio's")
        }
        _ => Problem::bad_request("The body broke off."),
    }
}
