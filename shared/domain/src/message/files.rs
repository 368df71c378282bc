//! What a message's files are called where they are not shown.

use serde::{Deserialize, Serialize};

use super::Media;
use crate::file::{Fetch, FileState, FileType, Kept, NotFetched};
use crate::time::Timestamp;

/// What a file is to whoever reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// A picture, in whatever form.
    Photo,
    /// Moving pictures.
    Video,
    /// Sound alone.
    VoiceMemo,
    /// A card with a name and numbers.
    Contact,
    /// Anything else.
    File,
}

impl Media {
    /// A file that the provider has.
    pub fn at_provider(url: impl Into<String>, content_type: impl Into<String>) -> Self {
        Self { provider_url: url.into(), content_type: content_type.into(), ..Self::default() }
    }

    /// The same, to be fetched from there.
    #[must_use]
    pub fn to_be_fetched(self, now: Timestamp) -> Self {
        Self { fetch: Some(Fetch::begin(now)), ..self }
    }

    /// The file lies with us now, and is what its bytes are.
    pub fn keep(&mut self, kept: Kept, kind: FileType) {
        kind.mime().clone_into(&mut self.content_type);
        self.kept = Some(kept);
        self.fetch = None;
    }

    /// It could not be fetched.
    pub fn fetch_failed(&mut self, why: NotFetched, now: Timestamp) {
        let before = self.fetch.take().unwrap_or_else(|| Fetch::begin(now));
        self.fetch = Some(before.failed(why, now));
    }

    /// Where it is. One that nobody has begun to fetch, from before files were kept, is there for whoever asks.
    pub const fn state(&self) -> FileState {
        match (&self.kept, &self.fetch) {
            (Some(_), _) | (None, None) => FileState::Ready,
            (None, Some(Fetch { due: Some(_), .. })) => FileState::Fetching,
            (None, Some(Fetch { due: None, .. })) => FileState::Failed,
        }
    }

    /// What it is, by its type.
    pub fn kind(&self) -> MediaKind {
        let kind = self.content_type.trim().to_ascii_lowercase();
        let kind = kind.split(';').next().unwrap_or_default().trim_end();
        match kind.split_once('/') {
            Some(("image", _)) => MediaKind::Photo,
            Some(("video", _)) => MediaKind::Video,
            Some(("audio", _)) => MediaKind::VoiceMemo,
            Some(("text", "vcard" | "x-vcard" | "directory") | ("application", "vcard" | "x-vcard")) => {
                MediaKind::Contact
            }
            _ => MediaKind::File,
        }
    }
}

impl MediaKind {
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Photo => ("Photo", "photos"),
            Self::Video => ("Video", "videos"),
            Self::VoiceMemo => ("Voice memo", "voice memos"),
            Self::Contact => ("Contact", "contacts"),
            Self::File => ("File", "files"),
        }
    }
}

/// What a message without words is called: by its files, and that it is empty where it has none.
pub fn wordless(files: &[Media]) -> String {
    let Some(first) = files.first().map(Media::kind) else { return "Empty message".to_owned() };
    let alike = files.iter().all(|file| file.kind() == first);
    let (one, many) = if alike { first.words() } else { MediaKind::File.words() };
    if files.len() == 1 { one.to_owned() } else { format!("{} {many}", files.len()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(content_type: &str) -> Media {
        Media::at_provider("", content_type)
    }

    #[test]
    fn each_kind_of_file_has_its_name() {
        for (content_type, words) in [
            ("image/jpeg", "Photo"),
            ("image/heic", "Photo"),
            ("IMAGE/HEIF; charset=binary", "Photo"),
            ("video/3gpp", "Video"),
            ("audio/amr", "Voice memo"),
            ("audio/mp4", "Voice memo"),
            ("text/vcard", "Contact"),
            ("text/x-vcard; charset=utf-8", "Contact"),
            ("application/pdf", "File"),
            ("text/plain", "File"),
            ("", "File"),
        ] {
            assert_eq!(wordless(&[file(content_type)]), words, "{content_type}");
        }
        assert_eq!(wordless(&[file("image/png"), file("image/heic")]), "2 photos");
        assert_eq!(wordless(&[file("image/png"), file("audio/amr")]), "2 files");
        assert_eq!(wordless(&[]), "Empty message");
    }
}
