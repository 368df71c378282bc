//! How many segments Twilio would bill: GSM-7 (160, or 153 each) or UCS-2 (70, or 67 each).

const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// These take an escape and count twice.
const EXTENDED: &str = "\u{c}^{}\\[~]|€";

/// The number of segments; a character is never split between two.
pub fn count(body: &str) -> usize {
    let gsm = body.chars().all(|c| BASIC.contains(c) || EXTENDED.contains(c));
    let (single, each) = if gsm { (160, 153) } else { (70, 67) };
    let cost = |c: char| if gsm { 1 + usize::from(EXTENDED.contains(c)) } else { c.len_utf16() };
    if body.chars().map(cost).sum::<usize>() <= single {
        return 1;
    }
    let (full, _) = body.chars().map(cost).fold((0, 0), |(full, used), cost| match used + cost {
        sum if sum > each => (full + 1, cost),
        sum => (full, sum),
    });
    full + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_follow_the_alphabet_and_keep_characters_whole() {
        assert_eq!([count(""), count(&"a".repeat(160)), count(&"a".repeat(161))], [1, 1, 2]);
        assert_eq!([count(&"€".repeat(80)), count(&"ç".repeat(70)), count(&"ç".repeat(71))], [1, 1, 2]);
        assert_eq!(count(&format!("{}€{}", "a".repeat(152), "a".repeat(152))), 3);
        assert_eq!(count(&format!("{}😜{}", "x".repeat(66), "x".repeat(66))), 3);
    }
}
