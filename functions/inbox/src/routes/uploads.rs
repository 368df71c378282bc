//! `POST /api/uploads`, `POST /api/uploads/{id}/check`

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use porchlight_api::ProblemShape;
use porchlight_api::words::{GoesAsWord, MediaKindWord};
use porchlight_desk::uploads::NewUpload;
use porchlight_domain::access::Upload as MayUpload;
use porchlight_domain::file::{FileType, carried};
use porchlight_domain::id::UploadId;
use porchlight_domain::message::Media;
use porchlight_edge::Problem;
use porchlight_edge::session::{May, SignedIn};
use porchlight_store::uploads::Upload;
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, MOST_EXACT, Named, Wrong, has_at_most, lies_within};
use crate::refusal::problem;

/// A file that is to be uploaded.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewUpload)]
pub struct Asked {
    /// Made by the client: asking again with the same id is harmless. Without one a repeat makes a second.
    #[serde(default)]
    pub id: Option<UploadId>,
    /// What it is called.
    #[schema(max_length = 1000)]
    pub name: String,
    /// Its MIME type, as the browser tells it; may be empty.
    #[serde(rename = "type", default)]
    #[schema(required = false, max_length = 255)]
    pub content_type: String,
    /// Its bytes.
    #[schema(maximum = 9_007_199_254_740_991_u64)]
    pub size: u64,
}

impl Checked for Asked {
    fn check(&self) -> Result<(), Wrong> {
        has_at_most("name", Some(&self.name), 1000)?;
        has_at_most("type", Some(&self.content_type), 255)?;
        lies_within("size", self.size, 0, MOST_EXACT)
    }
}

/// Where to post a file, and with what.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = UploadForm)]
pub struct FormView {
    /// The upload: `attachments` of a message name it.
    pub id: UploadId,
    /// Where the form is posted, as `multipart/form-data`.
    pub url: String,
    /// The fields, to be posted in this order before the file, whose field is called `file`.
    #[serde(serialize_with = "in_order")]
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub fields: Vec<(String, String)>,
}

fn in_order<S: Serializer>(fields: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(fields.len()))?;
    for (name, value) in fields {
        map.serialize_entry(name, value)?;
    }
    map.end()
}

/// Ask for a form to upload a file with
///
/// The form may be used for 15 minutes, and the upload sent for a day. A file without bytes (`empty-file`), a folder
/// (`not-a-file`) or one of more than 25 MB (`too-large`) is refused with 422 and its `name`.
#[utoipa::path(
    post, path = "/api/uploads", operation_id = "askUpload", tag = "conversations",
    request_body = Asked,
    responses((status = 201, description = "Where to post it", body = FormView)),
)]
pub async fn ask(
    State(inbox): State<Inbox>,
    May(who, grant): May<MayUpload>,
    Body(asked): Body<Asked>,
) -> Result<(StatusCode, Json<FormView>), Problem> {
    let Asked { id, name, content_type, size } = asked;
    let new = NewUpload { id, name, content_type, size };
    let form = inbox.desk.ask_upload(&who, grant, &new).await.map_err(problem)?;
    Ok((StatusCode::CREATED, Json(FormView { id: form.upload.id, url: form.url, fields: form.fields })))
}

/// An uploaded file, as it will leave.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = UploadedFile)]
pub struct FileView {
    /// The upload.
    pub id: UploadId,
    /// What it is called, made harmless.
    pub name: String,
    /// What its bytes are.
    pub content_type: String,
    /// What it is called where it is not shown.
    pub kind: MediaKindWord,
    /// Its bytes, cleaned.
    pub size: u64,
    /// How wide a picture is shown, in pixels.
    #[schema(required)]
    pub width: Option<u32>,
    /// How high.
    #[schema(required)]
    pub height: Option<u32>,
    /// How it leaves if it is alone in its message.
    pub goes_as: GoesAsWord,
    /// Place, device and owner cannot be taken out of it: sending asks for `uncleaned`.
    pub asks: bool,
}

/// Check and clean an uploaded file
///
/// Sending does the same; this tells before. 409 `not-uploaded` while its bytes are not there.
#[utoipa::path(
    post, path = "/api/uploads/{id}/check", operation_id = "checkUpload", tag = "conversations",
    params(("id" = UploadId, Path)),
    responses(
        (status = 200, description = "The file", body = FileView),
        (status = 409, description = "Its bytes are not there yet",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 422, description = "It cannot be sent",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn check(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<UploadId>,
) -> Result<Json<FileView>, Problem> {
    let upload = inbox.desk.check_upload(&who, &id).await.map_err(problem)?;
    shown(upload).map(Json).ok_or_else(Problem::not_found)
}

fn shown(upload: Upload) -> Option<FileView> {
    let file = upload.file?;
    let ways = carried::goes_as([(FileType::of_mime(&file.content_type), &file.kept)], 0, None);
    Some(FileView {
        id: upload.id,
        name: upload.name,
        kind: Media::at_provider("", file.content_type.as_str()).kind().into(),
        content_type: file.content_type,
        size: file.kept.size,
        width: file.kept.width,
        height: file.kept.height,
        goes_as: ways.into_iter().next()?.into(),
        asks: file.may_tell,
    })
}
