//! WebP (RFC 9649): a RIFF file of chunks.

use super::exif::{self, UPRIGHT};
use super::{Walked, le32};

const HEADER: usize = 12;
const EXIF_FLAG: u8 = 0x08;
const XMP_FLAG: u8 = 0x04;
const KEPT: [&[u8; 4]; 6] = [b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];

pub fn walk(bytes: &[u8]) -> Option<Walked> {
    let told = usize::try_from(le32(bytes, 4)?).ok()?;
    let bytes = bytes.get(..told.checked_add(8)?.min(bytes.len()))?;
    let (mut at, mut kept, mut extended) = (HEADER, Vec::new(), None);
    let (mut size, mut orientation, mut has_picture) = (None, UPRIGHT, false);
    while at < bytes.len() {
        let length = usize::try_from(le32(bytes, at + 4)?).ok()?;
        let kind = bytes.get(at..at + 4)?;
        let data = bytes.get(at + 8..(at + 8).checked_add(length)?)?;
        match kind {
            b"VP8X" if extended.is_none() => extended = Some(data.to_vec()),
            b"EXIF" => orientation = exif::orientation(data.strip_prefix(b"Exif\0\0").unwrap_or(data)),
            _ => {}
        }
        size = size.or_else(|| size_in(kind, data));
        has_picture |= matches!(kind, b"VP8 " | b"VP8L" | b"ANMF");
        if KEPT.iter().any(|it| kind == *it) {
            kept.extend(chunk(kind, data));
        }
        at = at + 8 + length + length % 2;
    }
    let mut first = Vec::new();
    if let Some(mut data) = extended {
        let flags = data.first_mut()?;
        *flags &= !(EXIF_FLAG | XMP_FLAG);
        if orientation != UPRIGHT {
            *flags |= EXIF_FLAG;
            kept.extend(chunk(b"EXIF", &exif::only(orientation)));
        }
        first = chunk(b"VP8X", &data);
    }
    let length = u32::try_from(4 + first.len() + kept.len()).ok()?;
    let bytes = [&b"RIFF"[..], &length.to_le_bytes(), b"WEBP", &first, &kept].concat();
    Some(Walked { bytes, size: size.filter(|_| has_picture)?, orientation })
}

fn chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap_or_default().to_le_bytes();
    let padding = &[0][..data.len() % 2];
    [kind, &length, data, padding].concat()
}

fn size_in(kind: &[u8], data: &[u8]) -> Option<(u32, u32)> {
    match kind {
        b"VP8X" => {
            let side = |at: usize| {
                Some(u32::from_le_bytes([*data.get(at)?, *data.get(at + 1)?, *data.get(at + 2)?, 0]) + 1)
            };
            Some((side(4)?, side(7)?))
        }
        b"VP8 " => {
            let side = |at: usize| {
                Some(u32::from(u16::from_le_bytes([*data.get(at)?, *data.get(at + 1)?]) & 0x3fff))
            };
            Some((side(6)?, side(8)?))
        }
        b"VP8L" => {
            let bits = le32(data, 1)?;
            Some(((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1))
        }
        _ => None,
    }
}
