//! Who sees and does what: every role by every relation, state and way in, held against tables that stand here and in
//! `ways`, and never against the policy's own code (P7). One house has all of it.

mod cells;
mod internal;
mod pushes;
mod ways;

use std::sync::Arc;

use futures::StreamExt as _;
use futures::future::join_all;
use porchlight_domain::event::{Event, Happening};
use porchlight_domain::id::{CommandId, EventId};
use serde_json::{Value, json};

use self::cells::{Cell, TEXTS, Text, cells};
use self::ways::{FOR_THE_BUSINESS, Way, ways};
use crate::support::house::{ADMIN, COLLEAGUE, LUIS, MARTA, OFFICE, business};
use crate::support::{House, Person, ulid};

/// Who looks: what they are, and whether they may write to customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Admin,
    Office,
    /// A technician with the permission.
    Texting,
    /// One without.
    Reading,
    /// One with the permission, while the business lets no technician text.
    SwitchedOff,
    /// Of the office, of another business.
    Foreign,
    /// The admin of another business.
    ForeignAdmin,
    /// Worked here.
    Disabled,
}

impl Who {
    /// The column of the tables of ways.
    fn column(self) -> usize {
        match self {
            Self::Admin => 0,
            Self::Office => 1,
            Self::Texting => 2,
            Self::Reading | Self::SwitchedOff => 3,
            Self::Foreign | Self::Disabled => 4,
            Self::ForeignAdmin => 5,
        }
    }

    fn is_foreign(self) -> bool {
        matches!(self, Self::Foreign | Self::ForeignAdmin)
    }

    fn is_technician(self) -> bool {
        matches!(self, Self::Texting | Self::Reading | Self::SwitchedOff)
    }

    /// Whether they see this conversation at all.
    fn sees(self, cell: &Cell) -> bool {
        match self {
            Self::Admin | Self::Office => true,
            Self::Foreign | Self::ForeignAdmin | Self::Disabled => false,
            _ => cell.seen_by_technicians,
        }
    }

    /// Whether they read this text of it.
    fn reads(self, cell: &Cell, text: Text) -> bool {
        let is_theirs = match text {
            Text::Customer => !cell.is_shared_number(),
            Text::OfTheJob => true,
            Text::OfficeNote => false,
        };
        self.sees(cell) && (!self.is_technician() || is_theirs)
    }
}

/// What went wrong, cell by cell.
#[derive(Default)]
struct Leaks(Vec<String>);

impl Leaks {
    fn note(&mut self, who: Who, cell: &Cell, way: &str, what: &str) {
        self.0.push(format!("{who:?} × {:?} × {:?} × {way}: {what}", cell.relation, cell.standing));
    }

    /// Words that stand in an answer and are not theirs to read.
    fn look_for_words(&mut self, who: Who, cells: &[Cell], way: &str, said: &str) {
        for (cell, text) in cells.iter().flat_map(|cell| TEXTS.map(|text| (cell, text))) {
            if !who.reads(cell, text) && said.contains(&cell.words(text)) {
                self.note(who, cell, way, &format!("tells of {text:?}"));
            }
        }
    }
}

#[tokio::test]
async fn nobody_sees_or_does_what_is_not_theirs_whichever_way_they_come_p7() {
    let house = House::new().await;
    let cells = cells(&house).await;
    let dana = house.person(ADMIN).await;
    let ways = ways();
    let mut leaks = Leaks::default();
    let left = house.person(COLLEAGUE).await;
    dana.put(&staff(COLLEAGUE, "disabled"), json!({"disabled": true})).await.expect(200);
    let luis = house.person(LUIS).await;
    // Technicians first: what the office does here changes the states.
    let people = [
        (Who::Texting, luis.clone()),
        (Who::Reading, house.person(MARTA).await),
        (Who::Foreign, house.person(100 + OFFICE).await),
        (Who::ForeignAdmin, house.person(100 + ADMIN).await),
        (Who::Disabled, left),
    ];
    for (who, person) in &people {
        look_around(&house, *who, person, &cells, &mut leaks).await;
        go_all_ways(*who, person, &cells, &ways, &mut leaks).await;
    }
    dana.put("/api/settings/technicians", json!({"technicians_text": false})).await.expect(200);
    look_around(&house, Who::SwitchedOff, &luis, &cells, &mut leaks).await;
    go_all_ways(Who::SwitchedOff, &luis, &cells, &ways, &mut leaks).await;
    let ana = house.person(OFFICE).await;
    look_around(&house, Who::Office, &ana, &cells, &mut leaks).await;
    for (who, person) in [(Who::Office, &ana), (Who::Admin, &dana)] {
        go_all_ways(who, person, &cells, &ways, &mut leaks).await;
    }
    assert!(leaks.0.is_empty(), "{} leaks:\n{}", leaks.0.len(), leaks.0.join("\n"));
}

fn staff(n: u64, field: &str) -> String {
    format!("/api/staff/{}/{field}", ulid::<porchlight_domain::id::StaffId>(n))
}

/// Every way into each conversation, by ids typed by hand: what is answered, and what stands in it.
async fn go_all_ways(who: Who, person: &Person, cells: &[Cell], ways: &[Way], leaks: &mut Leaks) {
    let of_cell = cells.iter().map(|cell| async move {
        let mut answers = Vec::new();
        for way in ways {
            let answer = person.ask(way.method, &way.path(cell), way.body(), &[]).await;
            answers.push((way, answer.status, answer.body.to_string()));
        }
        (cell, answers)
    });
    for (cell, answers) in join_all(of_cell).await {
        for (way, status, said) in answers {
            let wanted = if who.sees(cell) { way.wanted[who.column()] } else { way.wanted[4] };
            if !wanted.is(who == Who::Disabled, status) {
                leaks.note(who, cell, way.name, &format!("{status}, wanted {wanted:?}: {said}"));
            }
            leaks.look_for_words(who, cells, way.name, &said);
        }
    }
    for (request, body, wanted) in FOR_THE_BUSINESS {
        let way = Way::of(request, body, wanted);
        let cell = &cells[0];
        let answer = person.ask(way.method, &way.path(cell), way.body(), &[]).await;
        let wanted = way.wanted[who.column()];
        if !wanted.is(who == Who::Disabled, answer.status) {
            leaks.note(
                who,
                cell,
                way.name,
                &format!("{}, wanted {wanted:?}: {}", answer.status, answer.body),
            );
        }
    }
}

/// Ways that lead to many conversations: lists, search, counts, bulk, the live feed, files.
async fn look_around(house: &House, who: Who, person: &Person, cells: &[Cell], leaks: &mut Leaks) {
    for filter in ["all", "active", "attention", "leads", "archived"] {
        let path = format!("/api/conversations?filter={filter}&limit=200");
        let answer = person.get(&path).await;
        leaks.look_for_words(who, cells, filter, &answer.body.to_string());
        if filter == "all" && who != Who::Disabled {
            check_list(who, cells, &answer.body, leaks);
        }
    }
    for cell in cells {
        for text in TEXTS {
            let said =
                person.get(&format!("/api/conversations?q={}", cell.words(text))).await.body.to_string();
            let found = said.contains(cell.id.as_str());
            let wanted = who.reads(cell, text) && !cell.is_blocked();
            if found != wanted && !(text == Text::OfTheJob && cell.is_shared_number()) {
                leaks.note(who, cell, "search", &format!("{text:?} found: {found}"));
            }
            leaks.look_for_words(who, cells, "search", &said);
        }
    }
    let rows: Vec<Value> = cells.iter().map(|cell| json!(cell.id)).collect();
    let id: CommandId = ulid(900_000 + who as u64);
    let said = person.post("/api/bulk", json!({"id": id, "act": "done", "conversations": rows})).await;
    if who.is_technician() || who.is_foreign() {
        leaks.look_for_words(who, cells, "bulk", &said.body.to_string());
        if said.body["changed"].as_u64().is_some_and(|changed| changed > 0) {
            leaks.note(who, &cells[0], "bulk", &format!("changed some: {}", said.body));
        }
    }
    follow(house, who, person, cells, leaks).await;
    fetch_files(house, who, person, cells, leaks).await;
}

/// The list has exactly what they see, but what is blocked; a technician's counts are of that.
fn check_list(who: Who, cells: &[Cell], page: &Value, leaks: &mut Leaks) {
    let rows = page["conversations"].as_array().expect("rows");
    let wanted = |cell: &&Cell| who.sees(cell) && !cell.is_blocked();
    for cell in cells {
        let is_listed = rows.iter().any(|row| row["id"] == json!(cell.id));
        if is_listed != wanted(&cell) {
            leaks.note(who, cell, "list", &format!("listed: {is_listed}"));
        }
    }
    if who.is_technician() {
        let wanted = cells.iter().filter(wanted).count();
        if page["counts"]["total"] != json!(wanted) {
            leaks.note(who, &cells[0], "counts", &format!("{}, and sees {wanted}", page["counts"]));
        }
    }
}

/// The live feed tells of each conversation once, to whoever sees it.
async fn follow(house: &House, who: Who, person: &Person, cells: &[Cell], leaks: &mut Leaks) {
    house.clock.advance(std::time::Duration::from_secs(20));
    let mut events: Vec<Event> = Vec::new();
    let now = house.clock.now().millis().cast_unsigned();
    let mut event = |conversation, happening| {
        let id = EventId::from(::ulid::Ulid::from_parts(now, events.len() as u128));
        events.push(Event { id, conversation, happening });
    };
    for cell in cells {
        for seq in 1..=3 {
            event(Some(cell.id.clone()), Happening::MessageUpdated { seq });
        }
    }
    // Everybody is told of this one: it ends what is followed.
    event(None, Happening::StaffUpdated);
    for piece in events.chunks(50) {
        let commit = house.store.commit(&business());
        piece.iter().fold(commit, porchlight_store::Commit::event).run().await.expect("events");
    }
    if who.is_foreign() {
        return;
    }
    let live = Arc::new(porchlight_live::build(house.platform("Live")).expect("its settings suffice"));
    let mut stream = person.asking(live).stream("/api/live").await;
    let mut said = String::new();
    while let Some(Ok(piece)) = stream.next().await {
        said.push_str(&String::from_utf8_lossy(&piece));
        if said.contains("staff.updated") {
            break;
        }
    }
    leaks.look_for_words(who, cells, "live", &said);
    for cell in cells {
        let told = said.split("\n\n").filter(|event| event.contains(cell.id.as_str()));
        let shown = told.filter(|event| !event.contains("conversation.removed")).count() > 0;
        if shown != who.sees(cell) {
            leaks.note(who, cell, "live", &format!("told: {shown}"));
        }
    }
}

async fn fetch_files(house: &House, who: Who, person: &Person, cells: &[Cell], leaks: &mut Leaks) {
    let files = Arc::new(porchlight_files::build(house.platform("Files")).expect("its settings suffice"));
    let person = person.asking(files);
    let all = cells.iter().map(|cell| {
        let person = &person;
        async move { (cell, person.get(&format!("/api/media/{}", cell.file)).await.status) }
    });
    for (cell, status) in join_all(all).await {
        let wanted = match who {
            Who::Disabled => 401,
            _ if who.reads(cell, Text::OfTheJob) => 200,
            _ => 404,
        };
        if status != wanted {
            leaks.note(who, cell, "file", &format!("{status}, wanted {wanted}"));
        }
    }
}
