//! What the log and what is packed of it tell, told alike: to hold one index against another.

use porchlight_domain::terms;

use super::log::{Entry, lines};
use super::postings::{ends_told_of, places_of};
use crate::table::{Item, text_of};

/// What an item of the log, of the vocabulary, of postings or of ends tells, however much lies together; none for other
/// items of the derived table.
pub fn unpacked(item: &Item) -> Option<Vec<String>> {
    let (business, kind) = text_of(item, "pk")?.split_once('#')?;
    let told = match kind.split_once('#').unwrap_or((kind, "")) {
        ("LOG", _) => lines(item).filter_map(Entry::of).flat_map(|entry| of_entry(&entry)).collect(),
        ("TERM", term) => places_of(item).map(|place| said(term, place)).collect(),
        ("VOCAB", _) => vec![known(text_of(item, "sk")?)],
        ("ENDS", _) => ends_told_of(item).map(|(end, short)| ends(end, short)).collect(),
        _ => return None,
    };
    Some(told.into_iter().map(|line| format!("{business} {line}")).collect())
}

fn of_entry(entry: &Entry<'_>) -> Vec<String> {
    match entry {
        Entry::Said { place, terms } => {
            terms.iter().flat_map(|term| [said(term, place), known(term)]).collect()
        }
        Entry::Number { short, digits } => terms::ends(digits).map(|end| ends(end, short)).collect(),
    }
}

fn said(term: &str, place: &str) -> String {
    format!("said {term} {place}")
}

fn known(term: &str) -> String {
    format!("known {term}")
}

fn ends(end: &str, short: &str) -> String {
    format!("ends {end} {short}")
}
