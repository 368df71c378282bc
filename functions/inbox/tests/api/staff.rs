//! Who works here, what they may do, and how somebody comes to (FEATURES 6, 74).

use std::time::Duration;

use futures::future::join;
use porchlight_domain::access::Viewer;
use porchlight_domain::event::Happening;
use porchlight_domain::id::{CommandId, InviteId, MessageId, StaffId};
use porchlight_domain::staff::{Role, Staff, StaffDeed};
use porchlight_engine::{Fault, Injection};
use serde_json::{Value, json};

use crate::support::house::{ADMIN, LUIS, MARTA, OFFICE, PASSWORD, business};
use crate::support::{House, Person, at, ulid};

fn path(n: u64, field: &str) -> String {
    format!("/api/staff/{}/{field}", ulid::<StaffId>(n))
}

async fn record(house: &House, n: u64) -> Staff {
    house.store.staff(&business(), &ulid(n)).await.expect("a read").expect("somebody")
}

async fn make_admin(dana: &Person, n: u64) {
    dana.put(&path(n, "role"), json!({"role": "admin"})).await.expect(200);
}

/// The token of a link.
fn token(made: &Value) -> String {
    let link = made["link"].as_str().expect("a link");
    link.strip_prefix("http://localhost:7878/invite#")
        .expect("the page, and what no server is sent")
        .to_owned()
}

fn wanted(n: u64, email: &str, role: &str) -> Value {
    json!({"id": ulid::<InviteId>(n), "email": email, "role": role})
}

fn coming(token: &str) -> Value {
    json!({"token": token, "name": "Nora Quist", "password": "a long password"})
}

#[tokio::test]
async fn the_staff_is_an_admins_to_see_and_to_change_p7() {
    let house = House::new().await;
    let dana = house.person(ADMIN).await;
    let list = dana.get("/api/staff").await.expect(200);
    assert_eq!(
        (&list["technicians_text"], &list["access_days_after_completion"]),
        (&json!(true), &json!(14))
    );
    let all: Vec<_> = list["staff"].as_array().expect("staff").iter().map(|it| it["name"].clone()).collect();
    assert_eq!(all, ["Ana", "Ben", "Dana", "Luis", "Marta"]);
    let luis = &list["staff"][3];
    assert_eq!(
        (&luis["role"], &luis["may_text"], &luis["disabled_at"]),
        (&json!("technician"), &json!(true), &Value::Null)
    );
    assert!(list.to_string().find("argon2").is_none(), "no hash leaves the house");
    for n in [OFFICE, LUIS, MARTA] {
        let person = house.person(n).await;
        person.get("/api/staff").await.expect(403);
        person.get("/api/invites").await.expect(403);
        person.put(&path(n, "role"), json!({"role": "admin"})).await.expect(403);
        person.put(&path(n, "full-chat-access"), json!({"allowed": true})).await.expect(403);
        person.put(&path(ADMIN, "disabled"), json!({"disabled": true})).await.expect(403);
        person.put(&path(n, "phone"), json!({"phone": "+12075550177"})).await.expect(403);
        person.post(&path(ADMIN, "sign-out"), json!({})).await.expect(403);
        person.put("/api/settings/technicians", json!({"technicians_text": true})).await.expect(403);
        person.post("/api/invites", wanted(1, "x@example.com", "admin")).await.expect(403);
        person.delete(&format!("/api/invites/{}", ulid::<InviteId>(1))).await.expect(403);
    }
    let foreign = house.person(100 + ADMIN).await;
    foreign.put(&path(LUIS, "role"), json!({"role": "office"})).await.expect(404);
    foreign.post(&path(LUIS, "sign-out"), json!({})).await.expect(404);
    assert_eq!(record(&house, LUIS).await.role, Role::Technician);
}

#[tokio::test]
async fn the_permission_and_the_switch_together_let_a_technician_write_and_each_is_seen_at_once_p7() {
    let house = House::new().await;
    let it = house.conversation(1).await;
    house.customer_with_job(1, &[LUIS, MARTA]).await;
    let (dana, marta) = (house.person(ADMIN).await, house.person(MARTA).await);
    let thread = format!("/api/conversations/{}", it.id);
    let may = async || marta.get(&thread).await.expect(200)["can_send"]["allowed"].clone();
    let first = marta.get(&thread).await.expect(200)["can_send"].clone();
    assert!(first["detail"].as_str().is_some_and(|words| words.contains("Ask Dana")), "{first}");
    dana.put(&path(MARTA, "full-chat-access"), json!({"allowed": true})).await.expect(200);
    assert_eq!(may().await, true);
    dana.put("/api/settings/technicians", json!({"technicians_text": false})).await.expect(200);
    assert_eq!(may().await, false);
    assert_eq!(marta.get("/api/me").await.expect(200)["permissions"]["texting"], false);
    let text = json!({"id": ulid::<MessageId>(50), "text": "Hi", "seen_seq": 9});
    marta.post(&format!("{thread}/messages"), text.clone()).await.expect(403);
    dana.put("/api/settings/technicians", json!({"technicians_text": true})).await.expect(200);
    marta.post(&format!("{thread}/messages"), text).await.expect(202);
    dana.put(&path(MARTA, "full-chat-access"), json!({"allowed": false})).await.expect(200);
    assert_eq!(may().await, false);
    let office = dana.put(&path(OFFICE, "full-chat-access"), json!({"allowed": false})).await;
    assert_eq!(office.problem(422), "not-a-technician");
    let events = house.store.events_from(&business(), at(0), house.clock.now()).await.expect("events");
    let told = events.iter().filter(|event| event.happening == Happening::StaffUpdated).count();
    assert_eq!(told, 4, "each change, and nothing that changes nothing");
}

#[tokio::test]
async fn another_role_holds_at_once_and_brings_no_permission_that_nobody_granted_p7() {
    let house = House::new().await;
    house.conversation(1).await;
    let (dana, ana) = (house.person(ADMIN).await, house.person(OFFICE).await);
    assert_eq!(
        ana.get("/api/conversations").await.expect(200)["conversations"].as_array().map(Vec::len),
        Some(1)
    );
    let now = dana.put(&path(OFFICE, "role"), json!({"role": "technician"})).await.expect(200);
    assert_eq!(
        (&now["role"], &now["full_chat_access"], &now["may_text"]),
        (&json!("technician"), &json!(false), &json!(false))
    );
    assert_eq!(ana.get("/api/conversations").await.expect(200)["conversations"], json!([]));
    ana.get("/api/customers?q=Maria").await.expect(403);
    dana.put(&path(OFFICE, "full-chat-access"), json!({"allowed": true})).await.expect(200);
    dana.put(&path(OFFICE, "role"), json!({"role": "technician"})).await.expect(200);
    assert!(record(&house, OFFICE).await.full_chat_access, "the same role again takes nothing");
}

#[tokio::test]
async fn the_last_admin_can_neither_be_made_less_nor_disabled_however_many_try_at_once() {
    let house = House::new().await;
    let dana = house.person(ADMIN).await;
    for (field, body) in [("role", json!({"role": "office"})), ("disabled", json!({"disabled": true}))] {
        assert_eq!(dana.put(&path(ADMIN, field), body).await.problem(409), "last-admin");
    }
    dana.get("/api/staff").await.expect(200);
    make_admin(&dana, OFFICE).await;
    let ana = house.person(OFFICE).await;
    // Each takes the other away: one comes first, and the other is nobody to do it any more.
    let (one, other) = join(
        ana.put(&path(ADMIN, "role"), json!({"role": "office"})),
        dana.put(&path(OFFICE, "disabled"), json!({"disabled": true})),
    )
    .await;
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200, "{statuses:?}");
    assert!(matches!(statuses[1], 401 | 403), "{statuses:?}");
    let staff = house.store.staff_of(&business()).await.expect("staff");
    assert_eq!(staff.iter().filter(|person| person.is_admin()).count(), 1);
}

#[tokio::test]
async fn two_admins_who_each_go_leave_one_of_them() {
    let house = House::new().await;
    let dana = house.person(ADMIN).await;
    make_admin(&dana, OFFICE).await;
    let ana = house.person(OFFICE).await;
    let (one, other) = join(
        ana.put(&path(OFFICE, "role"), json!({"role": "office"})),
        dana.put(&path(ADMIN, "role"), json!({"role": "technician"})),
    )
    .await;
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let staff = house.store.staff_of(&business()).await.expect("staff");
    assert_eq!(staff.iter().filter(|person| person.is_admin()).count(), 1);
}

#[tokio::test]
async fn two_who_change_one_person_at_once_lose_nothing_of_each_other() {
    let house = House::new().await;
    let dana = house.person(ADMIN).await;
    make_admin(&dana, OFFICE).await;
    let ana = house.person(OFFICE).await;
    let luis = house.person(LUIS).await;
    let (allowed, out) = join(
        ana.put(&path(LUIS, "full-chat-access"), json!({"allowed": false})),
        dana.post(&path(LUIS, "sign-out"), json!({})),
    )
    .await;
    allowed.expect(200);
    out.expect(204);
    let now = record(&house, LUIS).await;
    assert_eq!((now.full_chat_access, now.session_epoch, now.name.as_str()), (false, 1, "Luis"));
    luis.get("/api/me").await.expect(401);
    house.faults.inject(Injection::next(Fault::AnswerLost).operation("TransactWriteItems"));
    dana.put(&path(LUIS, "full-chat-access"), json!({"allowed": true})).await.expect(200);
    assert!(record(&house, LUIS).await.full_chat_access);
}

#[tokio::test]
async fn whoever_is_disabled_is_out_at_once_and_stays_signed_out_when_they_come_back_p7() {
    let house = House::new().await;
    let (dana, luis) = (house.person(ADMIN).await, house.person(LUIS).await);
    let now = dana.put(&path(LUIS, "disabled"), json!({"disabled": true})).await.expect(200);
    assert_eq!((now["disabled_at"].is_string(), &now["may_text"]), (true, &json!(false)));
    luis.get("/api/me").await.expect(401);
    let sign_in = json!({"email": "person14@example.com", "password": PASSWORD});
    house.stranger().post("/api/session", sign_in.clone()).await.expect(401);
    let before = record(&house, LUIS).await;
    house.clock.advance(Duration::from_secs(5));
    dana.put(&path(LUIS, "disabled"), json!({"disabled": true})).await.expect(200);
    assert_eq!(record(&house, LUIS).await, before, "again changes nothing");
    dana.put(&path(LUIS, "disabled"), json!({"disabled": false})).await.expect(200);
    luis.get("/api/me").await.expect(401);
    house.stranger().post("/api/session", sign_in).await.expect(200);
    assert!(record(&house, LUIS).await.full_chat_access, "the permission is as it was");
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session_and_a_late_repeat_ends_no_new_one_p7_p9() {
    let house = House::new().await;
    let dana = house.person(ADMIN).await;
    let devices = [house.person(LUIS).await, house.person(LUIS).await];
    let command = json!({"id": ulid::<CommandId>(70)});
    // Between the epoch and the clearing away the process dies: nobody is in all the same.
    house.faults.inject(Injection::next(Fault::InternalError).operation("DeleteItem").times(20));
    dana.post(&path(LUIS, "sign-out"), command.clone()).await;
    for device in &devices {
        device.get("/api/me").await.expect(401);
    }
    house.faults.clear();
    let anew = house.person(LUIS).await;
    dana.post(&path(LUIS, "sign-out"), command).await.expect(204);
    anew.get("/api/me").await.expect(200);
    dana.post(&path(ADMIN, "sign-out"), json!({})).await.expect(204);
    dana.get("/api/me").await.expect(401);
}

#[tokio::test]
async fn whoever_has_a_link_comes_once_with_a_name_and_a_password() {
    let house = House::new().await;
    let (dana, nora) = (house.person(ADMIN).await, house.stranger());
    let made = dana.post("/api/invites", wanted(70, " Nora@Example.com", "technician")).await.expect(200);
    let token = token(&made);
    let open = dana.get("/api/invites").await.expect(200);
    assert_eq!(open["invites"][0]["email"], "nora@example.com");
    assert!(!open.to_string().contains(&token), "it is told once");
    let to = nora.post("/api/invites/look", json!({"token": token})).await.expect(200);
    assert_eq!(
        (&to["business_name"], &to["invited_by"], &to["role"]),
        (&json!("Casco Bay Plumbing"), &json!("Dana"), &json!("technician"))
    );
    let mut short = coming(&token);
    short["password"] = json!("short");
    nora.post("/api/invites/accept", short).await.expect(422);
    let answer = nora.post("/api/invites/accept", coming(&token)).await;
    assert!(answer.headers["set-cookie"].to_str().expect("text").contains("HttpOnly"));
    let me = answer.expect(200)["me"].clone();
    assert_eq!(
        (&me["name"], &me["role"], &me["permissions"]["texting"]),
        (&json!("Nora Quist"), &json!("technician"), &json!(false))
    );
    let mut nora = house.stranger();
    nora.sign_in("nora@example.com", "a long password").await;
    assert_eq!(nora.get("/api/me").await.expect(200)["id"], me["id"]);
    for path in ["look", "accept"] {
        let body = if path == "look" { json!({"token": token}) } else { coming(&token) };
        let again = house.stranger().post(&format!("/api/invites/{path}"), body).await;
        assert_eq!(again.problem(410), "invite-used");
    }
    assert_eq!(dana.get("/api/invites").await.expect(200)["invites"], json!([]));
    assert_eq!(house.store.staff_of(&business()).await.expect("staff").len(), 6);
}

#[tokio::test]
async fn many_who_come_by_one_link_at_once_are_one_person_p9() {
    let house = House::new().await;
    let dana = house.person(ADMIN).await;
    let made = dana.post("/api/invites", wanted(70, "nora@example.com", "office")).await.expect(200);
    let stranger = house.stranger();
    let token = token(&made);
    let tries = (0..4).map(|_| stranger.post("/api/invites/accept", coming(&token)));
    let answers = futures::future::join_all(tries).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 410, 410, 410]);
    assert_eq!(house.store.staff_of(&business()).await.expect("staff").len(), 6);
}

#[tokio::test]
async fn a_link_whose_answer_was_lost_on_its_use_lets_its_person_in() {
    let house = House::new().await;
    let dana = house.person(ADMIN).await;
    let made = dana.post("/api/invites", wanted(70, "nora@example.com", "office")).await.expect(200);
    house.faults.inject(Injection::next(Fault::AnswerLost).operation("TransactWriteItems"));
    house.stranger().post("/api/invites/accept", coming(&token(&made))).await.expect(200);
    assert_eq!(house.store.staff_of(&business()).await.expect("staff").len(), 6);
}

#[tokio::test]
async fn a_link_ends_with_its_time_its_taking_back_and_its_inviters_rights_p7() {
    let house = House::new().await;
    let dana = house.person(ADMIN).await;
    make_admin(&dana, OFFICE).await;
    let ana = house.person(OFFICE).await;
    let ended = async |token: &str| {
        let stranger = house.stranger();
        let look = stranger.post("/api/invites/look", json!({"token": token})).await;
        assert_eq!(look.problem(410), "invite-ended");
        let accept = stranger.post("/api/invites/accept", coming(token)).await;
        assert_eq!(accept.problem(410), "invite-ended");
    };
    ended("nonsense").await;
    let by_ana = token(&ana.post("/api/invites", wanted(70, "a@example.com", "admin")).await.expect(200));
    dana.put(&path(OFFICE, "role"), json!({"role": "office"})).await.expect(200);
    ended(&by_ana).await;
    assert_eq!(dana.get("/api/invites").await.expect(200)["invites"], json!([]));
    let back = token(&dana.post("/api/invites", wanted(71, "b@example.com", "office")).await.expect(200));
    for _ in 0..2 {
        dana.delete(&format!("/api/invites/{}", ulid::<InviteId>(71))).await.expect(204);
    }
    ended(&back).await;
    let again = dana.post("/api/invites", wanted(71, "b@example.com", "office")).await;
    assert_eq!(again.problem(410), "invite-ended", "a late repeat brings nothing back");
    let late = token(&dana.post("/api/invites", wanted(72, "c@example.com", "office")).await.expect(200));
    house.clock.advance(Duration::from_hours(24 * 7));
    ended(&late).await;
}

#[tokio::test]
async fn a_link_that_ended_with_its_inviter_never_works_again_p7() {
    let house = House::new().await;
    let dana = house.person(ADMIN).await;
    let ways = [
        ("disabled", json!({"disabled": true}), "disabled", json!({"disabled": false})),
        ("role", json!({"role": "office"}), "role", json!({"role": "admin"})),
        ("sign-out", json!({}), "role", json!({"role": "admin"})),
    ];
    make_admin(&dana, OFFICE).await;
    for (n, (ends, how, again, back)) in (70..).zip(ways) {
        let ana = house.person(OFFICE).await;
        let body = wanted(n, "intruder@example.com", "admin");
        let link = token(&ana.post("/api/invites", body.clone()).await.expect(200));
        let method = if ends == "sign-out" { "POST" } else { "PUT" };
        let ended = dana.ask(method, &path(OFFICE, ends), Some(how.to_string()), &[]).await;
        assert!(ended.status < 300, "{ends}: {}", ended.status);
        ana.get("/api/invites").await.expect(401);
        dana.put(&path(OFFICE, again), back).await.expect(200);
        let look = house.stranger().post("/api/invites/look", json!({"token": link})).await;
        assert_eq!(look.problem(410), "invite-ended", "{ends}");
        house.stranger().post("/api/invites/accept", coming(&link)).await.expect(410);
        assert_eq!(dana.get("/api/invites").await.expect(200)["invites"], json!([]), "{ends}");
        let repeat = house.person(OFFICE).await.post("/api/invites", body).await;
        assert_eq!(repeat.problem(410), "invite-ended", "{ends}");
    }
}

#[tokio::test]
async fn a_late_repeat_of_a_change_undoes_nothing_that_another_admin_did_since_p9() {
    let house = House::new().await;
    let dana = house.person(ADMIN).await;
    make_admin(&dana, OFFICE).await;
    let ana = house.person(OFFICE).await;
    let changes = [
        (path(MARTA, "full-chat-access"), "allowed", json!(true), json!(false)),
        (path(MARTA, "role"), "role", json!("office"), json!("technician")),
        (path(MARTA, "disabled"), "disabled", json!(true), json!(false)),
        (path(MARTA, "phone"), "phone", json!("+12075550177"), json!(null)),
        ("/api/settings/technicians".to_owned(), "technicians_text", json!(false), json!(true)),
        // Changes nothing the first time, and is kept all the same.
        (path(LUIS, "full-chat-access"), "allowed", json!(true), json!(false)),
        ("/api/settings/technicians".to_owned(), "technicians_text", json!(true), json!(false)),
    ];
    for (n, (at, field, first, since)) in (70..).zip(changes) {
        let id = ulid::<CommandId>(n);
        dana.put(&at, json!({"id": id, field: first})).await.expect(200);
        let now = ana.put(&at, json!({field: since})).await.expect(200);
        let again = dana.put(&at, json!({"id": id, field: first})).await.expect(200);
        assert_eq!(again, now, "{at}");
        let other = dana.put(&at, json!({"id": id, field: since})).await;
        assert_eq!(other.problem(422), "id-used-before");
    }
}

#[tokio::test]
async fn an_invitation_repeated_makes_another_link_and_the_first_one_works_no_more_p9() {
    let house = House::new().await;
    let dana = house.person(ADMIN).await;
    let body = wanted(70, "nora@example.com", "office");
    let first = token(&dana.post("/api/invites", body.clone()).await.expect(200));
    let second = token(&dana.post("/api/invites", body).await.expect(200));
    let stranger = house.stranger();
    stranger.post("/api/invites/look", json!({"token": first})).await.expect(410);
    stranger.post("/api/invites/look", json!({"token": second})).await.expect(200);
    let other = dana.post("/api/invites", wanted(70, "nora@example.com", "admin")).await;
    assert_eq!(other.problem(422), "id-used-before");
    let twice = dana.post("/api/invites", wanted(71, "nora@example.com", "admin")).await;
    assert_eq!(twice.problem(409), "already-invited");
    let here = dana.post("/api/invites", wanted(72, "Person12@example.com", "admin")).await;
    assert_eq!(here.problem(409), "already-here");
    for email in ["nobody", "a b@example.com", "@example.com", "a@"] {
        dana.post("/api/invites", wanted(73, email, "admin")).await.expect(422);
    }
}

#[tokio::test]
async fn an_address_of_another_business_is_not_told_of_before_somebody_comes_by_the_link_p7() {
    let house = House::new().await;
    let dana = house.person(ADMIN).await;
    let made = dana.post("/api/invites", wanted(70, "person112@example.com", "office")).await.expect(200);
    let taken = house.stranger().post("/api/invites/accept", coming(&token(&made))).await;
    assert_eq!(taken.problem(409), "address-taken");
    let foreign = house.store.staff_by_login("person112@example.com").await.expect("a read").expect("Ana");
    assert_eq!(foreign.name, "Ana");
}

#[tokio::test]
async fn what_is_done_about_people_is_kept_with_who_did_it_and_no_token_anywhere_p11() {
    let house = House::new().await;
    let dana = house.person(ADMIN).await;
    dana.put(&path(LUIS, "full-chat-access"), json!({"allowed": false})).await.expect(200);
    dana.put(&path(LUIS, "full-chat-access"), json!({"allowed": false})).await.expect(200);
    house.clock.advance(Duration::from_secs(1));
    dana.post(&path(LUIS, "sign-out"), json!({})).await.expect(204);
    house.clock.advance(Duration::from_secs(1));
    dana.post("/api/invites", wanted(70, "nora@example.com", "admin")).await.expect(200);
    house.clock.advance(Duration::from_secs(1));
    let made = dana.post("/api/invites", wanted(70, "nora@example.com", "admin")).await.expect(200);
    house.clock.advance(Duration::from_secs(1));
    house.stranger().post("/api/invites/accept", coming(&token(&made))).await.expect(200);
    let kept = house.store.staff_entries(&business(), &house.clock.now().day()).await.expect("a read");
    assert_eq!(kept.len(), 5, "{kept:?}");
    assert!(kept[..4].iter().all(|entry| entry.by == ulid(ADMIN)));
    assert!(matches!(&kept[0].what, StaffDeed::Changed { staff, .. } if *staff == ulid(LUIS)));
    assert!(matches!(&kept[2].what, StaffDeed::Invited { role: Role::Admin, .. }));
    assert!(matches!(&kept[3].what, StaffDeed::Invited { role: Role::Admin, .. }), "another link is told of");
    assert!(matches!(&kept[4].what, StaffDeed::Joined { .. }));
    assert!(!format!("{kept:?}").contains(&token(&made)));
    let nora = house.store.staff(&business(), &kept[4].by).await.expect("a read").expect("Nora");
    assert!(Viewer::new(&nora, true).may_text && nora.is_admin());
}
