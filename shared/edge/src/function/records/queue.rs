//! Messages of an SQS queue.

use serde::Deserialize;

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct QueueMessage {
    /// Names it in the list of failures.
    #[serde(rename = "messageId")]
    pub id: String,
    /// What was sent.
    pub body: String,
}
