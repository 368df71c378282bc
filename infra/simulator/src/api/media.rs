//! The files of a message: list, fetch (as JSON, or the file itself), delete.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::Shared;
use super::error::ApiError;
use crate::message::{Media, Message};
use crate::state::Record;
use crate::world::World;

type File = Path<(String, String, String)>;

/// `GET Messages/{SID}/Media.json`
pub(super) async fn list(
    State(world): Shared,
    Path((_, sid)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    let message = world.message(&sid).ok_or_else(ApiError::not_found)?;
    let media: Vec<Value> =
        message.media.iter().map(|file| file.to_twilio(&world.account_sid, &message)).collect();
    let uri = format!("/2010-04-01/Accounts/{}/Messages/{sid}/Media.json", world.account_sid);
    Ok(Json(json!({
        "end": media.len().saturating_sub(1),
        "first_page_uri": format!("{uri}?PageSize=50&Page=0"),
        "media_list": media,
        "next_page_uri": null,
        "page": 0,
        "page_size": 50,
        "previous_page_uri": null,
        "start": 0,
        "uri": format!("{uri}?PageSize=50&Page=0"),
    })))
}

/// `GET Messages/{SID}/Media/{ME}.json`, or without `.json` the file itself.
pub(super) async fn fetch(State(world): Shared, Path((_, sid, segment)): File) -> Result<Response, ApiError> {
    let as_json = segment.strip_suffix(".json");
    let (message, file) = find(&world, &sid, as_json.unwrap_or(&segment))?;
    if as_json.is_some() {
        return Ok(Json(file.to_twilio(&world.account_sid, &message)).into_response());
    }
    let fallback = HeaderValue::from_static("application/octet-stream");
    let content_type = HeaderValue::from_str(&file.content_type).unwrap_or(fallback);
    let attachment = HeaderValue::from_static("attachment");
    Ok(([(CONTENT_TYPE, content_type), (CONTENT_DISPOSITION, attachment)], file.bytes).into_response())
}

/// `DELETE Messages/{SID}/Media/{ME}`, with or without `.json`
pub(super) async fn delete(
    State(world): Shared,
    Path((_, sid, segment)): File,
) -> Result<StatusCode, ApiError> {
    let (_, file) = find(&world, &sid, segment.strip_suffix(".json").unwrap_or(&segment))?;
    world.commit(Record::MediaDeleted { sid, media: file.sid });
    Ok(StatusCode::NO_CONTENT)
}

fn find(world: &World, sid: &str, media: &str) -> Result<(Message, Media), ApiError> {
    let message = world.message(sid).ok_or_else(ApiError::not_found)?;
    let file =
        message.media.iter().find(|file| file.sid == media).cloned().ok_or_else(ApiError::not_found)?;
    Ok((message, file))
}
