//! Why something was not done.

use porchlight_bucket::BucketError;
use porchlight_domain::access::Right;
use porchlight_domain::bulk::LeftAlone;
use porchlight_domain::conversation::Obstacle;
use porchlight_domain::id::{ConversationId, StaffId, UploadId};
use porchlight_domain::template::Unfit;
use porchlight_domain::time::Timestamp;
use porchlight_store::StoreError;

use crate::attempt::Passing;
use crate::note::Reading;
use crate::uploads::BadFile;

/// Why a number is none that a conversation is begun with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotForTexts {
    /// A line of the business.
    OwnLine,
    /// A colleague's own.
    StaffNumber,
    /// Whoever writes there pays for it.
    Premium,
    /// No full number of the numbering plan.
    NoNumber,
    /// The business has no line to write from.
    NoLine,
}

/// What is wrong with a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadTime {
    /// It has passed.
    Past,
    /// More than a year ahead.
    TooFar,
}

/// Why something was not done. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is none, or it is not theirs to see: nobody is told which (P7).
    #[error("there is none, or it is not theirs to see")]
    NotFound,
    /// They see it, and may not.
    #[error("not theirs to do")]
    NotAllowed(Right),
    /// The command's id was used for something else (P9).
    #[error("the id was used for another command")]
    UsedBefore,
    /// No text can go there; with the names of those who can mend a permission.
    #[error("no text can go there")]
    Obstacle {
        /// Why.
        obstacle: Obstacle,
        /// Who may switch texting on.
        admins: Vec<String>,
    },
    /// There is a conversation with them already.
    #[error("there is a conversation with them already")]
    InAThread {
        /// Which.
        conversation: ConversationId,
        /// What it is called.
        name: String,
    },
    /// Nobody is written to there.
    #[error("nobody is written to there")]
    NotForTexts(NotForTexts),
    /// They opted out themselves: the office cannot take that back for them.
    #[error("only they can open it again")]
    OnlyTheyCanOpen,
    /// A member of staff has no phone of their own in the directory.
    #[error("there is no phone of theirs")]
    NoNumber,
    /// Somebody who works here has this number, or it is a line of the business.
    #[error("the number is somebody else's")]
    NumberTaken,
    /// A member of staff texted STOP: only their START takes it back.
    #[error("they texted STOP themselves")]
    SaidStop,
    /// Nobody seems to have asked for no more texts.
    #[error("there is nothing to decide")]
    NothingInDoubt,
    /// A colleague has written since.
    #[error("a colleague has written since")]
    Overtaken {
        /// Who.
        by: StaffId,
        /// Their name.
        name: String,
        /// When.
        when: Timestamp,
        /// The place of what they wrote.
        seq: u64,
    },
    /// Nobody is a pair alone.
    #[error("nobody writes to themselves")]
    Oneself,
    /// Only what colleagues wrote to each other is taken back.
    #[error("not a message to be taken back")]
    NotDeletable,
    /// The message is not of the job's customer, or does not say that.
    #[error("nothing that the message says or shows of that job")]
    NotAFact,
    /// The job has as many facts as it may.
    #[error("the job has as many facts as it may")]
    TooManyFacts,
    /// Somebody else wrote it.
    #[error("somebody else wrote it")]
    NotTheirs,
    /// An internal thread leads to no provider.
    #[error("the conversation is with no customer")]
    NoCustomer,
    /// The message that is to be sent again is none of this conversation.
    #[error("the message to be sent again is none of this conversation")]
    UnknownMessage,
    /// Nobody there has ever written, or agreed to texts.
    #[error("nobody there has agreed to texts")]
    NeedsConsent,
    /// The contact point is none of the customer's.
    #[error("the contact point is none of the customer's")]
    NotTheirNumber,
    /// It did not fail, was sent again already, or its fate is not decided yet.
    #[error("not a message to be sent again")]
    NotResendable,
    /// It did not fail, or its fate is not decided yet.
    #[error("not a message to be put aside")]
    NotDismissable,
    /// It left before, or was taken back: nothing is to be changed of it any more.
    #[error("it has left already")]
    LeftAlready,
    /// Somebody else changed it since it was read.
    #[error("it was changed meanwhile")]
    PlanChanged,
    /// As many wait in this conversation as there is room for.
    #[error("too many messages wait here")]
    TooManyPlans,
    /// A time at which nothing can be asked to happen.
    #[error("not a time to come")]
    BadTime(BadTime),
    /// Other words are kept by now than those that a draft takes the place of.
    #[error("the draft was changed on another device")]
    DraftChanged,
    /// There is no such job.
    #[error("there is no such job")]
    UnknownJob,
    /// The job is none of the technician's here.
    #[error("the job is none of theirs here")]
    NotTheirJob,
    /// The job is another customer's.
    #[error("the job is another customer's")]
    AnothersJob,
    /// There is no such customer.
    #[error("there is no such customer")]
    UnknownCustomer,
    /// Some who are mentioned could not read it: they would not be told.
    #[error("some who are mentioned could not read it")]
    NotForThem(Vec<Reading>),
    /// Nobody like that works here.
    #[error("nobody with this id works here")]
    UnknownStaff,
    /// Nobody would be left to keep the staff.
    #[error("the last admin stays one")]
    LastAdmin,
    /// The permission is a technician's: the office has it by its role.
    #[error("the office needs no permission")]
    NotATechnician,
    /// Somebody of the business signs in with this address.
    #[error("somebody has this address")]
    AlreadyHere {
        /// What they are called.
        name: String,
        /// Whether they work there now.
        works: bool,
    },
    /// An invitation for this address is open.
    #[error("they are invited already")]
    AlreadyInvited,
    /// As many invitations are open as there may be.
    #[error("too many invitations")]
    TooManyInvites,
    /// The invitation's time is over, it was taken back, or whoever made it may invite nobody any more.
    #[error("the invitation has ended")]
    InviteEnded,
    /// Somebody came by it already.
    #[error("the invitation was used")]
    InviteUsed,
    /// Somebody signs in with the invitation's address by now.
    #[error("the address is somebody's")]
    AddressTaken,
    /// The templates cannot be changed so.
    #[error("the templates cannot be changed so")]
    Template(#[from] Unfit),
    /// Somebody changed the quick replies after they were read.
    #[error("the quick replies were changed meanwhile")]
    QuickRepliesChanged,
    /// A file that cannot be sent.
    #[error("a file cannot be sent")]
    File {
        /// Why.
        why: BadFile,
        /// Which, once it has an id.
        upload: Option<UploadId>,
        /// What it is called.
        name: String,
    },
    /// There is no such upload, or it is not theirs, or too old.
    #[error("there is no such upload")]
    UnknownUpload(UploadId),
    /// Its bytes are not there yet.
    #[error("the file is not up yet")]
    NotUploaded {
        /// Which.
        upload: UploadId,
        /// What it is called.
        name: String,
    },
    /// They may tell of place, device or owner: somebody must say that they may.
    #[error("files that cannot be cleaned")]
    AsksFirst(Vec<(UploadId, String)>),
    /// More than ten, or one twice.
    #[error("too many files")]
    TooManyFiles,
    /// Longer than a text can be, with the links of its files.
    #[error("the text is too long")]
    TooLong,
    /// The bucket.
    #[error("the bucket did not do it")]
    Bucket(#[from] BucketError),
    /// A row of a bulk command is to stay as it is.
    #[error("the bulk command leaves it alone")]
    LeftAlone(LeftAlone),
    /// A bulk command is over after a day: it is neither gone on with nor taken back.
    #[error("the bulk command has ended")]
    BulkEnded,
    /// The tables.
    #[error("the store did not do it")]
    Store(#[from] StoreError),
}

impl Passing for Refusal {
    fn is_passing(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_passing())
    }
}
