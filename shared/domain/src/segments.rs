//! How many SMS segments a text takes (reference/twilio.md §5): what it costs, and how the provider counts.

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

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
        let count = match units {
            0 => 0,
            units if units <= single => 1,
            _ => fill(&sizes, multi),
        };
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

/// The parts that are never split between segments: graphemes, as the provider keeps them whole.
fn unit_sizes(text: &str, encoding: Encoding) -> Vec<usize> {
    match encoding {
        Encoding::Gsm7 => text.chars().filter_map(septets).collect(),
        Encoding::Ucs2 => text
            .graphemes(true)
            .flat_map(|g| if g == "\r\n" { vec!["\r", "\n"] } else { vec![g] })
            .map(|g| g.encode_utf16().count())
            .collect(),
    }
}

/// Segments of `room` units, filled in order; a part larger than a segment is cut.
fn fill(sizes: &[usize], room: usize) -> usize {
    let (mut count, mut free) = (0, 0);
    for size in sizes {
        if *size > free {
            let segments = size.div_ceil(room);
            count += segments;
            free = segments * room - size;
        } else {
            free -= size;
        }
    }
    count
}
