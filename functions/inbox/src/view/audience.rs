//! Who sees a conversation.

use porchlight_desk::Onlooker;
use porchlight_domain::id::StaffId;
use porchlight_domain::push::Reach;
use serde::Serialize;
use utoipa::ToSchema;

/// Who sees a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Audience {
    /// The office; none of a conversation between two people.
    #[schema(required)]
    pub office: Option<OfficeAudience>,
    /// Each person, by name: the technicians, or the two. The office's own people are the office's to be told.
    pub people: Vec<AudiencePerson>,
}

/// The office, as those who see a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OfficeAudience {
    /// How many they are.
    pub people: usize,
    /// How many of them the next message wakes.
    pub woken: usize,
}

/// Somebody who sees a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AudiencePerson {
    /// Their id.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// They see it as one of the office.
    pub office: bool,
    /// They see a part of it: of a number that several customers share the messages of their own jobs, or those since
    /// their customer has the number.
    pub sees_part: bool,
    /// Whether the next message there wakes them.
    pub push: PushReach,
}

/// Whether the next message wakes somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PushReach {
    /// At one device or more.
    Woken,
    /// They are off today.
    Off,
    /// They have quiet hours now.
    Quiet,
    /// None of their devices can be reached.
    NoDevice,
    /// What comes here wakes others.
    Others,
}

impl From<Reach> for PushReach {
    fn from(reach: Reach) -> Self {
        match reach {
            Reach::Woken => Self::Woken,
            Reach::Off => Self::Off,
            Reach::Quiet => Self::Quiet,
            Reach::NoDevice => Self::NoDevice,
            Reach::Others => Self::Others,
        }
    }
}

impl Audience {
    /// Those who look, as far as whoever asks is told of them.
    pub fn new(looking: &[Onlooker], for_office: bool) -> Self {
        let office: Vec<&Onlooker> = looking.iter().filter(|it| it.is_office).collect();
        let woken = office.iter().filter(|it| it.reach == Reach::Woken).count();
        let named = looking.iter().filter(|it| for_office || !it.is_office);
        Self {
            office: (!office.is_empty()).then_some(OfficeAudience { people: office.len(), woken }),
            people: named.map(AudiencePerson::from).collect(),
        }
    }
}

impl From<&Onlooker> for AudiencePerson {
    fn from(looking: &Onlooker) -> Self {
        let Onlooker { staff, is_office, sees_part, reach } = looking;
        Self {
            id: staff.id.clone(),
            name: staff.name.clone(),
            office: *is_office,
            sees_part: *sees_part,
            push: (*reach).into(),
        }
    }
}
