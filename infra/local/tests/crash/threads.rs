//! Everything that the office can see, loaded afresh, and what must be true of it.

use std::collections::BTreeMap;

use porchlight_flows::{Person, eventually};
use porchlight_simulator::Message;
use serde_json::Value;

use crate::traffic::Ledger;

/// All conversations, and all messages of those that customers of this test wrote in.
pub struct Threads {
    rows: Vec<Value>,
    /// In order, oldest first, by conversation.
    messages: BTreeMap<String, Vec<Value>>,
}

/// A word of an object.
fn word<'v>(object: &'v Value, name: &str) -> &'v str {
    object[name].as_str().unwrap_or_default()
}

impl Threads {
    /// Pages through the list and through every thread of this test's customers.
    pub async fn load(office: &Person) -> Self {
        let rows = all_rows(office, "all").await;
        let mut messages = BTreeMap::new();
        for row in rows.iter().filter(|row| word(row, "contact").starts_with("+1207557")) {
            let id = word(row, "id").to_owned();
            let thread = all_messages(office, &id).await;
            messages.insert(id, thread);
        }
        Self { rows, messages }
    }

    /// The conversations with these contacts.
    pub fn ids(&self, contacts: &[String]) -> Vec<String> {
        let with = self.rows.iter().filter(|row| contacts.iter().any(|contact| row["contact"] == **contact));
        with.map(|row| word(row, "id").to_owned()).collect()
    }

    /// All messages of this test's customers.
    pub fn all(&self) -> impl Iterator<Item = &Value> {
        self.messages.values().flatten()
    }

    /// The staff's messages that stand so.
    pub fn sent_standing(&self, statuses: &[&str]) -> Vec<&Value> {
        let sent = self.all().filter(|message| message["direction"] == "out");
        sent.filter(|message| statuses.contains(&word(message, "status"))).collect()
    }

    /// P1, P2, P3: what was acknowledged is there once, the rest at most once, each customer in one thread.
    pub fn assert_inbound_once(&self, ledger: &Ledger) {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        let received = self.all().filter(|message| message["direction"] == "in");
        received.for_each(|message| *seen.entry(word(message, "text")).or_default() += 1);
        for text in &ledger.texts {
            let times = seen.get(text.words.as_str()).copied().unwrap_or_default();
            assert!(times == 1 || (times == 0 && !text.taken), "{text:?} is there {times} times");
        }
        let contacts: Vec<&str> = self.rows.iter().map(|row| word(row, "contact")).collect();
        let mut once = contacts.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), contacts.len(), "one thread per customer");
    }

    /// P4, P9: every answer that got its 202 is there once; the provider accepted it at most once; nothing that
    /// it accepted is shown failed, and nothing is shown as sent that it never saw.
    pub fn assert_nothing_posted_twice(&self, ledger: &Ledger, provider: &[Message]) {
        let by_id: BTreeMap<&str, &Value> =
            self.all().map(|message| (word(message, "id"), message)).collect();
        for answer in &ledger.answers {
            let message = by_id.get(answer.id.as_str());
            let message = message.unwrap_or_else(|| panic!("{answer:?} got its 202 and is not there"));
            let accepted = accepted(provider, &answer.words);
            let fits = match word(message, "status") {
                // It may have been taken since it was looked at.
                "queued" | "sending" | "unknown" => accepted <= 1,
                "sent" | "delivered" => accepted == 1,
                _ => false,
            };
            assert!(fits, "accepted {accepted} times, and shown so: {message}");
        }
        let written = self.all().filter(|m| word(m, "text").starts_with("Answer"));
        assert_eq!(written.count(), ledger.answers.len(), "nothing is there that nobody wrote");
    }

    /// The provider got the messages of a thread in the thread's order.
    pub fn assert_posted_in_order(&self, provider: &[Message]) {
        for thread in self.messages.values() {
            let ours = thread.iter().filter(|m| m["direction"] == "out" && m["resend_of"].is_null());
            let place =
                |message: &Value| provider.iter().position(|accepted| accepted.body == word(message, "text"));
            let places: Vec<usize> = ours.filter_map(place).collect();
            assert!(places.is_sorted(), "a later message went before an earlier one: {places:?}");
        }
    }

    /// P10: the counters are what a recount of the lists gives.
    pub async fn assert_counts_are_right(office: &Person) {
        let counted = eventually("counters that equal a recount", async || {
            let rows = all_rows(office, "all").await;
            let attention = all_rows(office, "attention").await;
            let unread: u64 = rows.iter().filter_map(|row| row["unread"].as_u64()).sum();
            let count = |rows: &[Value]| u64::try_from(rows.len()).expect("a small number");
            let recount = (count(&rows), count(&attention), unread);
            (office.counts().await == recount).then_some(recount)
        });
        let (total, attention, unread) = counted.await;
        println!("counters: {total} in all, {attention} need attention, {unread} unread");
    }
}

/// How often the provider accepted a message with these words.
pub fn accepted(provider: &[Message], words: &str) -> usize {
    provider.iter().filter(|message| message.body == words).count()
}

async fn all_rows(office: &Person, filter: &str) -> Vec<Value> {
    let first = format!("/api/conversations?filter={filter}&limit=50");
    all_pages(office, &first, "conversations", "next_cursor", "cursor").await.concat()
}

async fn all_messages(office: &Person, conversation: &str) -> Vec<Value> {
    let first = format!("/api/conversations/{conversation}/messages?limit=50");
    let mut pages = all_pages(office, &first, "messages", "next_before", "before").await;
    // Newest page first, oldest message first within a page.
    pages.reverse();
    pages.concat()
}

async fn all_pages(office: &Person, first: &str, list: &str, next: &str, from: &str) -> Vec<Vec<Value>> {
    let mut pages = Vec::new();
    let mut path = first.to_owned();
    loop {
        let mut page = office.get(&path).await;
        pages.push(page[list].as_array_mut().map(std::mem::take).expect("a page is a list"));
        path = match &page[next] {
            Value::String(place) => format!("{first}&{from}={place}"),
            Value::Number(place) => format!("{first}&{from}={place}"),
            _ => return pages,
        };
    }
}
