//! What a file is, told by its bytes.

/// The forms that are known. Whatever is none of them is bytes, whatever it calls itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the format of that name")]
pub enum FileType {
    Jpeg,
    Png,
    Gif,
    WebP,
    Heic,
    Mp4,
    QuickTime,
    ThreeGp,
    WebM,
    Mp3,
    M4a,
    Amr,
    Ogg,
    Wav,
    Pdf,
    VCard,
    Text,
    Other,
}

/// So many bytes tell what a text is.
const LOOKED_AT: usize = 4096;

impl FileType {
    /// All that are known.
    pub const ALL: [Self; 18] = [
        Self::Jpeg,
        Self::Png,
        Self::Gif,
        Self::WebP,
        Self::Heic,
        Self::Mp4,
        Self::QuickTime,
        Self::ThreeGp,
        Self::WebM,
        Self::Mp3,
        Self::M4a,
        Self::Amr,
        Self::Ogg,
        Self::Wav,
        Self::Pdf,
        Self::VCard,
        Self::Text,
        Self::Other,
    ];

    /// What these bytes are.
    pub fn of(bytes: &[u8]) -> Self {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Self::Jpeg,
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Self::Png,
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Self::Gif,
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Self::WebP,
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Self::Wav,
            [_, _, _, _, b'f', b't', b'y', b'p', a, b, c, d, ..] => Self::of_brand([*a, *b, *c, *d]),
            [0x1a, 0x45, 0xdf, 0xa3, ..] => Self::WebM,
            [b'I', b'D', b'3', ..] | [0xff, 0xfb | 0xf3 | 0xf2 | 0xfa, ..] => Self::Mp3,
            [b'#', b'!', b'A', b'M', b'R', ..] => Self::Amr,
            [b'O', b'g', b'g', b'S', ..] => Self::Ogg,
            [b'%', b'P', b'D', b'F', b'-', ..] => Self::Pdf,
            other => Self::of_text(other),
        }
    }

    /// ISO 14496-12's major brand.
    const fn of_brand(brand: [u8; 4]) -> Self {
        match &brand {
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" | b"avif" => {
                Self::Heic
            }
            b"qt  " => Self::QuickTime,
            [b'3', b'g', b'p' | b'2' | b'r' | b's' | b'e', _] => Self::ThreeGp,
            b"M4A " | b"M4B " => Self::M4a,
            _ => Self::Mp4,
        }
    }

    /// Markup is no text: whoever opened it would run it.
    fn of_text(bytes: &[u8]) -> Self {
        let start = &bytes[..bytes.len().min(LOOKED_AT)];
        let text = match std::str::from_utf8(start) {
            Ok(text) => text,
            // The last sign may be cut.
            Err(error) if error.error_len().is_none() => {
                std::str::from_utf8(&start[..error.valid_up_to()]).unwrap_or_default()
            }
            Err(_) => return Self::Other,
        };
        let text = text.trim_start_matches('\u{feff}').trim_start();
        if text.get(..11).is_some_and(|start| start.eq_ignore_ascii_case("BEGIN:VCARD")) {
            return Self::VCard;
        }
        let is_plain = |sign: char| !sign.is_control() || matches!(sign, '\n' | '\r' | '\t');
        if text.is_empty() || text.contains('<') || !text.chars().all(is_plain) {
            Self::Other
        } else {
            Self::Text
        }
    }

    /// The form that a MIME type names, where it is a known one.
    pub fn of_mime(mime: &str) -> Self {
        let essence = mime.split(';').next().unwrap_or_default().trim();
        let known = Self::ALL.into_iter().find(|known| known.mime().eq_ignore_ascii_case(essence));
        known.unwrap_or(Self::Other)
    }

    /// Its MIME type.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
            Self::Heic => "image/heic",
            Self::Mp4 => "video/mp4",
            Self::QuickTime => "video/quicktime",
            Self::ThreeGp => "video/3gpp",
            Self::WebM => "video/webm",
            Self::Mp3 => "audio/mpeg",
            Self::M4a => "audio/mp4",
            Self::Amr => "audio/amr",
            Self::Ogg => "audio/ogg",
            Self::Wav => "audio/wav",
            Self::Pdf => "application/pdf",
            Self::VCard => "text/vcard",
            Self::Text => "text/plain",
            Self::Other => "application/octet-stream",
        }
    }

    /// The usual ending of its names; never one that a browser would run.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::WebP => "webp",
            Self::Heic => "heic",
            Self::Mp4 => "mp4",
            Self::QuickTime => "mov",
            Self::ThreeGp => "3gp",
            Self::WebM => "webm",
            Self::Mp3 => "mp3",
            Self::M4a => "m4a",
            Self::Amr => "amr",
            Self::Ogg => "ogg",
            Self::Wav => "wav",
            Self::Pdf => "pdf",
            Self::VCard => "vcf",
            Self::Text => "txt",
            Self::Other => "bin",
        }
    }

    /// A picture that every browser shows and none runs, and whose marks can be taken out.
    pub const fn is_picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Gif | Self::WebP)
    }

    /// Whether a page may show or play it where it stands; all else is for saving.
    pub const fn is_shown(self) -> bool {
        match self {
            Self::Jpeg
            | Self::Png
            | Self::Gif
            | Self::WebP
            | Self::Mp4
            | Self::QuickTime
            | Self::ThreeGp
            | Self::WebM
            | Self::Mp3
            | Self::M4a
            | Self::Amr
            | Self::Ogg
            | Self::Wav => true,
            Self::Heic | Self::Pdf | Self::VCard | Self::Text | Self::Other => false,
        }
    }

    /// Whether nothing in it tells of place, device or owner once it is cleaned: what a card or a text says, it is
    /// there to say.
    pub const fn can_be_cleaned(self) -> bool {
        self.is_picture() || matches!(self, Self::VCard | Self::Text | Self::Amr)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_are_and_markup_is_nothing() {
        for (bytes, kind) in [
            (&b"\xff\xd8\xff\xe0\0\x10JFIF"[..], FileType::Jpeg),
            (b"\x89PNG\r\n\x1a\n\0\0", FileType::Png),
            (b"GIF89a\x01\0", FileType::Gif),
            (b"RIFF\x10\0\0\0WEBPVP8 ", FileType::WebP),
            (b"RIFF\x10\0\0\0WAVEfmt ", FileType::Wav),
            (b"\0\0\0\x18ftypheic", FileType::Heic),
            (b"\0\0\0\x18ftypisom", FileType::Mp4),
            (b"\0\0\0\x18ftypqt  ", FileType::QuickTime),
            (b"\0\0\0\x18ftyp3gp5", FileType::ThreeGp),
            (b"#!AMR\n", FileType::Amr),
            (b"%PDF-1.7", FileType::Pdf),
            (b"\xef\xbb\xbfbegin:vcard\r\nFN:Jo", FileType::VCard),
            ("Größe: 3 m\n".as_bytes(), FileType::Text),
            (b"<svg xmlns='http://www.w3.org/2000/svg'>", FileType::Other),
            (b"hello <script>alert(1)</script>", FileType::Other),
            (b"PK\x03\x04", FileType::Other),
            (b"GIF8", FileType::Text),
            (b"", FileType::Other),
        ] {
            assert_eq!(FileType::of(bytes), kind, "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn nothing_that_could_run_is_shown_or_ends_like_a_page() {
        for kind in FileType::ALL {
            assert!(!["html", "htm", "svg", "xml", "js", "xhtml"].contains(&kind.ending()));
            assert_eq!(FileType::of_mime(kind.mime()), kind);
        }
        assert_eq!(FileType::of_mime("image/svg+xml"), FileType::Other);
        assert_eq!(FileType::of_mime("Image/JPEG; q=1"), FileType::Jpeg);
    }
}
