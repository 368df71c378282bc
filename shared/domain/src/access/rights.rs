//! Who may do what.

use std::marker::PhantomData;

use super::{Sight, Viewer};
use crate::conversation::Conversation;
use crate::id::{BusinessId, StaffId};
use crate::message::{Message, MessageKind};

/// What somebody must be, or have, to do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Nothing beyond seeing it.
    Everybody,
    /// Writing to customers is switched on for them.
    Texting,
    /// To be of the office.
    Office,
    /// To be an admin.
    Admin,
}

/// What is done with a conversation that somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// Mark it as read, for oneself.
    Read,
    /// Mark it as unread, for oneself.
    MarkUnread,
    /// Keep it on top of one's own list: the office's, a technician's list is short.
    Pin,
    /// No longer.
    Unpin,
    /// Keep what one is writing.
    Draft,
    /// Write a note for colleagues.
    Note,
    /// Write to the customer.
    Write,
    /// Put aside a message that failed.
    Dismiss,
    /// Say whether texts reach the contact point: try again anyway.
    Reach,
    /// Say that it needs a person.
    NeedPerson,
    /// Say that it needs nobody.
    Settle,
    /// Put it off until a time.
    Snooze,
    /// Take it out of everybody's way.
    Close,
    /// Bring it back.
    Reopen,
    /// Let it disturb nobody any more, and again.
    Block,
    /// Make it somebody's.
    Assign,
    /// Add somebody to it, or take them out.
    Share,
    /// Let the office alone write, or the crew too.
    Restrict,
}

impl Act {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 18] = [
        Self::Read,
        Self::MarkUnread,
        Self::Pin,
        Self::Unpin,
        Self::Draft,
        Self::Note,
        Self::Write,
        Self::Dismiss,
        Self::Reach,
        Self::NeedPerson,
        Self::Settle,
        Self::Snooze,
        Self::Close,
        Self::Reopen,
        Self::Block,
        Self::Assign,
        Self::Share,
        Self::Restrict,
    ];

    /// What it takes in a conversation with a customer.
    ///
    /// Reading is everybody's own, and everybody may call for the office; what else all staff share is the
    /// office's to change.
    pub const fn right(self) -> Right {
        match self {
            Self::Read | Self::MarkUnread | Self::Draft | Self::Note | Self::NeedPerson => Right::Everybody,
            Self::Write | Self::Dismiss | Self::Reach => Right::Texting,
            Self::Pin
            | Self::Unpin
            | Self::Settle
            | Self::Snooze
            | Self::Close
            | Self::Reopen
            | Self::Block
            | Self::Assign
            | Self::Share
            | Self::Restrict => Right::Office,
        }
    }

    /// Whether it can be done in an internal thread by one whom it is between: reading and writing, and nothing of a
    /// customer's matter. Pins are the office's there too.
    const fn is_internal(self, viewer: &Viewer) -> bool {
        match self {
            Self::Read | Self::MarkUnread | Self::Draft | Self::Write => true,
            Self::Pin | Self::Unpin => viewer.is_office(),
            Self::Note
            | Self::Dismiss
            | Self::Reach
            | Self::NeedPerson
            | Self::Settle
            | Self::Snooze
            | Self::Close
            | Self::Reopen
            | Self::Block
            | Self::Assign
            | Self::Share
            | Self::Restrict => false,
        }
    }

    /// Whether it makes something leave for the customer: what a technician cannot do where the office alone writes.
    const fn reaches_customer(self) -> bool {
        match self {
            Self::Write | Self::Dismiss | Self::Reach => true,
            Self::Read
            | Self::MarkUnread
            | Self::Pin
            | Self::Unpin
            | Self::Draft
            | Self::Note
            | Self::NeedPerson
            | Self::Settle
            | Self::Snooze
            | Self::Close
            | Self::Reopen
            | Self::Block
            | Self::Assign
            | Self::Share
            | Self::Restrict => false,
        }
    }
}

/// What is done for the business as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BusinessAct {
    /// Look through all conversations, and whom they belong to.
    Browse,
    /// Change customers, contact points, jobs and crews.
    KeepDirectory,
    /// Say when people are expected to answer.
    KeepHours,
    /// See what could not be understood, and try it again.
    KeepTray,
    /// Write to somebody with whom there is no conversation yet.
    Begin,
    /// See what was said about being texted, and keep what somebody says.
    KeepConsent,
    /// Say how far one revocation goes.
    SetConsentRule,
    /// Use the business's templates and quick replies.
    UseTemplates,
    /// Change them.
    KeepTemplates,
    /// Have what one says become words.
    Dictate,
    /// Say how the business dictates.
    KeepDictation,
    /// See who is blocked.
    KeepBlocked,
    /// Upload files that are to go with a message.
    Upload,
    /// Say who works here, and what they may do.
    KeepStaff,
    /// Say what happens when nobody of the crew opens a customer's message.
    KeepPushLadder,
}

impl BusinessAct {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 15] = [
        Self::Browse,
        Self::KeepDirectory,
        Self::KeepHours,
        Self::KeepTray,
        Self::Begin,
        Self::KeepConsent,
        Self::SetConsentRule,
        Self::UseTemplates,
        Self::KeepTemplates,
        Self::Dictate,
        Self::KeepDictation,
        Self::KeepBlocked,
        Self::Upload,
        Self::KeepStaff,
        Self::KeepPushLadder,
    ];

    /// What it takes.
    pub const fn right(self) -> Right {
        match self {
            Self::UseTemplates => Right::Texting,
            Self::Browse
            | Self::KeepDirectory
            | Self::Begin
            | Self::KeepConsent
            | Self::KeepTemplates
            | Self::KeepBlocked => Right::Office,
            Self::KeepHours
            | Self::KeepTray
            | Self::SetConsentRule
            | Self::KeepDictation
            | Self::KeepStaff
            | Self::KeepPushLadder => Right::Admin,
            // Whoever may not write to customers writes to colleagues.
            Self::Dictate | Self::Upload => Right::Everybody,
        }
    }
}

/// A right over the business, as a type: what is asked for it cannot be reached without it.
pub trait BusinessRight {
    /// What it allows.
    const ACT: BusinessAct;
}

/// Change customers, contact points, jobs and crews.
#[derive(Clone, Copy, Debug)]
pub struct KeepDirectory;

/// Say when people are expected to answer.
#[derive(Clone, Copy, Debug)]
pub struct KeepHours;

/// See what could not be understood, and try it again.
#[derive(Clone, Copy, Debug)]
pub struct KeepTray;

/// Upload files that are to go with a message.
#[derive(Clone, Copy, Debug)]
pub struct Upload;

impl BusinessRight for Upload {
    const ACT: BusinessAct = BusinessAct::Upload;
}

/// Say who works here, and what they may do.
#[derive(Clone, Copy, Debug)]
pub struct KeepStaff;

impl BusinessRight for KeepStaff {
    const ACT: BusinessAct = BusinessAct::KeepStaff;
}

/// Say what happens when nobody of the crew opens a customer's message.
#[derive(Clone, Copy, Debug)]
pub struct KeepPushLadder;

impl BusinessRight for KeepPushLadder {
    const ACT: BusinessAct = BusinessAct::KeepPushLadder;
}

/// Write to somebody with whom there is no conversation yet.
#[derive(Clone, Copy, Debug)]
pub struct Begin;

/// See what was said about being texted, and keep what somebody says.
#[derive(Clone, Copy, Debug)]
pub struct KeepConsent;

/// Say how far one revocation goes.
#[derive(Clone, Copy, Debug)]
pub struct SetConsentRule;

/// Look through all conversations, and whom they belong to.
#[derive(Clone, Copy, Debug)]
pub struct Browse;

impl BusinessRight for Begin {
    const ACT: BusinessAct = BusinessAct::Begin;
}

impl BusinessRight for KeepConsent {
    const ACT: BusinessAct = BusinessAct::KeepConsent;
}

impl BusinessRight for SetConsentRule {
    const ACT: BusinessAct = BusinessAct::SetConsentRule;
}

impl BusinessRight for Browse {
    const ACT: BusinessAct = BusinessAct::Browse;
}

/// Have what one says become words.
#[derive(Clone, Copy, Debug)]
pub struct Dictate;

/// Say how the business dictates.
#[derive(Clone, Copy, Debug)]
pub struct KeepDictation;

/// Use the business's templates and quick replies.
#[derive(Clone, Copy, Debug)]
pub struct UseTemplates;

/// Change the business's templates and quick replies.
#[derive(Clone, Copy, Debug)]
pub struct KeepTemplates;

impl BusinessRight for UseTemplates {
    const ACT: BusinessAct = BusinessAct::UseTemplates;
}

impl BusinessRight for KeepTemplates {
    const ACT: BusinessAct = BusinessAct::KeepTemplates;
}

/// See who is blocked.
#[derive(Clone, Copy, Debug)]
pub struct KeepBlocked;

impl BusinessRight for KeepBlocked {
    const ACT: BusinessAct = BusinessAct::KeepBlocked;
}

impl BusinessRight for KeepDirectory {
    const ACT: BusinessAct = BusinessAct::KeepDirectory;
}

impl BusinessRight for KeepHours {
    const ACT: BusinessAct = BusinessAct::KeepHours;
}

impl BusinessRight for KeepTray {
    const ACT: BusinessAct = BusinessAct::KeepTray;
}

impl BusinessRight for Dictate {
    const ACT: BusinessAct = BusinessAct::Dictate;
}

impl BusinessRight for KeepDictation {
    const ACT: BusinessAct = BusinessAct::KeepDictation;
}

/// Proof that the policy gives somebody a right over the business. It is made by [`Viewer::grant`] and nowhere
/// else.
#[derive(Clone, Copy, Debug)]
pub struct Grant<R>(PhantomData<R>);

impl Viewer {
    /// Proof that they have this right, if they do.
    pub fn grant<R: BusinessRight>(&self) -> Option<Grant<R>> {
        self.may(R::ACT).then_some(Grant(PhantomData))
    }
}

/// Proof that somebody may say of one person that they are off today, and back.
#[derive(Clone, Copy, Debug)]
pub struct MarkOff<'a> {
    business: &'a BusinessId,
    staff: &'a StaffId,
}

impl<'a> MarkOff<'a> {
    /// Of whom.
    pub const fn staff(self) -> &'a StaffId {
        self.staff
    }

    /// Of which business: that of whoever says it.
    pub const fn business(self) -> &'a BusinessId {
        self.business
    }
}

impl Viewer {
    /// The office says it of everybody, anybody else of themselves.
    pub fn mark_off<'a>(&'a self, staff: &'a StaffId) -> Option<MarkOff<'a>> {
        let may = self.is_office() || self.staff == *staff;
        may.then_some(MarkOff { business: &self.business, staff })
    }
}

/// Proof that the policy allows an act. It is made here and nowhere else, so that whatever asks for one cannot
/// be reached without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permit(Act);

impl Permit {
    /// What is allowed.
    pub const fn act(self) -> Act {
        self.0
    }
}

/// Whether "Office only" stands between this person and the customer.
pub fn is_shut_out(viewer: &Viewer, conversation: &Conversation) -> bool {
    conversation.office_only && !viewer.is_office()
}

impl Sight {
    /// Whether somebody who sees this much of this conversation may do this with it, as it now is.
    pub fn permit_here(&self, viewer: &Viewer, conversation: &Conversation, act: Act) -> Option<Permit> {
        let is_shut_out = act.reaches_customer() && is_shut_out(viewer, conversation);
        self.permit(viewer, act).filter(|_| !is_shut_out)
    }

    /// Whether this message is theirs to take back: of an internal one, its author's alone.
    pub fn may_delete(&self, viewer: &Viewer, message: &Message) -> bool {
        let is_author = message.author() == Some(&viewer.staff);
        message.kind() == MessageKind::Internal && is_author && self.shows(message)
    }

    /// Whether somebody who sees this much of a conversation may do this with it.
    pub const fn permit(&self, viewer: &Viewer, act: Act) -> Option<Permit> {
        let may = match self {
            Self::Hidden => false,
            Self::Insider => act.is_internal(viewer),
            Self::Jobs(_) | Self::Crew | Self::CrewSince(_) | Self::Office => viewer.has(act.right()),
        };
        if may { Some(Permit(act)) } else { None }
    }
}
