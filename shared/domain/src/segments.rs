//! How many SMS segments a text takes (reference/twilio.md §5): what it costs, and how the provider counts.

mod clusters;

use serde::{Deserialize, Serialize};

use self::clusters::clusters;

/// The longest body that the provider takes, in UTF-16 units.
pub const LONGEST_BODY: usize = 1600;

/// How a text is encoded on the air.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Encoding {
    /// 7-bit GSM 03.38 with its extension table.
    #[serde(rename = "GSM-7")]
    Gsm7,
    /// UTF-16.
    #[serde(rename = "UCS-2")]
    Ucs2,
}

/// What a text takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segments {
    /// How it is encoded.
    pub encoding: Encoding,
    /// How many segments; 0 for no text.
    pub count: usize,
    /// Septets or UTF-16 units in all.
    pub units: usize,
    /// The first character that forces the costlier encoding.
    pub forcing: Option<char>,
}

const GSM_BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
    ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const GSM_EXTENSION: &str = "^{}\\[~]|€\u{000C}";

impl Encoding {
    /// Units of a message that fits in one segment, and of each segment of a longer one.
    const fn sizes(self) -> (usize, usize) {
        match self {
            Self::Gsm7 => (160, 153),
            Self::Ucs2 => (70, 67),
        }
    }
}

impl Segments {
    /// Counts a text as it leaves.
    pub fn of(text: &str) -> Self {
        let forcing = text.chars().find(|c| septets(*c).is_none());
        let encoding = if forcing.is_none() { Encoding::Gsm7 } else { Encoding::Ucs2 };
        let sizes = unit_sizes(text, encoding);
        let units = sizes.iter().sum();
        let (single, multi) = encoding.sizes();
        let count = if units == 0 { 0 } else { fill(&sizes, single, multi) };
        Self { encoding, count, units, forcing }
    }
}

/// Whether the provider would refuse the text for its length (21617).
pub fn is_too_long(text: &str) -> bool {
    text.encode_utf16().count() > LONGEST_BODY
}

fn septets(c: char) -> Option<usize> {
    if GSM_BASIC.contains(c) { Some(1) } else { GSM_EXTENSION.contains(c).then_some(2) }
}

/// The parts that are never split between segments.
fn unit_sizes(text: &str, encoding: Encoding) -> Vec<usize> {
    match encoding {
        Encoding::Gsm7 => text.chars().filter_map(septets).collect(),
        Encoding::Ucs2 => clusters(text).into_iter().map(|part| part.encode_utf16().count()).collect(),
    }
}

/// Segments filled in order. A message that outgrows the one segment leaves room there for a header, and what
/// gives way to it moves on unlooked at: so the provider counts.
fn fill(sizes: &[usize], single: usize, multi: usize) -> usize {
    let (mut count, mut used, mut room) = (1, 0, single);
    for (at, size) in sizes.iter().enumerate() {
        if used + size > room {
            used = if count == 1 { used - fitting(&sizes[..at], multi) } else { 0 };
            room = multi;
            count += 1;
        }
        used += size;
    }
    count
}

/// The units of the leading parts that fit in `room`.
fn fitting(sizes: &[usize], room: usize) -> usize {
    let sums = sizes.iter().scan(0, |sum, size| {
        *sum += size;
        Some(*sum)
    });
    sums.take_while(|sum| *sum <= room).last().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> (Encoding, usize, usize) {
        let Segments { encoding, count, units, .. } = Segments::of(text);
        (encoding, count, units)
    }

    #[test]
    fn segments_are_full_at_160_and_153_and_at_70_and_67() {
        use Encoding::{Gsm7, Ucs2};
        for (letters, segments) in [(0, 0), (1, 1), (160, 1), (161, 2), (306, 2), (307, 3)] {
            assert_eq!(count(&"a".repeat(letters)), (Gsm7, segments, letters));
        }
        for (letters, segments) in [(70, 1), (71, 2), (134, 2), (135, 3)] {
            assert_eq!(count(&"\u{436}".repeat(letters)), (Ucs2, segments, letters));
        }
    }

    #[test]
    fn nothing_is_split_in_the_middle_as_twilio_counts() {
        let emoji = format!("{0}\u{1f61c}{0}", "x".repeat(66));
        assert_eq!(count(&emoji), (Encoding::Ucs2, 3, 134));
        let euro = format!("{0}\u{20ac}{0}", "a".repeat(152));
        assert_eq!(count(&euro), (Encoding::Gsm7, 3, 306));
        let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466}";
        assert_eq!(count(family), (Encoding::Ucs2, 1, 11));
        assert_eq!(count(&family.repeat(7)), (Encoding::Ucs2, 2, 77));
    }

    #[test]
    fn the_character_that_forces_the_costly_encoding_is_named() {
        for c in ['\u{e7}', '`', '\t', '\u{a0}', '\u{2019}', '\u{1f61c}'] {
            let text = format!("price {c}");
            assert_eq!(
                (Segments::of(&text).encoding, Segments::of(&text).forcing),
                (Encoding::Ucs2, Some(c))
            );
        }
        for text in ["\u{c7}\u{e9}", "^{}\\[~]|\u{20ac}", "a\r\nb"] {
            assert_eq!(Segments::of(text).forcing, None, "{text}");
        }
        assert_eq!(Segments::of("e\u{301}").encoding, Encoding::Ucs2);
    }

    #[test]
    fn sixteen_hundred_characters_are_the_limit() {
        assert!(!is_too_long(&"a".repeat(1600)) && is_too_long(&"a".repeat(1601)));
    }
}
