//! The request's body.

use bytes::{BufMut, Bytes, BytesMut};

use super::Recording;

/// A multipart form (RFC 7578), ready to send.
pub struct Form {
    /// With the boundary.
    pub content_type: String,
    /// All of it.
    pub body: Bytes,
}

impl Form {
    /// What is asked of the provider. `boundary`: letters and digits that no recording holds by chance.
    pub fn of(recording: &Recording, model: &str, boundary: &str) -> Self {
        let mut body = BytesMut::with_capacity(recording.bytes.len() + 1024);
        let language = recording.language.as_deref().map(|language| ("language", language));
        let fields = [("model", model), ("response_format", "json")];
        for (name, value) in fields.into_iter().chain(language) {
            body.put(field(boundary, name, value).as_bytes());
        }
        body.put(file(boundary, recording).as_bytes());
        body.put(recording.bytes.clone());
        body.put(format!("\r\n--{boundary}--\r\n").as_bytes());
        Self { content_type: format!("multipart/form-data; boundary={boundary}"), body: body.freeze() }
    }
}

fn field(boundary: &str, name: &str, value: &str) -> String {
    format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
}

fn file(boundary: &str, recording: &Recording) -> String {
    let (name, kind) = (recording.kind.file_name(), recording.kind.media_type());
    format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: {kind}\r\n\r\n"
    )
}
