//! Mail that SES received. Its words are not in the event: SES writes them to a bucket before.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A mail.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Record")]
pub struct ReceivedMail {
    /// SES's own id, under which it writes the mail to a bucket; not the `Message-ID` header.
    pub id: String,
    /// The sender of the envelope.
    pub from: String,
    /// Which of our addresses it was for.
    pub recipients: Vec<String>,
    /// Whether it looks like spam.
    pub spam: Verdict,
    /// Whether it carries a virus.
    pub virus: Verdict,
}

/// What a check of SES came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Verdict {
    /// Nothing is amiss.
    Pass,
    /// It is what the check is for.
    Fail,
    /// The check cannot tell.
    Gray,
    /// The check itself failed.
    ProcessingFailed,
    /// Nobody checked.
    Disabled,
}

/// How SES goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Disposition {
    /// With the next action.
    Continue,
    /// With the next rule.
    StopRule,
    /// Not at all.
    StopRuleSet,
}

impl Disposition {
    /// SES reads the answer where the rule waits for it, and ignores it where not.
    pub(in crate::function) fn answer(self) -> Value {
        json!({ "disposition": self })
    }
}

#[derive(Deserialize)]
struct Record {
    ses: Received,
}

#[derive(Deserialize)]
struct Received {
    mail: Mail,
    receipt: Receipt,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mail {
    message_id: String,
    source: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Receipt {
    recipients: Vec<String>,
    spam_verdict: Check,
    virus_verdict: Check,
}

#[derive(Deserialize)]
struct Check {
    status: Verdict,
}

impl From<Record> for ReceivedMail {
    fn from(Record { ses: Received { mail, receipt } }: Record) -> Self {
        Self {
            id: mail.message_id,
            from: mail.source,
            recipients: receipt.recipients,
            spam: receipt.spam_verdict.status,
            virus: receipt.virus_verdict.status,
        }
    }
}
