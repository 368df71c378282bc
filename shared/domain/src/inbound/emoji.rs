//! What is an emoji.

/// Longest text taken for an emoji: a family with skin tones.
const LONGEST: usize = 64;

/// Whether a text is an emoji, and nothing else: also a keycap, a letter in a box, a flag.
pub(super) fn is_emoji(sign: &str) -> bool {
    let part = |c: char| is_picture(c) || is_joint(c) || matches!(c, '0'..='9' | '#' | '*');
    sign.len() <= LONGEST && sign.chars().all(part) && sign.chars().any(is_picture)
}

/// The pictures themselves, and the frame around a keycap.
const fn is_picture(c: char) -> bool {
    matches!(c,
        '©' | '®' | '\u{203C}' | '\u{2049}' | '\u{20E3}' | '\u{2100}'..='\u{214F}' | '\u{2190}'..='\u{23FF}'
        | '\u{24C2}' | '\u{25A0}'..='\u{27BF}' | '\u{2934}'..='\u{2935}' | '\u{2B00}'..='\u{2BFF}' | '\u{3030}'
        | '\u{303D}' | '\u{3297}' | '\u{3299}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Joiners, colours of picture and text, the letters of some flags.
pub(super) const fn is_joint(c: char) -> bool {
    matches!(c, '\u{200D}' | '\u{FE0E}' | '\u{FE0F}' | '\u{E0020}'..='\u{E007F}')
}
