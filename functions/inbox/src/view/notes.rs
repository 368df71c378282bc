//! Who would read a note.

use porchlight_desk::{CannotRead, Reading};
use porchlight_domain::id::StaffId;
use serde::Serialize;
use utoipa::ToSchema;

/// Everybody who works here, and what of a note they would see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NoteReaders {
    /// By name.
    pub readers: Vec<NoteReader>,
}

/// Somebody who works here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NoteReader {
    /// Their id.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// What of a note they would see.
    pub reads: NotesRead,
}

/// What of a note somebody would see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum NotesRead {
    /// Every note.
    All,
    /// A note marked for the crew.
    Crew,
    /// None: they do not see the conversation, or no longer work here.
    None,
}

impl From<Reading> for NoteReader {
    fn from(reading: Reading) -> Self {
        let Reading { staff, name, cannot } = reading;
        let reads = match cannot {
            None => NotesRead::All,
            Some(CannotRead::OfficeOnly) => NotesRead::Crew,
            Some(CannotRead::NoAccess | CannotRead::Disabled) => NotesRead::None,
        };
        Self { id: staff, name, reads }
    }
}
