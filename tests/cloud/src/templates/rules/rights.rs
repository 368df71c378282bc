//! Each may do what it must, secrets stay secret, and what is stored stays.

use serde_json::Value;

use super::super::{Resource, Templates};
use super::{Broken, each, statements, unless};

pub(super) fn broken(templates: &Templates) -> Vec<Broken> {
    let roles = templates.of_kind("AWS::IAM::Role").flat_map(role);
    let tables = templates.of_kind("AWS::DynamoDB::Table").filter_map(outlives_its_stack);
    let queues = templates.of_kind("AWS::SQS::Queue").filter_map(is_encrypted);
    roles.chain(tables).chain(queues).chain(shown_secrets(templates)).collect()
}

fn role(role: Resource<'_>) -> Vec<Broken> {
    let policies = each(&role.properties["Policies"]).iter();
    let statements = policies.flat_map(|policy| statements(&policy["PolicyDocument"]));
    statements.flat_map(|statement| says_what_and_where(role.id, statement)).collect()
}

fn says_what_and_where<'a>(id: &'a str, statement: &Value) -> impl Iterator<Item = Broken> + use<'a> {
    let open = |it: &Value| it.as_str().is_some_and(|text| text == "*" || text.ends_with(":*"));
    let says = |key: &str| !each(&statement[key]).iter().any(open);
    [
        unless(says("Action"), "role-names-its-actions", id, "it may do everything"),
        unless(says("Resource"), "role-names-its-resources", id, "it may do it anywhere"),
    ]
    .into_iter()
    .flatten()
}

fn outlives_its_stack(table: Resource<'_>) -> Option<Broken> {
    let kept = ["DeletionPolicy", "UpdateReplacePolicy"].iter().all(|it| table.declared[it] == "Retain");
    unless(
        kept,
        "table-outlives-its-stack",
        table.id,
        "it is deleted with its stack, or when its keys change",
    )
}

fn is_encrypted(queue: Resource<'_>) -> Option<Broken> {
    let encrypted = queue.properties["SqsManagedSseEnabled"] == true;
    unless(encrypted, "queue-is-encrypted", queue.id, "what it keeps lies open")
}

fn shown_secrets(templates: &Templates) -> impl Iterator<Item = Broken> {
    let secrets = templates.parameters().filter(|(name, _)| name.contains("Secret"));
    secrets.filter_map(|(name, it)| {
        let hidden = it["NoEcho"] == true && it.get("Default").is_none();
        unless(hidden, "secret-is-not-shown", name, "whoever may look at the stack reads it")
    })
}
