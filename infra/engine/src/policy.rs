//! What a role allows. IAM mistakes show up here, not in production.

use std::collections::HashSet;
use std::sync::{PoisonError, RwLock};

use serde_json::Value;

use crate::call::{Asked, Call};
use crate::template::{REGION, table_arn};

/// The statements of a role.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    role: String,
    statements: Vec<Statement>,
}

#[derive(Clone, Debug)]
struct Statement {
    allows: bool,
    actions: Vec<String>,
    resources: Vec<String>,
}

/// An action that the role does not allow.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{role} is not authorized to perform: {action} on resource: {resource} because no identity-based policy \
     allows the {action} action"
)]
pub struct Denied {
    /// Whose role.
    pub role: String,
    /// `dynamodb:PutItem` and so on.
    pub action: String,
    /// ARN of what it was about.
    pub resource: String,
}

impl Policy {
    /// Reads the inline policies of a role resource.
    pub fn of_role(properties: &Value) -> Result<Self, String> {
        let policies: Vec<&Value> = properties["Policies"].as_array().into_iter().flatten().collect();
        let role =
            policies.first().and_then(|policy| policy["PolicyName"].as_str()).unwrap_or("role").to_owned();
        let statements = policies.iter().flat_map(|policy| list(&policy["PolicyDocument"]["Statement"]));
        Ok(Self { role, statements: statements.map(Statement::read).collect::<Result<_, _>>()? })
    }

    /// Whether `action` on `resource` is allowed; an explicit denial wins.
    pub fn check(&self, action: &str, resource: &str) -> Result<(), Denied> {
        let mut concerned = self.statements.iter().filter(|statement| statement.concerns(action, resource));
        let denied = concerned.clone().any(|statement| !statement.allows);
        if !denied && concerned.any(|statement| statement.allows) {
            return Ok(());
        }
        Err(Denied { role: self.role.clone(), action: action.to_owned(), resource: resource.to_owned() })
    }
}

/// A policy that is asked with every call: what it allowed once is remembered, and not looked for again. Without a
/// policy everything is allowed.
#[derive(Debug, Default)]
pub(crate) struct Rights {
    policy: Option<Policy>,
    allowed: RwLock<HashSet<Asked>>,
}

impl Rights {
    pub(crate) fn of(policy: Option<Policy>) -> Self {
        Self { policy, allowed: RwLock::default() }
    }

    /// Whether all that a call touches is allowed.
    pub(crate) fn check(&self, call: &Call) -> Result<(), Denied> {
        let Some(policy) = &self.policy else { return Ok(()) };
        call.touches.iter().try_for_each(|touch| self.check_one(policy, &touch.asked))
    }

    fn check_one(&self, policy: &Policy, asked: &Asked) -> Result<(), Denied> {
        if self.allowed.read().unwrap_or_else(PoisonError::into_inner).contains(asked) {
            return Ok(());
        }
        let (action, resource) = (format!("dynamodb:{}", asked.action), arn(asked));
        // PORCHLIGHT_LOG=porchlight_engine::policy=trace shows which grants are needed at all.
        tracing::trace!(role = policy.role, action, resource, "used");
        policy.check(&action, &resource)?;
        self.allowed.write().unwrap_or_else(PoisonError::into_inner).insert(asked.clone());
        Ok(())
    }
}

fn arn(asked: &Asked) -> String {
    match (&asked.table, &asked.index) {
        (Some(table), Some(index)) => format!("{}/index/{index}", table_arn(table)),
        (Some(table), None) => table_arn(table),
        (None, _) => format!("arn:aws:dynamodb:{REGION}:*"),
    }
}

impl Statement {
    fn read(value: &Value) -> Result<Self, String> {
        if value.get("Condition").is_some()
            || value.get("NotAction").is_some()
            || value.get("NotResource").is_some()
        {
            return Err(
                "conditions and negations in a role's policy are not known on this machine".to_owned()
            );
        }
        let allows = match value["Effect"].as_str() {
            Some("Allow") => true,
            Some("Deny") => false,
            other => return Err(format!("a statement's Effect is {other:?}")),
        };
        Ok(Self { allows, actions: texts(&value["Action"]), resources: texts(&value["Resource"]) })
    }

    fn concerns(&self, action: &str, resource: &str) -> bool {
        self.actions.iter().any(|pattern| matches(&pattern.to_lowercase(), &action.to_lowercase()))
            && self.resources.iter().any(|pattern| matches(pattern, resource))
    }
}

/// One value or a list of them, as IAM writes both.
fn list(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |items| items.iter().collect())
}

fn texts(value: &Value) -> Vec<String> {
    list(value).into_iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

/// `*` stands for anything.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(head) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let tail = parts.pop().unwrap_or_default();
    for part in parts {
        match text.split_once(part) {
            Some((_, after)) => text = after,
            None => return false,
        }
    }
    text.ends_with(tail)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn policy() -> Policy {
        Policy::of_role(&json!({ "Policies": [{ "PolicyName": "send", "PolicyDocument": { "Statement": [
            { "Effect": "Allow", "Action": ["dynamodb:PutItem", "dynamodb:Query"], "Resource": table_arn("messages") },
            { "Effect": "Allow", "Action": "dynamodb:Query", "Resource": [format!("{}/index/due", table_arn("messages"))] },
            { "Effect": "Allow", "Action": "ssm:GetParameter", "Resource": "arn:aws:ssm:x:0:parameter/porchlight/*" },
        ] } }] }))
        .expect("a policy")
    }

    fn check(operation: &str, body: &Value) -> Result<(), Denied> {
        let (rights, call) = (Rights::of(Some(policy())), Call::read(operation, body.to_string().as_bytes()));
        let first = rights.check(&call);
        assert_eq!(rights.check(&call), first, "the same every time");
        first
    }

    #[test]
    fn what_the_role_names_passes() {
        assert_eq!(check("PutItem", &json!({ "TableName": "messages" })), Ok(()));
        assert_eq!(check("Query", &json!({ "TableName": "messages", "IndexName": "due" })), Ok(()));
        assert_eq!(
            policy().check("ssm:GetParameter", "arn:aws:ssm:x:0:parameter/porchlight/b/twilio"),
            Ok(())
        );
    }

    #[test]
    fn another_table_index_or_action_is_denied() {
        assert!(check("PutItem", &json!({ "TableName": "directory" })).is_err());
        assert!(check("Query", &json!({ "TableName": "messages", "IndexName": "other" })).is_err());
        assert!(check("DeleteItem", &json!({ "TableName": "messages" })).is_err());
        assert!(check("ListTables", &json!({})).is_err());
    }

    #[test]
    fn each_item_of_a_transaction_needs_its_own_action() {
        let put = json!({ "Put": { "TableName": "messages" } });
        let check_item = json!({ "ConditionCheck": { "TableName": "messages" } });
        assert_eq!(check("TransactWriteItems", &json!({ "TransactItems": [put.clone()] })), Ok(()));
        let denied = check("TransactWriteItems", &json!({ "TransactItems": [put, check_item] }));
        assert_eq!(denied.map_err(|denied| denied.action), Err("dynamodb:ConditionCheckItem".to_owned()));
    }
}
