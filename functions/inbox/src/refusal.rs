//! The desk's refusals, in the words of the API.

use http::StatusCode;
use porchlight_api::StaffRef;
use porchlight_desk::refusal::BadTime;
use porchlight_desk::uploads::BadFile;
use porchlight_desk::{CannotRead, NotForTexts, Reading, Refusal};
use porchlight_domain::conversation::Obstacle;
use porchlight_domain::customer::Unreachable;
use porchlight_domain::file;
use porchlight_domain::id::{ConversationId, UploadId};
use porchlight_domain::template::Unfit;
use porchlight_edge::Problem;
use porchlight_edge::session::words;
use serde::Serialize;

use crate::view::notes::NoteReader;

/// The answer to whoever asked. The conversion stands here, not in `From`, since neither type is ours.
pub fn problem(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::NotFound => Problem::not_found(),
        Refusal::NotAllowed(right) => Problem::forbidden(words(right)),
        Refusal::UsedBefore => {
            Problem::unprocessable("id-used-before", "This id was used before for another command.")
        }
        Refusal::Obstacle { obstacle, admins } => in_the_way(obstacle, &admins),
        Refusal::Overtaken { by, name, when, seq } => {
            Problem::conflict("stale-send", "A colleague has written since")
                .detail(format!("{name} wrote to this customer after what you have seen."))
                .fact("who", StaffRef { id: by, name })
                .fact("when", when)
                .fact("seq", seq)
        }
        Refusal::InAThread { conversation, name } => {
            Problem::conflict("already-a-thread", "There is a conversation already")
                .detail(format!("You already have a conversation with {name}. Write there."))
                .fact("conversation", ThreadRef { id: conversation, name })
        }
        Refusal::NotForTexts(why) => Problem::unprocessable("not-for-texts", not_for_texts(why)),
        Refusal::Template(unfit) => of_templates(&unfit),
        Refusal::NotForThem(unread) => not_for_them(&unread),
        Refusal::BulkEnded => Problem::conflict("bulk-ended", "It has ended")
            .detail("This was begun more than a day ago: it is neither gone on with nor taken back."),
        Refusal::NotTheirs => Problem::forbidden("Only who wrote it can delete it."),
        Refusal::NotAFact => Problem::unprocessable(
            "not-a-fact",
            "Only what stands in a message with this job's customer can be kept above it.",
        ),
        Refusal::TooManyFacts => Problem::conflict("too-many-facts", "There are twelve facts already")
            .detail("Take one away first: what stands above a thread is read at one look."),
        Refusal::AnothersJob => Problem::conflict("another-customers", "This job is another customer's"),
        Refusal::Store(error) if error.is_worth_rereading() => {
            tracing::warn!(
                error = &error as &(dyn std::error::Error + 'static),
                "gave up on a contended write"
            );
            Problem::unavailable()
        }
        Refusal::Store(error) => error.into(),
        other => of_files(other),
    }
}

/// What is wrong with the files of a message, or any other reason.
fn of_files(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::File { why, upload, name } => bad_file(why, upload, &name),
        Refusal::UnknownUpload(upload) => {
            Problem::unprocessable("unknown-upload", "A file is not here any more. Attach it again.")
                .fact("upload", upload)
        }
        Refusal::NotUploaded { upload, name } => Problem::conflict("not-uploaded", "A file is not up yet")
            .detail(format!("{name} is still on its way."))
            .fact("upload", upload)
            .fact("name", name),
        Refusal::AsksFirst(files) => {
            let named = files.into_iter().map(|(id, name)| NamedUpload { id, name }).collect::<Vec<_>>();
            Problem::conflict("asks-first", "A file may tell more than meant")
                .detail("Place, device and owner cannot be taken out of it. Say that it may leave as it is.")
                .fact("files", named)
        }
        Refusal::Bucket(error) => {
            tracing::error!(
                error = &error as &(dyn std::error::Error + 'static),
                "a file could not be handled"
            );
            Problem::unavailable()
        }
        other => match of_the_moment(&other) {
            Some((kind, title, detail)) => Problem::conflict(kind, title).detail(detail),
            None => of_staff(other),
        },
    }
}

/// Why the people of the business cannot be changed so, or any other reason.
fn of_staff(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::AlreadyHere { name, works: true } => {
            Problem::conflict("already-here", "They work here already")
                .detail(format!("{name} signs in with this address already."))
        }
        Refusal::AlreadyHere { name, works: false } => {
            Problem::conflict("already-here", "They worked here before")
                .detail(format!("{name} signed in with this address. Switch their access on again instead."))
        }
        Refusal::LastAdmin => Problem::conflict("last-admin", "You are the only admin")
            .detail("Nobody else could manage this business. Make somebody else an admin first."),
        Refusal::NumberTaken => Problem::conflict("number-taken", "This number is taken")
            .detail("A colleague has this number, or it is a line of the business."),
        Refusal::AlreadyInvited => Problem::conflict("already-invited", "They are invited already")
            .detail("An invitation for this address is open. Take it back to make another."),
        Refusal::TooManyInvites => Problem::conflict("too-many-invites", "Too many invitations are open")
            .detail("Fifty invitations are open already. Take some of them back first."),
        Refusal::AddressTaken => Problem::conflict("address-taken", "Somebody signs in with this address")
            .detail("This address is used by somebody already. Ask for an invitation to another one."),
        Refusal::InviteEnded => gone(
            "invite-ended",
            "This invitation does not work any more",
            "It is too old, or was taken back. Ask for a new one.",
        ),
        Refusal::InviteUsed => gone(
            "invite-used",
            "This invitation was used already",
            "Somebody has come by it. If that was you, sign in with your address and password.",
        ),
        other => unprocessable(&other),
    }
}

fn gone(kind: &str, title: &str, detail: &str) -> Problem {
    Problem::new(StatusCode::GONE, kind, title).detail(detail)
}

/// What is not possible as things are now.
const fn of_the_moment(refusal: &Refusal) -> Option<(&'static str, &'static str, &'static str)> {
    Some(match refusal {
        Refusal::OnlyTheyCanOpen => (
            "opted-out",
            "The customer opted out",
            "They opted out themselves. Only a text of theirs that says START opens texts again.",
        ),
        Refusal::NoNumber => (
            "no-number",
            "There is no phone of yours",
            "The business does not have your own number. Ask an admin to add it.",
        ),
        Refusal::SaidStop => (
            "opted-out",
            "You texted STOP",
            "Text START to the business's number from your own phone to get texts again.",
        ),
        Refusal::NothingInDoubt => (
            "nothing-in-doubt",
            "There is nothing to decide",
            "Nobody waits for a decision here: a colleague may have made it.",
        ),
        Refusal::NotResendable => (
            "not-resendable",
            "Not to be sent again",
            "Only a message that failed, or is still unknown after a day, is sent again, and only once.",
        ),
        Refusal::NeedsConsent => (
            "consent-needed",
            "Nobody there has agreed to texts",
            "Nobody at this number has written or agreed to texts. Begin a conversation with it.",
        ),
        Refusal::NotDismissable => (
            "not-dismissable",
            "Not to be put aside",
            "Only a message that failed, or is still unknown after a day, is.",
        ),
        Refusal::LeftAlready => (
            "left-already",
            "It has left already",
            "This message has left, or was taken back: nothing of it can be changed any more.",
        ),
        Refusal::PlanChanged => (
            "changed-meanwhile",
            "It was changed meanwhile",
            "Somebody changed this message since you opened it.",
        ),
        Refusal::TooManyPlans => (
            "too-many-planned",
            "Too many messages wait here",
            "Twenty messages wait in this conversation already. Send or take back one of them first.",
        ),
        Refusal::NotDeletable => (
            "not-deletable",
            "Not to be deleted",
            "Only internal messages are deleted: what was written to a customer, or in their thread, stays.",
        ),
        Refusal::DraftChanged => (
            "draft-changed",
            "Other words are kept by now",
            "This draft was changed on another device since it was read.",
        ),
        Refusal::QuickRepliesChanged => (
            "changed-meanwhile",
            "They were changed meanwhile",
            "Somebody changed the quick replies after you read them.",
        ),
        _ => return None,
    })
}

/// Why nobody is written to there.
pub const fn not_for_texts(why: NotForTexts) -> &'static str {
    match why {
        NotForTexts::OwnLine => "This is your own line. A conversation is with somebody else.",
        NotForTexts::StaffNumber => {
            "This is a colleague's own number. Colleagues are written to in internal conversations."
        }
        NotForTexts::Premium => "This is a premium number: every text to it costs. No customer has one.",
        NotForTexts::NoNumber => "Texts go to whole phone numbers only. Write the number with its area code.",
        NotForTexts::NoLine => "Your business has no line to write from yet.",
    }
}

/// A conversation, by name.
#[derive(Serialize)]
struct ThreadRef {
    id: ConversationId,
    name: String,
}

/// Why the templates cannot be changed so.
fn of_templates(unfit: &Unfit) -> Problem {
    match unfit {
        Unfit::Unknown => Problem::not_found(),
        Unfit::ShortcutTaken { by } => {
            Problem::conflict("shortcut-taken", "Another template has this shortcut")
                .detail(format!("The template \u{201c}{by}\u{201d} has this shortcut already."))
                .fact("template", by)
        }
        Unfit::TooMany => {
            Problem::conflict("too-many-templates", "There are as many templates as there may be")
                .detail("A business may have 200 templates. Delete one first.")
        }
        Unfit::Changed => Problem::conflict("changed-meanwhile", "It was changed meanwhile")
            .detail("Somebody changed this template after you read it."),
    }
}

/// Some who are named in a note could not read it.
fn not_for_them(unread: &[Reading]) -> Problem {
    let sentences: Vec<String> = unread.iter().map(unread_sentence).collect();
    let people: Vec<NoteReader> = unread.iter().cloned().map(NoteReader::from).collect();
    Problem::unprocessable("mention-unread", sentences.join(" ")).fact("people", people)
}

fn unread_sentence(Reading { name, cannot, .. }: &Reading) -> String {
    match cannot {
        Some(CannotRead::Disabled) => format!("{name} no longer works here and cannot be told."),
        Some(CannotRead::OfficeOnly) => {
            format!("{name} does not see the office\u{2019}s notes. Mark it for the crew to tell them.")
        }
        _ => format!("{name} does not see this conversation and would not be told."),
    }
}

/// An upload, by name.
#[derive(Serialize)]
struct NamedUpload {
    id: UploadId,
    name: String,
}

fn bad_file(why: BadFile, upload: Option<UploadId>, name: &str) -> Problem {
    let (kind, detail) = match why {
        BadFile::Empty => ("empty-file", format!("There is nothing in {name}.")),
        BadFile::NoFile => {
            ("not-a-file", format!("{name} is a folder, or has no name. Attach the files in it."))
        }
        BadFile::TooLarge => ("too-large", format!("{name} is larger than 25 MB.")),
    };
    let problem = Problem::unprocessable(kind, detail).fact("name", name).fact("most", file::LARGEST);
    match upload {
        Some(upload) => problem.fact("upload", upload),
        None => problem,
    }
}

/// What the request names does not exist.
fn unprocessable(refusal: &Refusal) -> Problem {
    let (kind, detail) = match refusal {
        Refusal::Oneself => ("oneself", "This is you. Choose a colleague."),
        Refusal::NoCustomer => ("no-customer", "This conversation is with no customer."),
        Refusal::UnknownMessage => ("unknown-message", "resend_of names no message of this conversation."),
        Refusal::NotTheirNumber => ("unknown-contact", "This is no other number of the customer's."),
        Refusal::UnknownJob => ("unknown-job", "There is no job with this id."),
        Refusal::NotTheirJob => ("unknown-job", "This is none of your jobs here."),
        Refusal::UnknownCustomer => ("unknown-customer", "There is no customer with this id."),
        Refusal::NotATechnician => {
            ("not-a-technician", "The office writes to customers by its role and needs no permission.")
        }
        Refusal::UnknownStaff => ("unknown-staff", "Nobody with this id works here."),
        Refusal::BadTime(BadTime::Past) => ("in-the-past", "This time has passed. Choose one to come."),
        Refusal::BadTime(BadTime::TooFar) => {
            ("too-far-ahead", "This is more than a year ahead. Choose an earlier time.")
        }
        Refusal::TooManyFiles => ("too-many-files", "A message takes ten files, each once."),
        Refusal::TooLong => ("too-long", "With the links of its files this is longer than a text can be."),
        _ => ("invalid", "This cannot be done as asked."),
    };
    Problem::unprocessable(kind, detail)
}

/// What stands in the way of a text, in a sentence for the screen.
pub fn sentence(obstacle: Obstacle, admins: &[String]) -> String {
    match obstacle {
        Obstacle::NotPermitted => {
            format!("Writing to customers is not switched on for you. Ask {}.", admins.join(" or "))
        }
        Obstacle::Blocked => "This number is blocked. Unblock it to write.".to_owned(),
        Obstacle::InDoubt => "They may be asking you to stop texting. Confirm it, or say that they did not: until \
            then nothing leaves."
            .to_owned(),
        Obstacle::OptedOut => {
            "This customer opted out of texts. A text of theirs that says START opens them again.".to_owned()
        }
        Obstacle::HiddenNumber => {
            "Whoever wrote hid their number, and several people may be behind it. Nobody can be answered here."
                .to_owned()
        }
        Obstacle::CannotText => "This number cannot receive texts. Call, or use another number.".to_owned(),
        Obstacle::OfficeOnly => {
            "The office answers this customer. You can read along, and write a note to the office.".to_owned()
        }
        Obstacle::ColleagueLeft => "Your colleague no longer works here and would not read it.".to_owned(),
    }
}

/// Why texts do not reach a number, where the provider said so.
pub fn unreachable_sentence(told: &Unreachable) -> String {
    format!("The carrier says that {}. Call, or use another number.", told.reason.cause())
}

fn in_the_way(obstacle: Obstacle, admins: &[String]) -> Problem {
    let detail = sentence(obstacle, admins);
    match obstacle {
        Obstacle::NotPermitted => Problem::forbidden(&detail),
        Obstacle::Blocked => Problem::conflict("blocked", "This number is blocked").detail(detail),
        Obstacle::OptedOut => Problem::conflict("opted-out", "The customer opted out").detail(detail),
        Obstacle::InDoubt => Problem::conflict("opted-out", "They may be asking you to stop")
            .detail(detail)
            .fact("in_doubt", true),
        Obstacle::OfficeOnly => {
            Problem::conflict("office-only", "Only the office writes here").detail(detail)
        }
        Obstacle::ColleagueLeft => {
            Problem::conflict("colleague-left", "They no longer work here").detail(detail)
        }
        Obstacle::HiddenNumber | Obstacle::CannotText => {
            Problem::conflict("cannot-text", "Texts do not reach this number").detail(detail)
        }
    }
}
