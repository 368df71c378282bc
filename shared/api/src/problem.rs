//! How errors are documented; they are made at the edge.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A problem, in the words of RFC 9457.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemShape {
    /// `urn:porchlight:problem:…`, stable: clients switch on it.
    #[serde(rename = "type")]
    kind: String,
    /// What it is, in a few words.
    title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What happened and what to do, for the person who reads it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    detail: Option<String>,
    /// Facts that a client can act on.
    #[serde(flatten)]
    #[schema(value_type = Object, additional_properties)]
    facts: Map<String, Value>,
}
