//! The kinds of events, and what AWS marks each with.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

/// A kind of event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A request through API Gateway's REST proxy integration, answered whole.
    Http,
    /// The same, answered as the answer is written.
    StreamedHttp,
    /// Records of a table's stream.
    Stream,
    /// Messages of an SQS queue.
    Queue,
    /// What became of objects in an S3 bucket.
    Objects,
    /// What was published to an SNS topic.
    Topic,
    /// Mail that SES received.
    Mail,
    /// The clock. EventBridge passes on what the template gives as `Input`: `{"schedule": "<name>"}`, with the
    /// `shard` where the work is shared out ([`Tick`]). Its own event would name a rule whose name is made up at each deployment.
    Schedule(String),
}

/// What a schedule says beside its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Tick {
    /// The part of the work that this invocation is to do; all of it without one.
    shard: Option<u8>,
}

/// The template names a shard that there is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no shard {shard}, only {all} of them")]
pub struct NoShard {
    shard: u8,
    all: u8,
}

impl Tick {
    /// Which of so many shards are to be worked on.
    pub fn shards(self, all: u8) -> Result<std::ops::Range<u8>, NoShard> {
        match self.shard {
            None => Ok(0..all),
            Some(shard) if shard < all => Ok(shard..shard + 1),
            Some(shard) => Err(NoShard { shard, all }),
        }
    }
}

impl Kind {
    /// Tells an event by its marks; otherwise says what came, in words that quote none of its contents (P11). A
    /// request is [`Kind::Http`]: whether its answer flows is not for the event to say.
    pub fn of(event: &Value) -> Result<Self, String> {
        if event["httpMethod"].is_string() && event["requestContext"].is_object() {
            return Ok(Self::Http);
        }
        if let Some(name) = event["schedule"].as_str() {
            return Ok(Self::Schedule(name.to_owned()));
        }
        match source(event) {
            Some("aws:dynamodb") => Ok(Self::Stream),
            Some("aws:sqs") => Ok(Self::Queue),
            Some("aws:s3") => Ok(Self::Objects),
            Some("aws:sns") => Ok(Self::Topic),
            Some("aws:ses") => Ok(Self::Mail),
            Some(other) => Err(format!("a list of records from {other}")),
            None => Err(unmarked(event)),
        }
    }
}

/// What all records of a list say that they are from.
fn source(event: &Value) -> Option<&str> {
    let mut sources = event["Records"].as_array()?.iter().map(source_of_record);
    let first = sources.next()?;
    sources.all(|source| source == first).then_some(first)?
}

fn source_of_record(record: &Value) -> Option<&str> {
    record["eventSource"].as_str().or_else(|| record["EventSource"].as_str())
}

fn unmarked(event: &Value) -> String {
    if let (Some("aws.events"), Some(kind)) = (event["source"].as_str(), event["detail-type"].as_str()) {
        return format!("EventBridge's {kind}, without an Input that names the schedule,");
    }
    match event.as_object() {
        Some(pairs) => {
            let keys: Vec<_> = pairs.keys().map(String::as_str).collect();
            format!("an event with the keys [{}]", keys.join(", "))
        }
        None => "an event that is no JSON object".to_owned(),
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Http => "HTTP",
            Self::StreamedHttp => "streamed HTTP",
            Self::Stream => "stream records",
            Self::Queue => "queue messages",
            Self::Objects => "changes of objects",
            Self::Topic => "notifications of a topic",
            Self::Mail => "received mail",
            Self::Schedule(name) => return write!(f, "schedule {name}"),
        })
    }
}
