//! `GET|PUT /api/settings/dictation` and `POST /api/transcriptions`

use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use bytes::Bytes;
use porchlight_api::ProblemShape;
use porchlight_domain::access::{Dictate, KeepDictation};
use porchlight_domain::dictation::{Dictation, Language};
use porchlight_edge::Problem;
use porchlight_edge::session::{May, SignedIn};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Inbox;
use crate::ask::{Asked, Body, Checked, Wrong};
use crate::dictation::LARGEST;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<Inbox> {
    let transcriptions =
        OpenApiRouter::new().routes(routes!(transcribe)).layer(DefaultBodyLimit::max(LARGEST));
    OpenApiRouter::new().routes(routes!(get, put)).merge(transcriptions)
}

/// How the business dictates.
#[derive(Serialize, ToSchema)]
pub struct DictationSettings {
    /// Whether a provider of transcriptions is configured.
    pub set_up: bool,
    /// The languages that its people speak, the usual one first; two letters each (ISO 639-1).
    #[schema(min_items = 1, max_items = 8)]
    pub languages: Vec<String>,
}

/// The languages that its people speak.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DictationLanguages {
    /// The usual one first; two letters each (ISO 639-1), each once.
    #[schema(min_items = 1, max_items = 8)]
    pub languages: Vec<String>,
}

impl DictationLanguages {
    fn read(&self) -> Result<Dictation, Wrong> {
        let wrong = |error| Wrong::new(format!("languages: {error}."));
        let languages: Result<_, _> = self.languages.iter().cloned().map(Language::try_from).collect();
        languages.and_then(Dictation::new).map_err(wrong)
    }
}

impl Checked for DictationLanguages {
    fn check(&self) -> Result<(), Wrong> {
        self.read().map(|_| ())
    }
}

/// The query of a transcription.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Spoken {
    /// The language spoken, two letters; without one the provider finds out.
    #[param(required = false, pattern = "^[a-z]{2}$")]
    pub language: Option<String>,
}

impl Checked for Spoken {
    fn check(&self) -> Result<(), Wrong> {
        let language = self.language.clone().map(Language::try_from).transpose();
        language.map(|_| ()).map_err(|error| Wrong::new(format!("language: {error}.")))
    }
}

/// What was said.
#[derive(Serialize, ToSchema)]
pub struct Transcription {
    /// The words; empty where nobody spoke.
    pub text: String,
}

/// A recording as a browser makes it.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only documents the request")]
pub struct RecordingBytes(Vec<u8>);

/// How the business dictates
#[utoipa::path(
    get, path = "/api/settings/dictation", operation_id = "getDictation", tag = "directory",
    responses((status = 200, description = "The languages, and whether a provider is set up", body = DictationSettings)),
)]
pub async fn get(State(inbox): State<Inbox>, who: SignedIn) -> Result<Json<DictationSettings>, Problem> {
    let said = inbox.store.dictation(&who.business.id).await?;
    Ok(Json(inbox.dictation_settings(&said)))
}

/// Say in which languages people dictate
///
/// An admin's to do.
#[utoipa::path(
    put, path = "/api/settings/dictation", operation_id = "putDictation", tag = "directory",
    request_body = DictationLanguages,
    responses((status = 200, description = "As they are now", body = DictationSettings)),
)]
pub async fn put(
    State(inbox): State<Inbox>,
    May(who, ..): May<KeepDictation>,
    Body(wanted): Body<DictationLanguages>,
) -> Result<Json<DictationSettings>, Problem> {
    let said = wanted.read().map_err(|wrong| Problem::unprocessable("invalid", wrong.sentence()))?;
    inbox.store.put_dictation(&who.business.id, &said).await?;
    Ok(Json(inbox.dictation_settings(&said)))
}

/// A recording becomes words
///
/// It is sent on to the configured provider and kept nowhere: asking again asks anew. At most 4,000,000 bytes of WebM, MP4,
/// Ogg or WAV, told by their bytes (422 `not-audio`). 409 `not-set-up` where no provider is configured. 502
/// `provider-refuses`, `provider-cannot-use` or `provider-strange`, 503 `provider-busy` and 504 `provider-silent` tell who can
/// mend it; the recording is the caller's to keep until then.
#[utoipa::path(
    post, path = "/api/transcriptions", operation_id = "transcribe", tag = "conversations",
    params(Spoken),
    request_body(content((RecordingBytes = "audio/webm"), (RecordingBytes = "audio/mp4"), (RecordingBytes = "audio/ogg"))),
    responses(
        (status = 200, description = "The words", body = Transcription),
        (status = 409, description = "No provider is set up",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 502, description = "The provider gives no words",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 504, description = "The provider did not answer in time",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn transcribe(
    State(inbox): State<Inbox>,
    _: May<Dictate>,
    Asked(spoken): Asked<Spoken>,
    recording: Bytes,
) -> Result<Json<Transcription>, Problem> {
    let language = spoken.language.map(Language::try_from).transpose();
    let language = language.map_err(|error| Problem::bad_request(error.to_string()))?;
    let text = inbox.dictation.words(recording, language).await?;
    Ok(Json(Transcription { text }))
}

impl Inbox {
    fn dictation_settings(&self, said: &Dictation) -> DictationSettings {
        let languages = said.languages().iter().map(|language| language.as_str().to_owned()).collect();
        DictationSettings { set_up: self.dictation.is_set_up(), languages }
    }
}
