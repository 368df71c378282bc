//! How Twilio reads the answer to an inbound text's webhook.

/// What the provider does with an answer.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Verdict {
    /// What is sent to the phone.
    pub replies: Vec<String>,
    /// What a person should look at.
    pub note: Option<&'static str>,
}

/// Twilio takes no longer answer (its error 11750).
const MAX_BYTES: usize = 64 * 1024;

/// Reads an answer by its type: XML is TwiML, plain text *is sent to the phone*.
pub fn judge(content_type: &str, body: &str) -> Verdict {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let note = |note| Verdict { replies: Vec::new(), note: Some(note) };
    match kind.as_str() {
        _ if body.len() > MAX_BYTES => note("answer over 64 KB (11750)"),
        _ if body.trim().is_empty() => Verdict::default(),
        "text/xml" | "application/xml" => read_twiml(body),
        "text/plain" => {
            Verdict { replies: vec![body.to_owned()], note: Some("plain text was sent to the phone") }
        }
        _ => note("answer is no TwiML (12300)"),
    }
}

fn read_twiml(body: &str) -> Verdict {
    let empty = body.contains("<Response/>") || body.contains("<Response />");
    let closed = body.contains("<Response>") && body.contains("</Response>");
    if !empty && !closed {
        return Verdict { replies: Vec::new(), note: Some("answer is broken TwiML (12100)") };
    }
    let messages = body.split("<Message").skip(1).filter_map(|rest| {
        let (inside, _) = rest.split_once('>')?.1.split_once("</Message>")?;
        let words = inside.split_once("<Body>").and_then(|(_, rest)| rest.split_once("</Body>"));
        Some(unescape(words.map_or(inside, |(words, _)| words).trim()))
    });
    Verdict { replies: messages.filter(|words| !words.is_empty()).collect(), note: None }
}

fn unescape(xml: &str) -> String {
    xml.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_response_says_nothing() {
        assert_eq!(judge("text/xml; charset=utf-8", "<Response/>"), Verdict::default());
        assert_eq!(judge("", ""), Verdict::default());
    }

    #[test]
    fn a_message_and_plain_text_reach_the_phone_and_the_latter_is_flagged() {
        let twiml = "<Response><Message to=\"x\"><Body>A &amp; B</Body></Message></Response>";
        assert_eq!(judge("application/xml", twiml).replies, ["A & B"]);
        let plain = judge("text/plain", "OK");
        assert_eq!((plain.replies.as_slice(), plain.note.is_some()), (&["OK".to_owned()][..], true));
    }

    #[test]
    fn what_is_no_twiml_is_flagged() {
        assert!(judge("application/json", "{}").note.is_some());
        assert!(judge("text/xml", "<html></html>").note.is_some());
        assert!(judge("text/xml", &"x".repeat(70_000)).note.is_some());
    }
}
