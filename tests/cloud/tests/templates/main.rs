//! The templates, held against AWS's own descriptions of its resources and against our rules; and those held against
//! faults that we put in.

mod faults;
mod skipped;

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use faults::{Fault, batches};
use porchlight_cloud::templates::{Finding, examine};
use skipped::SKIPPED;

/// The templates as they are.
const SOUND: &str = "sound";

/// All findings, in the templates as they are and with faults. Looked for once: what takes long is to start the tools.
fn found() -> &'static [Finding] {
    static FOUND: OnceLock<Vec<Finding>> = OnceLock::new();
    FOUND.get_or_init(|| {
        let workshop = tempfile::tempdir().expect("a folder");
        let copy = |name: String, faults: &[Fault]| copy(workshop.path().join(name), faults);
        let broken = batches().into_iter().enumerate().map(|(n, batch)| copy(n.to_string(), &batch));
        let folders: Vec<PathBuf> = broken.chain([copy(SOUND.to_owned(), &[])]).collect();
        examine(&folders).unwrap_or_else(|error| panic!("{error}"))
    })
}

/// The templates in a folder, with these faults.
fn copy(folder: PathBuf, faults: &[Fault]) -> PathBuf {
    fs::create_dir(&folder).expect("a folder");
    for name in ["data", "app", "edge"] {
        let file = format!("{name}.yaml");
        let sound = fs::read_to_string(porchlight_tools::project().join("infra").join(&file));
        let own = faults.iter().filter(|fault| fault.template == name);
        let broken = own.fold(sound.expect("a template"), |text, fault| fault.put_into(&text));
        fs::write(folder.join(file), broken).expect("a template");
    }
    folder
}

fn is_skipped(finding: &Finding) -> bool {
    SKIPPED.iter().any(|(rule, _)| *rule == finding.rule)
}

#[test]
fn every_template_is_one_that_aws_would_take_and_that_works_there() {
    let wrong: Vec<_> = found().iter().filter(|it| it.folder == SOUND && !is_skipped(it)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_checkov_asks_and_we_decline_is_still_asked() {
    let asked = |rule: &str| found().iter().any(|it| it.folder == SOUND && it.rule == rule);
    let stale: Vec<_> = SKIPPED.iter().filter(|(rule, _)| !asked(rule)).collect();
    assert!(stale.is_empty(), "{stale:?}");
}

#[test]
fn every_fault_put_into_the_templates_is_found_where_it_is() {
    let (mut count, mut missed) = (0, Vec::new());
    for (n, batch) in batches().iter().enumerate() {
        let here = |it: &&Finding| it.folder == n.to_string();
        let finds = |fault: &Fault, it: &Finding| it.rule == fault.rule && it.resource == fault.seen_at;
        let is_missed = |fault: &&Fault| !found().iter().filter(here).any(|it| finds(fault, it));
        missed.extend(batch.iter().filter(is_missed).map(|fault| fault.what.clone()));
        count += batch.len();
    }
    assert!(count >= 23, "only {count} faults were put in");
    assert!(missed.is_empty(), "{} of {count} faults are not found: {missed:#?}", missed.len());
}
