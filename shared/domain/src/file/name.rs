//! Names of files, as people gave them, made harmless.

use unicode_normalization::UnicodeNormalization as _;

/// Signs of a name, at most; its ending is kept.
const LONGEST: usize = 100;
const LONGEST_ENDING: usize = 12;

/// The name without the folders before it, without what cannot be seen or turns the direction of reading, and not
/// too long. None where it is a folder's, or nothing is left.
pub fn clean(given: &str) -> Option<String> {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String = last.nfc().filter(|sign| !is_hidden(*sign)).collect();
    let bare = seen.trim().trim_end_matches('.');
    let bare = bare.split_whitespace().collect::<Vec<_>>().join(" ");
    let says = bare.chars().any(|sign| sign != '.');
    says.then(|| shortened(&bare))
}

/// Controls, signs that order text from right to left and back, and blanks of no width (joiners are letters' own).
fn is_hidden(sign: char) -> bool {
    sign.is_control()
        || matches!(
            sign,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'
                ..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    let ending = ending.filter(|ending| ending.chars().count() <= LONGEST_ENDING);
    let ending = ending.map(|ending| format!(".{ending}")).unwrap_or_default();
    let room = LONGEST - ending.chars().count();
    name.chars().take(room).chain(ending.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_name_and_leads_nowhere() {
        for (given, name) in [
            ("photo.jpg", Some("photo.jpg")),
            ("../../etc/passwd", Some("passwd")),
            ("C:\\fakepath\\Küche am See.png", Some("Küche am See.png")),
            ("写真 1.heic", Some("写真 1.heic")),
            ("invoice\u{202e}gpj.exe", Some("invoicegpj.exe")),
            ("a\r\nb\0.txt", Some("ab.txt")),
            ("  .hidden ", Some(".hidden")),
            ("report.pdf...", Some("report.pdf")),
            ("folder/", None),
            ("..", None),
            ("\u{200b}\u{202e}", None),
            ("", None),
        ] {
            assert_eq!(clean(given).as_deref(), name, "{given:?}");
        }
        let long = clean(&format!("{}.jpeg", "ä".repeat(400))).expect("a name");
        assert_eq!((long.chars().count(), long.ends_with("ä.jpeg")), (LONGEST, true));
    }
}
