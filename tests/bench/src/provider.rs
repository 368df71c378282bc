//! Signed webhooks, as the provider posts them.

use std::sync::atomic::{AtomicU64, Ordering};

use porchlight_twilio::{AuthToken, Form, signature};
use reqwest::StatusCode;

use crate::program::{ACCOUNT, Program, TOKEN};

/// The provider of one business.
pub struct Provider {
    client: reqwest::Client,
    url: String,
    line: String,
    texts: AtomicU64,
}

impl Provider {
    /// The demo business's.
    pub fn of(program: &Program) -> Self {
        Self {
            client: reqwest::Client::builder().no_proxy().build().expect("a client"),
            url: format!("{}/twilio/{}/messages", program.told("url"), program.told("business_id")),
            line: program.told("line").to_owned(),
            texts: AtomicU64::new(0),
        }
    }

    /// Texts in; returns when Porchlight has taken it.
    ///
    /// # Panics
    /// When it does not.
    pub async fn text(&self, from: &str, words: &str) {
        assert_eq!(self.post(from, words).await, StatusCode::OK);
    }

    /// Texts in; how that is answered.
    ///
    /// # Panics
    /// When it is not.
    pub async fn post(&self, from: &str, words: &str) -> StatusCode {
        let sid = format!("SM{:032x}", self.texts.fetch_add(1, Ordering::Relaxed));
        let body = self.form(&sid, from, words);
        let token = AuthToken::new(TOKEN);
        let signature = signature::sign(&self.url, &Form::parse(body.as_bytes()), &token);
        let request = self
            .client
            .post(&self.url)
            .header("content-type", "application/x-www-form-urlencoded; charset=UTF-8")
            .header(signature::SIGNATURE_HEADER, signature)
            .body(body);
        let answer = request.send().await.expect("Porchlight answers");
        let status = answer.status();
        answer.bytes().await.expect("a whole answer");
        status
    }

    /// Every parameter of a usual text.
    fn form(&self, sid: &str, from: &str, words: &str) -> String {
        let fields = [
            ("ToCountry", "US"),
            ("ToState", "ME"),
            ("SmsMessageSid", sid),
            ("NumMedia", "0"),
            ("FromZip", "04101"),
            ("SmsSid", sid),
            ("FromState", "ME"),
            ("SmsStatus", "received"),
            ("FromCity", "PORTLAND"),
            ("Body", words),
            ("FromCountry", "US"),
            ("To", &self.line),
            ("NumSegments", "1"),
            ("MessageSid", sid),
            ("AccountSid", ACCOUNT),
            ("From", from),
            ("ApiVersion", "2010-04-01"),
        ];
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields).finish()
    }
}

/// One of many phones.
pub fn phone(number: usize) -> String {
    format!("+1207557{:04}", number % 10_000)
}
