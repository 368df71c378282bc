//! `GET|HEAD /api/media/{id}`: a file of a message, for whoever sees the message.

use std::time::Duration;

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use porchlight_api::media::MediaId;
use porchlight_desk::{FilePlace, Refusal};
use porchlight_domain::access::Person;
use porchlight_domain::file::{FileState, FileType, NotFetched};
use porchlight_domain::message::Media;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use tokio::time::{Instant, sleep};

use crate::Files;
use crate::serve::{self, Served};

/// A file never changes, and is somebody's: their own browser keeps it for a day, under their own session.
const CACHING: [(HeaderName, &str); 2] =
    [(header::CACHE_CONTROL, "private, max-age=86400, immutable"), (header::VARY, "cookie")];

/// A text is on the screen before its picture is here: whoever asks waits a little.
const WAITS: Duration = Duration::from_secs(8);
const LOOKS_EVERY: Duration = Duration::from_millis(200);

/// The file.
pub async fn get(
    State(files): State<Files>,
    who: SignedIn,
    path: Result<Path<MediaId>, axum::extract::rejection::PathRejection>,
    RawQuery(query): RawQuery,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Path(id) = path.map_err(|_| Problem::not_found())?;
    let at = FilePlace { conversation: id.conversation.clone(), seq: id.seq, place: usize::from(id.place) };
    let media = files.awaited(&who, &at).await?;
    let kept = media.kept.as_ref().ok_or_else(|| not_here(&media))?;
    let kind = FileType::of_mime(&media.content_type);
    let name =
        media.name.clone().unwrap_or_else(|| format!("file-{}-{}.{}", id.seq, id.place, kind.ending()));
    let wants_saved = query.is_some_and(|query| query.split('&').any(|word| word == "download"));
    let served = Served { kept, kind, name: &name, saved: wants_saved };
    let mut response = serve::answer(&files.bucket, &served, &method, &headers).await?;
    if response.status() != StatusCode::RANGE_NOT_SATISFIABLE {
        let caching = CACHING.map(|(name, value)| (name, HeaderValue::from_static(value)));
        response.headers_mut().extend(caching);
    }
    Ok(response)
}

impl Files {
    /// The file as it is, once it is here or a little time has passed; access is asked at each look.
    async fn awaited(&self, who: &Person, at: &FilePlace) -> Result<Media, Problem> {
        let until = Instant::now() + WAITS;
        let mut media = self.in_sight(who, at).await?;
        if media.kept.is_none() && media.fetch.is_none() && !media.provider_url.is_empty() {
            self.desk.begin_fetching(&who.business.id, at).await?;
        }
        while media.kept.is_none() && media.state() != FileState::Failed && Instant::now() < until {
            sleep(LOOKS_EVERY).await;
            media = self.in_sight(who, at).await?;
        }
        Ok(media)
    }

    async fn in_sight(&self, who: &Person, at: &FilePlace) -> Result<Media, Problem> {
        self.desk.media_in_sight(who, at).await.map_err(|refusal| match refusal {
            Refusal::Store(error) => error.into(),
            _ => Problem::not_found(),
        })
    }
}

/// Why there is no file.
fn not_here(media: &Media) -> Problem {
    let why = media.fetch.as_ref().and_then(|fetch| fetch.why);
    if media.state() != FileState::Failed {
        let words = why.map_or("This file is on its way from the phone company.", NotFetched::words);
        return Problem::conflict("still-fetching", "Not here yet").detail(words);
    }
    let (status, kind, title) = match why {
        Some(NotFetched::Gone) => (StatusCode::NOT_FOUND, "gone", "The provider no longer has this file"),
        Some(NotFetched::TooLarge) => (StatusCode::BAD_GATEWAY, "media-too-large", "Too large"),
        Some(NotFetched::Refused | NotFetched::Unavailable) | None => {
            (StatusCode::BAD_GATEWAY, "media-unavailable", "The provider does not give this file")
        }
    };
    Problem::new(status, kind, title).detail(why.map_or("", NotFetched::words))
}
