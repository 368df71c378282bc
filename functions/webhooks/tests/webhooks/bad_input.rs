//! Everything that can come: answered clearly, and nothing lost (P1).

use porchlight_domain::consent::ConsentState;
use porchlight_domain::id::ConversationId;
use porchlight_domain::message::MessageKind;
use porchlight_domain::party::Party;
use porchlight_domain::staff::{Role, Staff};
use porchlight_store::inbound::ReceiptState;
use porchlight_store::receipts::{Receipt, Tray};

use crate::support::{LINE, MARIA, World, form, ok, phone, start, text_form};

fn reason(receipt: &Receipt) -> &str {
    match &receipt.state {
        ReceiptState::Quarantined { reason } => reason,
        other => panic!("{other:?} is not in the tray"),
    }
}

/// Twilio gets its 200, a person sees why, and the raw bytes are there.
async fn is_set_aside(world: &World, path: &str, body: &[u8], why: &str) {
    assert_eq!(world.genuine(path, body).await, ok(), "{why}");
    let found = world.tray(Tray::Quarantined).await;
    let receipt = found.iter().find(|receipt| receipt.body == body).expect(why);
    assert_eq!(reason(receipt), why);
    // Repeating it changes nothing.
    assert_eq!(world.genuine(path, body).await, ok());
    assert_eq!(world.tray(Tray::Quarantined).await.len(), found.len());
}

#[tokio::test]
async fn an_unknown_business_is_404() {
    let world = World::new().await;
    let body = text_form(MARIA, "SM1", "Hello");
    for path in [
        "/twilio/01JD0000000000000000000000/messages".to_owned(),
        "/twilio/nonsense/messages".to_owned(),
        format!("/twilio/{}/nonsense", world.business),
        format!("/twilio/{}%23x/messages", world.business),
    ] {
        let answer = world.genuine(&path, &body).await;
        assert_eq!(
            (answer.status, answer.content_type.as_str()),
            (404, "application/problem+json"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn what_cannot_be_understood_or_matched_waits_in_the_tray_p1() {
    let world = World::new().await;
    let path = world.messages_path();
    let without_to = form(&[("MessageSid", "SM1"), ("From", MARIA), ("Body", "x")]);
    is_set_aside(&world, &path, &without_to, "To is missing").await;
    let without_sid = form(&[("From", MARIA), ("To", LINE), ("Body", "x")]);
    is_set_aside(&world, &path, &without_sid, "MessageSid is missing").await;
    is_set_aside(&world, &path, b"", "Body is missing").await;
    let to_nobody = form(&[("MessageSid", "SM2"), ("From", MARIA), ("To", "+12075550199"), ("Body", "x")]);
    is_set_aside(&world, &path, &to_nobody, "no line of the business has this number").await;
    let from_nobody = form(&[("MessageSid", "SM3"), ("From", "a#b"), ("To", LINE), ("Body", "x")]);
    is_set_aside(&world, &path, &from_nobody, "the sender is no phone number").await;
    assert!(world.thread(MARIA).await.is_none());
}

#[tokio::test]
async fn a_staff_members_own_text_lands_in_their_thread_with_the_office_and_never_among_the_leads_p1() {
    let world = World::new().await;
    let luis = Staff {
        business: world.business.clone(),
        id: "01JD0000000000000000000009".parse().expect("an id"),
        name: "Luis".to_owned(),
        email: "luis@example.com".to_owned(),
        password_hash: String::new(),
        role: Role::Technician,
        full_chat_access: true,
        phone: Some(phone("+12075550111")),
        disabled_at: None,
        session_epoch: 0,
        day_off: None,
    };
    world.store.put_staff(&luis).await.expect("a new member of staff");
    let office = Staff {
        id: "01JD0000000000000000000008".parse().expect("an id"),
        name: "Ana".to_owned(),
        email: "ana@example.com".to_owned(),
        role: Role::Office,
        phone: None,
        ..luis.clone()
    };
    world.store.put_staff(&office).await.expect("somebody of the office");
    let cell = "+12075550111";
    assert_eq!(world.text_from(cell, "SM1", "Running late").await, ok());
    assert_eq!(world.text_from(cell, "SM1", "Running late").await, ok(), "P2");
    assert_eq!(world.text_from(cell, "SM2", "STOP").await, ok());
    let (business, store) = (&world.business, &world.store);
    let id = ConversationId::of(&Party::Staff { staff: luis.id.clone() });
    let thread = store.conversation(business, &id).await.expect("a read").expect("their thread");
    let timeline = store.messages(business, &id, None, 10).await.expect("a timeline").messages;
    let said: Vec<_> = timeline.iter().map(|it| (it.kind(), it.text())).collect();
    let off = "This phone takes no texts: STOP came from it";
    assert_eq!(
        said,
        [
            (MessageKind::Internal, "Running late"),
            (MessageKind::Internal, "STOP"),
            (MessageKind::System, off),
        ]
    );
    assert_eq!(timeline[0].author(), Some(&luis.id));
    let pointer = store.message_pointer(business, &timeline[0].id).await.expect("a read");
    assert!(pointer.is_some(), "it is found by its id, as all that staff write");
    let consent = world.consent(cell).await.expect("on record");
    assert_eq!(consent.state, ConsentState::Closed, "P6");
    let marker = async |staff| store.read_marker(business, &id, staff).await.expect("a marker");
    assert_eq!(thread.internal_unread(&marker(&office.id).await), 2);
    assert_eq!(thread.internal_unread(&marker(&luis.id).await), 0, "their own words");
    assert!(thread.attention.is_none() && thread.folder().is_none());
    assert!(world.tray(Tray::Quarantined).await.is_empty());
    assert!(world.thread("+12075550111").await.is_none());
}

#[tokio::test]
async fn statuses_that_fit_nothing_of_ours_wait_in_the_tray_p1() {
    let world = World::new().await;
    world.text("SM1", "Hello").await;
    let reply = world.reply("Hi").await;
    let sent = form(&[("MessageSid", "SM9"), ("MessageStatus", "sent")]);
    let never_sent = format!("/twilio/{}/status/01JD0000000000000000000000", world.business);
    is_set_aside(&world, &never_sent, &sent, "no message of ours has this id").await;
    // The same words to the right address are another report.
    assert_eq!(world.status(&reply, &[("MessageSid", "SM9"), ("MessageStatus", "sent")]).await, ok());
    let reply = world.message(&reply).await;
    assert_eq!(reply.status().as_str(), "sent");
    let nonsense = format!("/twilio/{}/status/nonsense", world.business);
    let other = form(&[("MessageSid", "SM8"), ("MessageStatus", "sent")]);
    is_set_aside(&world, &nonsense, &other, "no message of ours has this id").await;
    let odd = form(&[("MessageSid", "SM9"), ("MessageStatus", "teleported")]);
    is_set_aside(&world, &world.status_path(&reply), &odd, "the status word is not a known one").await;
    assert_eq!(world.message(&reply).await, reply);
}

#[tokio::test]
async fn a_sid_that_another_message_owns_is_no_evidence_p4() {
    let world = World::new().await;
    world.text("SM1", "Hello").await;
    let (one, two) = (world.reply("One").await, world.reply("Two").await);
    assert_eq!(world.status(&one, &[("MessageSid", "SM7"), ("MessageStatus", "sent")]).await, ok());
    let body = form(&[("MessageSid", "SM7"), ("MessageStatus", "delivered")]);
    is_set_aside(&world, &world.status_path(&two), &body, "the SID belongs to another message").await;
}

#[tokio::test]
async fn long_bodies_are_kept_whole_or_refused_whole() {
    let world = World::new().await;
    let long = "é".repeat(32 << 10);
    assert_eq!(world.text("SM1", &long).await, ok());
    assert_eq!(world.timeline(MARIA).await[0].text(), long);
    let longer = text_form(MARIA, "SM2", &"x".repeat(250 << 10));
    is_set_aside(&world, &world.messages_path(), &longer, "the text is longer than a text can be").await;
    let longest = text_form(MARIA, "SM3", &"x".repeat(porchlight_webhooks::LONGEST_BODY));
    let answer = world.genuine(&world.messages_path(), &longest).await;
    assert_eq!((answer.status, answer.content_type.as_str()), (413, "application/problem+json"));
}

#[tokio::test]
async fn bytes_that_are_no_text_are_read_as_well_as_can_be_and_kept_as_they_came() {
    let world = World::new().await;
    let body = b"MessageSid=SM1&From=%2B12075550142&To=%2B12075550100&Body=caf%E9+\xff";
    assert_eq!(world.genuine(&world.messages_path(), body).await, ok());
    assert_eq!(world.timeline(MARIA).await[0].text(), "caf\u{fffd} \u{fffd}");
    let intake = world.intake();
    let post = porchlight_channel::Post {
        path: world.messages_path(),
        headers: Vec::new(),
        body: body.to_vec(),
        received_at: start(),
    };
    let key = intake.receipt_of(post).expect("one of our addresses").key;
    let kept = world.store.receipt(&key, start()).await.expect("a read").expect("a receipt");
    assert_eq!((kept.body.as_slice(), kept.state), (&body[..], ReceiptState::Applied));
    drop(intake);
}

#[tokio::test]
async fn whoever_hides_their_number_is_nobody_and_cannot_be_answered() {
    let world = World::new().await;
    for (n, from) in
        ["+266696687", "+7378742833", "+2562533", "+8656696", "anonymous"].into_iter().enumerate()
    {
        assert_eq!(world.text_from(from, &format!("SM{n}"), "Hi").await, ok());
        let thread = world.thread(from).await.expect("a thread");
        assert_eq!(thread.name(), "Anonymous", "{from}");
        assert!(!thread.contact().expect("a sender").is_e164(), "{from}");
    }
}

#[tokio::test]
async fn other_channels_wait_in_the_tray_with_their_reason_p1() {
    let world = World::new().await;
    for (n, from) in ["whatsapp:+12075550142", "rcs:+12075550142"].into_iter().enumerate() {
        assert_eq!(world.text_from(from, &format!("SM{n}"), "Hi").await, ok());
    }
    assert!(world.thread(MARIA).await.is_none(), "they never meet the thread of the same number's SMS");
    let tray = world.tray(Tray::Quarantined).await;
    assert_eq!(tray.len(), 2);
    let reason = "it came by WhatsApp or RCS, which have no channel here yet".to_owned();
    assert_eq!(tray[0].state, ReceiptState::Quarantined { reason });
}

#[tokio::test]
async fn short_codes_and_names_are_contact_points_too() {
    let world = World::new().await;
    for (n, from) in ["24273", "ACME", "+266696687"].into_iter().enumerate() {
        assert_eq!(world.text_from(from, &format!("SM{n}"), "Your code is 1").await, ok());
        assert_eq!(world.timeline(from).await.len(), 1, "{from}");
    }
    assert_eq!(world.consent("24273").await.map(|consent| consent.state), None::<ConsentState>);
}
