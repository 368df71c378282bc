//! Replaces intrinsic functions by values.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Resource, names};

/// Values that templates export, by name.
pub(super) type Exports = BTreeMap<String, Value>;

/// A template whose functions are replaced.
pub(super) struct Resolved {
    pub(super) resources: Vec<Resource>,
    pub(super) function_globals: Value,
}

/// Resolves one template and adds its exports.
pub(super) fn template(
    template: &str,
    document: &Value,
    parameters: &BTreeMap<String, String>,
    exports: &mut Exports,
) -> Result<Resolved, String> {
    let stack = format!("porchlight-{template}");
    let scope = Scope { stack, document, parameters, exports };
    let resources = scope.resources()?;
    let function_globals = scope.value(&document["Globals"]["Function"])?;
    let exported = scope.exported()?;
    exports.extend(exported);
    Ok(Resolved { resources, function_globals })
}

struct Scope<'a> {
    stack: String,
    document: &'a Value,
    parameters: &'a BTreeMap<String, String>,
    exports: &'a Exports,
}

impl Scope<'_> {
    fn resources(&self) -> Result<Vec<Resource>, String> {
        let declared = self.document["Resources"].as_object().ok_or("no Resources")?;
        declared.iter().map(|(id, declared)| self.resource(id, declared)).collect()
    }

    fn resource(&self, id: &str, declared: &Value) -> Result<Resource, String> {
        let kind = declared["Type"].as_str().ok_or_else(|| format!("{id} has no Type"))?.to_owned();
        let properties = self.value(&declared["Properties"]).map_err(|reason| format!("{id}: {reason}"))?;
        Ok(Resource { id: id.to_owned(), kind, properties, metadata: declared["Metadata"].clone() })
    }

    fn exported(&self) -> Result<Exports, String> {
        let none = Map::new();
        let outputs = self.document["Outputs"].as_object().unwrap_or(&none);
        let exported = outputs.values().filter(|output| !output["Export"].is_null());
        exported
            .map(|output| Ok((text(self.value(&output["Export"]["Name"])?), self.value(&output["Value"])?)))
            .collect()
    }

    fn value(&self, value: &Value) -> Result<Value, String> {
        match value {
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Object(pairs) => match pairs.iter().next() {
                Some((name, argument)) if pairs.len() == 1 && is_function(name) => self.call(name, argument),
                _ => self.object(pairs),
            },
            plain => Ok(plain.clone()),
        }
    }

    fn object(&self, pairs: &Map<String, Value>) -> Result<Value, String> {
        let resolved = pairs.iter().map(|(key, value)| Ok((key.clone(), self.value(value)?)));
        resolved.collect::<Result<Map<_, _>, String>>().map(Value::Object)
    }

    fn call(&self, name: &str, argument: &Value) -> Result<Value, String> {
        match name {
            "Ref" => self.reference(argument.as_str().ok_or("Ref of no name")?),
            "Fn::GetAtt" => self.attribute(argument),
            "Fn::Sub" => self.substitute(argument),
            "Fn::ImportValue" => self.import(argument),
            "Fn::Join" => self.join(argument),
            "Fn::If" => self.choose(argument),
            other => Err(format!("{other} is not known on this machine")),
        }
    }

    fn reference(&self, name: &str) -> Result<Value, String> {
        if let Some(value) = names::pseudo_parameter(name, &self.stack) {
            return Ok(value);
        }
        if let Some(declared) = self.document["Parameters"].get(name) {
            return self.parameter(name, declared);
        }
        let (kind, own_name) = self.named(name)?;
        Ok(Value::String(names::reference(&kind, name, own_name.as_deref())))
    }

    fn parameter(&self, name: &str, declared: &Value) -> Result<Value, String> {
        let given = self.parameters.get(name).map(|value| Value::String(value.clone()));
        let default = declared.get("Default").map(|value| Value::String(text(value.clone())));
        let stand_in = || names::stand_in(name).map(|value| Value::String(value.to_owned()));
        given
            .or(default)
            .or_else(stand_in)
            .ok_or_else(|| format!("parameter {name} has neither a value nor a default"))
    }

    /// The kind of a resource, and its name where the template gives one.
    fn named(&self, id: &str) -> Result<(String, Option<String>), String> {
        let declared =
            self.document["Resources"].get(id).ok_or_else(|| format!("there is no resource {id}"))?;
        let kind = declared["Type"].as_str().unwrap_or_default().to_owned();
        let name = names::name_property(&kind).and_then(|property| declared["Properties"].get(property));
        Ok((kind, name.map(|name| self.value(name).map(text)).transpose()?))
    }

    fn attribute(&self, argument: &Value) -> Result<Value, String> {
        let (Some(id), Some(attribute)) = (argument[0].as_str(), argument[1].as_str()) else {
            return Err("GetAtt wants a resource and an attribute".to_owned());
        };
        let (kind, name) = self.named(id)?;
        Ok(Value::String(names::attribute(&kind, id, name.as_deref(), attribute)))
    }

    fn import(&self, argument: &Value) -> Result<Value, String> {
        let name = text(self.value(argument)?);
        self.exports.get(&name).cloned().ok_or_else(|| format!("nothing exports {name}"))
    }

    fn choose(&self, argument: &Value) -> Result<Value, String> {
        let holds = self.condition(argument[0].as_str().unwrap_or_default())?;
        self.value(&argument[if holds { 1 } else { 2 }])
    }

    fn condition(&self, name: &str) -> Result<bool, String> {
        let declared = self.document["Conditions"].get(name);
        self.holds(declared.ok_or_else(|| format!("there is no condition {name}"))?)
    }

    fn holds(&self, condition: &Value) -> Result<bool, String> {
        if let Some(inner) = condition.get("Fn::Not") {
            return self.holds(&inner[0]).map(|holds| !holds);
        }
        let both = condition.get("Fn::Equals").ok_or("a condition that is neither Equals nor Not")?;
        Ok(text(self.value(&both[0])?) == text(self.value(&both[1])?))
    }

    fn join(&self, argument: &Value) -> Result<Value, String> {
        let parts = self.value(&argument[1])?;
        let parts = parts.as_array().ok_or("Join of no list")?;
        let parts: Vec<String> = parts.iter().cloned().map(text).collect();
        Ok(Value::String(parts.join(argument[0].as_str().unwrap_or_default())))
    }

    fn substitute(&self, argument: &Value) -> Result<Value, String> {
        let (pattern, own) = match argument {
            Value::Array(parts) => (&parts[0], self.value(parts.get(1).unwrap_or(&Value::Null))?),
            pattern => (pattern, Value::Null),
        };
        let mut rest = pattern.as_str().ok_or("Sub of no text")?;
        let mut filled = String::new();
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}').ok_or("Sub with an open brace")?;
            filled.push_str(before);
            filled.push_str(&self.placeholder(name, &own)?);
            rest = after;
        }
        Ok(Value::String(filled + rest))
    }

    fn placeholder(&self, name: &str, own: &Value) -> Result<String, String> {
        if let Some(literal) = name.strip_prefix('!') {
            return Ok(format!("${{{literal}}}"));
        }
        if let Some(value) = own.get(name) {
            return Ok(text(value.clone()));
        }
        match name.split_once('.') {
            Some((id, attribute)) => self.attribute(&serde_json::json!([id, attribute])).map(text),
            None => self.reference(name).map(text),
        }
    }
}

fn is_function(name: &str) -> bool {
    name == "Ref" || name.starts_with("Fn::")
}

fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}
