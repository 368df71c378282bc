//! DynamoDB event filtering, with the rules of Lambda's event filter syntax.
//!
//! A pattern is an object; each of its leaves is a list of rules of which one must match. Numbers of DynamoDB
//! come as text (`{"N": "5"}`), so `numeric` matches only real JSON numbers, as on AWS.
//! <https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html>

use serde_json::{Map, Value};

/// A record passes when one of its patterns matches, or when there are none.
#[derive(Clone, Debug, Default)]
pub struct Filter(Vec<Value>);

impl Filter {
    /// Takes the patterns of a `FilterCriteria`; refuses what Lambda would refuse or never match.
    pub fn new(patterns: Vec<Value>) -> Result<Self, String> {
        patterns.iter().try_for_each(check_pattern)?;
        Ok(Self(patterns))
    }

    /// Whether `record` passes.
    pub fn passes(&self, record: &Value) -> bool {
        self.0.is_empty() || self.0.iter().any(|pattern| matches(pattern, Some(record)))
    }
}

fn check_pattern(pattern: &Value) -> Result<(), String> {
    let fields = pattern.as_object().ok_or_else(|| format!("a filter is an object, not {pattern}"))?;
    fields.iter().try_for_each(|(name, rule)| match (name.as_str(), rule) {
        ("$or", Value::Array(patterns)) => patterns.iter().try_for_each(check_pattern),
        (_, Value::Object(_)) => check_pattern(rule),
        (_, Value::Array(rules)) => rules.iter().try_for_each(check_rule),
        _ => Err(format!("filter {name} wants a list of rules")),
    })
}

const KNOWN_RULES: [&str; 6] =
    ["prefix", "suffix", "anything-but", "numeric", "exists", "equals-ignore-case"];

fn check_rule(rule: &Value) -> Result<(), String> {
    let Some(rule) = rule.as_object() else { return Ok(()) };
    match rule.keys().next() {
        Some(name) if rule.len() == 1 && KNOWN_RULES.contains(&name.as_str()) => Ok(()),
        _ => Err(format!("a filter has an unknown rule: {rule:?}")),
    }
}

/// `value` is `None` where the record has nothing.
fn matches(pattern: &Value, value: Option<&Value>) -> bool {
    let Some(pattern) = pattern.as_object() else { return false };
    match value {
        // A pattern holds for a list when it holds for one of its elements.
        Some(Value::Array(elements)) => elements.iter().any(|element| matches_fields(pattern, Some(element))),
        value => matches_fields(pattern, value),
    }
}

fn matches_fields(pattern: &Map<String, Value>, value: Option<&Value>) -> bool {
    pattern.iter().all(|(name, rule)| match (name.as_str(), rule) {
        ("$or", Value::Array(patterns)) => patterns.iter().any(|pattern| matches(pattern, value)),
        (_, Value::Array(rules)) => rules.iter().any(|rule| matches_rule(rule, field(value, name))),
        _ => matches(rule, field(value, name)),
    })
}

fn field<'a>(value: Option<&'a Value>, name: &str) -> Option<&'a Value> {
    value.and_then(|value| value.get(name))
}

fn matches_rule(rule: &Value, value: Option<&Value>) -> bool {
    match (rule, value) {
        (Value::Object(rule), value) => matches_comparison(rule, value),
        (_, Some(Value::Array(elements))) => elements.iter().any(|element| equal(rule, element)),
        (_, Some(value)) => equal(rule, value),
        (_, None) => false,
    }
}

fn equal(rule: &Value, value: &Value) -> bool {
    match (rule.as_f64(), value.as_f64()) {
        (Some(rule), Some(value)) => (rule - value).abs() < f64::EPSILON,
        _ => rule == value,
    }
}

fn matches_comparison(rule: &Map<String, Value>, value: Option<&Value>) -> bool {
    let Some((name, argument)) = rule.iter().next() else { return false };
    if name == "exists" {
        // Only leaves exist: an object is on the way to one.
        let exists = value.is_some_and(|value| !value.is_object());
        return argument.as_bool() == Some(exists);
    }
    match value {
        Some(Value::Array(elements)) => elements.iter().any(|element| compares(name, argument, element)),
        Some(value) if !value.is_object() => compares(name, argument, value),
        _ => false,
    }
}

fn compares(name: &str, argument: &Value, value: &Value) -> bool {
    let texts = argument.as_str().zip(value.as_str());
    match name {
        "prefix" => texts.is_some_and(|(prefix, text)| text.starts_with(prefix)),
        "suffix" => texts.is_some_and(|(suffix, text)| text.ends_with(suffix)),
        "equals-ignore-case" => {
            texts.is_some_and(|(wanted, text)| wanted.to_lowercase() == text.to_lowercase())
        }
        "anything-but" => !excluded(argument, value),
        "numeric" => value.as_f64().is_some_and(|number| in_range(argument, number)),
        _ => false,
    }
}

fn excluded(argument: &Value, value: &Value) -> bool {
    match argument {
        Value::Array(listed) => listed.iter().any(|listed| equal(listed, value)),
        Value::Object(rule) => rule.iter().any(|(name, argument)| compares(name, argument, value)),
        single => equal(single, value),
    }
}

/// `[">", 0, "<=", 5]`: every comparison must hold.
fn in_range(comparisons: &Value, number: f64) -> bool {
    let comparisons = comparisons.as_array().map_or(&[][..], Vec::as_slice);
    !comparisons.is_empty()
        && comparisons.chunks(2).all(|pair| {
            let (Some(sign), Some(bound)) = (pair[0].as_str(), pair.get(1).and_then(Value::as_f64)) else {
                return false;
            };
            match sign {
                "=" => (number - bound).abs() < f64::EPSILON,
                "<" => number < bound,
                "<=" => number <= bound,
                ">" => number > bound,
                ">=" => number >= bound,
                _ => false,
            }
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn passes(pattern: Value, record: &Value) -> bool {
        Filter::new(vec![pattern]).expect("a filter").passes(record)
    }

    fn record() -> Value {
        json!({
            "eventName": "INSERT",
            "dynamodb": {
                "Keys": { "pk": { "S": "b#CONV#c" }, "sk": { "S": "READ#s" } },
                "NewImage": { "status": { "S": "queued" }, "tags": { "SS": ["a", "b"] }, "n": 5, "gone": null },
            },
        })
    }

    fn image(rule: &Value) -> Value {
        json!({ "dynamodb": { "NewImage": rule } })
    }

    #[test]
    fn no_filter_lets_everything_pass() {
        assert!(Filter::default().passes(&record()));
    }

    #[test]
    fn one_of_several_filters_suffices_and_all_fields_of_one_are_needed() {
        let queued = image(&json!({ "status": { "S": ["queued"] } }));
        let sent = image(&json!({ "status": { "S": ["sent"] } }));
        assert!(Filter::new(vec![sent.clone(), queued.clone()]).expect("filters").passes(&record()));
        assert!(!passes(sent, &record()));
        let mut both = queued;
        both["eventName"] = json!(["REMOVE"]);
        assert!(!passes(both, &record()));
    }

    #[test]
    fn texts_compare_by_value_prefix_suffix_and_case() {
        let key =
            |rule: Value| passes(json!({ "dynamodb": { "Keys": { "sk": { "S": [rule] } } } }), &record());
        assert!(key(json!("READ#s")) && !key(json!("READ#")));
        assert!(key(json!({ "prefix": "READ#" })) && !key(json!({ "prefix": "DRAFT#" })));
        assert!(key(json!({ "suffix": "#s" })) && !key(json!({ "suffix": "#t" })));
        assert!(key(json!({ "equals-ignore-case": "read#S" })));
    }

    #[test]
    fn anything_but_takes_a_value_a_list_or_a_prefix() {
        let status = |rule: Value| passes(image(&json!({ "status": { "S": [rule] } })), &record());
        assert!(status(json!({ "anything-but": "sent" })) && !status(json!({ "anything-but": "queued" })));
        assert!(!status(json!({ "anything-but": ["sent", "queued"] })));
        assert!(!status(json!({ "anything-but": { "prefix": "que" } })));
    }

    #[test]
    fn numbers_compare_as_numbers_and_only_real_ones() {
        let number = |rule: Value| passes(image(&json!({ "n": [{ "numeric": rule }] })), &record());
        assert!(number(json!(["=", 5])) && number(json!([">", 0, "<=", 5])) && !number(json!([">", 5])));
        assert!(passes(image(&json!({ "n": [5.0] })), &record()));
        assert!(!passes(image(&json!({ "status": { "S": [{ "numeric": ["=", 5] }] } })), &record()));
    }

    #[test]
    fn existence_is_about_leaves() {
        assert!(passes(image(&json!({ "status": { "S": [{ "exists": true }] } })), &record()));
        assert!(passes(image(&json!({ "missing": { "S": [{ "exists": false }] } })), &record()));
        assert!(!passes(image(&json!({ "status": [{ "exists": true }] })), &record()));
        assert!(passes(image(&json!({ "gone": [null] })), &record()));
    }

    #[test]
    fn a_list_matches_by_one_of_its_elements() {
        assert!(passes(image(&json!({ "tags": { "SS": ["b"] } })), &record()));
        assert!(!passes(image(&json!({ "tags": { "SS": ["c"] } })), &record()));
    }

    #[test]
    fn alternatives_are_written_with_or() {
        let either =
            json!({ "$or": [{ "eventName": ["REMOVE"] }, image(&json!({ "status": { "S": ["queued"] } }))] });
        assert!(passes(either, &record()));
    }

    #[test]
    fn a_leaf_that_is_no_list_is_refused() {
        assert!(Filter::new(vec![json!({ "eventName": "INSERT" })]).is_err());
        assert!(Filter::new(vec![json!({ "eventName": [{ "begins": "I" }] })]).is_err());
    }
}
