//! What became of objects in an S3 bucket.

use percent_encoding::percent_decode_str;
use serde::Deserialize;

/// Something became of an object.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Record")]
pub struct ObjectChange {
    /// What, such as `ObjectCreated:Put`.
    pub event: String,
    /// In which bucket.
    pub bucket: String,
    /// Under which key, as it was written.
    pub key: String,
    /// How many bytes it has; nothing for one that is gone.
    pub size: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    event_name: String,
    s3: Place,
}

#[derive(Deserialize)]
struct Place {
    bucket: Bucket,
    object: Object,
}

#[derive(Deserialize)]
struct Bucket {
    name: String,
}

#[derive(Deserialize)]
struct Object {
    key: String,
    size: Option<u64>,
}

#[derive(Debug, thiserror::Error)]
#[error("an object's key is no text")]
struct NoKey(#[from] std::str::Utf8Error);

impl TryFrom<Record> for ObjectChange {
    type Error = NoKey;

    /// Keys come as a form would encode them.
    fn try_from(Record { event_name, s3 }: Record) -> Result<Self, NoKey> {
        let spaced = s3.object.key.replace('+', " ");
        let key = percent_decode_str(&spaced).decode_utf8()?.into_owned();
        Ok(Self { event: event_name, bucket: s3.bucket.name, key, size: s3.object.size })
    }
}
