//! What a technician's stream shows, and when it stops showing it (P7).

use porchlight_desk::{Desk, NewText, When, With};
use porchlight_domain::access::Person;
use porchlight_domain::conversation::{Conversation, Draft, DraftKind};
use porchlight_domain::event::{Event, Happening};
use porchlight_domain::id::ConversationId;
use porchlight_domain::message::MessageKind;
use porchlight_domain::staff::{Role, Staff};
use serde_json::json;

use crate::follower::{Follower, live, sign_in};
use crate::house::{House, business, conversation, staff};

/// Two customers; technician 3 works for the first of them.
async fn two_threads() -> House {
    let house = House::open().await;
    for (n, name) in [(1, "Maria"), (2, "Will")] {
        house.move_in(n, name).await;
        house.say(n, MessageKind::Customer, "hello").await;
    }
    house.assign(1, &staff(3)).await;
    house.settle().await;
    house.clock.advance(std::time::Duration::from_mins(1));
    house
}

#[tokio::test]
async fn a_technician_is_told_of_their_own_threads_only_and_not_of_notes_p7() {
    let house = two_threads().await;
    let (live, _) = live(&house);
    let mut technician = Follower::open(&live, &sign_in(&house, &staff(3)).await, None).await;
    house.say(2, MessageKind::Customer, "not for technicians").await;
    house.say(1, MessageKind::Note, "the office's own").await;
    house.say(1, MessageKind::Customer, "for the crew").await;
    let note = technician.told().await;
    assert_eq!(note.event, "conversation.updated");
    assert_eq!(note.data.get("message"), None);
    assert!(!note.data.to_string().contains("own"), "neither the note nor its start");
    let text = technician.told().await;
    assert_eq!(
        (text.event.as_str(), &text.data["message"]["text"]),
        ("message.created", &json!("for the crew"))
    );
}

#[tokio::test]
async fn the_end_of_an_assignment_ends_what_an_open_stream_shows_p7() {
    let house = two_threads().await;
    let (live, _) = live(&house);
    let mut technician = Follower::open(&live, &sign_in(&house, &staff(3)).await, None).await;
    let mut office = Follower::open(&live, &sign_in(&house, &staff(1)).await, None).await;
    house.say(1, MessageKind::Customer, "before").await;
    assert_eq!(technician.told().await.data["message"]["text"], "before");
    house.unassign(1, &staff(3)).await;
    house.say(1, MessageKind::Customer, "after").await;
    // `index` has not heard of it yet: access is judged on the assignments themselves.
    let told = technician.told().await;
    assert_eq!((told.event.as_str(), &told.data["id"]), ("conversation.removed", &json!(conversation(1))));
    house.settle().await;
    house.say(1, MessageKind::Customer, "later").await;
    house.assign(2, &staff(3)).await;
    house.settle().await;
    // Its removal, told once more by `index`, and then at once the new thread: nothing of the old one.
    loop {
        let told = technician.told().await;
        if told.event == "conversation.removed" {
            assert_eq!(told.data["id"], json!(conversation(1)));
            continue;
        }
        assert_eq!(told.data["conversation"]["id"], json!(conversation(2)));
        break;
    }
    for text in ["before", "after", "later"] {
        let told = office.until("message.created").await;
        assert_eq!(told.data["message"]["text"], text);
    }
}

#[tokio::test]
async fn a_closed_thread_leaves_the_technicians_stream_and_comes_back_p7() {
    let house = two_threads().await;
    let (live, _) = live(&house);
    let mut technician = Follower::open(&live, &sign_in(&house, &staff(3)).await, None).await;
    house.change(2, Conversation::close).await;
    house.change(1, Conversation::close).await;
    let told = technician.told().await;
    assert_eq!((told.event.as_str(), &told.data["id"]), ("conversation.removed", &json!(conversation(1))));
    house.say(1, MessageKind::Customer, "one thing more").await;
    assert_eq!(technician.told().await.data["conversation"]["state"], "open");
}

#[tokio::test]
async fn a_technicians_counts_are_of_their_own_threads_p7() {
    let house = two_threads().await;
    let (live, _) = live(&house);
    let mut technician = Follower::open(&live, &sign_in(&house, &staff(3)).await, None).await;
    assert_eq!(
        technician.until("counts").await.data,
        json!({ "total": 1, "attention": 1, "unread": 0, "internal_unread": 0 })
    );
    house.say(1, MessageKind::Customer, "still there?").await;
    assert_eq!(
        technician.until("counts").await.data,
        json!({ "total": 1, "attention": 1, "unread": 1, "internal_unread": 0 })
    );
}

#[tokio::test]
async fn another_persons_change_of_access_is_not_told() {
    let house = two_threads().await;
    let (live, _) = live(&house);
    let mut technician = Follower::open(&live, &sign_in(&house, &staff(4)).await, None).await;
    let it = house.with(1).await;
    let event = house.event(&it, Happening::AccessChanged { staff: staff(3) });
    house.store.commit(&crate::house::business()).event(&event).run().await.expect("an event");
    house.assign(2, &staff(4)).await;
    house.settle().await;
    assert_eq!(technician.told().await.data["conversation"]["id"], json!(conversation(2)));
}

#[tokio::test]
async fn one_event_is_told_to_each_with_what_is_their_own_p7() {
    let house = two_threads().await;
    let (live, _) = live(&house);
    let it = house.with(1).await;
    let mut marker = house.store.read_marker(&business(), &it.id, &staff(1)).await.expect("a marker");
    marker.read(&it);
    let draft = Draft { text: "We could".to_owned(), updated_at: house.clock.now() };
    let commit = house.store.commit(&business()).read_marker(&it.id, &staff(1), &mut marker);
    commit.draft(&it.id, &staff(2), DraftKind::Reply, &draft, None).run().await.expect("a look and a draft");
    let mut each = Vec::new();
    for n in [1, 2, 3, 1] {
        each.push(Follower::open(&live, &sign_in(&house, &staff(n)).await, None).await);
    }
    house.say(1, MessageKind::Customer, "again").await;
    let wanted = [(1, json!(null)), (2, json!("We could")), (1, json!(null)), (1, json!(null))];
    for (follower, (unread, draft)) in each.iter_mut().zip(wanted) {
        let told = follower.until("message.created").await;
        let row = &told.data["conversation"];
        assert_eq!(told.data["message"]["text"], "again");
        assert_eq!((&row["unread"], &row["draft"]["text"]), (&json!(unread), &draft));
    }
}

#[tokio::test]
async fn whoever_may_use_templates_is_told_that_they_changed_and_nobody_else_p7() {
    let house = two_threads().await;
    let known = house.store.staff(&business(), &staff(3)).await.expect("a read").expect("a technician");
    house.store.put_staff(&Staff { full_chat_access: false, ..known }).await.expect("a change");
    let (live, _) = live(&house);
    let mut office = Follower::open(&live, &sign_in(&house, &staff(1)).await, None).await;
    let mut technician = Follower::open(&live, &sign_in(&house, &staff(3)).await, None).await;
    let id = porchlight_domain::id::EventId::from(house.entropy.ulid(house.clock.now()));
    let event = Event { id: id.clone(), conversation: None, happening: Happening::TemplatesUpdated };
    house.store.commit(&business()).event(&event).run().await.expect("an event");
    let told = office.told().await;
    assert_eq!((told.event.as_str(), told.id.as_deref()), ("templates.updated", Some(id.as_str())));
    house.say(1, MessageKind::Customer, "afterwards").await;
    let next = technician.told().await;
    assert_eq!(next.event, "message.created", "who may not write to customers has no templates");
}

#[tokio::test]
async fn a_job_that_changed_is_told_of_to_the_office_and_its_crew_and_to_nobody_else_p7() {
    let house = two_threads().await;
    let (live, _) = live(&house);
    let mut each = Vec::new();
    for n in [1, 3, 4] {
        each.push(Follower::open(&live, &sign_in(&house, &staff(n)).await, None).await);
    }
    house.assign(1, &staff(3)).await;
    house.assign(1, &staff(4)).await;
    let id = porchlight_domain::id::EventId::from(house.entropy.ulid(house.clock.now()));
    let happening = Happening::JobUpdated { crew: vec![staff(3)] };
    let event = Event { id, conversation: None, happening };
    house.store.commit(&business()).event(&event).run().await.expect("an event");
    house.say(1, MessageKind::Customer, "afterwards").await;
    for follower in &mut each[..2] {
        assert_eq!(follower.told().await.event, "jobs.updated");
    }
    assert_eq!(each[2].told().await.event, "message.created", "whose job it is not hears nothing of it");
}

#[tokio::test]
async fn presence_is_told_to_others_who_see_the_thread_and_to_nobody_else_p7() {
    let house = two_threads().await;
    let (live, _) = live(&house);
    let mut each = Vec::new();
    for n in [1, 2, 3, 4] {
        each.push(Follower::open(&live, &sign_in(&house, &staff(n)).await, None).await);
    }
    let it = house.with(1).await;
    let event = house.event(&it, Happening::Present { staff: staff(1), typing: true });
    assert!(house.store.put_presence(&business(), &staff(1), &event).await.expect("a write"));
    house.assign(2, &staff(4)).await;
    house.say(1, MessageKind::Customer, "after").await;
    for n in [1, 2] {
        let told = each[n].told().await;
        assert_eq!(told.event, "presence");
        assert_eq!(told.data["conversation_id"], json!(conversation(1)));
        assert_eq!((&told.data["typing"], &told.data["lasts_ms"]), (&json!(true), &json!(10_000)));
        assert_eq!(told.data["person"]["id"], json!(staff(1)));
    }
    assert_eq!(each[0].told().await.event, "message.created", "nobody is told of themselves");
    house.say(2, MessageKind::Customer, "theirs").await;
    assert_eq!(
        each[3].told().await.data["conversation"]["id"],
        json!(conversation(2)),
        "nothing of the other"
    );
}

#[tokio::test]
async fn a_presence_that_is_over_is_not_told() {
    let house = two_threads().await;
    let (live, _) = live(&house);
    let it = house.with(1).await;
    let event = house.event(&it, Happening::Present { staff: staff(1), typing: false });
    assert!(house.store.put_presence(&business(), &staff(1), &event).await.expect("a write"));
    house.clock.advance(std::time::Duration::from_secs(15));
    let mut ben = Follower::open(&live, &sign_in(&house, &staff(2)).await, None).await;
    house.say(1, MessageKind::Customer, "later").await;
    assert_eq!(ben.told().await.data["message"]["text"], "later");
}

/// Another writer changes somebody, and everybody is told.
async fn changed(house: &House, n: u128, change: impl FnOnce(Staff) -> Staff) {
    let known = house.store.staff(&business(), &staff(n)).await.expect("a read").expect("somebody");
    let after = change(known.clone());
    let id = porchlight_domain::id::EventId::from(house.entropy.ulid(house.tick()));
    let event = Event { id, conversation: None, happening: Happening::StaffUpdated };
    let commit = house.store.commit(&business()).change_staff(&known, &after).event(&event);
    commit.run().await.expect("a change");
}

#[tokio::test]
async fn whoever_may_do_less_is_told_at_once_to_load_again_and_everybody_that_the_staff_changed_p7() {
    let house = two_threads().await;
    let (live, _) = live(&house);
    let mut office = Follower::open(&live, &sign_in(&house, &staff(1)).await, None).await;
    let mut technician = Follower::open(&live, &sign_in(&house, &staff(3)).await, None).await;
    changed(&house, 3, |known| Staff { full_chat_access: false, ..known }).await;
    assert_eq!(technician.told().await.event, "staff.updated");
    let reload = technician.told().await;
    assert_eq!((reload.event.as_str(), &reload.data["reason"]), ("reload", &json!("access")));
    assert_eq!(office.told().await.event, "staff.updated");
    house.say(1, MessageKind::Customer, "afterwards").await;
    let row = technician.told().await.data["conversation"].clone();
    assert!(!row["may"].as_array().expect("acts").contains(&json!("write")), "{row}");
    assert_eq!(office.told().await.event, "message.created", "nothing changed for the office");
}

#[tokio::test]
async fn whoever_leaves_the_office_sees_nothing_more_of_it_on_an_open_stream_p7() {
    let house = two_threads().await;
    let (live, _) = live(&house);
    let mut ben = Follower::open(&live, &sign_in(&house, &staff(2)).await, None).await;
    house.say(2, MessageKind::Customer, "before").await;
    assert_eq!(ben.told().await.data["message"]["text"], "before");
    let technician = porchlight_domain::staff::Role::Technician;
    changed(&house, 2, |known| Staff { role: technician, ..known }).await;
    assert_eq!(ben.told().await.event, "staff.updated");
    assert_eq!(ben.told().await.event, "reload");
    house.say(2, MessageKind::Customer, "after").await;
    house.assign(1, &staff(2)).await;
    house.say(1, MessageKind::Customer, "theirs").await;
    assert_eq!(ben.until("message.created").await.data["message"]["text"], "theirs");
}

#[tokio::test]
async fn the_stream_of_whoever_is_disabled_or_signed_out_ends_at_once_p7() {
    for disabled in [true, false] {
        let house = two_threads().await;
        let (live, _) = live(&house);
        let mut gone = Follower::open(&live, &sign_in(&house, &staff(3)).await, None).await;
        let at = disabled.then(|| house.clock.now());
        changed(&house, 3, |known| Staff { disabled_at: at, session_epoch: 1, ..known }).await;
        house.say(1, MessageKind::Customer, "not for them").await;
        let rest = async {
            let mut said = Vec::new();
            while let Some(sent) = gone.next_or_end().await {
                said.push(sent.event);
            }
            said
        };
        let said = tokio::time::timeout(std::time::Duration::from_secs(8), rest)
            .await
            .expect("before the next look");
        assert!(said.iter().all(|event| event == "counts" || event == "staff.updated"), "{said:?}");
    }
}

/// Somebody opens an internal thread and says something in it.
async fn tell(house: &House, n: u128, with: &With, text: &str) -> ConversationId {
    house.tick();
    let desk = Desk::new(house.store.clone(), house.clock.clone(), house.entropy.clone());
    let person = house.store.staff(&business(), &staff(n)).await.expect("a read").expect("a person");
    let record = house.store.business(&business()).await.expect("a read").expect("a business");
    let who = Person::new(person, record);
    let command = house.entropy.ulid(house.clock.now()).into();
    let opened = desk.open_internal(&who, command, with).await.expect("a thread");
    let id = opened.seen.conversation.id.clone();
    let text = NewText {
        id: house.entropy.ulid(house.clock.now()).into(),
        text: text.to_owned(),
        job: None,
        seen_seq: 0,
        force: false,
        resend_of: None,
        attachments: Vec::new(),
        uncleaned: false,
        when: When::Now,
    };
    desk.send(&who, &id, &text).await.expect("written");
    id
}

#[tokio::test]
async fn a_pairs_messages_are_told_to_the_two_alone_p7() {
    let house = two_threads().await;
    let admin = crate::house::person(5, Role::Admin);
    house.store.put_staff(&admin).await.expect("an admin");
    let (live, _) = live(&house);
    let mut other = Follower::open(&live, &sign_in(&house, &staff(5)).await, None).await;
    let mut one_of_them = Follower::open(&live, &sign_in(&house, &staff(3)).await, None).await;
    let pair = tell(&house, 1, &With::Colleague(staff(3)), "Between us").await;
    let told = one_of_them.told().await;
    assert_eq!(
        (told.event.as_str(), &told.data["message"]["text"]),
        ("message.created", &json!("Between us"))
    );
    assert_eq!(
        (&told.data["conversation"]["id"], &told.data["conversation"]["unread"]),
        (&json!(pair), &json!(1))
    );
    house.say(1, MessageKind::Customer, "for all of the office").await;
    let told = other.until("message.created").await;
    assert_eq!(
        told.data["message"]["text"], "for all of the office",
        "and of the pair not even that it is there"
    );
}

#[tokio::test]
async fn a_crews_messages_end_with_the_assignment_p7() {
    let house = two_threads().await;
    let (live, _) = live(&house);
    let mut technician = Follower::open(&live, &sign_in(&house, &staff(3)).await, None).await;
    let crew = With::CrewOf(crate::house::job(1));
    let id = tell(&house, 1, &crew, "before").await;
    assert_eq!(technician.told().await.data["message"]["text"], "before");
    house.unassign(1, &staff(3)).await;
    tell(&house, 1, &crew, "after").await;
    let told = technician.told().await;
    assert_eq!((told.event.as_str(), &told.data["id"]), ("conversation.removed", &json!(id)));
    assert!(!told.data.to_string().contains("after"));
}
