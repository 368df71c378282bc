//! Files of messages, from a phone to the office and back (P1, P7).

use std::path::Path;
use std::time::Duration;

use porchlight_edge::{Clock, Entropy};
use porchlight_engine::testing::TestTables;
use porchlight_engine::{Fault, Injection};
use porchlight_flows::feed::Heard;
use porchlight_flows::{House, Person, Setup, eventually, new_id, text_in};
use porchlight_local::bucket;
use porchlight_local::local::Options;
use porchlight_simulator::{PHOTO, TextIn, TextMedia};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::MARIA;

const SVG: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";

/// A text with these files, as they say they are.
async fn text_with(house: &House, files: &[(&str, &[u8])]) {
    let media = files
        .iter()
        .map(|(kind, bytes)| TextMedia { content_type: (*kind).to_owned(), bytes: bytes.to_vec().into() });
    let text = TextIn { media: media.collect(), ..text_in(MARIA, "Look") };
    let sent = house.simulator.text(text).await.expect("the simulator texts");
    assert!(sent.webhook.is_some_and(|webhook| webhook.accepted));
}

/// The files of Maria's first message, once none is on its way any more.
async fn files_seen_by(person: &Person) -> Vec<Value> {
    eventually("files that are fetched", async || {
        let messages = person.messages(&person.thread(MARIA).await).await;
        let files = messages[0]["media"].as_array().expect("a list").clone();
        files.iter().all(|file| file["state"] != "fetching").then_some(files)
    })
    .await
}

async fn ask(person: &Person, file: &Value, headers: &[(&str, &str)]) -> Response {
    let request = person.request(Method::GET, file["url"].as_str().expect("an address"));
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.send().await.expect("an answer")
}

fn header<'r>(answer: &'r Response, name: &str) -> &'r str {
    answer.headers()[name].to_str().expect("text")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_that_a_customer_sends_is_kept_and_shown_and_markup_is_only_saved() {
    let house = House::new().await;
    let ana = house.ana().await;
    let mut feed = ana.feed(None).await;
    text_with(&house, &[("image/png", PHOTO), ("image/svg+xml", SVG)]).await;
    let photo = |heard: &Heard| {
        let file = &heard.data["message"]["media"][0];
        (heard.event == "message.updated" && file["state"] == "ready").then(|| file.clone())
    };
    let told = feed.until("a photo that is here", photo).await;
    assert_eq!(told["content_type"], "image/jpeg", "what its bytes are");
    let files = files_seen_by(&ana).await;
    assert!(files[0]["width"].as_u64().is_some_and(|width| width > 100), "{}", files[0]);
    assert_eq!(files[0]["size"], PHOTO.len());
    let photo = ask(&ana, &files[0], &[]).await;
    assert_eq!(photo.status(), 200);
    assert_eq!(
        (header(&photo, "content-type"), header(&photo, "x-content-type-options")),
        ("image/jpeg", "nosniff")
    );
    assert!(header(&photo, "content-disposition").starts_with("inline;"));
    assert!(header(&photo, "content-security-policy").contains("sandbox"));
    assert_eq!(header(&photo, "cache-control"), "private, max-age=86400, immutable");
    let tag = header(&photo, "etag").to_owned();
    assert_eq!(photo.bytes().await.expect("a body"), PHOTO);
    let part = ask(&ana, &files[0], &[("range", "bytes=10-19")]).await;
    let told = format!("bytes 10-19/{}", PHOTO.len());
    assert_eq!((part.status().as_u16(), header(&part, "content-range")), (206, told.as_str()));
    assert_eq!(part.bytes().await.expect("a body"), &PHOTO[10..20]);
    assert_eq!(ask(&ana, &files[0], &[("range", "bytes=99999999-")]).await.status(), 416);
    assert_eq!(ask(&ana, &files[0], &[("if-none-match", &tag)]).await.status(), 304);
    let saved = ask(&ana, &files[1], &[]).await;
    assert_eq!(header(&saved, "content-type"), "application/octet-stream");
    assert!(header(&saved, "content-disposition").starts_with("attachment;"));
    let head = ana
        .request(Method::HEAD, files[0]["url"].as_str().expect("an address"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(header(&head, "content-length"), PHOTO.len().to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_for_whoever_sees_its_message_p7() {
    let house = House::new().await;
    let (ana, luis) = (house.ana().await, house.luis().await);
    text_with(&house, &[("image/jpeg", PHOTO)]).await;
    let file = files_seen_by(&ana).await.remove(0);
    assert_eq!(ask(&luis, &file, &[]).await.status(), 404, "no job of his is Maria's");
    let neighbours = house.neighbours().await;
    let foreign = house.sign_in(&neighbours.staff[0]).await;
    assert_eq!(ask(&foreign, &file, &[]).await.status(), 404);
    let url = format!("{}{}", house.running.url(), file["url"].as_str().expect("an address"));
    let stranger = client().get(&url).send().await.expect("an answer");
    assert_eq!(stranger.status(), 401);
    for other in ["x".to_owned(), "A".repeat(35)] {
        assert_eq!(ana.send(Method::GET, &format!("/api/media/{other}"), &Value::Null).await.status(), 404);
    }
}

/// Asks for a form; its answer.
async fn asks(person: &Person, name: &str, size: usize) -> (StatusCode, Value) {
    let body = json!({ "name": name, "type": "image/jpeg", "size": size });
    person.ask(Method::POST, "/api/uploads", body).await
}

/// Posts a file with a form, some of its fields changed.
async fn posts(form: &Value, bytes: &[u8], other: &[(&str, &str)]) -> StatusCode {
    let mut body = Vec::new();
    let fields = form["fields"].as_object().expect("fields");
    let mut add = |name: &str, value: &str| {
        body.extend(
            format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    };
    for (name, value) in fields {
        let other = other.iter().find(|(field, _)| field == name).map(|(_, value)| *value);
        add(name, other.unwrap_or_else(|| value.as_str().expect("text")));
    }
    body.extend(b"--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n");
    body.extend_from_slice(bytes);
    body.extend(b"\r\n--b--\r\n");
    let client = client().post(form["url"].as_str().expect("an address"));
    let sent = client.header("content-type", "multipart/form-data; boundary=b").body(body).send().await;
    sent.expect("an answer").status()
}

/// A file that is up.
async fn uploads(person: &Person, name: &str, bytes: &[u8]) -> String {
    let (status, form) = asks(person, name, bytes.len()).await;
    assert_eq!(status, 201, "{form}");
    assert_eq!(posts(&form, bytes, &[]).await, 204);
    form["id"].as_str().expect("an id").to_owned()
}

async fn sends(
    person: &Person,
    thread: &str,
    text: &str,
    files: &[&str],
    more: &Value,
) -> (StatusCode, Value) {
    let mut body = json!({ "id": new_id(), "text": text, "seen_seq": u32::MAX, "attachments": files });
    body.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
    person.ask(Method::POST, &format!("/api/conversations/{thread}/messages"), body).await
}

/// A photo as a phone makes it: where it was taken stands in it.
fn photo_with_place() -> Vec<u8> {
    let place = b"Exif\0\0MM\0*\0\0\0\x08\0\0 GPS 43.66 N, 70.25 W of Ana's iPhone";
    let length = u16::try_from(place.len() + 2).expect("short").to_be_bytes();
    [&PHOTO[..2], &[0xff, 0xe1], &length, place, &PHOTO[2..]].concat()
}

fn kind_of(problem: &Value) -> &str {
    problem["type"].as_str().and_then(|kind| kind.rsplit(':').next()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_goes_out_without_its_place_and_a_document_as_a_link_that_is_said() {
    let house = House::new().await;
    house.text(MARIA, "Hello").await;
    let ben = house.ben().await;
    let thread = ben.thread(MARIA).await;
    let photo = uploads(&ben, "Küche.jpg", &photo_with_place()).await;
    let checked = ben.post(&format!("/api/uploads/{photo}/check"), Value::Null).await;
    assert_eq!(
        (&checked["goes_as"], &checked["asks"], &checked["name"]),
        (&json!("mms"), &json!(false), &json!("Küche.jpg"))
    );
    let odd = uploads(&ben, "plan.docx", b"PK\x03\x04 a document").await;
    let (status, problem) = sends(&ben, &thread, "Here", &[&photo, &odd], &json!({})).await;
    assert_eq!((status.as_u16(), kind_of(&problem)), (409, "asks-first"), "{problem}");
    let (status, sent) = sends(&ben, &thread, "Here", &[&photo, &odd], &json!({ "uncleaned": true })).await;
    assert_eq!(status, 202, "{sent}");
    assert_eq!((&sent["media"][0]["goes_as"], &sent["media"][1]["goes_as"]), (&json!("mms"), &json!("link")));
    let words = sent["text"].as_str().expect("words");
    let link = words.strip_prefix("Here\n").expect("the link stands behind the words");
    ben.until_status(&thread, sent["id"].as_str().expect("an id"), "delivered").await;
    let messages = house.simulator.messages();
    let arrived = messages.iter().find(|message| message.body == words).expect("it is on the phone");
    assert_eq!(arrived.media.len(), 1, "the provider took the photo by HEAD and GET");
    assert_eq!(arrived.media[0].content_type, "image/jpeg");
    assert!(!arrived.media[0].bytes.windows(3).any(|it| it == b"GPS"), "it tells no place");
    let opened = client().get(link).send().await.expect("an answer");
    assert_eq!(header(&opened, "content-type"), "application/octet-stream");
    assert!(header(&opened, "content-disposition").starts_with("attachment; filename=\"plan.docx\""));
    assert_eq!(opened.bytes().await.expect("a body"), &b"PK\x03\x04 a document"[..]);
    let again = ben.get(&format!("/api/conversations/{thread}/messages")).await;
    let file =
        again["messages"].as_array().and_then(|all| all.last()).expect("a message")["media"][0].clone();
    let shown = ask(&ben, &file, &[]).await;
    assert!(header(&shown, "content-disposition").contains("filename*=UTF-8''K%C3%BCche.jpg"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_takes_one_file_under_its_key_and_a_second_use_changes_nothing_that_was_sent() {
    let house = House::new().await;
    house.text(MARIA, "Hello").await;
    let ben = house.ben().await;
    let thread = ben.thread(MARIA).await;
    let (_, form) = asks(&ben, "photo.jpg", PHOTO.len()).await;
    let business = &house.business;
    for (field, value) in [
        ("key", format!("files/{business}/out/x")),
        ("key", format!("uploads/{business}/{}", new_id())),
        ("x-amz-signature", "0".repeat(64)),
        ("policy", "e30=".to_owned()),
    ] {
        assert_eq!(posts(&form, PHOTO, &[(field, &value)]).await, 403, "{field}");
    }
    let id = form["id"].as_str().expect("an id");
    let check = format!("/api/uploads/{id}/check");
    let (status, problem) = ben.ask(Method::POST, &check, Value::Null).await;
    assert_eq!((status.as_u16(), kind_of(&problem)), (409, "not-uploaded"));
    let (status, problem) = sends(&ben, &thread, "Look", &[id], &json!({})).await;
    assert_eq!((status.as_u16(), kind_of(&problem)), (409, "not-uploaded"), "no message ahead of its files");
    assert_eq!(posts(&form, b"", &[]).await, 400);
    assert_eq!(posts(&form, &vec![0; 100 << 20], &[]).await, 400, "a hundred megabytes");
    assert_eq!(posts(&form, PHOTO, &[]).await, 204);
    let (status, sent) = sends(&ben, &thread, "", &[id], &json!({})).await;
    assert_eq!(status, 202, "{sent}");
    assert_eq!(posts(&form, b"<html>another</html>", &[]).await, 204, "it may be used again");
    let file = &sent["media"][0];
    assert!(ask(&ben, file, &[]).await.bytes().await.expect("a body").starts_with(b"\xff\xd8\xff"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_file_is_refused_by_name_and_another_persons_is_unknown_p7() {
    let house = House::new().await;
    house.text(MARIA, "Hello").await;
    let (ana, ben, marta) = (house.ana().await, house.ben().await, house.marta().await);
    let thread = ben.thread(MARIA).await;
    for (name, size, kind) in [
        ("empty.jpg", 0, "empty-file"),
        ("folder/", 10, "not-a-file"),
        ("../\u{202e}", 10, "not-a-file"),
        ("film.mp4", 26_214_401, "too-large"),
    ] {
        let (status, problem) = asks(&ben, name, size).await;
        assert_eq!((status.as_u16(), kind_of(&problem)), (422, kind), "{name}");
    }
    assert_eq!(asks(&marta, "photo.jpg", 10).await.0, 201, "a file for colleagues is everybody's to bring");
    let theirs = uploads(&ana, "../../a\u{202e}gpj.exe", PHOTO).await;
    assert_eq!(ana.post(&format!("/api/uploads/{theirs}/check"), Value::Null).await["name"], "agpj.exe");
    assert_eq!(ben.ask(Method::POST, &format!("/api/uploads/{theirs}/check"), Value::Null).await.0, 404);
    for id in [&theirs, &new_id()] {
        let (status, problem) = sends(&ben, &thread, "Look", &[id], &json!({})).await;
        assert_eq!((status.as_u16(), kind_of(&problem)), (422, "unknown-upload"));
    }
    for token in ["a".repeat(26), "x".to_owned(), "A".repeat(26)] {
        let answer =
            client().get(format!("{}/media/{token}", house.running.url())).send().await.expect("an answer");
        assert_eq!(answer.status(), 404, "guessed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_send_again_has_the_same_files_and_other_files_are_another_send_p9() {
    let house = House::new().await;
    house.text(MARIA, "Hello").await;
    let ben = house.ben().await;
    let thread = ben.thread(MARIA).await;
    let (one, other) = (uploads(&ben, "1.jpg", PHOTO).await, uploads(&ben, "2.jpg", PHOTO).await);
    let id = json!({ "id": new_id() });
    let (_, first) = sends(&ben, &thread, "Look", &[&one], &id).await;
    let (status, again) = sends(&ben, &thread, "Look", &[&one], &id).await;
    assert_eq!((status.as_u16(), &again["seq"]), (202, &first["seq"]));
    let (status, problem) = sends(&ben, &thread, "Look", &[&other], &id).await;
    assert_eq!((status.as_u16(), kind_of(&problem)), (422, "id-used-before"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_no_message_has_goes_within_two_days_and_one_that_a_message_has_stays() {
    let house = House::with_still_clock().await;
    house.text(MARIA, "Hello").await;
    let ben = house.ben().await;
    let thread = ben.thread(MARIA).await;
    let (sent, left) = (uploads(&ben, "sent.jpg", PHOTO).await, uploads(&ben, "left.jpg", PHOTO).await);
    ben.post(&format!("/api/uploads/{left}/check"), Value::Null).await;
    let (_, message) = sends(&ben, &thread, "Look", &[&sent], &json!({})).await;
    house.pass(Duration::from_hours(25)).await;
    let (status, problem) = sends(&ben, &thread, "Look", &[&left], &json!({})).await;
    assert_eq!((status.as_u16(), kind_of(&problem)), (422, "unknown-upload"), "too old to be sent");
    house.pass(Duration::from_hours(22)).await;
    let store = house.store();
    let upload = |id: &str| id.parse().expect("an id");
    assert!(store.upload(&house.business, &upload(&left)).await.expect("a read").is_none());
    assert!(store.upload(&house.business, &upload(&sent)).await.expect("a read").is_some());
    assert_eq!(ask(&house.ben().await, &message["media"][0], &[]).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_of_which_no_record_tells_go_with_their_upload() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_owned();
    let options = Box::new(move |options: &mut Options| {
        options.clock = Clock::manual(Clock::system().now());
        options.schedules = false;
        options.bucket = bucket::in_folder(&path, &Entropy::system()).expect("a bucket");
    });
    let house = House::with(Setup { options, ..Setup::default() }).await;
    let ben = house.ben().await;
    let file = uploads(&ben, "photo.jpg", PHOTO).await;
    // The bytes are cleaned and put, and whoever did that never gets to say so.
    let puts = Injection::next(Fault::InternalError).operation("PutItem");
    house.faults.inject(puts.table(&TestTables::name("vault")).times(50));
    let (status, _) = ben.ask(Method::POST, &format!("/api/uploads/{file}/check"), Value::Null).await;
    assert!(status.is_server_error(), "{status}");
    house.faults.clear();
    assert_eq!(files_below(folder.path()), 2, "as it came, and cleaned");
    house.pass(Duration::from_hours(47)).await;
    assert_eq!(files_below(folder.path()), 0);
}

fn files_below(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.map(|path| if path.is_dir() { files_below(&path) } else { 1 }).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_opens_for_whoever_has_it_as_long_as_it_lasts_and_guessing_finds_nothing_p7() {
    let house = House::with_still_clock().await;
    house.text(MARIA, "Hello").await;
    let ben = house.ben().await;
    let thread = ben.thread(MARIA).await;
    let file = uploads(&ben, "plan.docx", b"PK\x03\x04 a document").await;
    let (status, sent) = sends(&ben, &thread, "", &[&file], &json!({ "uncleaned": true })).await;
    assert_eq!(status, 202, "{sent}");
    ben.until_status(&thread, sent["id"].as_str().expect("an id"), "delivered").await;
    let link = sent["text"].as_str().expect("words");
    let get = async |address: &str, range: &str| {
        let asked = client().get(address).header("range", range).send().await.expect("an answer");
        (asked.status().as_u16(), asked.bytes().await.expect("a body"))
    };
    assert_eq!(get(link, "bytes=0-3").await, (206, "PK\x03\x04".into()));
    assert_eq!(get(link, "bytes=-4").await, (206, "ment".into()));
    assert_eq!(get(link, "bytes=90-").await.0, 416);
    let head = client().head(link).send().await.expect("an answer");
    assert_eq!((head.status().as_u16(), header(&head, "content-length")), (200, "15"));
    let (base, token) = link.rsplit_once('/').expect("an address with a token");
    let turned: String = token.chars().rev().collect();
    for guess in [turned.as_str(), &token.to_uppercase(), &token[1..], "a%00b", "%2f"] {
        assert_eq!(get(&format!("{base}/{guess}"), "bytes=0-").await.0, 404, "{guess}");
    }
    house.pass(Duration::from_hours(24 * 400)).await;
    let (status, problem) = get(link, "bytes=0-").await;
    assert_eq!(status, 404);
    assert_eq!(problem, get(&format!("{base}/{turned}"), "bytes=0-").await.1, "as if it had never been");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_lost_between_upload_and_send_the_message_goes_once_with_its_file_p4_p9() {
    for lost in [Fault::AnswerLost, Fault::InternalError, Fault::TransactionConflict] {
        for skip in 0..4 {
            let house = House::new().await;
            house.text(MARIA, "Hello").await;
            let ben = house.ben().await;
            let thread = ben.thread(MARIA).await;
            let file = uploads(&ben, "photo.jpg", PHOTO).await;
            let (text, id) = (format!("Look {lost:?} {skip}"), json!({ "id": new_id() }));
            house.faults.inject(Injection::next(lost).table(&TestTables::name("vault")).after(skip).times(5));
            for _ in 0..5 {
                if sends(&ben, &thread, &text, &[&file], &id).await.0 == 202 {
                    break;
                }
            }
            house.faults.clear();
            let (status, sent) = sends(&ben, &thread, &text, &[&file], &id).await;
            assert_eq!(status, 202, "{sent}");
            ben.until_status(&thread, sent["id"].as_str().expect("an id"), "delivered").await;
            assert_eq!(house.accepted_for(MARIA), std::slice::from_ref(&text));
            assert_eq!(sent["media"].as_array().map(Vec::len), Some(1));
        }
    }
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().build().expect("a client")
}
