//! The templates as CloudFormation would be given them, looked through by tools that we did not write
//! (`examine.py`) and for what those miss ([`rules`]).

mod read;
pub mod rules;

use std::path::{Path, PathBuf};
use std::process::Command;

use porchlight_tools::{ToolError, project, python, run};
use serde::Deserialize;

pub use read::{Resource, Templates, attribute_of, reference_to};

/// Something in a template that should not be.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Finding {
    /// The folder whose templates were looked through.
    pub folder: String,
    /// The logical id of the resource, or what else it is about.
    pub resource: String,
    /// Who found it: the rule's own name.
    pub rule: String,
    /// What is wrong.
    pub message: String,
}

/// Looks through the three templates of each folder, which are written there as JSON, too.
pub fn examine(folders: &[PathBuf]) -> Result<Vec<Finding>, ToolError> {
    let script = project().join("tests/cloud/examine.py");
    let output = run(Command::new(python()?).arg(script).args(folders))?;
    let mut found: Vec<Finding> = serde_json::from_slice(&output.stdout).expect("the script prints JSON");
    for folder in folders {
        found.extend(by_our_own_rules(folder));
    }
    Ok(found)
}

fn by_our_own_rules(folder: &Path) -> Vec<Finding> {
    let templates = Templates::read(folder);
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let finding = |broken: rules::Broken| Finding {
        folder: name.clone().into_owned(),
        resource: broken.resource,
        rule: broken.rule.to_owned(),
        message: broken.message,
    };
    rules::all(&templates).into_iter().map(finding).collect()
}
