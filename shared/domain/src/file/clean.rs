//! A picture without place, device and owner. Containers are walked, and what they may hold is listed: all else
//! (EXIF, XMP, IPTC, comments, previews, what stands after the end) stays out. Pixels are copied byte for byte; of
//! EXIF only the mark that says which way up stays.
//!
//! Why not `img-parts`: it has no GIF, keeps what stands behind the end of a JPEG (phones put films there), and
//! lists what goes instead of what stays.

mod exif;
mod gif;
mod jpeg;
mod png;
mod webp;

use super::FileType;

/// A file as it may leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleaned {
    /// What it is.
    pub kind: FileType,
    /// Its bytes; none when they are those that were given.
    pub bytes: Option<Vec<u8>>,
    /// Something in it may tell of place, device or owner.
    pub may_tell: bool,
}

/// A container, walked.
struct Walked {
    bytes: Vec<u8>,
    size: (u32, u32),
    /// EXIF's orientation, from 1 to 8.
    orientation: u8,
}

/// The file as it may leave. A picture that cannot be walked to its end is none.
pub fn clean(bytes: &[u8]) -> Cleaned {
    let kind = FileType::of(bytes);
    if !kind.is_picture() {
        return Cleaned { kind, bytes: None, may_tell: !kind.can_be_cleaned() };
    }
    match walk(kind, bytes) {
        Some(walked) => Cleaned { kind, bytes: Some(walked.bytes), may_tell: false },
        None => Cleaned { kind: FileType::Other, bytes: None, may_tell: true },
    }
}

/// Width and height as the picture is shown.
pub(super) fn shown_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let walked = walk(FileType::of(bytes), bytes)?;
    let (width, height) = walked.size;
    Some(if walked.orientation >= 5 { (height, width) } else { (width, height) })
}

fn walk(kind: FileType, bytes: &[u8]) -> Option<Walked> {
    match kind {
        FileType::Jpeg => jpeg::walk(bytes),
        FileType::Png => png::walk(bytes),
        FileType::Gif => gif::walk(bytes),
        FileType::WebP => webp::walk(bytes),
        _ => None,
    }
}

fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

#[cfg(test)]
mod tests;
