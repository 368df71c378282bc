//! The faults of `faults.toml`.

use serde::Deserialize;

/// Something wrong in a template.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What is wrong.
    pub what: String,
    /// `data`, `app` or `edge`.
    pub template: String,
    /// The part that the text is replaced in.
    within: String,
    from: String,
    to: String,
    /// The rule that finds it.
    pub rule: String,
    /// The resource that it is found at.
    pub seen_at: String,
}

#[derive(Deserialize)]
struct File {
    fault: Vec<Fault>,
}

impl Fault {
    /// The template's text with this fault.
    pub fn put_into(&self, text: &str) -> String {
        let Self { what, within, from, to, .. } = self;
        let at = text.find(&format!("\n  {within}:\n")).unwrap_or_else(|| panic!("{what}: no {within}"));
        let (before, after) = text.split_at(at);
        assert!(after.contains(from), "{what}: {within} does not say {from}");
        before.to_owned() + &after.replacen(from, to, 1)
    }
}

/// The faults in as few batches as tell them apart: in one, no two are found by the same rule at the same resource.
pub fn batches() -> Vec<Vec<Fault>> {
    let file: File = toml::from_str(include_str!("faults.toml")).expect("the file is as Fault says");
    let mut batches: Vec<Vec<Fault>> = Vec::new();
    for fault in file.fault {
        let differs = |it: &Fault| (&it.rule, &it.seen_at) != (&fault.rule, &fault.seen_at);
        match batches.iter_mut().find(|batch| batch.iter().all(differs)) {
            Some(batch) => batch.push(fault),
            None => batches.push(vec![fault]),
        }
    }
    batches
}
