//! Templates and quick replies.

use porchlight_api::words::JobStatusWord;
use porchlight_desk::Rendered;
use porchlight_domain::customer::Job;
use porchlight_domain::id::{JobId, QuickReplyId, TemplateId};
use porchlight_domain::template::fill::{FilledPiece, unknown};
use porchlight_domain::template::quick::{QuickReplies, QuickReply};
use porchlight_domain::template::variable::Variable;
use porchlight_domain::template::{Library, Template};
use serde::Serialize;
use utoipa::ToSchema;

/// A text that the business keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Template)]
pub struct TemplateView {
    /// Its id.
    pub id: TemplateId,
    /// What people call it.
    pub name: String,
    /// Under which heading it stands.
    pub category: String,
    /// Its words, in markdown, with variables in double braces.
    pub text: String,
    /// How it is found from the composer, without the slash.
    #[schema(required)]
    pub shortcut: Option<String>,
    /// Counts its changes.
    pub version: u64,
    /// A warning: what looks like a variable, is none of ours, and stays as it is.
    pub unknown_variables: Vec<String>,
}

/// Something that is filled into templates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TemplateVariable)]
pub struct VariableView {
    /// What stands between the braces.
    pub name: String,
    /// What it comes to.
    pub meaning: String,
    /// Whoever writes a template is offered it. It is filled in any case.
    pub offered: bool,
}

/// All templates of the business.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Templates)]
pub struct TemplatesView {
    /// In their order.
    pub templates: Vec<TemplateView>,
    /// All variables that there are.
    pub variables: Vec<VariableView>,
}

/// A piece of a filled text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FilledPiece)]
pub struct PieceView {
    /// What stands there now.
    pub text: String,
    /// The variable that stood there.
    #[schema(required)]
    pub variable: Option<String>,
    /// The variable has no value and stands as it was typed.
    pub unresolved: bool,
}

/// A job that a filled text may tell of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RenderedJob)]
pub struct JobOfText {
    /// Its id.
    pub id: JobId,
    /// The number people call it by.
    pub number: u32,
    /// "Water heater replacement".
    pub title: String,
    /// Where it stands.
    pub status: JobStatusWord,
}

/// A filled text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RenderedTemplate)]
pub struct RenderedView {
    /// What it came to.
    pub text: String,
    /// Our variables that have no value, each once, in their order; they stand as they were typed.
    pub unresolved: Vec<String>,
    /// The same, piece by piece.
    pub pieces: Vec<PieceView>,
    /// The job that it tells of.
    #[schema(required)]
    pub job: Option<JobOfText>,
    /// The jobs that it may tell of, the latest first.
    pub jobs: Vec<JobOfText>,
}

/// A short answer that goes with one tap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = QuickReply)]
pub struct QuickReplyView {
    /// Its id.
    pub id: QuickReplyId,
    /// What is sent, as it stands.
    pub text: String,
}

/// All quick replies of the business.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = QuickReplies)]
pub struct QuickRepliesView {
    /// In their order.
    pub quick_replies: Vec<QuickReplyView>,
    /// Counts the changes: what is put in their place names the one that it was read at.
    pub version: u64,
}

impl From<&Template> for TemplateView {
    fn from(template: &Template) -> Self {
        let content = template.content.clone();
        Self {
            id: template.id.clone(),
            unknown_variables: unknown(&content.text),
            name: content.name,
            category: content.category,
            text: content.text,
            shortcut: content.shortcut,
            version: template.version,
        }
    }
}

impl From<&Library> for TemplatesView {
    fn from(library: &Library) -> Self {
        let variable = |variable: &Variable| VariableView {
            name: variable.name().to_owned(),
            meaning: variable.meaning().to_owned(),
            offered: library.offers(*variable),
        };
        Self {
            templates: library.templates().map(Into::into).collect(),
            variables: Variable::ALL.iter().map(variable).collect(),
        }
    }
}

impl From<FilledPiece> for PieceView {
    fn from(piece: FilledPiece) -> Self {
        let variable = piece.variable.map(|variable| variable.name().to_owned());
        Self { text: piece.text, variable, unresolved: piece.is_unresolved }
    }
}

impl From<&Job> for JobOfText {
    fn from(job: &Job) -> Self {
        Self { id: job.id.clone(), number: job.number, title: job.title.clone(), status: job.status.into() }
    }
}

impl From<Rendered> for RenderedView {
    fn from(Rendered { filled, job, jobs }: Rendered) -> Self {
        Self {
            text: filled.text(),
            unresolved: filled.unresolved().into_iter().map(|it| it.name().to_owned()).collect(),
            pieces: filled.pieces.into_iter().map(Into::into).collect(),
            job: job.as_ref().map(Into::into),
            jobs: jobs.iter().map(Into::into).collect(),
        }
    }
}

impl From<QuickReplies> for QuickRepliesView {
    fn from(replies: QuickReplies) -> Self {
        let view = |QuickReply { id, text }| QuickReplyView { id, text };
        Self { quick_replies: replies.replies.into_iter().map(view).collect(), version: replies.version }
    }
}
