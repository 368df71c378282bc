//! Webhooks, signed by hand: for what the simulator would never say.

use porchlight_twilio::{AuthToken, Form, signature};
use reqwest::StatusCode;

use crate::House;
use crate::household::LINE;

/// What a webhook was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The status.
    pub status: StatusCode,
    /// The media type, without parameters.
    pub content_type: String,
    /// The body.
    pub body: String,
}

/// The fields of a text from a phone to the line; `tag` makes its SID.
pub fn text_fields(from: &str, words: &str, tag: u32) -> Vec<(String, String)> {
    let sid = format!("SM{tag:032x}");
    let fields = [
        ("MessageSid", sid.as_str()),
        ("SmsSid", &sid),
        ("AccountSid", "AC00000000000000000000000000000042"),
        ("From", from),
        ("To", LINE),
        ("Body", words),
        ("NumMedia", "0"),
        ("NumSegments", "1"),
        ("ApiVersion", "2010-04-01"),
    ];
    fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

/// The same with one field another; `None` leaves it out.
#[must_use]
pub fn with_field(
    mut fields: Vec<(String, String)>,
    name: &str,
    value: Option<&str>,
) -> Vec<(String, String)> {
    fields.retain(|(known, _)| known != name);
    fields.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    fields
}

/// Fields as the body of a form.
pub fn form(fields: &[(String, String)]) -> Vec<u8> {
    let mut url = reqwest::Url::parse("http://form.example").expect("a plain address");
    url.query_pairs_mut().extend_pairs(fields);
    url.query().unwrap_or_default().as_bytes().to_vec()
}

impl House {
    /// Posts a form that is signed as it should be.
    pub async fn post_signed(&self, path: &str, fields: &[(String, String)]) -> Answered {
        self.post_signed_bytes(path, form(fields)).await
    }

    /// Posts the bytes of a form that is signed as it should be.
    pub async fn post_signed_bytes(&self, path: &str, body: Vec<u8>) -> Answered {
        self.post_signed_to(&self.webhook(path), body).await
    }

    /// The same to any address, such as the neighbours'.
    pub async fn post_signed_to(&self, url: &str, body: Vec<u8>) -> Answered {
        let token = AuthToken::new(&self.credentials.auth_tokens[0]);
        let signature = signature::sign(url, &Form::parse(&body), &token);
        self.post_bytes(url, body, &signature).await
    }

    /// Posts a form with this signature.
    pub async fn post_bytes(&self, url: &str, body: Vec<u8>, signature: &str) -> Answered {
        let client = reqwest::Client::builder().build().expect("a client");
        let request = client
            .post(url)
            .header("content-type", "application/x-www-form-urlencoded")
            .header(signature::SIGNATURE_HEADER, signature)
            .body(body);
        let answer = request.send().await.expect("an answer");
        let content_type = answer.headers().get("content-type").and_then(|kind| kind.to_str().ok());
        let content_type = content_type.and_then(|kind| kind.split(';').next()).unwrap_or("").to_owned();
        let status = answer.status();
        Answered { status, content_type, body: answer.text().await.expect("a whole body") }
    }
}

impl Answered {
    /// Taken, with nothing to say.
    ///
    /// # Panics
    /// When it was not.
    pub fn is_taken(&self) {
        let taken = (StatusCode::OK, "text/xml", "<Response/>");
        assert_eq!((self.status, self.content_type.as_str(), self.body.as_str()), taken);
    }

    /// Refused with this status, as RFC 9457 says.
    ///
    /// # Panics
    /// When it was not.
    pub fn is_refused(&self, status: StatusCode) {
        assert_eq!(
            (self.status, self.content_type.as_str()),
            (status, "application/problem+json"),
            "{self:?}"
        );
        let problem: serde_json::Value = serde_json::from_str(&self.body).expect("a problem is JSON");
        assert_eq!(problem["status"], status.as_u16());
        assert!(problem["title"].is_string() && problem["type"].is_string(), "{problem}");
    }
}
