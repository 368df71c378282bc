//! What happens while a page is worked, or between two of them.

use std::time::Duration;

use porchlight_domain::conversation::State;
use porchlight_domain::id::{CommandId, StaffId};
use porchlight_engine::testing::TestTables;
use porchlight_engine::{Fault, Injection};
use serde_json::json;

use super::{many, named, path, to_the_end, undo, writes};
use crate::support::house::{COLLEAGUE, OFFICE, business};
use crate::support::{House, at, ulid};

#[tokio::test]
async fn undo_forestalls_what_a_page_under_way_has_not_come_to_p9() {
    let house = House::new().await;
    let ids = many(&house, 20).await;
    let ana = house.person(OFFICE).await;
    let busy = Injection::next(Fault::TransactionConflict).operation("TransactWriteItems");
    house.faults.inject(busy.table(&TestTables::name("conversations")).times(100_000));
    let undone = async {
        while house.faults.struck() == 0 {
            tokio::task::yield_now().await;
        }
        let undone = undo(&ana, 70).await;
        house.faults.clear();
        undone
    };
    let (page, undone) = tokio::join!(ana.post("/api/bulk", named(70, "close", &ids, json!({}))), undone);
    assert_eq!((page.status, &undone["done"]), (200, &json!(0)));
    for id in &ids {
        assert_eq!(house.reread(id).await.state, State::Open);
    }
}

#[tokio::test]
async fn however_undo_meets_a_page_no_row_stays_changed_p9() {
    let house = House::new().await;
    let ids = many(&house, 40).await;
    let ana = house.person(OFFICE).await;
    for n in 70..74 {
        ana.post("/api/bulk", named(n, "close", &ids, json!({}))).await.expect(200);
        let next = path(n, "next");
        let (page, undone) = tokio::join!(ana.post(&next, json!({})), undo(&ana, n));
        assert_eq!((page.status, &undone["failed"]), (200, &json!([])));
        for id in &ids {
            assert_eq!(house.reread(id).await.state, State::Open, "{n}");
        }
    }
}

#[tokio::test]
async fn what_somebody_wrote_after_it_began_is_not_put_away_unseen_whatever_their_clock_says_p8() {
    let house = House::new().await;
    let ids = many(&house, 26).await;
    let ana = house.person(OFFICE).await;
    let begun = ana.post("/api/bulk", named(70, "close", &ids, json!({}))).await.expect(200);
    writes(&house, &ids[24], "It is flooding!", at(30)).await;
    writes(&house, &ids[25], "Hello?", house.clock.now() + Duration::from_secs(1)).await;
    let all = to_the_end(&ana, 70, begun).await;
    assert_eq!(all["failed"], json!([{"why": "new_message", "count": 2, "conversations": ids[24..]}]));
    assert_eq!((all["done"].as_u64(), house.reread(&ids[24]).await.state), (Some(24), State::Open));
}

#[tokio::test]
async fn what_is_closed_is_neither_closed_once_more_nor_opened_by_putting_it_off() {
    let house = House::new().await;
    let ids = many(&house, 2).await;
    let ana = house.person(OFFICE).await;
    ana.post(&format!("/api/conversations/{}/close", ids[0]), json!({})).await.expect(200);
    let until = house.clock.now() + Duration::from_hours(3);
    let left = json!([{"why": "closed", "count": 1, "conversations": ids[..1]}]);
    for (n, act, more) in [(70, "snooze", json!({"until": until})), (71, "close", json!({}))] {
        let all = ana.post("/api/bulk", named(n, act, &ids, more)).await.expect(200);
        assert_eq!((&all["done"], &all["failed"]), (&json!(1), &left), "{act}");
    }
    assert_eq!(house.reread(&ids[0]).await.state, State::Closed);
}

#[tokio::test]
async fn what_was_assigned_stays_done_though_the_colleague_has_left_since_p9() {
    let house = House::new().await;
    let ids = many(&house, 20).await;
    let ana = house.person(OFFICE).await;
    let ben: StaffId = ulid(COLLEAGUE);
    let alone = format!("/api/conversations/{}/assignee", ids[0]);
    let to_ben = json!({"id": ulid::<CommandId>(80), "assignee": ben});
    ana.put(&alone, to_ben.clone()).await.expect(200);
    let body = named(70, "assign", &ids, json!({"assignee": ben}));
    let down = Injection::next(Fault::InternalError).operation("TransactWriteItems");
    house.faults.inject(down.after(8).times(100_000));
    assert_eq!(ana.post("/api/bulk", body.clone()).await.problem(503), "unavailable");
    house.faults.clear();
    let mut left = house.store.staff(&business(), &ben).await.expect("a read").expect("Ben");
    left.disabled_at = Some(house.clock.now());
    house.store.put_staff(&left).await.expect("put");
    let mut his = 0;
    for id in &ids {
        his += u64::from(house.reread(id).await.assignee.as_ref() == Some(&ben));
    }
    let all = ana.post("/api/bulk", body).await.expect(200);
    assert_eq!((all["done"].as_u64(), &all["failed"][0]["why"]), (Some(his), &json!("unknown_staff")));
    assert!(his > 1 && all["failed"][0]["count"] == 20 - his);
    ana.put(&alone, to_ben).await.expect(200);
}
