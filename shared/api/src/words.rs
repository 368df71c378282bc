//! The closed sets of words in the API. Each is made from its domain type by an exhaustive match, so a new
//! word of the domain does not compile until it has a place here and in the OpenAPI document.

use porchlight_domain::access::{Act, BusinessAct};
use porchlight_domain::channel::Channel;
use porchlight_domain::consent::{ConsentAct, Purpose};
use porchlight_domain::conversation::{AttentionReason, DraftKind, Obstacle, State};
use porchlight_domain::customer::{JobStatus, LeadStage};
use porchlight_domain::delivery::{FailureClass, HeldReason, Status};
use porchlight_domain::file::{FileState, GoesAs};
use porchlight_domain::form_factor::FormFactor;
use porchlight_domain::message::{Direction, MediaKind, MessageKind};
use porchlight_domain::staff::Role;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $domain:ident as $schema:ident { $($word:ident),+ $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[schema(as = $schema)]
        pub enum $name {
            $(#[doc = concat!("[`", stringify!($domain), "::", stringify!($word), "`]")] $word,)+
        }

        impl From<$domain> for $name {
            fn from(word: $domain) -> Self {
                match word { $($domain::$word => Self::$word,)+ }
            }
        }

        impl From<$name> for $domain {
            fn from(word: $name) -> Self {
                match word { $($name::$word => Self::$word,)+ }
            }
        }
    )*};
}

words! {
    /// How a conversation's messages travel.
    ChannelWord = Channel as Channel { Sms, Email, Portal }

    /// Open, or closed ("Archived" names only the filter).
    ConversationState = State as ConversationState { Open, Closed }

    /// Why a conversation needs a person.
    AttentionReasonWord = AttentionReason as AttentionReason {
        Customer, Failure, SnoozeEnded, Raised, Held, UnclearStop, AskedToStop, Unopened,
    }

    /// How far a lead has come.
    LeadStageWord = LeadStage as LeadStage { New, Qualified, FollowUp, Closed }

    /// Where a job stands.
    JobStatusWord = JobStatus as JobStatus { Scheduled, InProgress, Completed, Canceled }

    /// Where a message stands; what came in is `received`.
    MessageStatus = Status as Status {
        Scheduled, Queued, Sending, Sent, Delivered, Undelivered, Failed, Unknown, Canceled, Received,
    }

    /// Which way a message went, seen from the business.
    MessageDirection = Direction as Direction { In, Out }

    /// What a file is to whoever reads.
    MediaKindWord = MediaKind as MediaKind { Photo, Video, VoiceMemo, Contact, File }

    /// Where a file is.
    FileStateWord = FileState as FileState { Ready, Fetching, Failed }

    /// How a file left.
    GoesAsWord = GoesAs as GoesAs { Mms, Link }

    /// Who or what wrote a message.
    MessageKindWord = MessageKind as Kind { Customer, Staff, Automated, Escalation, Note, Internal, System }

    /// What kind of reason a failure has.
    FailureClassWord = FailureClass as FailureClass {
        OptedOut, InvalidNumber, CannotText, Unreachable, Filtered, Permanent, Config, AccountSuspended,
        Congested, DailyLimit, Expired, Unexplained,
    }

    /// Why a message that should have left waits for a person.
    HeldReasonWord = HeldReason as HeldReason {
        OptedOut, InDoubt, ColleagueReplied, Closed, NoAccess, Late, Editing, CannotText, Blocked,
    }

    /// What a member of staff is to the inbox.
    RoleWord = Role as Role { Admin, Office, Technician }

    /// What stands in the way of a message.
    ObstacleWord = Obstacle as Obstacle {
        Blocked, OptedOut, InDoubt, HiddenNumber, CannotText, NotPermitted, OfficeOnly, ColleagueLeft,
    }

    /// What a text is for: an answer, their work, or selling something.
    PurposeWord = Purpose as Purpose { Reply, Service, Marketing }

    /// What somebody said about being texted: yes, no more, or that they did not mean the latter.
    ConsentActWord = ConsentAct as ConsentAct { Grant, Revoke, Dismiss }

    /// What somebody acts from.
    FormFactorWord = FormFactor as FormFactor { Phone, Tablet, Computer }

    /// What a draft is to become.
    DraftKindWord = DraftKind as DraftKind { Reply, Note }

    /// What can be done with a conversation.
    ActWord = Act as Act {
        Read, MarkUnread, Pin, Unpin, Draft, Note, Write, Dismiss, Reach, NeedPerson, Settle, Snooze, Close, Reopen, Block,
        Assign,
        Share,
        Restrict,
    }

    /// What can be done for the business as a whole.
    BusinessActWord = BusinessAct as BusinessAct {
        Browse, KeepDirectory, KeepHours, KeepTray, Begin, KeepConsent, SetConsentRule, UseTemplates,
        KeepTemplates, Dictate, KeepDictation, KeepBlocked, Upload, KeepStaff,
        KeepPushLadder,
    }
}

impl Default for DraftKindWord {
    fn default() -> Self {
        DraftKind::default().into()
    }
}

/// Whether the contact point may be texted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Consent)]
pub enum ConsentWord {
    /// They may be texted.
    Open,
    /// They opted out, or seem to have.
    Closed,
}
