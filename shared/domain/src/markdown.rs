//! Markdown leaves as plain text on SMS (RULES "Sending"): the marks go, the words stay.
//!
//! Only what the composer writes is read: emphasis, strike-through, code, links, headings, fences and
//! backslash escapes. Marks inside words (`snake_case`, `5*4*3`) and addresses are left as they stand.

/// Marks around words, longest first, so that `**` is not read as two `*`.
const MARKS: [&str; 7] = ["***", "**", "__", "~~", "*", "_", "`"];

/// The words as they leave on a channel without formatting; lists and quotes keep their signs.
pub fn plain_text(markdown: &str) -> String {
    let lines = markdown.lines().filter(|line| !line.trim_start().starts_with("```"));
    let plain: Vec<String> = lines.map(|line| words(without_heading(line))).collect();
    plain.join("\n").trim().to_owned()
}

fn without_heading(line: &str) -> &str {
    let title = line.trim_start_matches('#');
    let level = line.len() - title.len();
    if (1..=6).contains(&level) && title.starts_with(' ') { title.trim_start() } else { line }
}

/// One line, or what stands between two marks.
fn words(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(next) = text[at..].chars().next() {
        let (piece, taken) = piece(text, at, next);
        plain.push_str(&piece);
        at += taken;
    }
    plain
}

/// What stands at `at`, and how many bytes of the source it took.
fn piece(text: &str, at: usize, next: char) -> (String, usize) {
    let rest = &text[at..];
    let found = match next {
        '\\' => escaped(rest),
        'h' => address(rest),
        '[' => link(rest),
        '<' => bracketed(rest),
        _ => marked(text, at),
    };
    found.unwrap_or_else(|| (next.to_string(), next.len_utf8()))
}

fn escaped(rest: &str) -> Option<(String, usize)> {
    let sign = rest[1..].chars().next().filter(char::is_ascii_punctuation)?;
    Some((sign.to_string(), 2))
}

/// An address is copied: its underscores are no emphasis.
fn address(rest: &str) -> Option<(String, usize)> {
    let is_address = rest.starts_with("http://") || rest.starts_with("https://");
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '*' | '<' | '>')).unwrap_or(rest.len());
    is_address.then(|| (rest[..end].to_owned(), end))
}

/// `[the form](https://…)` leaves as `the form (https://…)`.
fn link(rest: &str) -> Option<(String, usize)> {
    let middle = rest.find("](")?;
    let (label, tail) = (&rest[1..middle], &rest[middle + 2..]);
    let end = tail.find(')')?;
    let target = tail[..end].trim();
    if label.contains('\n') || target.is_empty() || target.contains(char::is_whitespace) {
        return None;
    }
    let label = words(label);
    let shown =
        if label == target || label.is_empty() { target.to_owned() } else { format!("{label} ({target})") };
    Some((shown, middle + 2 + end + 1))
}

/// `<https://…>`.
fn bracketed(rest: &str) -> Option<(String, usize)> {
    let end = rest.find('>')?;
    let (inner, taken) = address(&rest[1..])?;
    (taken + 1 == end).then_some((inner, end + 1))
}

/// Words between two equal marks that stand at the edges of words.
fn marked(text: &str, at: usize) -> Option<(String, usize)> {
    let rest = &text[at..];
    let mark = MARKS.into_iter().find(|mark| rest.starts_with(mark))?;
    let inner = &rest[mark.len()..];
    let opens = !ends_in_word(&text[..at]) && inner.starts_with(|c: char| !c.is_whitespace());
    let end = opens.then(|| closing(inner, mark)).flatten();
    Some(match end {
        Some(end) if mark == "`" => (inner[..end].to_owned(), 2 + end),
        Some(end) => (words(&inner[..end]), 2 * mark.len() + end),
        None => (mark.to_owned(), mark.len()),
    })
}

/// Where the mark closes: after a word, not before one.
fn closing(inner: &str, mark: &str) -> Option<usize> {
    let closes = |end: &usize| {
        let (before, after) = (&inner[..*end], &inner[*end + mark.len()..]);
        let longer = after.starts_with(|c| mark.starts_with(c)) && mark != "`";
        !before.is_empty()
            && !before.ends_with(char::is_whitespace)
            && !longer
            && !after.starts_with(char::is_alphanumeric)
    };
    inner.match_indices(mark).map(|(end, _)| end).find(closes)
}

fn ends_in_word(before: &str) -> bool {
    before.ends_with(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::plain_text;

    #[test]
    fn marks_go_and_words_stay() {
        for (markdown, plain) in [
            ("**Tuesday** at *nine*", "Tuesday at nine"),
            ("***now***, ~~later~~ `A1`", "now, later A1"),
            ("__both__ _ways_", "both ways"),
            ("**bold with *inner* words**", "bold with inner words"),
            ("## Quote\n- pump\n1. valve", "Quote\n- pump\n1. valve"),
            ("```\ncode_here\n```", "code_here"),
            (r"5 \* 4 \_ 3", "5 * 4 _ 3"),
        ] {
            assert_eq!(plain_text(markdown), plain);
        }
    }

    #[test]
    fn words_with_marks_inside_stay_as_they_are() {
        let kept =
            ["snake_case_name", "5*4*3", "2 * 3 * 4", "#1 job", "a ** b", "_", "* item", "it's 5 > 4 <ok>"];
        for text in kept {
            assert_eq!(plain_text(text), text);
        }
    }

    #[test]
    fn addresses_and_links_stay_readable() {
        assert_eq!(plain_text("see https://x.example/_a_/b_c"), "see https://x.example/_a_/b_c");
        assert_eq!(plain_text("**https://x.example/a**"), "https://x.example/a");
        assert_eq!(plain_text("[the form](https://x.example/f)"), "the form (https://x.example/f)");
        assert_eq!(plain_text("[https://x.example](https://x.example)"), "https://x.example");
        assert_eq!(plain_text("<https://x.example/a>"), "https://x.example/a");
        assert_eq!(plain_text("[not a link] (really)"), "[not a link] (really)");
    }

    proptest::proptest! {
        #[test]
        fn any_text_survives_and_never_grows_much(text in "[a-z*_`~\\[\\]()<>\\\\ #\nhtps:/éß👍]{0,80}") {
            let plain = plain_text(&text);
            proptest::prop_assert!(plain.chars().count() <= text.chars().count() + 1);
        }
    }
}
