//! JPEG (ITU T.81, B.1): segments, then scans, to the first end of image.

use super::exif::{self, UPRIGHT};
use super::{Walked, be16};

const START: [u8; 2] = [0xff, 0xd8];
const END: [u8; 2] = [0xff, 0xd9];
const EXIF: &[u8] = b"Exif\0\0";
/// JFIF's segment without its preview.
const JFIF: usize = 14;

pub fn walk(bytes: &[u8]) -> Option<Walked> {
    let (mut at, mut jfif, mut kept) = (2, Vec::new(), Vec::new());
    let (mut size, mut orientation, mut is_scanned) = (None, UPRIGHT, false);
    loop {
        let marker = match next_marker(bytes, &mut at) {
            Some(0xd9) => break,
            // What was cut off lacks rows, not meaning.
            None if is_scanned => break,
            None => return None,
            Some(marker) => marker,
        };
        if matches!(marker, 0x01 | 0xd0..=0xd7) {
            kept.extend([0xff, marker]);
            continue;
        }
        let length = usize::from(be16(bytes, at)?);
        let body = bytes.get(at + 2..at.checked_add(length.max(2))?)?;
        at += length.max(2);
        match marker {
            0xe0 if body.starts_with(b"JFIF\0") => jfif = segment(0xe0, &without_preview(body)?)?,
            0xe1 if body.starts_with(EXIF) => orientation = exif::orientation(&body[EXIF.len()..]),
            0xc0..=0xcf | 0xdb..=0xdd => {
                if !matches!(marker, 0xc4 | 0xc8 | 0xcc) && marker < 0xd0 {
                    size = Some((be16(body, 3)?.into(), be16(body, 1)?.into()));
                }
                kept.extend(segment(marker, body)?);
            }
            0xe2 if body.starts_with(b"ICC_PROFILE\0") => kept.extend(segment(marker, body)?),
            // How the colours are to be read.
            0xee if body.starts_with(b"Adobe") => kept.extend(segment(marker, body)?),
            0xda => {
                kept.extend(segment(marker, body)?);
                kept.extend(scan(bytes, &mut at));
                is_scanned = true;
            }
            _ => {}
        }
    }
    let marks = if orientation == UPRIGHT { Vec::new() } else { which_way_up(orientation)? };
    let bytes = [START.to_vec(), jfif, marks, kept, END.to_vec()].concat();
    Some(Walked { bytes, size: size.filter(|_| is_scanned)?, orientation })
}

/// The marker that stands here, after any fill bytes.
fn next_marker(bytes: &[u8], at: &mut usize) -> Option<u8> {
    if *bytes.get(*at)? != 0xff {
        return None;
    }
    while *bytes.get(*at)? == 0xff {
        *at += 1;
    }
    let marker = *bytes.get(*at)?;
    *at += 1;
    (marker != 0).then_some(marker)
}

/// The coded rows up to the next marker.
fn scan<'b>(bytes: &'b [u8], at: &mut usize) -> &'b [u8] {
    let begin = *at;
    while let Some(found) = bytes[*at..].iter().position(|byte| *byte == 0xff) {
        *at += found;
        match bytes.get(*at + 1) {
            Some(0 | 0xd0..=0xd7) => *at += 2,
            _ => return &bytes[begin..*at],
        }
    }
    *at = bytes.len();
    &bytes[begin..]
}

fn segment(marker: u8, body: &[u8]) -> Option<Vec<u8>> {
    let length = u16::try_from(body.len() + 2).ok()?.to_be_bytes();
    Some([&[0xff, marker], &length[..], body].concat())
}

fn without_preview(body: &[u8]) -> Option<Vec<u8>> {
    let mut head = body.get(..JFIF)?.to_vec();
    head[JFIF - 2..].fill(0);
    Some(head)
}

fn which_way_up(orientation: u8) -> Option<Vec<u8>> {
    segment(0xe1, &[EXIF, &exif::only(orientation)].concat())
}
