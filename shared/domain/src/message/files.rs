//! What a message's files are called where they are not shown.

use serde::{Deserialize, Serialize};

use super::Media;

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
        Media { provider_url: String::new(), content_type: content_type.to_owned() }
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
