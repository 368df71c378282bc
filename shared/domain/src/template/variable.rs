//! What can be filled into a template.

use serde::{Deserialize, Serialize};

macro_rules! variables {
    ($($(#[$doc:meta])* $variant:ident = $name:literal $meaning:literal)*) => {
        /// Something that is filled in for one conversation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Variable {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl Variable {
            /// All of them, in the order in which they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// What stands between the braces.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it comes to, in a sentence for Settings.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }

            /// The variable of exactly this name: `{{customername}}` is none of ours.
            pub fn named(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

variables! {
    /// The customer, by their whole name.
    CustomerName = "customerName" "The customer's whole name."
    /// The customer, as one greets them.
    CustomerFirstName = "customerFirstName" "The customer's first name; a firm's whole name."
    /// Where the customer is.
    CustomerAddress = "customerAddress" "The customer's address."
    /// What the customer owes.
    BalanceDue = "balanceDue" "What the customer owes, if they owe anything. For the office only."
    /// The job's number.
    JobNumber = "jobNumber" "The number of the job that the conversation is about."
    /// What the job is.
    JobTitle = "jobTitle" "What that job is, such as Water heater replacement."
    /// What the job costs.
    JobAmount = "jobAmount" "What that job costs. For the office only."
    /// The day of the visit.
    AppointmentDate = "appointmentDate" "The day of that job's visit, in the business's time zone."
    /// The hour of the visit.
    AppointmentTime = "appointmentTime" "The hour of that job's visit, in the business's time zone."
    /// Who comes.
    TechnicianName = "technicianName" "Who works on that job."
    /// The business.
    BusinessName = "businessName" "The name of the business."
    /// The line that a reply leaves from.
    BusinessPhone = "businessPhone" "The number that the conversation's replies come from."
    /// Whoever writes.
    WriterName = "writerName" "The name of whoever writes the message, whoever it is assigned to."
}
