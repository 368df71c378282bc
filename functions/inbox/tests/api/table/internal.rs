//! The same of internal threads: pairs, crews as they were assigned, a person and the office; every role by every way
//! in, held against who reads each, which stands here in words of its own (P7). `index` says too much of everybody.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt as _;
use porchlight_bucket::keys;
use porchlight_domain::conversation::{Beginning, Conversation};
use porchlight_domain::customer::JobStatus;
use porchlight_domain::event::{Event, Happening};
use porchlight_domain::id::{CommandId, ConversationId, EventId, JobId, MessageId, StaffId, UploadId};
use porchlight_domain::party::Party;
use porchlight_store::search::Indexed;
use serde_json::{Value, json};

use crate::support::house::{ADMIN, COLLEAGUE, LUIS, MARTA, OFFICE, business};
use crate::support::{House, Person, ulid};

/// A thread of the table.
struct Thread {
    name: &'static str,
    id: ConversationId,
    author: u64,
    /// Who reads it, and nobody else.
    readers: &'static [u64],
    /// Stands nowhere else.
    word: String,
    message: MessageId,
    file: String,
}

const FOREIGN: u64 = 100 + OFFICE;
const FOREIGN_ADMIN: u64 = 100 + ADMIN;

/// With whom, who writes, who reads it then.
const THREADS: [(&str, u64, &[u64]); 8] = [
    ("pair of two technicians", LUIS, &[LUIS, MARTA]),
    ("pair of office and technician", LUIS, &[LUIS, OFFICE]),
    ("pair with whoever left", ADMIN, &[ADMIN]),
    ("crew", LUIS, &[ADMIN, OFFICE, LUIS]),
    ("crew of whom one was unassigned", MARTA, &[ADMIN, OFFICE]),
    ("crew of a job long ended", ADMIN, &[ADMIN, OFFICE]),
    ("crew of a job ended not long ago", LUIS, &[ADMIN, OFFICE, LUIS]),
    ("a technician and the office", MARTA, &[ADMIN, OFFICE, MARTA]),
];

/// By whoever reads it: `+` goes, `o` for the office alone, `-` for nobody in an internal thread.
const WAYS: &[(&str, &str, char)] = &[
    ("GET /api/conversations/{id}", "", '+'),
    ("GET /api/conversations/{id}/messages", "", '+'),
    ("GET /api/conversations/{id}/messages?around={message}", "", '+'),
    ("GET /api/conversations/{id}/messages?limit=1&before=9", "", '+'),
    ("GET /api/conversations/{id}/search?q={word}", "", '+'),
    ("GET /api/conversations/{id}/audience", "", '+'),
    ("POST /api/conversations/{id}/presence", r#"{"typing":true}"#, '+'),
    ("POST /api/conversations/{id}/read", "{}", '+'),
    ("POST /api/conversations/{id}/unread", "{}", '+'),
    ("PUT /api/conversations/{id}/draft", r#"{"text":"Dear"}"#, '+'),
    ("DELETE /api/conversations/{id}/draft", "", '+'),
    ("POST /api/conversations/{id}/messages", r#"{"id":"{new}","text":"Hi","seen_seq":0}"#, '+'),
    ("POST /api/conversations/{id}/pin", "{}", 'o'),
    ("POST /api/conversations/{id}/unpin", "{}", 'o'),
    ("POST /api/conversations/{id}/notes", r#"{"id":"{new}","text":"note"}"#, '-'),
    ("POST /api/conversations/{id}/attention", "{}", '-'),
    ("POST /api/conversations/{id}/hand-to-office", r#"{"id":"{new}","text":"note"}"#, '-'),
    ("PUT /api/conversations/{id}/office-only", r#"{"on":true}"#, '-'),
    ("POST /api/conversations/{id}/done", "{}", '-'),
    ("POST /api/conversations/{id}/close", "{}", '-'),
    ("POST /api/conversations/{id}/reopen", "{}", '-'),
    ("POST /api/conversations/{id}/block", r#"{"spam":false}"#, '-'),
    ("PUT /api/conversations/{id}/assignee", r#"{"assignee":null}"#, '-'),
    ("PUT /api/conversations/{id}/participants/{luis}", "", '-'),
];

#[tokio::test]
async fn nobody_reads_or_writes_what_colleagues_write_to_others_whichever_way_they_come_p7() {
    let house = House::new().await;
    // Jobs ended long ago, and people have signed in since.
    house.clock.advance(Duration::from_hours(24 * 30));
    let mut people = Vec::new();
    for n in [LUIS, MARTA, OFFICE, ADMIN, COLLEAGUE, FOREIGN, FOREIGN_ADMIN] {
        people.push((n, house.person(n).await));
    }
    let threads = threads(&house, &people).await;
    let mut leaks = Vec::new();
    for (n, person) in &people {
        look_around(&house, *n, person, &threads, &mut leaks).await;
        go_all_ways(*n, person, &threads, &mut leaks).await;
    }
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
}

fn of(people: &[(u64, Person)], n: u64) -> &Person {
    people.iter().find(|(it, _)| *it == n).map(|(_, person)| person).expect("one of them")
}

fn assignment(job: &JobId, n: u64) -> String {
    format!("/api/jobs/{job}/assignments/{}", ulid::<StaffId>(n))
}

/// All of them, each with a message and a file.
async fn threads(house: &House, people: &[(u64, Person)]) -> Vec<Thread> {
    let mut jobs: Vec<JobId> = Vec::new();
    for (n, crew) in [(1, LUIS), (2, MARTA), (3, LUIS), (4, LUIS)] {
        jobs.push(house.customer_with_job(n, &[crew]).await.1);
    }
    let mut made = Vec::new();
    for (place, (name, author, readers)) in (0_u64..).zip(THREADS) {
        let with = match place {
            0 => json!({"with": ulid::<StaffId>(MARTA)}),
            1 => json!({"with": ulid::<StaffId>(OFFICE)}),
            2 => json!({"with": ulid::<StaffId>(COLLEAGUE)}),
            7 => Value::Null,
            crew => json!({"job": jobs[usize::try_from(crew).expect("small") - 3]}),
        };
        let id = if with.is_null() {
            of_staff(house, MARTA).await
        } else {
            opened(people, author, place, with).await
        };
        made.push(say(house, people, (name, author, readers), place, id).await);
    }
    of(people, ADMIN).delete(&assignment(&jobs[1], MARTA)).await.expect(204);
    for (job, days) in [(&jobs[2], 15), (&jobs[3], 13)] {
        let mut job = house.store.job(&business(), job).await.expect("a read").expect("a job");
        job.status = JobStatus::Completed;
        job.ended_at = Some(house.clock.now() - Duration::from_hours(24 * days));
        house.store.commit(&business()).job(&mut job).run().await.expect("an end");
    }
    let left = format!("/api/staff/{}/disabled", ulid::<StaffId>(COLLEAGUE));
    of(people, ADMIN).put(&left, json!({"disabled": true})).await.expect(200);
    made
}

async fn opened(people: &[(u64, Person)], author: u64, place: u64, with: Value) -> ConversationId {
    let mut body = with;
    body["id"] = json!(ulid::<CommandId>(600_000 + place));
    let thread = of(people, author).post("/api/internal", body).await.expect(200);
    thread["id"].as_str().expect("an id").parse().expect("an id")
}

/// As a text from their own phone begins it.
async fn of_staff(house: &House, n: u64) -> ConversationId {
    let (party, at) = (Party::Staff { staff: ulid(n) }, house.clock.now());
    let beginning = Beginning { business: business(), party, customer: None, at };
    let mut it = Conversation::begin(beginning);
    house.store.commit(&business()).conversation(&mut it).run().await.expect("a thread");
    it.id.clone()
}

async fn say(
    house: &House,
    people: &[(u64, Person)],
    (name, author, readers): (&'static str, u64, &'static [u64]),
    place: u64,
    id: ConversationId,
) -> Thread {
    let (word, message) = (format!("wombat{place}z"), ulid::<MessageId>(610_000 + place));
    let upload: UploadId = ulid(620_000 + place);
    let person = of(people, author);
    let asked = json!({"id": upload, "name": format!("{word}.txt"), "type": "text/plain", "size": 5});
    person.post("/api/uploads", asked).await.expect(201);
    let key = keys::upload(&business(), upload.as_str());
    house.bucket.put(&key, Bytes::from_static(b"valve")).await.expect("a file");
    let body = json!({"id": message, "text": word, "seen_seq": 0, "attachments": [upload]});
    let sent = person.post(&format!("/api/conversations/{id}/messages"), body).await.expect(202);
    let row = house.reread(&id).await;
    house.store.index_conversation(&row, &Indexed::default()).await.expect("indexed");
    for n in [ADMIN, OFFICE, COLLEAGUE, LUIS, MARTA] {
        let commit = house.store.commit(&business()).member(&id, &ulid(n), house.clock.now());
        commit.run().await.expect("a candidate");
    }
    let file = sent["media"][0]["url"].as_str().expect("a file").to_owned();
    Thread { name, id, author, readers, word, message, file }
}

fn leak_words(n: u64, threads: &[Thread], way: &str, said: &str, leaks: &mut Vec<String>) {
    for thread in threads.iter().filter(|it| !it.readers.contains(&n)) {
        if said.contains(&thread.word) || said.contains(thread.id.as_str()) && way != "live" {
            leaks.push(format!("{n} × {} × {way}: told of it", thread.name));
        }
    }
}

/// Lists, search, the live feed, files.
async fn look_around(house: &House, n: u64, person: &Person, threads: &[Thread], leaks: &mut Vec<String>) {
    for (query, has_any) in
        [("type=all", true), ("type=internal", true), ("", false), ("filter=active&type=all", false)]
    {
        let said = person.get(&format!("/api/conversations?limit=200&{query}")).await.body.to_string();
        leak_words(n, threads, query, &said, leaks);
        for thread in threads.iter().filter(|it| it.readers.contains(&n)) {
            if said.contains(thread.id.as_str()) != has_any {
                leaks.push(format!("{n} × {} × {query}: listed {}", thread.name, !has_any));
            }
        }
    }
    for thread in threads {
        for kind in ["all", "internal", "customer"] {
            let query = format!("/api/conversations?type={kind}&q={}", thread.word);
            let said = person.get(&query).await.body.to_string();
            let wanted = thread.readers.contains(&n) && kind != "customer";
            if said.contains(thread.id.as_str()) != wanted {
                leaks.push(format!("{n} × {} × search {kind}: found {}", thread.name, !wanted));
            }
            leak_words(n, threads, "search", &said, leaks);
        }
    }
    follow(house, n, person, threads, leaks).await;
    let files = Arc::new(porchlight_files::build(house.platform("Files")).expect("its settings suffice"));
    let asking = person.asking(files);
    for thread in threads {
        let wanted = match n {
            COLLEAGUE => 401,
            n if thread.readers.contains(&n) => 200,
            _ => 404,
        };
        let status = asking.get(&thread.file).await.status;
        if status != wanted {
            leaks.push(format!("{n} × {} × file: {status}", thread.name));
        }
    }
}

async fn follow(house: &House, n: u64, person: &Person, threads: &[Thread], leaks: &mut Vec<String>) {
    if n == COLLEAGUE || n > 100 {
        return;
    }
    house.clock.advance(Duration::from_secs(20));
    let now = house.clock.now().millis().cast_unsigned();
    let happened = threads.iter().map(|it| (Some(it.id.clone()), Happening::MessageUpdated { seq: 1 }));
    let happened = happened.chain([(None, Happening::StaffUpdated)]);
    let events = (0_u128..).zip(happened).map(|(place, (conversation, happening))| Event {
        id: EventId::from(::ulid::Ulid::from_parts(now, place)),
        conversation,
        happening,
    });
    let events: Vec<Event> = events.collect();
    let commit = house.store.commit(&business());
    events.iter().fold(commit, porchlight_store::Commit::event).run().await.expect("events");
    let live = Arc::new(porchlight_live::build(house.platform("Live")).expect("its settings suffice"));
    let mut stream = person.asking(live).stream("/api/live").await;
    let mut said = String::new();
    while let Some(Ok(piece)) = stream.next().await {
        said.push_str(&String::from_utf8_lossy(&piece));
        if said.contains("staff.updated") {
            break;
        }
    }
    leak_words(n, threads, "live", &said, leaks);
    for thread in threads {
        let told = said.split("\n\n").filter(|event| event.contains(thread.id.as_str()));
        let shown = told.filter(|event| !event.contains("conversation.removed")).count() > 0;
        if shown != thread.readers.contains(&n) {
            leaks.push(format!("{n} × {} × live: told {shown}", thread.name));
        }
    }
}

/// By ids typed by hand.
async fn go_all_ways(n: u64, person: &Person, threads: &[Thread], leaks: &mut Vec<String>) {
    let is_office = [ADMIN, OFFICE].contains(&n);
    let mut new = 630_000 + 1_000 * n;
    for thread in threads {
        let reads = thread.readers.contains(&n);
        for (request, body, who) in WAYS {
            new += 1;
            let new = ulid::<MessageId>(new).to_string();
            let (method, path) = request.split_once(' ').expect("a method and a path");
            let path = path
                .replace("{id}", thread.id.as_str())
                .replace("{message}", thread.message.as_str())
                .replace("{word}", &thread.word)
                .replace("{luis}", ulid::<StaffId>(LUIS).as_str());
            let body = Some(body.replace("{new}", &new)).filter(|body| !body.is_empty());
            let answer = person.ask(method, &path, body, &[]).await;
            // With whoever left nothing is written.
            let goes = |status| matches!(status, 200..=299 | 409);
            let is_right = match (n, reads, who) {
                (COLLEAGUE, ..) => answer.status == 401,
                (_, false, _) => answer.status == 404,
                (_, true, '+') => goes(answer.status),
                (_, true, 'o') => {
                    if is_office {
                        goes(answer.status)
                    } else {
                        answer.status == 403
                    }
                }
                _ => matches!(answer.status, 403 | 422),
            };
            let said = answer.body.to_string();
            if !is_right {
                leaks.push(format!("{n} × {} × {request}: {} {said}", thread.name, answer.status));
            }
            leak_words(n, threads, request, &said, leaks);
        }
        if n != thread.author {
            let status = person.delete(&format!("/api/messages/{}", thread.message)).await.status;
            let wanted = match n {
                COLLEAGUE => 401,
                _ if reads => 403,
                _ => 404,
            };
            if status != wanted {
                leaks.push(format!("{n} × {} × delete: {status}", thread.name));
            }
        }
    }
}
