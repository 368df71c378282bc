//! What MMS carries (`reference/twilio.md` §6). What it does not, goes as a private link.

use serde::{Deserialize, Serialize};

use super::{FileType, Kept};
use crate::phone::ContactPoint;

/// Files of one message, in whatever way they go.
pub const MOST_FILES: usize = 10;
/// Bytes of a message with all that it carries: five million, of Twilio's five megabytes.
const MOST_BYTES: u64 = 5_000_000;
/// Bytes of a file that is no picture.
const MOST_OF_OTHERS: u64 = 500_000;
/// Pixels of a picture that phones take.
const MOST_PIXELS: u64 = 50_000_000;

/// How a file leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GoesAs {
    /// In the message.
    Mms,
    /// As a private link that expires, in its words.
    Link,
}

/// Whether a file by itself could be carried.
fn may_be_carried(kind: FileType, file: &Kept) -> bool {
    let pixels =
        file.width.zip(file.height).map_or(0, |(width, height)| u64::from(width) * u64::from(height));
    match kind {
        FileType::Jpeg | FileType::Png | FileType::Gif => file.size <= MOST_BYTES && pixels <= MOST_PIXELS,
        FileType::Mp4
        | FileType::ThreeGp
        | FileType::Amr
        | FileType::Mp3
        | FileType::VCard
        | FileType::Pdf => file.size <= MOST_OF_OTHERS,
        FileType::WebP
        | FileType::Heic
        | FileType::QuickTime
        | FileType::WebM
        | FileType::M4a
        | FileType::Ogg
        | FileType::Wav
        | FileType::Text
        | FileType::Other => false,
    }
}

/// MMS goes to the United States, Canada (with what shares their code) and Australia only.
fn takes_files(to: &ContactPoint) -> bool {
    ["+1", "+61"].iter().any(|code| to.as_str().starts_with(code))
}

/// How each of these files goes to this contact point beside words of so many bytes: in their order, as long as
/// there is room.
pub fn goes_as<'f>(
    files: impl IntoIterator<Item = (FileType, &'f Kept)>,
    words: usize,
    to: Option<&ContactPoint>,
) -> Vec<GoesAs> {
    let mut room = MOST_BYTES.saturating_sub(words as u64);
    let reachable = to.is_none_or(takes_files);
    let way = |(kind, file): (FileType, &Kept)| {
        if !reachable || !may_be_carried(kind, file) || file.size > room {
            return GoesAs::Link;
        }
        room -= file.size;
        GoesAs::Mms
    };
    files.into_iter().take(MOST_FILES).map(way).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A case that the browser's `ways` is held to as well: type, bytes, width and height of each file.
    #[derive(Deserialize)]
    struct Case {
        name: String,
        to: String,
        words: usize,
        files: Vec<(String, u64, Option<u32>, Option<u32>)>,
        ways: Vec<GoesAs>,
    }

    #[test]
    fn what_mms_does_not_carry_goes_as_a_link_as_the_browser_says() {
        let cases: Vec<Case> =
            serde_json::from_str(include_str!("../../cases/carried.json")).expect("the cases are JSON");
        for Case { name, to, words, files, ways } in cases {
            let to = ContactPoint::phone(&to).expect("a number");
            let files: Vec<_> = files
                .into_iter()
                .map(|(mime, size, width, height)| {
                    (FileType::of_mime(&mime), Kept { key: String::new(), size, width, height })
                })
                .collect();
            let files = files.iter().map(|(kind, file)| (*kind, file));
            assert_eq!(goes_as(files, words, Some(&to)), ways, "{name}");
        }
    }

    #[test]
    fn before_it_is_known_to_whom_any_number_is_reached() {
        let small = Kept { key: String::new(), size: 10, width: Some(100), height: Some(100) };
        assert_eq!(goes_as([(FileType::Png, &small)], 0, None), [GoesAs::Mms]);
    }
}
