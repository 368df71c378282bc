//! `GET /api/media/{id}`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, header};
use porchlight_api::ProblemShape;
use porchlight_api::media::MediaId;
use porchlight_desk::Refusal;
use porchlight_domain::access::Person;
use porchlight_domain::message::Media;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use porchlight_twilio::ImageType;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::Named;
use crate::refusal::problem;

/// A file never changes, and is somebody's: their own browser keeps it for a day, under their own session.
const CACHING: [(HeaderName, &str); 2] =
    [(header::CACHE_CONTROL, "private, max-age=86400, immutable"), (header::VARY, "cookie")];

/// Whatever a customer sent, it can do nothing on our origin.
const HARMLESS: [(HeaderName, &str); 2] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; sandbox"),
];

/// The bytes of a file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only documents the answer")]
pub struct FileBytes(Vec<u8>);

/// A file of a message
///
/// Pictures (JPEG, PNG, GIF, WebP, told by their bytes) can be shown; everything else is for saving. 404 `gone`
/// when the provider no longer has it. 502 when the provider does not give it (`media-unavailable`), or it has
/// more than 4,500,000 bytes (`media-too-large`).
#[utoipa::path(
    get, path = "/api/media/{id}", operation_id = "getMedia", tag = "conversations",
    params(("id" = MediaId, Path)),
    responses(
        (status = 200, description = "The file", content(
            (FileBytes = "image/jpeg"), (FileBytes = "image/png"), (FileBytes = "image/gif"),
            (FileBytes = "image/webp"), (FileBytes = "application/octet-stream"),
        )),
        (status = 502, description = "It cannot be had from the provider",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn get(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<MediaId>,
) -> Result<Response, Problem> {
    let media = inbox.media_in_sight(&who, &id).await.map_err(problem)?;
    let bytes = inbox.files.fetch(&who.business.id, &media.provider_url).await?;
    let kind = ImageType::of(&bytes);
    let disposition = kind.map_or_else(|| attachment(&media, &id), |_| HeaderValue::from_static("inline"));
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static(kind.map_or("application/octet-stream", ImageType::mime)),
        ),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, CACHING, HARMLESS, bytes).into_response())
}

impl Inbox {
    /// The file, if this person sees the message that it came with.
    async fn media_in_sight(&self, who: &Person, id: &MediaId) -> Result<Media, Refusal> {
        let seen = self.desk.see(who, &id.conversation).await?;
        let message = self.store.message_at(&who.business.id, &id.conversation, id.seq).await?;
        let shown = message.filter(|message| seen.sight.shows(message));
        let media = shown.and_then(|message| message.media().get(usize::from(id.place)).cloned());
        media.ok_or(Refusal::NotFound)
    }
}

/// For saving, under a name whose ending opens it with the right program.
fn attachment(media: &Media, id: &MediaId) -> HeaderValue {
    let name = format!("file-{}-{}.{}", id.seq, id.place, ending(&media.content_type));
    HeaderValue::try_from(format!("attachment; filename=\"{name}\"")).expect("digits and a known ending")
}

/// The usual endings of what phones send; never one that a browser would run.
fn ending(content_type: &str) -> &'static str {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/pdf" => "pdf",
        "audio/amr" => "amr",
        "audio/mpeg" => "mp3",
        "audio/mp4" => "m4a",
        "audio/ogg" => "ogg",
        "image/heic" | "image/heif" => "heic",
        "text/plain" => "txt",
        "text/vcard" | "text/x-vcard" => "vcf",
        "video/3gpp" => "3gp",
        "video/mp4" => "mp4",
        "video/quicktime" => "mov",
        _ => "bin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_ending_is_one_that_a_browser_would_run() {
        for content_type in ["text/html", "image/svg+xml", "application/xhtml+xml", "", "x"] {
            assert_eq!(ending(content_type), "bin");
        }
        assert_eq!(ending("Application/PDF; name=x"), "pdf");
    }
}
