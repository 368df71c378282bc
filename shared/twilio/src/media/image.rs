//! What a file is, told by its first bytes.

/// A picture that every browser shows and none runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the format of that name")]
pub enum ImageType {
    Jpeg,
    Png,
    Gif,
    WebP,
}

impl ImageType {
    /// The format of these bytes; none for anything else, whatever it calls itself.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            _ => None,
        }
    }

    /// Its MIME type.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_told_by_their_bytes_and_markup_is_none() {
        assert_eq!(ImageType::of(b"\xff\xd8\xff\xe0\0\x10JFIF"), Some(ImageType::Jpeg));
        assert_eq!(ImageType::of(b"\x89PNG\r\n\x1a\n\0\0"), Some(ImageType::Png));
        assert_eq!(ImageType::of(b"GIF89a\x01\0"), Some(ImageType::Gif));
        assert_eq!(ImageType::of(b"RIFF\x10\0\0\0WEBPVP8 "), Some(ImageType::WebP));
        for other in [&b"<svg xmlns='http://www.w3.org/2000/svg'>"[..], b"<html>", b"%PDF-1.7", b"GIF8", b""]
        {
            assert_eq!(ImageType::of(other), None);
        }
    }
}
