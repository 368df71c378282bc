//! The templates under `infra/`, read and resolved: every `!Ref`, `!Sub`, `!GetAtt` and `!ImportValue` is
//! replaced by what it would stand for on this machine.

mod functions;
mod names;
mod resolve;
mod tables;
mod yaml;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

pub use functions::{ApiRoute, FunctionSpec, ScheduleSpec, StreamMapping};
pub use names::{ACCOUNT, REGION, table_arn, table_of_stream};
pub use tables::{IndexSpec, TableSpec};

/// A template cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The file cannot be read.
    #[error("template {} cannot be read: {source}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Its text is not what CloudFormation, or this machine, understands.
    #[error("template {template}: {reason}")]
    Wrong {
        /// `data`, `app` or `edge`.
        template: &'static str,
        /// What and where.
        reason: String,
    },
}

/// The three templates' text.
#[derive(Clone, Debug)]
pub struct Templates {
    /// Tables and queues.
    pub data: String,
    /// Functions, API, streams, schedules, permissions.
    pub app: String,
    /// The distribution in front: headers of the web app.
    pub edge: String,
}

impl Templates {
    /// The templates this program was built with.
    pub fn embedded() -> Self {
        Self {
            data: include_str!("../../../data.yaml").to_owned(),
            app: include_str!("../../../app.yaml").to_owned(),
            edge: include_str!("../../../edge.yaml").to_owned(),
        }
    }

    /// Those in `folder`, by the same file names.
    pub fn read(folder: &Path) -> Result<Self, TemplateError> {
        let file = |name: &str| {
            let path = folder.join(name);
            std::fs::read_to_string(&path).map_err(|source| TemplateError::Unreadable { path, source })
        };
        Ok(Self { data: file("data.yaml")?, app: file("app.yaml")?, edge: file("edge.yaml")? })
    }
}

/// A resource with its properties resolved.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Logical id.
    pub id: String,
    /// `AWS::DynamoDB::Table` and so on.
    pub kind: String,
    /// Resolved properties.
    pub properties: Value,
    /// `Metadata`: what only this machine asks for.
    pub metadata: Value,
}

/// All resources of the three templates.
#[derive(Clone, Debug)]
pub struct Stack {
    resources: Vec<Resource>,
    function_globals: Value,
}

impl Stack {
    /// Reads and resolves `templates`; `parameters` stand in for the defaults of parameters with their name.
    pub fn load(templates: &Templates, parameters: &BTreeMap<String, String>) -> Result<Self, TemplateError> {
        let mut exports = BTreeMap::new();
        let mut resources = Vec::new();
        let mut function_globals = Value::Null;
        let parts = [("data", &templates.data), ("app", &templates.app), ("edge", &templates.edge)];
        for (template, text) in parts {
            let wrong = |reason| TemplateError::Wrong { template, reason };
            let document = yaml::read(text).map_err(wrong)?;
            let resolved = resolve::template(template, &document, parameters, &mut exports).map_err(wrong)?;
            resources.extend(resolved.resources);
            if template == "app" {
                function_globals = resolved.function_globals;
            }
        }
        Ok(Self { resources, function_globals })
    }

    /// The templates this program was built with, with their defaults: what tests of the store need.
    pub fn embedded() -> Self {
        Self::load(&Templates::embedded(), &BTreeMap::new()).expect("a test loads the embedded templates")
    }

    /// All resources of `kind`.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Resource> {
        self.resources.iter().filter(move |resource| resource.kind == kind)
    }

    /// The resource with this logical id.
    pub fn resource(&self, id: &str) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.id == id)
    }

    /// The tables.
    pub fn tables(&self) -> Result<Vec<TableSpec>, TemplateError> {
        let specs = self.of_kind("AWS::DynamoDB::Table").map(TableSpec::from_resource);
        specs.collect::<Result<_, _>>().map_err(|reason| TemplateError::Wrong { template: "data", reason })
    }

    /// The functions, with what the globals add.
    pub fn functions(&self) -> Result<Vec<FunctionSpec>, TemplateError> {
        functions::read(self).map_err(|reason| TemplateError::Wrong { template: "app", reason })
    }
}
