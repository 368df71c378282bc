//! PNG (W3C, third edition): a signature and chunks, to `IEND`.

use super::exif::{self, UPRIGHT};
use super::{Walked, be32};

const SIGNATURE: usize = 8;
/// What the picture is made of, and how its colours are to be read.
const KEPT: [&[u8; 4]; 18] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP",
    b"mDCV", b"cLLI", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
];

pub fn walk(bytes: &[u8]) -> Option<Walked> {
    let (mut at, mut kept) = (SIGNATURE, bytes[..SIGNATURE].to_vec());
    let (mut size, mut orientation, mut rows_at) = (None, UPRIGHT, None);
    loop {
        let length = usize::try_from(be32(bytes, at)?).ok()?;
        let end = at.checked_add(12)?.checked_add(length)?;
        let chunk = bytes.get(at..end)?;
        let (kind, data) = (&chunk[4..8], &chunk[8..8 + length]);
        if size.is_none() {
            size = Some(header(kind, data)?);
        }
        if kind == b"eXIf" {
            orientation = exif::orientation(data);
        }
        if kind == b"IDAT" {
            rows_at.get_or_insert(kept.len());
        }
        if KEPT.iter().any(|it| kind == *it) {
            kept.extend_from_slice(chunk);
        }
        if kind == b"IEND" {
            // Which way up stands before the rows, wherever it stood.
            if let Some(rows_at) = rows_at.filter(|_| orientation != UPRIGHT) {
                kept.splice(rows_at..rows_at, which_way_up(orientation));
            }
            return Some(Walked { bytes: kept, size: size?, orientation });
        }
        at = end;
    }
}

fn header(kind: &[u8], data: &[u8]) -> Option<(u32, u32)> {
    if kind != b"IHDR" {
        return None;
    }
    Some((be32(data, 0)?, be32(data, 4)?))
}

fn which_way_up(orientation: u8) -> Vec<u8> {
    let data = exif::only(orientation);
    let named = [&b"eXIf"[..], &data].concat();
    let length = u32::try_from(data.len()).unwrap_or_default().to_be_bytes();
    [&length[..], &named, &crc(&named).to_be_bytes()].concat()
}

/// CRC-32 of ISO 3309.
fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_sum_is_the_standards() {
        assert_eq!(crc(b"IEND"), 0xae42_6082);
    }
}
