//! Finds one's way in the templates' JSON.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// The three templates.
pub struct Templates {
    data: Value,
    app: Value,
    edge: Value,
}

/// A resource as it is declared.
#[derive(Clone, Copy)]
pub struct Resource<'a> {
    /// Its logical id.
    pub id: &'a str,
    /// All of it.
    pub declared: &'a Value,
    /// Its properties.
    pub properties: &'a Value,
}

impl Templates {
    /// Reads what `examine.py` wrote. A template that could not be transformed is empty: that was found already.
    pub fn read(folder: &Path) -> Self {
        let template = |name: &str| {
            let text = fs::read_to_string(folder.join(name)).unwrap_or_default();
            serde_json::from_str(&text).unwrap_or_default()
        };
        Self { data: template("data.json"), app: template("app.json"), edge: template("edge.json") }
    }

    /// Every resource of a kind, such as `AWS::SNS::Topic`.
    pub fn of_kind<'a>(&'a self, kind: &'static str) -> impl Iterator<Item = Resource<'a>> {
        self.resources().filter(move |resource| resource.declared["Type"] == kind)
    }

    /// The resource with this logical id; the ids of the three templates differ.
    pub fn resource(&self, id: &str) -> Option<Resource<'_>> {
        self.resources().find(|resource| resource.id == id)
    }

    fn resources(&self) -> impl Iterator<Item = Resource<'_>> {
        let all = [&self.data, &self.app, &self.edge].into_iter();
        all.filter_map(|template| template["Resources"].as_object())
            .flatten()
            .map(|(id, declared)| Resource { id, declared, properties: &declared["Properties"] })
    }

    /// Every parameter of the three templates.
    pub fn parameters(&self) -> impl Iterator<Item = (&String, &Value)> {
        let all = [&self.data, &self.app, &self.edge].into_iter();
        all.filter_map(|template| template["Parameters"].as_object()).flatten()
    }

    /// What `!ImportValue` stands for: the value that the data stack exports under this name.
    pub fn imported(&self, value: &Value) -> Option<&Value> {
        let name = value["Fn::ImportValue"]["Fn::Sub"].as_str()?.strip_prefix("${DataStack}-")?;
        let outputs = self.data["Outputs"].as_object()?.values();
        let exported_as = format!("${{AWS::StackName}}-{name}");
        outputs
            .filter(|output| output["Export"]["Name"]["Fn::Sub"] == exported_as)
            .map(|output| &output["Value"])
            .next()
    }

    /// Every `!ImportValue`, with the resource that it stands in.
    pub fn imports(&self) -> Vec<(Resource<'_>, &Value)> {
        let mut found = Vec::new();
        for resource in self.resources() {
            gather_imports(resource, resource.declared, &mut found);
        }
        found
    }
}

fn gather_imports<'a>(resource: Resource<'a>, value: &'a Value, found: &mut Vec<(Resource<'a>, &'a Value)>) {
    if value.get("Fn::ImportValue").is_some() {
        return found.push((resource, value));
    }
    let (pairs, items) = (value.as_object(), value.as_array());
    let inner = pairs.into_iter().flat_map(|pairs| pairs.values()).chain(items.into_iter().flatten());
    inner.for_each(|inner| gather_imports(resource, inner, found));
}

/// The resource that a `!Ref` names.
pub fn reference_to(value: &Value) -> Option<&str> {
    value["Ref"].as_str()
}

/// The resource and the attribute that a `!GetAtt` names.
pub fn attribute_of(value: &Value) -> Option<(&str, &str)> {
    let named = &value["Fn::GetAtt"];
    Some((named[0].as_str()?, named[1].as_str()?))
}
