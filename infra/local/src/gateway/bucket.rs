//! S3's side of a form that a browser posts (`POST /bucket`): the same checks, the same answers, this machine's bucket.
//!
//! The file goes to memory while it is checked; so few at a time that they have room.

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Response, StatusCode};
use multer::Multipart;
use porchlight_bucket::form::{Field, LASTS, Rejected};
use porchlight_bucket::signer::LOCAL;
use porchlight_bucket::{Bucket, BucketError};
use porchlight_domain::file;
use porchlight_domain::time::Timestamp;
use tokio::sync::Semaphore;

/// Files that are held at once.
const AT_A_TIME: usize = 4;
/// Bytes of a file that are read at all.
const DROPPED: usize = 160 << 20;
/// Bytes of all fields before the file, as on S3.
const MOST_OF_FIELDS: usize = 20 * 1024;

/// Takes forms.
pub struct BucketDoor {
    bucket: Bucket,
    room: Semaphore,
}

/// Why a file was not taken.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error(transparent)]
    Form(#[from] Rejected),
    #[error("InvalidRequest: {0}")]
    Unreadable(#[from] multer::Error),
    #[error("InternalError: {0}")]
    Bucket(#[from] BucketError),
}

impl Refused {
    const fn status(&self) -> StatusCode {
        match self {
            Self::Form(Rejected::AccessDenied(_)) => StatusCode::FORBIDDEN,
            Self::Form(_) | Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::Bucket(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl BucketDoor {
    /// In front of this bucket.
    pub const fn new(bucket: Bucket) -> Self {
        Self { bucket, room: Semaphore::const_new(AT_A_TIME) }
    }

    /// Whether a path is the bucket's.
    pub fn is_at(path: &str) -> bool {
        path == LOCAL
    }

    /// Takes the file of a form: 204, or why not, in S3's words.
    pub async fn take(&self, headers: &HeaderMap, body: Body, now: Timestamp) -> Response<Body> {
        let taken = tokio::time::timeout(LASTS, self.try_take(headers, body, now)).await;
        let refused = match taken {
            Ok(Ok(())) => return answer(StatusCode::NO_CONTENT, String::new()),
            Ok(Err(refused)) => refused,
            Err(_) => Rejected::Unreadable("the file does not come to its end").into(),
        };
        tracing::warn!(%refused, "a form was not taken");
        let words = refused.to_string();
        let (code, message) = words.split_once(": ").unwrap_or(("InternalError", &words));
        let xml =
            format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{message}</Message></Error>");
        answer(refused.status(), xml)
    }

    async fn try_take(&self, headers: &HeaderMap, body: Body, now: Timestamp) -> Result<(), Refused> {
        let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut form = Multipart::new(body.into_data_stream(), multer::parse_boundary(kind)?);
        let (mut fields, mut room): (Vec<Field>, usize) = (Vec::new(), MOST_OF_FIELDS);
        while let Some(field) = form.next_field().await? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "file" {
                // What stands behind the file is not read.
                return self.keep(&fields, field, now).await;
            }
            let text = read(field, room).await?.ok_or(Rejected::Unreadable("the fields are too large"))?;
            room -= text.len();
            fields.push((name, String::from_utf8_lossy(&text).into_owned()));
        }
        Err(Rejected::Unreadable("there is no file").into())
    }

    /// First the signature, before anything is read; then the size, which is known at the end.
    async fn keep(&self, fields: &[Field], file: multer::Field<'_>, now: Timestamp) -> Result<(), Refused> {
        self.bucket.signer().check(fields, 1, now).await?;
        let _room = self.room.acquire().await;
        let most = usize::try_from(file::LARGEST).unwrap_or(usize::MAX);
        let bytes = read(file, most).await?.ok_or(Rejected::TooLarge)?;
        let key = self.bucket.signer().check(fields, bytes.len() as u64, now).await?;
        Ok(self.bucket.put(&key, bytes).await?)
    }
}

/// All of a field; none when it is more than there is room for. The rest of what is too much is read and dropped: a
/// client that is still sending would not see the answer.
async fn read(mut field: multer::Field<'_>, most: usize) -> Result<Option<Bytes>, multer::Error> {
    let (mut bytes, mut seen) = (BytesMut::new(), 0);
    while let Some(piece) = field.chunk().await? {
        seen += piece.len();
        if seen > DROPPED {
            break;
        }
        if seen > most {
            bytes.clear();
        } else {
            bytes.extend_from_slice(&piece);
        }
    }
    Ok((seen <= most).then(|| bytes.freeze()))
}

fn answer(status: StatusCode, body: String) -> Response<Body> {
    let response = Response::builder().status(status).header(CONTENT_TYPE, "application/xml");
    response.body(Body::from(body)).expect("status and header are valid")
}
