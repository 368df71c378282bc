//! What variables come to: from the conversation's customer, job and business, and from whoever writes.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::variable::Variable;
use crate::customer::{Customer, Job};
use crate::hours::time_zone;
use crate::markdown::shows_something;
use crate::phone::ContactPoint;
use crate::time::Timestamp;

/// A visit further away than this is told with its year.
const YEAR_IS_PLAIN: Duration = Duration::from_hours(24 * 180);

/// What the variables come to. A blank value is none.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<Variable, String>);

/// What values are taken from; what the writer may not see is left out by whoever gives it.
#[derive(Clone, Copy, Default)]
pub struct Facts<'f> {
    /// The customer behind the contact point.
    pub customer: Option<&'f Customer>,
    /// What the customer owes and what a job costs are told: the office's to see.
    pub with_money: bool,
    /// The job that the message is about.
    pub job: Option<&'f Job>,
    /// The names of those who work on it.
    pub crew: &'f [String],
    /// The business's name.
    pub business: &'f str,
    /// The line that a reply leaves from.
    pub line: Option<&'f ContactPoint>,
    /// Whoever writes.
    pub writer: &'f str,
}

impl Values {
    /// From the facts, as they are told in the business's time zone (its IANA name) at an instant.
    pub fn of(facts: &Facts<'_>, zone: &str, now: Timestamp) -> Self {
        let zone = &time_zone(zone).unwrap_or(TimeZone::UTC);
        let name = facts.customer.and_then(name);
        let visit = facts.job.and_then(|job| job.scheduled_at);
        let money = |cents: i64| (facts.with_money && cents > 0).then(|| dollars(cents));
        Self::default()
            .with(Variable::CustomerFirstName, name.map(first_name))
            .with(Variable::CustomerName, name.map(str::to_owned))
            .with(Variable::CustomerAddress, facts.customer.and_then(|it| it.address.clone()))
            .with(Variable::BalanceDue, facts.customer.and_then(|it| money(it.balance_cents)))
            .with(Variable::JobNumber, facts.job.map(|job| job.number.to_string()))
            .with(Variable::JobTitle, facts.job.map(|job| job.title.clone()))
            .with(Variable::JobAmount, facts.job.and_then(|job| money(job.amount_cents)))
            .with(Variable::AppointmentDate, visit.map(|at| day(at, zone, now)))
            .with(Variable::AppointmentTime, visit.map(|at| hour(at, zone)))
            .with(Variable::TechnicianName, listed(facts.crew))
            .with(Variable::BusinessName, Some(facts.business.to_owned()))
            .with(Variable::BusinessPhone, facts.line.map(telephone))
            .with(Variable::WriterName, Some(facts.writer.to_owned()))
    }

    /// The same with this value; one that shows nothing is none.
    #[must_use]
    pub fn with(mut self, variable: Variable, value: Option<String>) -> Self {
        let value = value.map(|value| value.trim().to_owned()).filter(|value| shows_something(value));
        if let Some(value) = value {
            self.0.insert(variable, value);
        }
        self
    }

    /// What a variable comes to.
    pub fn get(&self, variable: Variable) -> Option<&str> {
        self.0.get(&variable).map(String::as_str)
    }
}

/// A customer's name, where it is one: not a number or an address that somebody put down for want of a name.
fn name(customer: &Customer) -> Option<&str> {
    let name = customer.name.trim();
    let is_address = customer.address.as_deref().is_some_and(|address| is_of_address(name, address));
    (!is_number(name) && !is_email(name) && !is_address && !is_street(name)).then_some(name)
}

/// No letter in it: a number, however it is written. "tel:", "ext" and "x" belong to numbers.
fn is_number(name: &str) -> bool {
    let lower = name.to_lowercase();
    let bare = ["tel:", "tel", "phone", "cell", "mobile", "ext.", "ext", "x", "#"]
        .into_iter()
        .fold(lower, |bare, word| bare.replace(word, ""));
    let has_digit = bare.chars().any(char::is_numeric);
    !bare.chars().any(char::is_alphabetic) && (has_digit || !name.chars().any(char::is_alphabetic))
}

fn is_email(name: &str) -> bool {
    let bare = name.strip_prefix("mailto:").unwrap_or(name).trim_matches(['<', '>']);
    !bare.contains(char::is_whitespace)
        && bare.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'))
}

/// The customer's own address, or the beginning of it.
fn is_of_address(name: &str, address: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let (name, address) = (plain(name), plain(address));
    !name.is_empty() && name.starts_with(|c: char| c.is_numeric()) && address.starts_with(&name)
        || name == address
}

/// "12 Pine St", "12 Pine St, Portland ME".
fn is_street(name: &str) -> bool {
    const ENDS: [&str; 26] = [
        "st",
        "street",
        "ave",
        "avenue",
        "rd",
        "road",
        "ln",
        "lane",
        "dr",
        "drive",
        "blvd",
        "boulevard",
        "ct",
        "court",
        "way",
        "pl",
        "place",
        "ter",
        "terrace",
        "cir",
        "circle",
        "hwy",
        "highway",
        "pkwy",
        "parkway",
        "sq",
    ];
    let first = name.split([',', '\n', '#']).next().unwrap_or_default().to_lowercase();
    let words: Vec<&str> = first.split_whitespace().collect();
    let [number, .., last] = words[..] else { return false };
    let is_house = number.starts_with(|c: char| c.is_ascii_digit())
        && number.chars().filter(|c| c.is_alphabetic()).count() <= 1;
    is_house && ENDS.contains(&last.trim_end_matches('.'))
}

/// As one greets somebody: a person's first name; whoever has a title, and a firm, by the whole name.
fn first_name(name: &str) -> String {
    const WHOLE: [&str; 31] = [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "prof",
        "rev",
        "sr",
        "sra",
        "the",
        "inc",
        "llc",
        "ltd",
        "co",
        "corp",
        "company",
        "mgmt",
        "management",
        "property",
        "properties",
        "group",
        "services",
        "service",
        "church",
        "school",
        "hotel",
        "restaurant",
        "cafe",
        "apartments",
        "associates",
    ];
    let words: Vec<&str> = name.split_whitespace().collect();
    if let [family, given] = name.split(',').map(str::trim).collect::<Vec<_>>()[..]
        && !family.contains(' ')
        && !given.contains(' ')
        && !given.is_empty()
        && !is_one_of(given, &WHOLE)
    {
        return given.to_owned();
    }
    let is_person = (1..=3).contains(&words.len())
        && !words.iter().any(|word| is_one_of(word, &WHOLE))
        && !name.contains(|c: char| c.is_numeric() || "&@/+,".contains(c));
    if is_person { words[0].to_owned() } else { name.to_owned() }
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    let word = word.trim_matches(['.', ',']).to_lowercase();
    words.contains(&word.as_str())
}

/// `$1,234.50`
fn dollars(cents: i64) -> String {
    let whole = (cents / 100).to_string();
    let grouped: Vec<&str> = whole
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).expect("digits are text"))
        .collect();
    format!("${}.{:02}", grouped.join(","), cents % 100)
}

/// `Fri, Nov 20`, and the year where it is far away.
fn day(at: Timestamp, zone: &TimeZone, now: Timestamp) -> String {
    let is_far = at.since(now).max(now.since(at)) > YEAR_IS_PLAIN;
    let form = if is_far { "%a, %b %-d, %Y" } else { "%a, %b %-d" };
    at.to_jiff().to_zoned(zone.clone()).strftime(form).to_string()
}

/// `2 PM`, `2:30 PM`
fn hour(at: Timestamp, zone: &TimeZone) -> String {
    let local = at.to_jiff().to_zoned(zone.clone());
    let form = if local.minute() == 0 { "%-I %p" } else { "%-I:%M %p" };
    local.strftime(form).to_string()
}

/// "Luis", "Luis and Marta", "Luis, Marta and Ben"
fn listed(names: &[String]) -> Option<String> {
    let names: Vec<&str> =
        names.iter().map(|name| name.trim()).filter(|name| shows_something(name)).collect();
    match &names[..] {
        [] => None,
        [only] => Some((*only).to_owned()),
        [first @ .., last] => Some(format!("{} and {last}", first.join(", "))),
    }
}

/// A North American number as people write it; any other as it is.
fn telephone(contact: &ContactPoint) -> String {
    let number = contact.as_str();
    match number.strip_prefix("+1").filter(|rest| rest.len() == 10 && rest.is_ascii()) {
        Some(rest) => format!("({}) {}-{}", &rest[..3], &rest[3..6], &rest[6..]),
        None => number.to_owned(),
    }
}
