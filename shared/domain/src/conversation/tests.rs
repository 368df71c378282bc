use proptest::prelude::*;

use super::*;
use crate::delivery::{Evidence, ProviderStatus};
use crate::message::Message;
use crate::samples::{at, conversation, job, message, reason};

const WANTS: InboundEffect = InboundEffect::WantsAnswer { emergency: false };

fn waiting() -> Conversation {
    let mut conversation = conversation();
    conversation.record_inbound(&message(1).of_customer(), WANTS);
    conversation
}

#[test]
fn the_first_unanswered_message_keeps_its_time_until_a_reply() {
    let mut conversation = waiting();
    conversation.record_inbound(&message(2).of_customer(), InboundEffect::WantsAnswer { emergency: true });
    let attention = conversation.attention.expect("waits");
    assert_eq!((attention.waiting_since, attention.emergency), (at(1), true));
    conversation.record_reply(&message(3).by(1));
    assert_eq!(conversation.attention, None);
    assert_eq!(conversation.unread(&ReadMarker::default()), 0);
}

#[test]
fn automated_messages_and_notes_settle_nothing_and_reopen_nothing() {
    let mut conversation = waiting();
    conversation.record_other(&message(2));
    conversation.record_note(&message(3).note_by(1));
    assert!(conversation.attention.is_some());
    conversation.close();
    conversation.record_other(&message(4));
    conversation.record_note(&message(5).note_by(1));
    assert_eq!(conversation.state, State::Closed);
}

#[test]
fn a_note_takes_a_place_and_the_row_and_changes_nothing_else() {
    let mut conversation = waiting();
    conversation.snooze(at(900));
    let before = conversation.clone();
    let note = message(2).note_by(1).of_job(1);
    conversation.record_note(&note);
    let mut wanted = before;
    wanted.0.seq = 2;
    wanted.0.last_message = Some(LastMessage::of(&note));
    assert_eq!(conversation, wanted);
}

#[test]
fn a_mention_counts_one_until_its_person_looks() {
    let mut conversation = waiting();
    let mut marker = ReadMarker::default();
    marker.read(&conversation);
    conversation.record_note(&message(2).note_by(1));
    assert_eq!(conversation.unread(&marker), 0, "a note is nobody's unread");
    marker.mention(2);
    assert_eq!((conversation.unread(&marker), marker.mentioned), (1, Some(2)));
    conversation.record_inbound(&message(3).of_customer(), WANTS);
    assert_eq!(conversation.unread(&marker), 1, "it adds nothing to what is unread anyway");
    marker.read(&conversation);
    assert_eq!((conversation.unread(&marker), marker.mentioned), (0, None));
}

#[test]
fn consent_words_change_no_attention_and_thanks_only_look_settled() {
    let mut conversation = waiting();
    conversation.record_inbound(&message(2).of_customer(), InboundEffect::ConsentWord);
    assert_eq!(conversation.attention.map(|a| a.waiting_since), Some(at(1)));
    conversation.settle();
    conversation.record_inbound(&message(3).of_customer(), InboundEffect::Settled);
    assert_eq!((conversation.attention, conversation.looked_settled), (None, true));
    assert_eq!(conversation.unread(&ReadMarker::default()), 3);
    conversation.record_inbound(&message(4).of_customer(), InboundEffect::ConsentWord);
    assert!(conversation.looked_settled);
    conversation.record_inbound(&message(5).of_customer(), WANTS);
    assert!(!conversation.looked_settled);
}

#[test]
fn a_snooze_ends_with_its_time_and_needs_a_person() {
    let mut conversation = conversation();
    conversation.snooze(at(600));
    assert_eq!(conversation.folder().map(|f| f.shelf), Some(Shelf::Snoozed));
    assert!(!conversation.wake(at(599)));
    assert!(conversation.wake(at(660)));
    let attention = conversation.attention.expect("needs a person");
    assert_eq!((attention.reason, attention.waiting_since), (AttentionReason::SnoozeEnded, at(600)));
    assert!(!conversation.wake(at(700)), "only once");
}

#[test]
fn a_snooze_ends_with_a_customer_message() {
    let mut conversation = conversation();
    conversation.snooze(at(600));
    conversation.record_inbound(&message(1).of_customer(), WANTS);
    assert_eq!(conversation.folder().map(|f| (f.shelf, f.attention)), Some((Shelf::Active, true)));
}

#[test]
fn stop_start_and_help_neither_end_a_snooze_nor_open_a_closed_thread() {
    let told = |put_aside: fn(&mut Conversation)| {
        let mut conversation = waiting();
        put_aside(&mut conversation);
        let before = conversation.clone();
        conversation.record_inbound(&message(2).of_customer(), InboundEffect::ConsentWord);
        (before, conversation)
    };
    let snooze = |conversation: &mut Conversation| conversation.snooze(at(600));
    for put_aside in [snooze as fn(&mut Conversation), Conversation::close] {
        let (before, after) = told(put_aside);
        assert_eq!((after.state, after.snoozed_until), (before.state, before.snoozed_until));
        assert_eq!((after.attention, after.folder()), (before.attention, before.folder()));
    }
}

#[test]
fn a_final_failure_in_a_closed_or_snoozed_thread_is_shown_to_somebody() {
    for put_aside in [Conversation::close, |conversation: &mut Conversation| conversation.snooze(at(600))] {
        let mut conversation = conversation();
        let mut sent = message(1).by(1);
        conversation.record_reply(&sent);
        put_aside(&mut conversation);
        assert_eq!(conversation.shown_attention(), None);
        let before = sent.status();
        let evidence = Evidence {
            sid: "SM1".to_owned(),
            status: ProviderStatus::Undelivered,
            error: Some(reason(2)),
            raw_date: None,
            seen_at: at(60),
        };
        sent.delivery_mut().expect("goes out").record(evidence);
        conversation.record_status(&sent, before, at(60));
        assert_eq!(conversation.shown_attention().map(|a| a.reason), Some(AttentionReason::Failure));
        assert_eq!(conversation.folder().map(|f| (f.shelf, f.attention)), Some((Shelf::Active, true)));
    }
}

#[test]
fn a_final_failure_needs_a_person_once() {
    let mut conversation = conversation();
    let mut sent = message(1).by(1);
    conversation.record_reply(&sent);
    let mut told = |conversation: &mut Conversation, raw_date: &str| {
        let before = sent.status();
        let evidence = Evidence {
            sid: "SM1".to_owned(),
            status: ProviderStatus::Undelivered,
            error: Some(reason(3)),
            raw_date: Some(raw_date.to_owned()),
            seen_at: at(60),
        };
        assert!(sent.delivery_mut().expect("goes out").record(evidence));
        conversation.record_status(&sent, before, at(60));
    };
    told(&mut conversation, "2611210904");
    assert_eq!(conversation.attention.map(|a| a.reason), Some(AttentionReason::Failure));
    assert_eq!(conversation.last_message.as_ref().map(|last| last.status), Some(Status::Undelivered));
    conversation.settle();
    told(&mut conversation, "2611210905");
    assert_eq!(conversation.attention, None, "a person has settled it");
}

#[test]
fn closing_asks_while_a_job_is_ahead() {
    let summary = |status, scheduled_at| CustomerSummary {
        id: ulid::Ulid::from(1_u128).into(),
        name: "Maria".to_owned(),
        lead: None,
        has_booked_job: true,
        job: Some(JobSummary { id: job(1), number: 1042, title: "Boiler".to_owned(), status, scheduled_at }),
        street: None,
        other_jobs: Vec::new(),
    };
    let mut conversation = conversation();
    assert_eq!(conversation.job_ahead(at(0)), None);
    for (status, scheduled_at, ahead) in [
        (JobStatus::Scheduled, Some(at(10)), true),
        (JobStatus::Scheduled, None, true),
        (JobStatus::Scheduled, Some(at(4)), false),
        (JobStatus::InProgress, Some(at(4)), true),
        (JobStatus::Completed, Some(at(10)), false),
    ] {
        conversation.know_customer(Some(summary(status, scheduled_at)));
        assert_eq!(conversation.job_ahead(at(5)).is_some(), ahead, "{status:?} {scheduled_at:?}");
    }
}

#[test]
fn leads_have_no_customer_or_are_open_without_a_job() {
    let mut conversation = conversation();
    assert!(conversation.is_lead());
    let customer = |lead, has_booked_job| {
        let id = ulid::Ulid::from(1_u128).into();
        Some(CustomerSummary {
            id,
            name: "Maria".to_owned(),
            lead,
            has_booked_job,
            job: None,
            street: None,
            other_jobs: Vec::new(),
        })
    };
    for (lead, booked, among) in [
        (None, false, false),
        (Some(LeadStage::New), false, true),
        (Some(LeadStage::New), true, false),
        (Some(LeadStage::Closed), false, false),
    ] {
        conversation.know_customer(customer(lead, booked));
        assert_eq!(conversation.is_lead(), among);
    }
    conversation.know_customer(None);
    conversation.close();
    assert!(!conversation.is_lead());
}

#[test]
fn every_folder_is_shown_by_all_and_named_once() {
    let keys: std::collections::BTreeSet<_> = Folder::EVERY.iter().map(|folder| folder.as_key()).collect();
    assert_eq!(keys.len(), Folder::EVERY.len());
    assert!(Folder::EVERY.iter().all(|folder| Filter::All.shows(*folder)));
    assert!(Folder::EVERY.iter().all(|f| Filter::Active.shows(*f) || !Filter::Attention.shows(*f)));
    assert!(Folder::EVERY.iter().all(|f| Filter::Archived.shows(*f) == (f.shelf == Shelf::Closed)));
}

#[test]
fn an_inbound_message_takes_a_job_only_when_it_is_unambiguous() {
    let mut conversation = conversation();
    assert_eq!(conversation.job_of_inbound(&[job(1)], at(0)), Some(job(1)));
    assert_eq!(conversation.job_of_inbound(&[job(1), job(2)], at(0)), None);
    conversation.record_reply(&message(1).by(1).of_job(2));
    assert_eq!(conversation.job_of_inbound(&[job(1), job(2)], at(86_400)), Some(job(2)));
    assert_eq!(conversation.job_of_inbound(&[job(1), job(2)], at(86_401)), None);
}

#[test]
fn a_row_keeps_the_start_of_a_long_text() {
    let mut conversation = conversation();
    conversation.record_inbound(&message(1).of_customer().saying(&"word \n".repeat(100)), WANTS);
    let text = conversation.last_message.clone().expect("just came").text;
    assert_eq!(
        (text.chars().count(), text.ends_with('…'), text.contains('\n')),
        (SNIPPET_CHARS, true, false)
    );
}

#[test]
fn undoing_done_or_close_waits_again_since_it_did_before() {
    for put_aside in [Conversation::settle, Conversation::close] {
        let mut conversation = waiting();
        conversation
            .record_inbound(&message(2).of_customer(), InboundEffect::WantsAnswer { emergency: true });
        let before = conversation.attention;
        put_aside(&mut conversation);
        conversation.settle();
        conversation.raise(at(600));
        assert_eq!((conversation.attention, conversation.state), (before, State::Open));
        conversation.raise(at(700));
        assert_eq!(conversation.attention, before, "only once");
    }
}

#[test]
fn undoing_looked_settled_waits_since_the_thanks() {
    let mut conversation = conversation();
    conversation.record_inbound(&message(1).of_customer(), InboundEffect::Settled);
    conversation.raise(at(600));
    let attention = conversation.attention.expect("waits");
    assert_eq!((attention.waiting_since, attention.reason), (at(1), AttentionReason::Customer));
    assert!(!conversation.looked_settled);
}

#[test]
fn with_nothing_to_undo_a_person_is_needed_from_now_on() {
    let mut conversation = waiting();
    conversation.settle();
    conversation.record_reply(&message(2).by(1));
    conversation.snooze(at(900));
    conversation.raise(at(600));
    let attention = conversation.attention.expect("needs a person");
    assert_eq!((attention.waiting_since, attention.reason), (at(600), AttentionReason::Raised));
    assert_eq!(conversation.folder().map(|folder| folder.attention), Some(true), "and a snooze ends");
}

#[test]
fn system_lines_are_plain_sentences() {
    let (by, to) = ("Ben Adler", "Luis Ortega");
    assert_eq!(Notice::Assigned { by, to }.to_string(), "Ben Adler assigned this to Luis Ortega");
    assert_eq!(Notice::Closed { by }.to_string(), "Ben Adler closed this");
    assert_eq!(Notice::SaidStop.to_string(), "Texts are off: the customer sent STOP");
}

/// What happens to a conversation, for the rules below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Customer(InboundEffect),
    Reply,
    Automated,
    Done,
    Close,
    Reopen,
    Raise,
    System,
    Read(u64),
    MarkUnread(u64),
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => Just(Act::Customer(WANTS)),
        1 => Just(Act::Customer(InboundEffect::ConsentWord)),
        1 => Just(Act::Customer(InboundEffect::Settled)),
        2 => Just(Act::Reply),
        1 => Just(Act::Automated),
        1 => Just(Act::Done),
        1 => Just(Act::Close),
        1 => Just(Act::Reopen),
        1 => Just(Act::Raise),
        1 => Just(Act::System),
        2 => (1..3_u64).prop_map(Act::Read),
        1 => (1..3_u64).prop_map(Act::MarkUnread),
    ]
}

fn perform(conversation: &mut Conversation, markers: &mut [ReadMarker; 3], act: Act) {
    let next = message(conversation.next_seq());
    match act {
        Act::Customer(effect) => conversation.record_inbound(&next.of_customer(), effect),
        Act::Reply => conversation.record_reply(&next.by(1)),
        Act::Automated => conversation.record_other(&next),
        Act::Done => conversation.settle(),
        Act::Close => conversation.close(),
        Act::Reopen => conversation.reopen(),
        Act::Raise => conversation.raise(at(900)),
        Act::System => {
            conversation.note(next.id, Notice::SaidStop, None, at(900));
        }
        Act::Read(who) => markers[index(who)].read(conversation),
        Act::MarkUnread(who) => markers[index(who)].mark_unread(),
    }
}

fn index(who: u64) -> usize {
    usize::try_from(who).expect("small")
}

/// The rules as RULES.md says them, over the whole history.
fn unread_by_history(history: &[Act], who: u64) -> u64 {
    let last = |act: Act| history.iter().rposition(|happened| *happened == act);
    let seen = last(Act::Read(who)).max(last(Act::Reply)).map_or(0, |at| at + 1);
    let unread = history[seen..].iter().filter(|act| matches!(act, Act::Customer(_))).count();
    let marked = last(Act::MarkUnread(who)) > last(Act::Read(who));
    u64::try_from(unread).expect("small").max(u64::from(marked))
}

fn needs_person_by_history(history: &[Act]) -> bool {
    let settling = history.iter().rposition(|act| matches!(act, Act::Reply | Act::Done | Act::Close));
    let since = &history[settling.map_or(0, |at| at + 1)..];
    since.iter().any(|act| matches!(act, Act::Customer(WANTS) | Act::Raise))
}

fn is_closed_by_history(history: &[Act]) -> bool {
    let deciding = |act: &&Act| {
        let says_nothing = **act == Act::Customer(InboundEffect::ConsentWord);
        !says_nothing && matches!(act, Act::Customer(_) | Act::Reply | Act::Close | Act::Reopen | Act::Raise)
    };
    history.iter().rev().find(deciding) == Some(&Act::Close)
}

proptest! {
    #[test]
    fn attention_unread_and_state_follow_the_rules(acts in proptest::collection::vec(any_act(), 0..30)) {
        let mut conversation = conversation();
        let mut markers: [ReadMarker; 3] = Default::default();
        for (done, act) in acts.iter().enumerate() {
            perform(&mut conversation, &mut markers, *act);
            let history = &acts[..=done];
            prop_assert_eq!(conversation.attention.is_some(), needs_person_by_history(history));
            prop_assert_eq!(conversation.state == State::Closed, is_closed_by_history(history));
            for who in 1..3 {
                prop_assert_eq!(conversation.unread(&markers[index(who)]), unread_by_history(history, who));
            }
            let folder = conversation.folder().expect("not blocked");
            prop_assert!(Folder::EVERY.contains(&folder));
        }
    }

    #[test]
    fn a_system_line_takes_a_place_and_changes_nothing_else(acts in proptest::collection::vec(any_act(), 0..30)) {
        let mut conversation = conversation();
        let mut markers: [ReadMarker; 3] = Default::default();
        for act in acts {
            perform(&mut conversation, &mut markers, act);
        }
        let before = conversation.clone();
        let line = conversation.note(message(99).id, Notice::Took { by: "Ben" }, None, at(9_999));
        prop_assert_eq!((line.seq, line.kind(), line.job), (before.seq + 1, MessageKind::System, None));
        prop_assert_eq!(conversation, Conversation(Summary { seq: line.seq, ..before.0 }));
    }
}

#[test]
fn a_failure_is_told_until_somebody_has_dealt_with_it() {
    let failed = |conversation: &mut Conversation, seq: u64| {
        let mut sent = Message { seq, ..message(seq).by(1) };
        let before = sent.status();
        let (sid, error) = (format!("SM{seq}"), Some(reason(3)));
        let status = ProviderStatus::Undelivered;
        sent.delivery_mut().expect("goes out").record(Evidence {
            sid,
            status,
            error,
            raw_date: None,
            seen_at: at(60),
        });
        conversation.record_status(&sent, before, at(60));
    };
    let mut conversation = conversation();
    conversation.record_reply(&message(1).by(1));
    failed(&mut conversation, 1);
    conversation.record_inbound(&message(2).of_customer(), InboundEffect::WantsAnswer { emergency: false });
    assert_eq!(conversation.failed, Some(1), "though it is not the newest");
    conversation.forget_failure(9);
    assert_eq!(conversation.failed, Some(1), "another was put aside");
    let mut put_aside = conversation.clone();
    put_aside.forget_failure(1);
    assert_eq!(put_aside.failed, None);
    conversation.record_reply(&message(3).by(1));
    assert_eq!(conversation.failed, None, "somebody has written since");
}
