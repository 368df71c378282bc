//! A number as people type or paste it.

use unicode_normalization::UnicodeNormalization as _;

use super::{hidden, to_e164};

/// Why what was typed is no number that can be called or texted, in words for the person who typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NotAContact {
    /// Nothing, or no digits.
    #[error("Write a phone number.")]
    Empty,
    /// An `@`, and no address.
    #[error("This is no email address.")]
    Address,
    /// Letters, or signs that no number has.
    #[error("A phone number has only digits. Write letters as the digits they stand for.")]
    Letters,
    /// An extension.
    #[error("Texts do not reach an extension. Write the number without it.")]
    Extension,
    /// Five or six digits.
    #[error("This is a short code. Only whole phone numbers can be written to.")]
    ShortCode,
    /// Seven digits or fewer.
    #[error("The area code is missing. Write all ten digits.")]
    Local,
    /// 00 instead of +.
    #[error("Write + instead of 00, then the country code.")]
    DoubleZero,
    /// A country code without its +.
    #[error("Write + before the country code. A number without it needs ten digits.")]
    NoCountry,
    /// Not in the numbering plan.
    #[error("There is no such number. Check its area code and its digits.")]
    NoSuch,
    /// A number that stands for everybody who hides theirs.
    #[error("This stands for people who hide their number. Nobody can be reached there.")]
    Hidden,
}

/// E.164 of a number as it was typed.
pub(super) fn e164(text: &str) -> Result<String, NotAContact> {
    let plain = plain(text);
    if hidden(&plain).is_some() {
        return Err(NotAContact::Hidden);
    }
    let (number, extension) = split_extension(&plain);
    if extension {
        return Err(NotAContact::Extension);
    }
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() && !number.chars().any(char::is_alphabetic) {
        return Err(NotAContact::Empty);
    }
    let is_of_number = |c: char| c.is_ascii_digit() || matches!(c, '(' | ')' | '.' | '-' | '/' | ' ');
    let begun = number.trim_start_matches(['(', ' ']);
    let rest = begun.strip_prefix('+');
    if !rest.unwrap_or(number).chars().all(is_of_number) {
        return Err(NotAContact::Letters);
    }
    match rest {
        // "+44 (0)20 …": that 0 is dialled at home only.
        Some(rest) => to_e164(&format!("+{}", rest.replace("(0)", ""))).ok_or(NotAContact::NoSuch),
        None => north_american(&digits),
    }
}

/// As North Americans write it: 011 stands for +, a 1 may come first.
fn north_american(digits: &str) -> Result<String, NotAContact> {
    if let Some(abroad) = digits.strip_prefix("011") {
        return to_e164(&format!("+{abroad}")).ok_or(NotAContact::NoSuch);
    }
    match (digits.len(), digits.as_bytes().first()) {
        _ if digits.starts_with("00") => Err(NotAContact::DoubleZero),
        (5 | 6, _) => Err(NotAContact::ShortCode),
        (0..=7, _) => Err(NotAContact::Local),
        (10, _) | (11, Some(b'1')) => to_e164(digits).ok_or(NotAContact::NoSuch),
        _ => Err(NotAContact::NoCountry),
    }
}

/// Without what only pasting brings along: invisible marks, odd hyphens and spaces, wide digits, `tel:`.
fn plain(text: &str) -> String {
    let visible = text.nfkc().filter(|c| !is_invisible(*c)).map(|c| match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{30FC}' => '-',
        c if c.is_whitespace() => ' ',
        c => c,
    });
    let plain: String = visible.collect();
    let plain = plain.trim();
    let bare =
        plain.get(..4).filter(|scheme| scheme.eq_ignore_ascii_case("tel:")).map_or(plain, |_| &plain[4..]);
    bare.trim().to_owned()
}

fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// The number, and whether an extension follows it: `x12`, `ext. 12`, `;ext=12`, `#12`, or digits to dial later.
fn split_extension(text: &str) -> (&str, bool) {
    let lower = text.to_lowercase();
    let marks = ["ext", "x", "#", ";", ",", "anexo", "poste"];
    let begins = marks.iter().filter_map(|mark| lower.find(mark)).min();
    match begins {
        Some(at) if text.is_char_boundary(at) && is_extension(&text[..at], &lower[at..]) => {
            (&text[..at], true)
        }
        _ => (text, false),
    }
}

fn is_extension(number: &str, rest: &str) -> bool {
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    digits(number) >= 7 && digits(rest) >= 1 && !number.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::super::ContactPoint;
    use super::*;

    #[test]
    fn every_form_of_one_number_is_that_number() {
        let forms = [
            "+12075550142",
            "(207) 555-0142",
            "(+1) 207 555 0142",
            "207.555.0142",
            "207/555-0142",
            "1 207 555 0142",
            "1-207-555-0142",
            "tel:+1-207-555-0142",
            "TEL:207.555.0142",
            "011 1 207 555 0142",
            "\u{202a}+1\u{a0}(207)\u{a0}555\u{2011}0142\u{202c}",
            "207\u{2013}555\u{2212}0142",
            "\u{200b}2075550142\u{feff}",
            "\u{ff0b}\u{ff11}\u{ff12}\u{ff10}\u{ff17}\u{ff15}\u{ff15}\u{ff15}\u{ff10}\u{ff11}\u{ff14}\u{ff12}",
        ];
        for text in forms {
            assert_eq!(ContactPoint::typed(text).expect(text).as_str(), "+12075550142", "{text}");
        }
        assert_eq!(ContactPoint::typed("011 44 20 7946 0958").expect("London").as_str(), "+442079460958");
        assert_eq!(ContactPoint::typed("+44 (0)20 7946 0958").expect("London").as_str(), "+442079460958");
        assert_eq!(
            ContactPoint::typed("Maria@Example.com").expect("an address").as_str(),
            "maria@example.com"
        );
    }

    #[test]
    fn what_is_no_number_is_refused_with_the_words_that_fit() {
        let refused = [
            ("", NotAContact::Empty),
            ("  -- ", NotAContact::Empty),
            ("maria@", NotAContact::Address),
            ("555-0142", NotAContact::Local),
            ("24273", NotAContact::ShortCode),
            ("262966", NotAContact::ShortCode),
            ("5550142", NotAContact::Local),
            ("911", NotAContact::Local),
            ("0044 20 7946 0958", NotAContact::DoubleZero),
            ("44 20 7946 0958", NotAContact::NoCountry),
            ("12345678", NotAContact::NoCountry),
            ("+15550142", NotAContact::NoSuch),
            ("+1 207 555 01420", NotAContact::NoSuch),
            ("(107) 555-0142", NotAContact::NoSuch),
            ("+999 1234567", NotAContact::NoSuch),
            ("207-555-HELP", NotAContact::Letters),
            ("ACME Corp", NotAContact::Letters),
            ("207*555*0142", NotAContact::Letters),
            ("207 555 0142+", NotAContact::Letters),
            ("whatsapp:+12075550142", NotAContact::Letters),
            ("207-555-0142 x12", NotAContact::Extension),
            ("207-555-0142 ext. 12", NotAContact::Extension),
            ("tel:+1-207-555-0142;ext=12", NotAContact::Extension),
            ("2075550142#3", NotAContact::Extension),
            ("2075550142,3", NotAContact::Extension),
            ("anonymous", NotAContact::Hidden),
            ("+266696687", NotAContact::Hidden),
        ];
        for (text, why) in refused {
            assert_eq!(ContactPoint::typed(text), Err(why), "{text}");
        }
    }
}
