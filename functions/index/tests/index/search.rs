//! Search over names, parts of numbers and words of messages.

use std::collections::BTreeSet;

use porchlight_domain::conversation::{Conversation, Summary};
use porchlight_domain::message::MessageKind;
use porchlight_domain::terms::{self, QueryTerm};
use porchlight_store::search::{Asked, Candidate, Scope, SearchHit, SearchPage};

use crate::house::{House, business, conversation, customer};
use crate::records;

async fn search(house: &House, typed: &str, scope: Scope, limit: usize) -> SearchPage {
    let terms = terms::query(typed);
    let asked = Asked { terms: &terms, scope, keep: &|_: &Conversation| true, skip: 0, limit };
    house.store.search(&business(), &asked).await.expect("a search")
}

/// The threads that are found, by the last four digits of their number, the last active first.
fn threads(page: &SearchPage) -> Vec<u64> {
    let thread = |hit: &SearchHit| {
        hit.conversation.contact().expect("a customer").as_str()[8..].parse().expect("four digits")
    };
    page.hits.iter().map(thread).collect()
}

pub async fn found(house: &House, typed: &str) -> Vec<u64> {
    threads(&search(house, typed, Scope::Office, 50).await)
}

/// Three threads of two customers and somebody unknown.
async fn a_few_threads() -> House {
    let house = House::open().await;
    house.move_in(142, "Maria O'Brien").await;
    house.move_in(143, "Will Café").await;
    house.say(142, MessageKind::Customer, "The water heater leaks on the floor").await;
    house.say(143, MessageKind::Customer, "Is the invoice paid?").await;
    house.say(144, MessageKind::Customer, "Could you look at our heating, water everywhere").await;
    house.say(142, MessageKind::Staff, "A plumber comes at noon").await;
    house.settle().await;
    house
}

#[tokio::test]
async fn words_of_messages_are_found_as_one_types_them() {
    let house = a_few_threads().await;
    assert_eq!(found(&house, "heater").await, [142]);
    assert_eq!(found(&house, "heat").await, [142, 144], "the last active first");
    for beginning in ["w", "wa", "wat", "wate", "water"] {
        let found = found(&house, beginning).await;
        assert!(found.contains(&142) && found.contains(&144), "{beginning}");
    }
    assert_eq!(found(&house, "INVOICE").await, [143]);
    assert!(found(&house, "boiler").await.is_empty());
    assert!(found(&house, "!?").await.is_empty());
}

#[tokio::test]
async fn all_words_must_be_there_wherever_in_the_thread() {
    let house = a_few_threads().await;
    assert_eq!(found(&house, "plumber heater").await, [142]);
    assert_eq!(found(&house, "maria leak").await, [142]);
    assert_eq!(found(&house, "water everyw").await, [144]);
    assert_eq!(found(&house, "the floor").await, [142]);
    assert!(found(&house, "maria invoice").await.is_empty());
    let page = search(&house, "plumber heater", Scope::Office, 50).await;
    assert_eq!(page.hits[0].seq, Some(2), "the newest message with the most of the words");
}

#[tokio::test]
async fn names_and_parts_of_numbers_are_found() {
    let house = a_few_threads().await;
    for typed in
        ["0142", "142", "555-0142", "(207) 555 0142", "+12075550142", "obrien", "o'brien", "brien", "mari"]
    {
        assert_eq!(found(&house, typed).await, [142], "{typed}");
    }
    assert_eq!(found(&house, "207 555").await.len(), 3);
    assert_eq!(found(&house, "will").await, [143], "called like one of the commonest words");
    assert_eq!(found(&house, "cafe").await, [143]);
}

/// Maria lives on a street now, and has one more job.
async fn maria_on_forest_avenue() -> House {
    let house = a_few_threads().await;
    let known = house.settle().await;
    let mut maria = house.store.customer(&business(), &customer(142)).await.expect("a read").expect("Maria");
    maria.address = Some("14 Hauptstra\u{df}e S\u{f8}rensen Court, Portland".to_owned());
    house.store.put_customer(&business(), &mut maria).await.expect("an address");
    house.settle_from(known).await;
    house
}

#[tokio::test]
async fn a_jobs_number_and_a_street_are_found() {
    let house = maria_on_forest_avenue().await;
    for typed in ["hauptstrasse", "Hauptstra\u{df}e 14", "sorensen", "maria court", "hauptstr heater"] {
        assert_eq!(found(&house, typed).await, [142], "{typed}");
    }
    assert_eq!(found(&house, "1042").await, [142, 143], "both have a job of this number");
    assert_eq!(found(&house, "o`brien 1042").await, [142]);
    let within =
        |by_messages| Scope::Within(vec![Candidate { conversation: conversation(142), by_messages }]);
    assert_eq!(threads(&search(&house, "1042", within(true), 50).await), [142]);
    let shared = search(&house, "1042", within(false), 50).await;
    assert!(shared.hits.is_empty(), "of a shared number only some jobs are one's own (P7)");
}

#[tokio::test]
async fn another_address_is_found_and_the_old_one_is_not() {
    let house = maria_on_forest_avenue().await;
    let known = house.settle().await;
    let mut maria = house.store.customer(&business(), &customer(142)).await.expect("a read").expect("Maria");
    maria.address = Some("9 Ocean Road".to_owned());
    house.store.put_customer(&business(), &mut maria).await.expect("an address");
    house.settle_from(known).await;
    assert_eq!(found(&house, "ocean").await, [142]);
    assert!(found(&house, "hauptstrasse").await.is_empty());
}

/// What is suggested where nothing is found. Boxed, as searches are large futures.
async fn suggested(house: &House, typed: &str, scope: Scope) -> Option<(String, Option<usize>)> {
    let terms = terms::query(typed);
    let asked = Asked { terms: &terms, scope, keep: &|_: &Conversation| true, skip: 0, limit: 50 };
    let page = Box::pin(house.store.search(&business(), &asked)).await.expect("a search");
    assert!(page.hits.is_empty(), "{typed}");
    let suggestion = Box::pin(house.store.suggest(&business(), &asked)).await.expect("a suggestion");
    suggestion.map(|it| (it.words, it.found))
}

#[tokio::test]
async fn a_slip_is_answered_with_the_nearest_words_that_find_something() {
    let house = maria_on_forest_avenue().await;
    house.say(142, MessageKind::Note, "the dehumidifier is hers").await;
    house.settle().await;
    let some = |words: &str, found| Some((words.to_owned(), Some(found)));
    for (typed, meant) in [
        ("dehumidifer", some("dehumidifier", 1)),
        ("plumbre", some("plumber", 1)),
        ("lpumber", some("plumber", 1)),
        ("hauptstrase", some("hauptstrasse", 1)),
        // In the first letters of a name or a street: another one, none, one too many.
        ("naria", some("maria", 1)),
        ("mmaria", some("maria", 1)),
        ("mbria", some("maria", 1)),
        ("aria", some("maria", 1)),
        ("auptstrasse", some("hauptstrasse", 1)),
        ("invoce paid", some("invoice paid", 1)),
        ("heatre floor", some("heater floor", 1)),
        ("invoce plumber", None),
        ("refrigerator", None),
        ("9999", None),
    ] {
        assert_eq!(suggested(&house, typed, Scope::Office).await, meant, "{typed}");
    }
    let within =
        |n, by_messages| Scope::Within(vec![Candidate { conversation: conversation(n), by_messages }]);
    assert_eq!(suggested(&house, "plumbre", within(142, true)).await, some("plumber", 1));
    assert_eq!(suggested(&house, "plumbre", within(143, true)).await, None, "not theirs (P7)");
    assert_eq!(suggested(&house, "plumbre", within(142, false)).await, None, "a shared number");
    assert_eq!(suggested(&house, "dehumidifer", within(142, true)).await, None, "a note");
}

#[tokio::test]
async fn a_new_name_is_found_and_the_old_one_is_not() {
    let house = a_few_threads().await;
    let known = house.settle().await;
    let mut maria = house.store.customer(&business(), &customer(142)).await.expect("a read").expect("Maria");
    maria.name = "Teresa Quill".to_owned();
    house.store.put_customer(&business(), &mut maria).await.expect("a new name");
    house.settle_from(known).await;
    assert_eq!(found(&house, "quill").await, [142]);
    assert!(found(&house, "brien").await.is_empty());
    assert_eq!(found(&house, "0142").await, [142]);
}

#[tokio::test]
async fn many_who_are_called_alike_are_all_found_and_one_who_is_renamed_leaves_nothing_behind_p10() {
    let house = House::open().await;
    for n in 100..180 {
        house.move_in(n, "Kim Ivanov").await;
        house.say(n, MessageKind::Customer, "hello").await;
    }
    let known = house.settle().await;
    let all: BTreeSet<u64> = (100..180).collect();
    let threads_of = async |typed: &str| {
        let page = search(&house, typed, Scope::Office, 100).await;
        threads(&page).into_iter().collect::<BTreeSet<u64>>()
    };
    for typed in ["kim", "ivanov kim", "iva"] {
        assert_eq!(threads_of(typed).await, all, "{typed}");
    }
    let many = Some(("kim ivanov".to_owned(), None));
    assert_eq!(suggested(&house, "kim ivanvo", Scope::Office).await, many, "more than are counted");
    for (n, name) in [(101, "Maria Ivanov"), (102, "Teresa Quill")] {
        let read = house.store.customer(&business(), &customer(n)).await;
        let mut person = read.expect("a read").expect("somebody");
        person.name = name.to_owned();
        house.store.put_customer(&business(), &mut person).await.expect("a new name");
    }
    house.settle_from(known).await;
    assert_eq!(threads_of("maria ivanov").await, BTreeSet::from([101]));
    assert_eq!(threads_of("kim").await.len(), 78);
    assert_eq!(threads_of("ivanov").await.len(), 79);
    let derived = crate::packing::derived(&house).await;
    let platform = house.platform("Index").with_dynamodb(|| std::sync::Arc::clone(&house.tables.calls));
    porchlight_index::rebuild(&platform, &business()).await.expect("a rebuild");
    assert_eq!(derived, crate::packing::derived(&house).await, "as if it had always been so");
}

#[tokio::test]
async fn closed_threads_are_found_and_blocked_ones_are_not() {
    let house = a_few_threads().await;
    house.change(142, Conversation::close).await;
    house.block(144).await;
    house.settle().await;
    assert_eq!(found(&house, "water").await, [142]);
}

#[tokio::test]
async fn records_that_come_again_change_nothing_that_is_found_p10() {
    let house = a_few_threads().await;
    let mut again = records(&house).await;
    again.reverse();
    house.bring(&again).await;
    assert_eq!(found(&house, "heat").await, [142, 144]);
    assert_eq!(search(&house, "plumber", Scope::Office, 50).await.hits[0].seq, Some(2));
}

#[tokio::test]
async fn a_long_thread_is_found_by_its_oldest_and_its_newest_words() {
    let house = House::open().await;
    house.say(1, MessageKind::Customer, "aardvark").await;
    for n in 0..30 {
        house.say(1, MessageKind::Customer, &format!("word{n} zebra")).await;
        if n % 7 == 0 {
            house.settle().await;
        }
    }
    house.settle().await;
    assert_eq!(found(&house, "aardvark word29").await, [1]);
    assert_eq!(found(&house, "word13 word7").await, [1]);
    assert!(found(&house, "word13 word77").await.is_empty());
}

#[tokio::test]
async fn a_search_says_when_it_stopped_early() {
    let house = House::open().await;
    for n in 1..8 {
        house.say(n, MessageKind::Customer, "the boiler").await;
    }
    house.settle().await;
    let page = search(&house, "boiler", Scope::Office, 3).await;
    assert_eq!((threads(&page), page.more), (vec![7, 6, 5], true));
    assert!(!search(&house, "boiler", Scope::Office, 7).await.more);
}

#[tokio::test]
async fn a_technician_finds_neither_notes_nor_what_is_not_theirs_p7() {
    let house = a_few_threads().await;
    house.say(142, MessageKind::Note, "she owes us a fortune").await;
    house.settle().await;
    assert_eq!(found(&house, "fortune").await, [142]);
    let within =
        |n, by_messages| Scope::Within(vec![Candidate { conversation: conversation(n), by_messages }]);
    assert!(search(&house, "fortune", within(142, true), 50).await.hits.is_empty());
    assert_eq!(threads(&search(&house, "heater", within(142, true), 50).await), [142]);
    assert!(search(&house, "heater", within(143, true), 50).await.hits.is_empty());
    assert!(search(&house, "heater", within(142, false), 50).await.hits.is_empty(), "a shared number");
    assert_eq!(threads(&search(&house, "maria", within(142, false), 50).await), [142]);
}

#[tokio::test]
async fn a_text_of_a_dozen_words_costs_few_write_units() {
    use porchlight_store::CapacityMeter;
    use porchlight_store::search::Indexed;
    let house = House::open().await;
    let text = "Hi this is Anna, the kitchen faucet drips again, could somebody come tomorrow morning please";
    house.say(1, MessageKind::Customer, text).await;
    house.say(1, MessageKind::Customer, text).await;
    let it = house.with(1).await;
    let measured = async |before: &Indexed, seq| {
        let meter = CapacityMeter::new();
        let store = house.store.clone().with_meter(meter.clone());
        let until = Conversation::restore(Summary { seq, ..(*it).clone() });
        let indexed = store.index_conversation(&until, before).await.expect("indexed");
        (meter.write_units(), indexed)
    };
    let (first, indexed) = measured(&Indexed::default(), 1).await;
    let (second, _) = measured(&indexed, 2).await;
    assert!(first <= 3.0, "the log and the block: {first}");
    assert!(second <= 3.0, "{second}");
}

#[tokio::test]
async fn all_words_asked_for_are_found_over_a_long_thread_and_notes_by_the_office_alone_p7_p10() {
    let house = House::open().await;
    let mut said: Vec<(MessageKind, String)> = Vec::new();
    for n in 1..=520 {
        let word = |every, word: &'static str| if n % every == 0 { word } else { "again" };
        let kind = if n % 7 == 0 { MessageKind::Note } else { MessageKind::Customer };
        let text = format!("{} {} {}", word(2, "gauge"), word(3, "valves"), word(5, "the"));
        house.say(142, kind, &text).await;
        said.push((kind, text));
    }
    house.settle().await;
    let thread = house.with(142).await;
    for typed in
        ["gauge valves", "valv gau", "gauge the", "gauge", "the", "gauge valves the again", "gauge boiler"]
    {
        let terms = terms::query(typed);
        for for_office in [true, false] {
            let is = |word: &str, term: &QueryTerm| {
                if term.is_prefix { word.starts_with(&term.text) } else { word == term.text }
            };
            let has_all = |text: &str| terms.iter().all(|term| text.split(' ').any(|word| is(word, term)));
            let may = |kind: MessageKind| for_office || kind != MessageKind::Note;
            let all = said.iter().enumerate().rev();
            let matching = all.filter(|(_, (kind, text))| may(*kind) && has_all(text));
            let wanted: Vec<u64> = matching.map(|(place, _)| place as u64 + 1).collect();
            let found = house.store.search_within(&thread, &terms, for_office).await.expect("a search");
            assert_eq!(found, wanted, "{typed:?}, {for_office}");
        }
    }
}
