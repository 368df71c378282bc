//! Phone numbers as Twilio takes them, and the numbers that mean trouble on purpose.

/// The number as E.164, or nothing where Twilio would answer 21211: digits with the usual punctuation, a North
/// American number also without its country code.
pub fn normalise(written: &str) -> Option<String> {
    let plain = written.chars().all(|c| c.is_ascii_digit() || " +-.()".contains(c));
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let international = written.trim_start().starts_with('+');
    match digits.len() {
        _ if !plain || digits.starts_with('0') => None,
        7..=15 if international => Some(format!("+{digits}")),
        10 => Some(format!("+1{digits}")),
        11 if digits.starts_with('1') => Some(format!("+{digits}")),
        _ => None,
    }
}

/// Twilio's test recipients: the error that a text to one of them gets.
pub fn magic_recipient(to: &str) -> Option<u32> {
    Some(match to {
        "+15005550001" => 21211,
        "+15005550002" => 21612,
        "+15005550003" => 21408,
        "+15005550004" => 21610,
        "+15005550009" => 21614,
        _ => return None,
    })
}

/// Twilio's test senders: `Ok` for the one that works (and sends nothing).
pub fn magic_sender(from: &str) -> Option<Result<(), u32>> {
    Some(match from {
        "+15005550001" => Err(21212),
        "+15005550006" => Ok(()),
        "+15005550007" => Err(21606),
        "+15005550008" => Err(21611),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for written in ["+12075550188", "(207) 555-0188", "1 207 555 0188", "207.555.0188"] {
            assert_eq!(normalise(written).as_deref(), Some("+12075550188"), "{written}");
        }
        assert_eq!(normalise("+44 20 7946 0123").as_deref(), Some("+442079460123"));
        for written in ["", "+1", "landline", "555-0188", "+1207555018a", "+0207555018"] {
            assert_eq!(normalise(written), None, "{written}");
        }
    }
}
