//! A table as the template declares it, in the words of the DynamoDB API.

use serde_json::{Value, json};

use super::Resource;

/// A table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableSpec {
    /// Its name on this machine.
    pub name: String,
    /// `KeySchema`, as the API takes it.
    pub key_schema: Value,
    /// `AttributeDefinitions`, as the API takes it.
    pub attributes: Value,
    /// Its global secondary indexes.
    pub indexes: Vec<IndexSpec>,
    /// `StreamViewType`, when it has a stream.
    pub stream: Option<String>,
    /// The attribute that says when an item expires.
    pub ttl: Option<String>,
    /// Its items are kept packed in the store's file, and those of these indexes (`Metadata: { Packed: [index] }`): it
    /// saves half of their bytes and costs each write some time, so it is for what is kept for years.
    pub packed: Option<Vec<String>>,
}

/// A global secondary index.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexSpec {
    /// `IndexName`.
    pub name: String,
    /// `KeySchema`.
    pub key_schema: Value,
    /// `Projection`.
    pub projection: Value,
}

impl TableSpec {
    pub(super) fn from_resource(resource: &Resource) -> Result<Self, String> {
        let properties = &resource.properties;
        let required = |key: &str| {
            properties.get(key).cloned().ok_or_else(|| format!("table {} has no {key}", resource.id))
        };
        let indexes = properties["GlobalSecondaryIndexes"].as_array().map_or(&[][..], Vec::as_slice);
        Ok(Self {
            name: required("TableName")?.as_str().unwrap_or_default().to_owned(),
            key_schema: required("KeySchema")?,
            attributes: required("AttributeDefinitions")?,
            indexes: indexes.iter().map(IndexSpec::from_value).collect(),
            stream: properties["StreamSpecification"]["StreamViewType"].as_str().map(str::to_owned),
            ttl: properties["TimeToLiveSpecification"]["AttributeName"].as_str().map(str::to_owned),
            packed: resource.metadata["Packed"].as_array().map(|indexes| names(indexes)),
        })
    }

    /// The `CreateTable` request.
    pub fn create_request(&self) -> Value {
        let mut request = json!({
            "TableName": self.name,
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": self.key_schema,
            "AttributeDefinitions": self.attributes,
        });
        if !self.indexes.is_empty() {
            request["GlobalSecondaryIndexes"] = self.indexes.iter().map(IndexSpec::request).collect();
        }
        if let Some(view) = &self.stream {
            request["StreamSpecification"] = json!({ "StreamEnabled": true, "StreamViewType": view });
        }
        request
    }
}

impl IndexSpec {
    fn from_value(value: &Value) -> Self {
        Self {
            name: value["IndexName"].as_str().unwrap_or_default().to_owned(),
            key_schema: value["KeySchema"].clone(),
            projection: value["Projection"].clone(),
        }
    }

    /// The index as requests name it.
    pub fn request(&self) -> Value {
        json!({ "IndexName": self.name, "KeySchema": self.key_schema, "Projection": self.projection })
    }
}

fn names(names: &[Value]) -> Vec<String> {
    names.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}
