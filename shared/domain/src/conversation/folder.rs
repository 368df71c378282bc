//! Where a conversation stands among the lists, and the filters above them.

use serde::{Deserialize, Serialize};

use super::{Attention, Conversation, State};
use crate::customer::LeadStage;

/// The five filters above the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Filter {
    /// Everything not blocked.
    All,
    /// Open and not snoozed.
    Active,
    /// Those of Active that need a person.
    Attention,
    /// Open, with no customer, or with an open lead and no booked job.
    Leads,
    /// Closed.
    Archived,
}

/// Where a conversation stands among the lists. Each is in exactly one folder; a filter is a set of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Folder {
    /// Active, snoozed or closed.
    pub shelf: Shelf,
    /// Needs a person (only ever on the active shelf).
    pub attention: bool,
    /// Among the leads (never on the closed shelf).
    pub lead: bool,
}

/// The first part of a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shelf {
    /// Open and not snoozed.
    Active,
    /// Open, and out of sight until a time.
    Snoozed,
    /// Closed.
    Closed,
}

impl Folder {
    /// Every folder that there can be.
    pub const EVERY: [Self; 7] = [
        Self { shelf: Shelf::Active, attention: false, lead: false },
        Self { shelf: Shelf::Active, attention: false, lead: true },
        Self { shelf: Shelf::Active, attention: true, lead: false },
        Self { shelf: Shelf::Active, attention: true, lead: true },
        Self { shelf: Shelf::Snoozed, attention: false, lead: false },
        Self { shelf: Shelf::Snoozed, attention: false, lead: true },
        Self { shelf: Shelf::Closed, attention: false, lead: false },
    ];

    /// The word in keys, such as `active+a+l`.
    pub fn as_key(self) -> String {
        let word = match self.shelf {
            Shelf::Active => "active",
            Shelf::Snoozed => "snoozed",
            Shelf::Closed => "closed",
        };
        let attention = if self.attention { "+a" } else { "" };
        let lead = if self.lead { "+l" } else { "" };
        format!("{word}{attention}{lead}")
    }
}

impl Filter {
    /// Whether the filter shows what stands in `folder`.
    pub const fn shows(self, folder: Folder) -> bool {
        match self {
            Self::All => true,
            Self::Active => matches!(folder.shelf, Shelf::Active),
            Self::Attention => folder.attention,
            Self::Leads => folder.lead,
            Self::Archived => matches!(folder.shelf, Shelf::Closed),
        }
    }
}

impl Conversation {
    /// Among the leads: with nobody known, or with an open lead and no booked job.
    pub fn is_lead(&self) -> bool {
        self.party.customer().is_some()
            && self.state == State::Open
            && self
                .customer
                .as_ref()
                .is_none_or(|c| c.lead.is_some_and(LeadStage::is_open) && !c.has_booked_job)
    }

    /// What it waits for where lists show it waiting: not while it is snoozed, closed or blocked.
    pub fn shown_attention(&self) -> Option<Attention> {
        self.attention.filter(|_| self.folder().is_some_and(|folder| folder.attention))
    }

    /// Where it stands among the lists; nowhere when it is blocked, and no internal thread stands among them.
    pub fn folder(&self) -> Option<Folder> {
        self.party.customer()?;
        let place = match (self.state, self.snoozed_until) {
            (State::Closed, _) => Shelf::Closed,
            (State::Open, Some(_)) => Shelf::Snoozed,
            (State::Open, None) => Shelf::Active,
        };
        let attention = self.attention.is_some() && place == Shelf::Active;
        (!self.blocked).then(|| Folder { shelf: place, attention, lead: self.is_lead() })
    }
}
