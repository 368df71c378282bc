//! A part of a partition, by its sort keys.

/// Between two bounds, each with what compares a sort key to it.
#[derive(Default)]
pub(crate) struct Range {
    low: Option<Bound>,
    high: Option<Bound>,
}

struct Bound {
    /// How SQL writes it.
    compared: &'static str,
    text: String,
}

impl Range {
    /// From one text to another, both included; none if they are the wrong way round.
    pub(crate) fn between(low: &str, high: &str) -> Option<Self> {
        (low <= high).then(|| Self { low: Some(bound(">=", low)), high: Some(bound("<=", high)) })
    }

    /// What begins so.
    pub(crate) fn beginning_with(prefix: &str) -> Option<Self> {
        Some(Self { low: Some(bound(">=", prefix)), high: Some(bound("<", &after_all_with(prefix)?)) })
    }

    /// As `compared` says; none if it is nothing that compares.
    pub(crate) fn compared(compared: &str, text: &str) -> Option<Self> {
        match compared {
            "=" => Self::between(text, text),
            ">" => Some(Self { low: Some(bound(">", text)), high: None }),
            ">=" => Some(Self { low: Some(bound(">=", text)), high: None }),
            "<" => Some(Self { low: None, high: Some(bound("<", text)) }),
            "<=" => Some(Self { low: None, high: Some(bound("<=", text)) }),
            _ => None,
        }
    }

    /// Whether a sort key lies in it.
    pub(crate) fn contains(&self, key: &str) -> bool {
        self.bounds().all(|(compared, text)| match compared {
            ">" => key > text,
            ">=" => key >= text,
            "<" => key < text,
            _ => key <= text,
        })
    }

    /// What of it comes after one of its keys, or before it.
    pub(crate) fn after(self, key: &str, is_backward: bool) -> Self {
        if is_backward {
            Self { high: Some(bound("<", key)), ..self }
        } else {
            Self { low: Some(bound(">", key)), ..self }
        }
    }

    /// Its bounds, and how keys are compared with them.
    pub(crate) fn bounds(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.low.iter().chain(&self.high).map(|bound| (bound.compared, bound.text.as_str()))
    }
}

fn bound(compared: &'static str, text: &str) -> Bound {
    Bound { compared, text: text.to_owned() }
}

/// The least text after all that begin with `prefix`.
fn after_all_with(prefix: &str) -> Option<String> {
    let before_last = prefix.trim_end_matches(char::MAX);
    let last = before_last.chars().next_back()?;
    let next = (last..=char::MAX).nth(1)?;
    Some(format!("{}{next}", &before_last[..before_last.len() - last.len_utf8()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_so_lies_before_the_next_text_that_does_not() {
        for (prefix, next) in [("a", "b"), ("MSG#", "MSG$"), ("é", "ê"), ("\u{d7ff}", "\u{e000}")] {
            assert_eq!(after_all_with(prefix).as_deref(), Some(next));
            let range = Range::beginning_with(prefix).expect("a range");
            let inside = ["", "\0", "z", "\u{10ffff}\u{10ffff}"].map(|rest| format!("{prefix}{rest}"));
            assert!(inside.iter().all(|text| range.contains(text)));
            assert!(!range.contains(next) && !range.contains(""));
        }
        assert_eq!(after_all_with("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(after_all_with("\u{10ffff}"), None);
    }

    #[test]
    fn a_range_goes_on_after_one_of_its_keys() {
        assert!(Range::between("b", "a").is_none() && Range::compared("<>", "a").is_none());
        for (is_backward, left) in [(false, ["d", "e"]), (true, ["a", "b"])] {
            let range = Range::between("a", "e").expect("a range").after("c", is_backward);
            assert!(["a", "b", "c", "d", "e"].into_iter().filter(|key| range.contains(key)).eq(left));
        }
    }
}
