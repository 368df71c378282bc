//! Our own rules, for what the linters miss: each is something that CloudFormation would take and that would then not
//! work, not be told, or stand open.

mod alarms;
mod api;
mod cdn;
mod rights;
mod streams;

use serde_json::Value;

use super::{Resource, Templates};

/// A rule that does not hold.
#[derive(Debug, PartialEq, Eq)]
pub struct Broken {
    /// The rule's name.
    pub rule: &'static str,
    /// Where.
    pub resource: String,
    /// What is wrong.
    pub message: String,
}

/// Everything that breaks a rule.
pub fn all(templates: &Templates) -> Vec<Broken> {
    let rooms = [alarms::broken, api::broken, cdn::broken, rights::broken, streams::broken];
    rooms.into_iter().flat_map(|broken| broken(templates)).collect()
}

/// What breaks `rule` unless it `holds`.
fn unless(holds: bool, rule: &'static str, resource: &str, message: &str) -> Option<Broken> {
    (!holds).then(|| Broken { rule, resource: resource.to_owned(), message: message.to_owned() })
}

/// The elements of a list; one thing alone is a list of one.
fn each(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        Value::Null => &[],
        one => std::slice::from_ref(one),
    }
}

/// The statements of a policy document.
fn statements(document: &Value) -> &[Value] {
    each(&document["Statement"])
}

/// Whether a statement allows this action, named as it is.
fn allows(statement: &Value, action: &str) -> bool {
    statement["Effect"] == "Allow" && each(&statement["Action"]).iter().any(|allowed| allowed == action)
}

/// Whether the environment of a function has this setting.
fn has_setting(function: Resource<'_>, name: &str) -> bool {
    function.properties["Environment"]["Variables"].get(name).is_some()
}
