//! EXIF: only which way up.

/// Upright.
pub const UPRIGHT: u8 = 1;
const ORIENTATION: u16 = 0x0112;
const SHORT: u16 = 3;

/// The orientation that a TIFF block tells; upright where it tells none.
pub fn orientation(tiff: &[u8]) -> u8 {
    read(tiff).filter(|orientation| (1..=8).contains(orientation)).unwrap_or(UPRIGHT)
}

fn read(tiff: &[u8]) -> Option<u8> {
    let little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let two = |at: usize| {
        let bytes: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let four = |at: usize| {
        let bytes: [u8; 4] = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    };
    let directory = usize::try_from(four(4)?).ok()?;
    let count = usize::from(two(directory)?);
    let entry = |number: usize| directory.checked_add(2 + number * 12);
    let found = (0..count).filter_map(entry).find(|at| two(*at) == Some(ORIENTATION))?;
    if two(found + 2)? != SHORT {
        return None;
    }
    u8::try_from(two(found + 8)?).ok()
}

/// A TIFF block that tells the orientation and nothing else.
pub const fn only(orientation: u8) -> [u8; 26] {
    [
        b'M',
        b'M',
        0,
        b'*',
        0,
        0,
        0,
        8, // where the directory stands
        0,
        1, // one entry
        0x01,
        0x12,
        0,
        3,
        0,
        0,
        0,
        1,
        0,
        orientation,
        0,
        0, // the orientation, one short
        0,
        0,
        0,
        0, // no further directory
    ]
}
