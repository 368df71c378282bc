//! GIF89a: a screen, blocks, a trailer.

use super::Walked;
use super::exif::UPRIGHT;

/// How often it repeats, and its colours; every other application's block stays out.
const APPLICATIONS: [&[u8]; 3] = [b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"];

pub fn walk(bytes: &[u8]) -> Option<Walked> {
    let screen = bytes.get(..13)?;
    let mut at = 13 + table(screen[10]);
    let mut kept = bytes.get(..at)?.to_vec();
    let mut has_picture = false;
    loop {
        let begin = at;
        match *bytes.get(at)? {
            0x3b => break,
            0x2c => {
                let flags = *bytes.get(at + 9)?;
                at = blocks(bytes, at + 10 + table(flags) + 1)?;
                kept.extend_from_slice(bytes.get(begin..at)?);
                has_picture = true;
            }
            0x21 => {
                let label = *bytes.get(at + 1)?;
                at = blocks(bytes, at + 2)?;
                let block = bytes.get(begin..at)?;
                let named = |name: &&[u8]| block.get(3..14) == Some(*name);
                if matches!(label, 0xf9 | 0x01) || (label == 0xff && APPLICATIONS.iter().any(named)) {
                    kept.extend_from_slice(block);
                }
            }
            _ => return None,
        }
    }
    kept.push(0x3b);
    let two = |at: usize| u32::from(u16::from_le_bytes([screen[at], screen[at + 1]]));
    has_picture.then(|| Walked { bytes: kept, size: (two(6), two(8)), orientation: UPRIGHT })
}

/// Bytes of the colour table that these flags announce.
const fn table(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// Behind a row of blocks, each with its length in front, the last one empty.
fn blocks(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}
