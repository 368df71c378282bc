//! Where moto 5.2.5 is known to be no DynamoDB, and where the engine is none.

use aws_sdk_dynamodb::types::ReturnValue;
use serde_json::{Map, Value, json};

use crate::answers::CONSUMED;
use crate::requests::Request;

/// Of two answers to a request.
pub enum Verdict {
    /// They are the same.
    Same,
    /// They are not, as this file says.
    Known,
    /// They are not, for no reason that is known: what was compared of them.
    Different(Value, Value),
}

/// What DynamoDB refuses with these words moto does not look at: it does it, or says something else.
const UNSEEN: &[&str] = &[
    // How many, how long, how small.
    "failed to satisfy constraint",
    "The requestItems parameter is required",
    // An empty expression is none to moto.
    "Invalid ConditionExpression: The expression can not be empty",
    "Invalid ProjectionExpression: The expression can not be empty",
    // It looks whether all of `list[0]` is reserved.
    "Invalid ProjectionExpression: Attribute name is a reserved keyword",
    "Filter Expression can only contain non-primary key attributes",
    // A key may be empty or of any type, and a page begins at any key.
    "a key attribute cannot contain an empty string value",
    "The provided key element does not match the schema",
    "The provided starting key",
    "The query can return at most one row and cannot be restarted",
    "Type mismatch for Index Key",
    // It calculates as Python does.
    "Attempting to store more than 38 significant digits in a Number",
    // It looks for the same item among the puts of a batch (all of it, not its key), and among the deletions, but not
    // in both.
    "Provided list of item keys contains duplicates",
    // It does not know a transaction by its token.
    "IdempotentParameterMismatchException",
];

/// What DynamoDB refuses with these words moto refuses in words of its own, or for something else that is wrong with the
/// same request: it looks at expressions, table, key and condition in another order.
const SAID_OTHERWISE: &[&str] = &[
    "Invalid ConditionExpression: ",
    "Invalid FilterExpression: ",
    "Invalid UpdateExpression: ",
    "An operand in the update expression has an incorrect data type",
    "Value provided in ExpressionAttribute",
    "ReturnValues can only be ALL_OLD or NONE",
    "Consistent reads are not supported on global secondary indexes",
    "Missing the key pk in the item",
    "Requested resource not found",
    "The table does not have the specified index",
    "Transaction request cannot include multiple operations on one item",
    "Type mismatch for key ",
];

/// Why DynamoDB cancels a transaction; moto also gives the names of Python's errors.
const REASONS: [&str; 3] = ["None", "ConditionalCheckFailed", "ValidationError"];

/// Updates of a transaction that the engine carries out, or does not get to, and moto refuses: of the key, and such as add
/// or delete what is no number and no set.
const UNCHECKED_IN_TRANSACTIONS: [&str; 3] = [
    "Cannot update attribute pk. This attribute is part of the key",
    "An operand in the update expression has an incorrect data type",
    "Incorrect operand type for operator or function",
];

/// Whether the engine answers as moto does.
pub fn verdict(request: &Request, ours: &Value, theirs: &Value) -> Verdict {
    let (mut ours, mut theirs) = (comparable(ours), comparable(theirs));
    put_right(request, &mut theirs, &ours);
    without_order(request, &mut ours);
    without_order(request, &mut theirs);
    if ours == theirs {
        return Verdict::Same;
    }
    if is_wrong(request, &theirs, &ours) || is_ours_to_mend(request, &ours, &theirs) {
        return Verdict::Known;
    }
    Verdict::Different(ours, theirs)
}

/// All items of a table that was scanned, in order.
pub fn all_items(mut table: Value) -> Value {
    numbers_as_dynamodb_writes(&mut table);
    let mut items = table["ok"]["items"].take();
    assert!(items.is_array(), "{table}");
    in_order(&mut items);
    items
}

/// Without capacity, and without `1 validation error detected: `, which DynamoDB has come to say before its words and moto
/// says before some.
fn comparable(answer: &Value) -> Value {
    let mut answer = answer.clone();
    if let Some(ok) = answer.get_mut("ok").and_then(Value::as_object_mut) {
        ok.remove(CONSUMED);
    }
    if let Some(words) = answer["words"].as_str() {
        answer["words"] = json!(words.trim_start_matches("1 validation error detected: "));
    }
    answer
}

/// What is scanned or asked for at once comes in no order that two may share.
fn without_order(request: &Request, answer: &mut Value) {
    let ok = answer.get_mut("ok").and_then(Value::as_object_mut);
    match (request, ok) {
        (Request::Scan(_), Some(ok)) => in_order(&mut ok["items"]),
        (Request::BatchGet(_), Some(ok)) => {
            ok["tables"].as_object_mut().into_iter().flatten().for_each(|(_, items)| in_order(items));
        }
        _ => {}
    }
}

fn in_order(items: &mut Value) {
    if let Some(items) = items.as_array_mut() {
        items.sort_by_key(Value::to_string);
    }
}

/// What moto tells in a way of its own, as DynamoDB would.
fn put_right(request: &Request, theirs: &mut Value, ours: &Value) {
    numbers_as_dynamodb_writes(theirs);
    if tells_what_is_updated(request)
        && let Some(updated) = theirs.pointer_mut("/ok/attributes")
    {
        with_what_stayed(updated, &ours["ok"]["attributes"]);
    }
    if fills_a_page(request, ours)
        && let Some(last @ Value::Null) = theirs.pointer_mut("/ok/last")
    {
        *last = ours["ok"]["last"].clone();
    }
}

/// moto then looks whether something follows; DynamoDB does not, and says where to go on.
fn fills_a_page(request: &Request, ours: &Value) -> bool {
    let Request::Query(call) = request else { return false };
    call.get_limit().is_some_and(|limit| ours["ok"]["scanned"] == limit)
}

fn tells_what_is_updated(request: &Request) -> bool {
    let Request::Update(call) = request else { return false };
    matches!(call.get_return_values(), Some(ReturnValue::UpdatedNew | ReturnValue::UpdatedOld))
}

/// Of what was updated moto leaves out what is as it was, also inside of maps and lists; and of a new item it tells the
/// key, which no update updates.
fn with_what_stayed(updated: &mut Value, ours: &Value) {
    without_key(updated);
    for (name, value) in ours.as_object().into_iter().flatten() {
        let has_parts = value.get("M").or(value.get("L")).is_some();
        if has_parts || updated.get(name).is_none() {
            updated[name] = value.clone();
        }
    }
}

fn without_key(attributes: &mut Value) {
    if let Some(all) = attributes.as_object_mut() {
        all.retain(|name, _| name != "pk" && name != "sk");
    }
    if attributes.as_object().is_some_and(Map::is_empty) {
        *attributes = Value::Null;
    }
}

/// Whether it is moto that answers otherwise than DynamoDB.
fn is_wrong(request: &Request, theirs: &Value, ours: &Value) -> bool {
    let refusal = if ours["code"].is_string() { ours.to_string() } else { String::new() };
    let is_one_of = |known: &[&str]| known.iter().any(|words| refusal.contains(words));
    has_failed(theirs)
        || is_one_of(UNSEEN)
        || is_one_of(SAID_OTHERWISE) && theirs["code"].is_string()
        || is_told_of_all(theirs, ours)
        || compares_with_null(request)
        || is_a_part(request) && theirs["ok"].is_object() && ours["ok"].is_object()
}

/// With an error of Python: of values of two types it does not know which is larger, nor how long nothing is, and `1e3` is
/// no number for it to add to.
fn has_failed(theirs: &Value) -> bool {
    let mut reasons = theirs["more"].as_array().into_iter().flatten().filter_map(|reason| reason[0].as_str());
    let is_of_scan =
        theirs["words"].as_str().is_some_and(|words| words.starts_with("Bad Filter Expression: "));
    theirs["status"] == 500 || is_of_scan || reasons.any(|reason| !REASONS.contains(&reason))
}

/// DynamoDB tells of each part of a transaction what its item does not allow; moto tells of the first, as if nothing were
/// wrong with any other, and calls a wrong key just so.
fn is_told_of_all(theirs: &Value, ours: &Value) -> bool {
    let reasons = ours["more"].as_array().into_iter().flatten();
    let mut invalid = reasons.filter(|reason| reason[0] == "ValidationError").map(|reason| &reason[1]);
    theirs["code"] == "ValidationException"
        && invalid.any(|words| *words == theirs["words"] || theirs["words"] == "Validation Exception")
}

/// To moto an attribute that is not there is NULL.
fn compares_with_null(request: &Request) -> bool {
    let shown = format!("{request:?}");
    shown.contains("#s IN (:q, :x)") && shown.contains(r#"":x": Null(true)"#)
}

/// Of a table: moto scans items as they came, and has segments of its own.
fn is_a_part(request: &Request) -> bool {
    let Request::Scan(call) = request else { return false };
    call.get_limit().is_some() || call.get_exclusive_start_key().is_some() || call.get_segment().is_some()
}

/// Whether it is the engine that answers otherwise than DynamoDB. Whoever mends it deletes it here.
fn is_ours_to_mend(request: &Request, ours: &Value, theirs: &Value) -> bool {
    let moto_says = |words: &str| theirs["words"].as_str().is_some_and(|said| said.contains(words));
    match request {
        // It looks for the key that no item can have, and finds nothing.
        Request::Query(_) => {
            ours["ok"].is_object()
                && moto_says("a key attribute cannot contain an empty string value. Key: pk")
        }
        // It tells the key of an item that was not there.
        Request::Update(call) if call.get_return_values() == &Some(ReturnValue::AllOld) => {
            let mut ours = ours.clone();
            let told = ours.pointer_mut("/ok/attributes").map(without_key);
            told.is_some() && ours == *theirs
        }
        Request::Transact(_) => UNCHECKED_IN_TRANSACTIONS.iter().any(|words| moto_says(words)),
        _ => false,
    }
}

/// moto keeps numbers as they were sent, and writes them as Python does where it takes items apart.
fn numbers_as_dynamodb_writes(answer: &mut Value) {
    match answer {
        Value::Object(members) => match members.get_mut("N") {
            Some(Value::String(sent)) => *sent = number(sent),
            _ => members.values_mut().for_each(numbers_as_dynamodb_writes),
        },
        Value::Array(all) => all.iter_mut().for_each(numbers_as_dynamodb_writes),
        _ => {}
    }
}

/// Without a power of ten, and without zeros that say nothing.
fn number(sent: &str) -> String {
    let (digits, power) = sent.split_once(['e', 'E']).unwrap_or((sent, "0"));
    let digits = format!("{digits}{}", "0".repeat(power.parse().expect("a small power")));
    let (sign, digits) = digits.strip_prefix('-').map_or(("", &*digits), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    match (whole.trim_start_matches('0'), fraction.trim_end_matches('0')) {
        ("", "") => "0".to_owned(),
        ("", fraction) => format!("{sign}0.{fraction}"),
        (whole, "") => format!("{sign}{whole}"),
        (whole, fraction) => format!("{sign}{whole}.{fraction}"),
    }
}
