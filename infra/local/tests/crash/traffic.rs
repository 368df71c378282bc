//! Customers who text, an office that answers, and a window that follows: each goes on by itself, waits while
//! the program is down, and notes what it was promised.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use futures::StreamExt;
use porchlight_edge::Entropy;
use porchlight_flows::{Feed, Mirror, Person, new_id};
use porchlight_simulator::{RunningSimulator, TextIn};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::draw;

/// Longer than the program is ever down.
const ATTEMPTS: u32 = 50;

/// Whether the program is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It is not; whoever wants something waits.
    Down,
    /// It answers.
    Up,
    /// It answers, and nothing new is begun.
    Ending,
}

/// A customer's text.
#[derive(Clone, Debug)]
pub struct Text {
    pub words: String,
    /// The webhook got its 2xx.
    pub taken: bool,
}

/// An answer of the office that got its 202.
#[derive(Clone, Debug)]
pub struct Answer {
    pub id: String,
    pub words: String,
}

/// What was promised.
#[derive(Clone, Default)]
pub struct Ledger {
    pub texts: Vec<Text>,
    pub answers: Vec<Answer>,
}

/// Everything that the actors share.
pub struct Traffic {
    pub simulator: RunningSimulator,
    pub office: Person,
    pub conversations: Vec<String>,
    pub phones: Vec<String>,
    pub stage: watch::Sender<Stage>,
    /// Counts everything that happens; kills are timed by it.
    pub steps: watch::Sender<u64>,
    pub ledger: Mutex<Ledger>,
    pub mirror: Mutex<Mirror>,
}

impl Traffic {
    /// Something happened.
    pub fn step(&self) {
        self.steps.send_modify(|steps| *steps += 1);
    }

    pub fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().expect("nobody panics with the ledger in hand")
    }

    pub fn mirror(&self) -> MutexGuard<'_, Mirror> {
        self.mirror.lock().expect("nobody panics with the mirror in hand")
    }

    /// Waits until the program answers.
    async fn up(&self) -> Stage {
        let mut stage = self.stage.subscribe();
        *stage.wait_for(|stage| *stage != Stage::Down).await.expect("the test holds the sender")
    }

    /// A customer texts, one text after the other.
    pub async fn customer(self: Arc<Self>, name: u64, chance: Entropy) {
        for number in 1.. {
            if self.up().await == Stage::Ending {
                return;
            }
            let words = format!("Text {number} of customer {name}");
            let from = self.phones[draw_index(&chance, self.phones.len())].clone();
            let text = TextIn { from, body: words.clone(), ..TextIn::default() };
            let sent = self.simulator.text(text).await.expect("the line is there");
            let taken = sent.webhook.is_some_and(|webhook| webhook.accepted);
            self.ledger().texts.push(Text { words, taken });
            self.step();
        }
    }

    /// Somebody in the office answers, one answer after the other, and looks at some threads.
    pub async fn writer(self: Arc<Self>, name: u64, chance: Entropy) {
        for number in 1.. {
            if self.up().await == Stage::Ending {
                return;
            }
            let words = format!("Answer {number} of writer {name}");
            let conversation = &self.conversations[draw_index(&chance, self.conversations.len())];
            let id = new_id();
            self.write(conversation, &id, &words).await;
            self.ledger().answers.push(Answer { id: id.clone(), words: words.clone() });
            self.step();
            match draw(&chance, 6) {
                // A client that never saw the 202 says it again (P9).
                0 => drop(self.write(conversation, &id, &words).await),
                1 | 2 => drop(self.insist(|| self.post(&format!("{conversation}/read"), &json!({}))).await),
                _ => {}
            }
        }
    }

    async fn write(&self, conversation: &str, id: &str, words: &str) -> Value {
        let body = json!({ "id": id, "text": words, "seen_seq": 0, "force": true });
        let answer = self.insist(|| self.post(&format!("{conversation}/messages"), &body)).await;
        assert_eq!(answer["id"], id, "the answer is about the message that was written");
        answer
    }

    fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.office.request(Method::POST, &format!("/api/conversations/{path}")).json(body)
    }

    /// Asks until there is an answer. Only a cut connection is a reason to ask again.
    async fn insist(&self, request: impl Fn() -> RequestBuilder) -> Value {
        for _ in 0..ATTEMPTS {
            self.up().await;
            let Ok(answer) = request().send().await else { continue };
            let status = answer.status();
            let Ok(body) = answer.text().await else { continue };
            assert!(matches!(status, StatusCode::OK | StatusCode::ACCEPTED), "{status}: {body}");
            return serde_json::from_str(&body).expect("an answer is JSON");
        }
        panic!("the program was up and gave no answer {ATTEMPTS} times");
    }

    /// A window that follows the feed and resumes where it was cut off (P8).
    pub async fn follow(self: Arc<Self>) {
        let mut cursor: Option<String> = None;
        loop {
            self.up().await;
            let request = self.office.request(Method::GET, "/api/live").timeout(Duration::from_mins(10));
            let request = match &cursor {
                Some(id) => request.header("last-event-id", id),
                None => request,
            };
            let Some(mut feed) = Feed::try_open(request).await else { continue };
            while let Some(heard) = feed.next().await {
                assert_ne!(heard.event, "reload", "the gap was short");
                self.mirror().apply(&heard);
                self.step();
            }
            cursor = feed.cursor.or(cursor);
        }
    }

    /// Each call to or from the provider is a step: kills fall between a POST and the storing of its answer.
    pub async fn watch_provider(self: Arc<Self>) {
        let url = format!("{}/simulator/events/live", self.simulator.url());
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let answer = client.get(url).send().await.expect("the simulator answers");
        let mut events = answer.bytes_stream();
        while events.next().await.is_some() {
            self.step();
        }
    }
}

fn draw_index(chance: &Entropy, below: usize) -> usize {
    usize::try_from(draw(chance, below as u64)).expect("an index")
}
