//! What a client makes of its feed: objects by version, each version applied once.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::feed::Heard;

/// A client's copy of what it was told.
#[derive(Default)]
pub struct Mirror {
    /// Messages by id.
    pub messages: BTreeMap<String, Value>,
    /// Rows by id.
    pub conversations: BTreeMap<String, Value>,
    /// How many times something new was told of each message.
    pub applied: BTreeMap<String, usize>,
}

impl Mirror {
    /// Applies an event as the window does: an object that is not newer than the copy is dropped.
    pub fn apply(&mut self, heard: &Heard) {
        let message = &heard.data["message"];
        if message.is_object() && take(&mut self.messages, message) {
            *self.applied.entry(id(message)).or_default() += 1;
        }
        let row = &heard.data["conversation"];
        if row.is_object() {
            take(&mut self.conversations, row);
        }
        if heard.event == "conversation.removed" {
            self.conversations.remove(&id(&heard.data));
        }
    }

    /// The texts of the messages of a conversation, in order.
    pub fn texts(&self, conversation: &str) -> Vec<String> {
        let of = self.messages.values().filter(|message| message["conversation_id"] == conversation);
        let mut texts: Vec<_> = of
            .map(|message| (message["seq"].as_u64(), message["text"].as_str().unwrap_or("").to_owned()))
            .collect();
        texts.sort();
        texts.into_iter().map(|(_, text)| text).collect()
    }
}

fn id(object: &Value) -> String {
    object["id"].as_str().expect("objects have ids").to_owned()
}

fn take(known: &mut BTreeMap<String, Value>, told: &Value) -> bool {
    let version = |object: &Value| object["version"].as_u64().expect("objects have versions");
    let newer = known.get(&id(told)).is_none_or(|copy| version(copy) < version(told));
    if newer {
        known.insert(id(told), told.clone());
    }
    newer
}
