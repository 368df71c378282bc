//! Records of a table's stream.

use aws_lambda_events::event::dynamodb::EventRecord;
use serde::Deserialize;

/// What happened to the item of a stream record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Inserted,
    /// It changed.
    Modified,
    /// It is gone.
    Removed,
}

/// A stream record, taken for what it is: word that the item with this key was written. Whoever acts on
/// it reads the item again.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Record")]
pub struct Change {
    /// Partition key.
    pub pk: String,
    /// Sort key.
    pub sk: String,
    /// What happened.
    pub kind: ChangeKind,
    /// Names the record in the list of failures.
    pub sequence_number: String,
}

#[derive(Deserialize)]
struct Record(EventRecord);

#[derive(Debug, thiserror::Error)]
enum NoChange {
    #[error("unknown kind of stream record: {0}")]
    Kind(String),
    #[error("a stream record without sequence number")]
    SequenceNumber,
    #[error("a stream record without our keys")]
    Keys(#[from] serde_dynamo::Error),
}

#[derive(Deserialize)]
struct Key {
    pk: String,
    sk: String,
}

impl TryFrom<Record> for Change {
    type Error = NoChange;

    fn try_from(Record(record): Record) -> Result<Self, NoChange> {
        let Key { pk, sk } = serde_dynamo::from_item(record.change.keys)?;
        let kind = match record.event_name.as_str() {
            "INSERT" => ChangeKind::Inserted,
            "MODIFY" => ChangeKind::Modified,
            "REMOVE" => ChangeKind::Removed,
            other => return Err(NoChange::Kind(other.to_owned())),
        };
        let sequence_number = record.change.sequence_number.ok_or(NoChange::SequenceNumber)?;
        Ok(Self { pk, sk, kind, sequence_number })
    }
}
