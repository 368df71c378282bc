//! CloudFormation's YAML as JSON: the short tags (`!Ref x`) become the long form (`{"Ref": "x"}`).

use serde_json::{Map, Value, json};
use serde_yaml_ng::Value as Yaml;
use serde_yaml_ng::value::TaggedValue;

/// Reads a template's text.
pub(super) fn read(text: &str) -> Result<Value, String> {
    let yaml: Yaml = serde_yaml_ng::from_str(text).map_err(|e| e.to_string())?;
    plain(yaml)
}

fn plain(yaml: Yaml) -> Result<Value, String> {
    Ok(match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => Value::Bool(value),
        Yaml::Number(number) => plain_number(&number),
        Yaml::String(text) => Value::String(text),
        Yaml::Sequence(items) => Value::Array(items.into_iter().map(plain).collect::<Result<_, _>>()?),
        Yaml::Mapping(pairs) => Value::Object(
            pairs
                .into_iter()
                .map(|(key, value)| Ok((key_text(key)?, plain(value)?)))
                .collect::<Result<_, String>>()?,
        ),
        Yaml::Tagged(tagged) => long_form(*tagged)?,
    })
}

fn plain_number(number: &serde_yaml_ng::Number) -> Value {
    number.as_i64().map_or_else(|| json!(number.as_f64()), Value::from)
}

fn key_text(key: Yaml) -> Result<String, String> {
    match key {
        Yaml::String(text) => Ok(text),
        Yaml::Number(number) => Ok(number.to_string()),
        Yaml::Bool(value) => Ok(value.to_string()),
        other => Err(format!("a key that is no text: {other:?}")),
    }
}

fn long_form(tagged: TaggedValue) -> Result<Value, String> {
    let tag = tagged.tag.to_string();
    let name = match tag.trim_start_matches('!') {
        name @ ("Ref" | "Condition") => name.to_owned(),
        name => format!("Fn::{name}"),
    };
    let mut value = plain(tagged.value)?;
    if let ("Fn::GetAtt", Value::String(text)) = (name.as_str(), &value) {
        let (resource, attribute) =
            text.split_once('.').ok_or_else(|| format!("!GetAtt {text} names no attribute"))?;
        value = json!([resource, attribute]);
    }
    Ok(Value::Object(Map::from_iter([(name, value)])))
}
