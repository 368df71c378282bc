//! The ways into one conversation, and who may go them. Here stands what is right, in words of its own.

use std::sync::atomic::{AtomicU64, Ordering};

use porchlight_domain::id::{MessageId, StaffId};

use super::cells::{Cell, Text};
use crate::support::house::{COLLEAGUE, LUIS, OFFICE};
use crate::support::{at, phone, ulid};

/// What is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// It goes on: done, or refused for how things stand, which has nothing to do with who asks.
    Goes,
    /// The same, or what is asked for makes no sense there (422).
    GoesOrNonsense,
    /// 403.
    NotTheirs,
    /// 404: to them there is none.
    None,
}

impl Wanted {
    /// Whether this is what was wanted. Whoever left is nobody.
    pub fn is(self, left: bool, status: u16) -> bool {
        match (left, self) {
            (true, _) => status == 401,
            (_, Self::Goes) => matches!(status, 200..=299 | 409),
            (_, Self::GoesOrNonsense) => matches!(status, 200..=299 | 409 | 422),
            (_, Self::NotTheirs) => status == 403,
            (_, Self::None) => status == 404,
        }
    }
}

/// One way.
pub struct Way {
    pub name: &'static str,
    pub method: &'static str,
    path: &'static str,
    body: &'static str,
    /// Admin, office, technician who may text, technician who may not; whoever does not see it, and who looks after the
    /// business that they are of.
    pub wanted: [Wanted; 6],
}

/// By admin, office, technician who may text, one who may not; where the conversation is theirs to see: `+` goes, `-` is
/// not theirs to do, `0` is not there for them. Where it is not theirs to see, nothing is there.
const OF_ONE: &[(&str, &str, &str)] = &[
    ("GET /api/conversations/{id}", "", "++++"),
    ("GET /api/conversations/{id}/messages", "", "++++"),
    ("GET /api/conversations/{id}/messages?limit=1&before=3", "", "++++"),
    ("GET /api/conversations/{id}/messages?around={about}", "", "++++"),
    ("GET /api/conversations/{id}/messages?around={note}", "", "++00"),
    ("GET /api/conversations/{id}/messages?at=2026-11-20T00:00:00Z", "", "++++"),
    ("GET /api/conversations/{id}/search?q={secret}", "", "++++"),
    ("GET /api/conversations/{id}/search?q={faucet}", "", "++++"),
    ("GET /api/conversations/{id}/planned", "", "++++"),
    ("GET /api/conversations/{id}/readers", "", "++++"),
    ("GET /api/conversations/{id}/numbers", "", "++++"),
    ("GET /api/conversations/{id}/audience", "", "++++"),
    ("POST /api/conversations/{id}/presence", r#"{"typing":true}"#, "++++"),
    ("POST /api/conversations/{id}/read", "{}", "++++"),
    ("POST /api/conversations/{id}/unread", "{}", "++++"),
    ("PUT /api/conversations/{id}/draft", r#"{"text":"Dear"}"#, "++++"),
    ("PUT /api/conversations/{id}/draft", r#"{"text":"Dear","kind":"note"}"#, "++++"),
    ("DELETE /api/conversations/{id}/draft", "", "++++"),
    ("POST /api/conversations/{id}/notes", r#"{"id":"{new}","text":"gate code"}"#, "++++"),
    ("POST /api/conversations/{id}/attention", "{}", "++++"),
    ("POST /api/conversations/{id}/messages", r#"{"id":"{new}","text":"Hi","seen_seq":999}"#, "+++-"),
    ("POST /api/messages/{sent}/dismiss", "{}", "+++-"),
    ("POST /api/messages/{sent}/cancel", "{}", "+++-"),
    ("POST /api/messages/{sent}/send-now", "{}", "+++-"),
    ("PUT /api/messages/{sent}", r#"{"text":"No"}"#, "+++-"),
    // Their only number: to which other one is nonsense.
    ("POST /api/messages/{sent}/elsewhere", r#"{"id":"{new}","contact":"+12075550199"}"#, "~~~-"),
    ("PUT /api/conversations/{id}/reachable", r#"{"reachable":true}"#, "+++-"),
    ("POST /api/conversations/{id}/pin", "{}", "++--"),
    ("POST /api/conversations/{id}/unpin", "{}", "++--"),
    ("POST /api/conversations/{id}/done", "{}", "++--"),
    ("POST /api/conversations/{id}/snooze", r#"{"until":"{tomorrow}"}"#, "++--"),
    ("PUT /api/conversations/{id}/assignee", r#"{"assignee":null}"#, "++--"),
    ("PUT /api/conversations/{id}/participants/{ana}", "", "++--"),
    ("DELETE /api/conversations/{id}/participants/{ana}", "", "++--"),
    ("POST /api/conversations/{id}/close", "{}", "++--"),
    ("POST /api/conversations/{id}/reopen", "{}", "++--"),
    ("POST /api/conversations/{id}/block", r#"{"spam":false}"#, "++--"),
    ("POST /api/conversations/{id}/unblock", "{}", "++--"),
    ("POST /api/conversations/{id}/hand-to-office", r#"{"id":"{new}","text":"call her"}"#, "++++"),
    ("PUT /api/conversations/{id}/office-only", r#"{"on":false}"#, "++--"),
    // What was written to a customer, or stands in their thread, is nobody's to delete.
    ("DELETE /api/messages/{note}", "", "++00"),
    ("DELETE /api/messages/{sent}", "", "++++"),
];

/// What is the business's, by ids typed by hand: admin, office, technician who may text, one who may not; another
/// business's office and admin, who may do the same with their own.
pub const FOR_THE_BUSINESS: &[(&str, &str, &str)] = &[
    ("GET /api/customers?q=Maria", "", "++--++"),
    ("GET /api/blocked", "", "++--++"),
    ("GET /api/contacts/{contact}/consent", "", "++--++"),
    ("PUT /api/jobs/{job}/assignments/{ana}", "", "++--00"),
    ("GET /api/jobs", "", "++++++"),
    ("GET /api/jobs?mine=upcoming", "", "++++++"),
    ("GET /api/day-off", "", "++--++"),
    // Of colleagues: of oneself everybody says it.
    ("PUT /api/staff/{ana}/day-off", r#"{"id":"{new}","off":true}"#, "++--00"),
    ("PUT /api/staff/{ana}/day-off", r#"{"id":"{new}","off":false}"#, "++--00"),
    ("GET /api/staff", "", "+----+"),
    ("PUT /api/staff/{ben}/role", r#"{"role":"office"}"#, "+----0"),
    ("PUT /api/staff/{luis}/full-chat-access", r#"{"allowed":true}"#, "+----0"),
    ("PUT /api/staff/{ben}/disabled", r#"{"disabled":true}"#, "+----0"),
    ("PUT /api/staff/{luis}/phone", r#"{"phone":"+12075550177"}"#, "+----0"),
    ("POST /api/staff/{ben}/sign-out", "", "+----0"),
    ("PUT /api/settings/technicians", r#"{"technicians_text":false}"#, "+----+"),
    ("GET /api/invites", "", "+----+"),
    ("POST /api/invites", r#"{"id":"{new}","email":"nora@example.com","role":"office"}"#, "+----+"),
    ("DELETE /api/invites/{new}", "", "+----+"),
    ("GET /api/quarantine", "", "+----+"),
    ("GET /api/templates", "", "+++-++"),
    ("POST /api/internal", r#"{"id":"{new}","with":"{luis}"}"#, "++~~~~"),
];

/// All of the first table.
pub fn ways() -> Vec<Way> {
    OF_ONE.iter().map(|(request, body, wanted)| Way::of(request, body, wanted)).collect()
}

impl Way {
    pub fn of(request: &'static str, body: &'static str, wanted: &str) -> Self {
        let (method, path) = request.split_once(' ').expect("a method and a path");
        let mut all = [Wanted::None; 6];
        for (place, sign) in all.iter_mut().zip(wanted.chars()) {
            *place = match sign {
                '+' => Wanted::Goes,
                '~' => Wanted::GoesOrNonsense,
                '-' => Wanted::NotTheirs,
                _ => Wanted::None,
            };
        }
        Self { name: request, method, path, body, wanted: all }
    }

    pub fn path(&self, cell: &Cell) -> String {
        let contact = format!("%2B{}", phone(cell.n).digits());
        [
            ("{id}", cell.id.to_string()),
            ("{about}", cell.about.to_string()),
            ("{note}", cell.note.to_string()),
            ("{sent}", cell.sent.to_string()),
            ("{secret}", cell.words(Text::OfficeNote)),
            ("{faucet}", cell.words(Text::Customer)),
            ("{job}", cell.job.to_string()),
            ("{customer}", cell.customer.to_string()),
            ("{contact}", contact),
            ("{ana}", ulid::<StaffId>(OFFICE).to_string()),
            ("{ben}", ulid::<StaffId>(COLLEAGUE).to_string()),
            ("{luis}", ulid::<StaffId>(LUIS).to_string()),
            ("{new}", new_id()),
        ]
        .iter()
        .fold(self.path.to_owned(), |path, (hole, value)| path.replace(hole, value))
    }

    pub fn body(&self) -> Option<String> {
        let tomorrow = at(86_400 * 40).to_string();
        let body = self.body.replace("{new}", &new_id()).replace("{tomorrow}", &tomorrow);
        let body = body.replace("{luis}", ulid::<StaffId>(LUIS).as_str());
        (!body.is_empty()).then_some(body)
    }
}

/// An id that nobody used.
fn new_id() -> String {
    static LAST: AtomicU64 = AtomicU64::new(5_000_000);
    ulid::<MessageId>(LAST.fetch_add(1, Ordering::Relaxed)).to_string()
}
