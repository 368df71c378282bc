//! A live feed, read as a browser's `EventSource` reads it.

use futures::StreamExt;
use futures::stream::BoxStream;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::Value;

use crate::PATIENCE;

/// One event of a feed.
#[derive(Clone, Debug)]
pub struct Heard {
    /// The cursor, where it has one.
    pub id: Option<String>,
    /// The event's type.
    pub event: String,
    /// Its JSON.
    pub data: Value,
}

/// An open feed.
pub struct Feed {
    body: BoxStream<'static, Vec<u8>>,
    unread: Vec<u8>,
    /// The last cursor heard.
    pub cursor: Option<String>,
}

impl Feed {
    /// Opens a feed; its first event must be `ready`, which is consumed.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn open(request: RequestBuilder) -> Self {
        Self::try_open(request).await.expect("a feed begins")
    }

    /// The same; `None` when nobody answers, or the connection ends before the feed begins.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn try_open(request: RequestBuilder) -> Option<Self> {
        let answer = request.send().await.ok()?;
        assert_eq!(answer.status(), StatusCode::OK, "the feed opens");
        let kind = answer.headers()["content-type"].to_str().expect("a content type is text").to_owned();
        assert!(kind.starts_with("text/event-stream"), "{kind}");
        let body = answer.bytes_stream().map(|chunk| chunk.map(|bytes| bytes.to_vec()).unwrap_or_default());
        let mut feed = Self { body: body.boxed(), unread: Vec::new(), cursor: None };
        let ready = feed.next().await?;
        assert_eq!(ready.event, "ready", "a feed begins with ready");
        feed.cursor = ready.data["cursor"].as_str().map(str::to_owned);
        Some(feed)
    }

    /// The next event; `None` when the stream ended.
    ///
    /// # Panics
    /// When nothing comes in time.
    pub async fn next(&mut self) -> Option<Heard> {
        loop {
            if let Some(end) = find(&self.unread, b"\n\n") {
                let block: Vec<u8> = self.unread.drain(..end + 2).collect();
                if let Some(heard) = parse(&String::from_utf8_lossy(&block)) {
                    self.cursor = heard.id.clone().or(self.cursor.take());
                    return Some(heard);
                }
                continue;
            }
            let chunk = tokio::time::timeout(PATIENCE, self.body.next()).await.expect("an event in time")?;
            if chunk.is_empty() {
                return None;
            }
            self.unread.extend(chunk);
        }
    }

    /// The next event for which `wanted` finds something; the others are passed over.
    ///
    /// # Panics
    /// When the stream ends first; `what` says what was awaited.
    pub async fn until<T>(&mut self, what: &str, mut wanted: impl FnMut(&Heard) -> Option<T>) -> T {
        loop {
            let heard = self.next().await.unwrap_or_else(|| panic!("the feed ended before: {what}"));
            if let Some(found) = wanted(&heard) {
                return found;
            }
        }
    }

    /// Until a message with this text is told, by `message.created`.
    pub async fn message(&mut self, text: &str) -> Heard {
        let wanted = |heard: &Heard| {
            (heard.event == "message.created" && heard.data["message"]["text"] == text).then(|| heard.clone())
        };
        self.until(&format!("the message “{text}”"), wanted).await
    }

    /// The statuses that a message passes on the feed, until it has reached `last`.
    pub async fn statuses(&mut self, message: &str, last: &str) -> Vec<String> {
        let mut seen: Vec<String> = Vec::new();
        while seen.last().is_none_or(|status| status != last) {
            let wanted = |heard: &Heard| {
                let told = &heard.data["message"];
                (told["id"] == message).then(|| told["status"].as_str().expect("a status").to_owned())
            };
            let status = self.until(&format!("{message} to be {last}"), wanted).await;
            if seen.last() != Some(&status) {
                seen.push(status);
            }
        }
        seen
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

/// A block of the stream; comments (heartbeats) are none.
fn parse(block: &str) -> Option<Heard> {
    let field = |name: &str| {
        let lines = block.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        lines.map(|value| value.strip_prefix(' ').unwrap_or(value)).collect::<Vec<_>>()
    };
    let data = field("data");
    if data.is_empty() {
        return None;
    }
    Some(Heard {
        id: field("id").first().map(|id| (*id).to_owned()),
        event: field("event").first().unwrap_or(&"message").to_string(),
        data: serde_json::from_str(&data.join("\n")).expect("an event's data is JSON"),
    })
}
