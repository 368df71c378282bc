//! How something comes in.

use async_trait::async_trait;
use porchlight_domain::channel::Channel;
use porchlight_domain::delivery::Evidence;
use porchlight_domain::id::{BusinessId, MessageId};
use porchlight_domain::message::Media;
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;

use crate::NoAccount;

/// One way in: what comes to its addresses is verified, named and read here.
#[async_trait]
pub trait Door: Send + Sync {
    /// Whose address this is and what it stands for; none if it is none of this door's.
    fn name(&self, path: &str) -> Option<Named>;

    /// Whether the post comes from the provider and is meant for this business. Nobody is believed while there is
    /// no account.
    async fn is_genuine(&self, business: &BusinessId, post: &Post) -> Result<bool, NoAccount>;

    /// The name under which a genuine post is kept once, however often it comes (P2).
    fn receipt(&self, call: &Call, body: &[u8]) -> ReceiptName;

    /// What it says.
    fn read(&self, call: &Call, post: &Post) -> Result<Inbound, Misfit>;

    /// What can be made out of a post that waits in the tray, for the person who looks at it.
    fn glimpse(&self, post: &Post) -> Glimpse;
}

/// What a post seems to say, whether or not it can be read as a whole. Nothing of it is believed.
#[derive(Clone, Default)]
pub struct Glimpse {
    /// Who it says it is from.
    pub from: Option<String>,
    /// Who it says it is to.
    pub to: Option<String>,
    /// Its words.
    pub text: Option<String>,
}

/// An address, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Whose.
    pub business: BusinessId,
    /// What it stands for.
    pub call: Call,
}

/// What an address stands for. Everything it needs is in its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// A message for the business.
    Message,
    /// What became of a message of ours; its id as the path has it.
    Status(String),
}

impl Call {
    /// The id of our message that a status is about.
    pub fn message(&self) -> Option<MessageId> {
        match self {
            Self::Message => None,
            Self::Status(id) => id.parse().ok(),
        }
    }
}

/// A post as it came, before anything is known of it.
#[derive(Clone)]
pub struct Post {
    /// The raw path, with its query if it has one.
    pub path: String,
    /// Headers that matter, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Byte for byte.
    pub body: Vec<u8>,
    /// When it came.
    pub received_at: Timestamp,
}

impl Post {
    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// The name of a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiptName {
    /// A message, by the provider's id.
    Message {
        /// The id, or what stands for it.
        sid: String,
    },
    /// A report on a message of ours; each different one is another.
    Status {
        /// The provider's id of the message.
        sid: String,
        /// Tells reports apart.
        digest: String,
    },
}

/// What a post says.
#[derive(Clone)]
pub enum Inbound {
    /// A message from somebody outside.
    Text(Text),
    /// What became of the message that the address names.
    Report(Evidence),
}

/// A message from somebody outside.
#[derive(Clone)]
pub struct Text {
    /// How it came.
    pub channel: Channel,
    /// The provider's one name for it, over all retries.
    pub sid: String,
    /// Whoever wrote it.
    pub from: ContactPoint,
    /// Our line.
    pub to: ContactPoint,
    /// What it says; empty where there are only files.
    pub body: String,
    /// Its files, still at the provider.
    pub media: Vec<Media>,
    /// Who else it went to: it is a group text.
    pub others: Vec<ContactPoint>,
    /// The word that the provider itself took for consent (STOP, START, HELP).
    pub opt_out_type: Option<String>,
}

/// Why a genuine post cannot be matched to anything; the tray shows these words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// A field is missing or holds what it cannot.
    #[error("{0}")]
    Unreadable(String),
    /// The body has another form than this channel's.
    #[error("the body is no form")]
    NotAForm,
    /// The path is none of ours.
    #[error("the address is none of ours")]
    UnknownAddress,
    /// Longer than what a message can hold.
    #[error("the text is longer than a text can be")]
    TooLong,
    /// Written to a number that is none of ours.
    #[error("no line of the business has this number")]
    UnknownLine,
    /// No answer could go there.
    #[error("the sender is no phone number")]
    BadSender,
    /// Such a text never meets the thread of the same number's SMS.
    #[error("it came by WhatsApp or RCS, which have no channel here yet")]
    OtherChannel,
    /// It was never sent from here.
    #[error("no message of ours has this id")]
    UnknownMessage,
    /// A word that the provider's documentation does not list.
    #[error("the status word is not a known one")]
    UnknownStatusWord,
    /// The tables refuse what it says, or hold something there that cannot be read.
    #[error("what it says could not be stored")]
    NotStored,
    /// Another message of ours has this SID.
    #[error("the SID belongs to another message")]
    ForeignSid,
}
