//! What was published to an SNS topic.

use serde::Deserialize;

/// A notification.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Record")]
pub struct Notification {
    /// The same when SNS sends it again.
    pub id: String,
    /// The topic's ARN.
    pub topic: String,
    /// As published, if it was.
    pub subject: Option<String>,
    /// What was published.
    pub message: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Record {
    sns: Published,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Published {
    message_id: String,
    topic_arn: String,
    subject: Option<String>,
    message: String,
}

impl From<Record> for Notification {
    fn from(Record { sns }: Record) -> Self {
        Self { id: sns.message_id, topic: sns.topic_arn, subject: sns.subject, message: sns.message }
    }
}
