//! What every business begins with: three templates in each of five categories.

use super::{Content, Template};

/// Category, name, shortcut, text; in the order in which they stand.
const STARTER: [(&str, &str, &str, &str); 15] = [
    (
        "Appointment Confirmation",
        "Appointment confirmed",
        "confirm",
        "Hi {{customerFirstName}}, you are booked with {{businessName}} for {{appointmentDate}} at \
         {{appointmentTime}}. Reply here if anything changes.",
    ),
    (
        "Appointment Confirmation",
        "Technician on the way",
        "omw",
        "Hi {{customerFirstName}}, {{technicianName}} from {{businessName}} is on the way to you. Text here if there \
         is anything we should know before we arrive.",
    ),
    (
        "Appointment Confirmation",
        "Visit moved",
        "moved",
        "Hi {{customerFirstName}}, we had to move your visit. The new time is {{appointmentDate}} at \
         {{appointmentTime}}. Does that work for you?",
    ),
    (
        "Job Completion",
        "Job finished",
        "finished",
        "Hi {{customerFirstName}}, job #{{jobNumber}} ({{jobTitle}}) is finished. Thank you for choosing \
         {{businessName}}.",
    ),
    (
        "Job Completion",
        "Please have a look",
        "look",
        "Hi {{customerFirstName}}, {{technicianName}} has finished for today. Please have a look, and tell us here if \
         anything is not as you expected.",
    ),
    (
        "Job Completion",
        "Keep for your records",
        "records",
        "{{customerFirstName}}, please keep this for your records: job #{{jobNumber}}, {{jobTitle}}. Questions about \
         it? Text here or call {{businessPhone}}. {{businessName}}",
    ),
    (
        "Follow-Up",
        "Still working well?",
        "checkin",
        "Hi {{customerFirstName}}, {{writerName}} from {{businessName}} here. Is everything still working well since \
         our visit?",
    ),
    (
        "Follow-Up",
        "Estimate follow-up",
        "estimate",
        "Hi {{customerFirstName}}, have you had a chance to look at our estimate for {{jobTitle}}? Any question is \
         welcome here. {{writerName}}, {{businessName}}",
    ),
    (
        "Follow-Up",
        "Ask for a review",
        "review",
        "Thank you for having us, {{customerFirstName}}. If you were happy with our work, a short review helps a small \
         business a lot. If not, please tell me here. {{writerName}}, {{businessName}}",
    ),
    (
        "Payment Reminder",
        "Balance due",
        "balance",
        "Hi {{customerFirstName}}, a friendly reminder from {{businessName}}: {{balanceDue}} is open on your account. \
         Please reply here with any question.",
    ),
    (
        "Payment Reminder",
        "Invoice for the job",
        "invoice",
        "Hi {{customerFirstName}}, the invoice for job #{{jobNumber}} comes to {{jobAmount}}. Tell us here if anything \
         about it is unclear. {{businessName}}",
    ),
    (
        "Payment Reminder",
        "Payment received",
        "paid",
        "Hi {{customerFirstName}}, your payment has arrived. Thank you! {{businessName}}",
    ),
    (
        "Welcome Message",
        "Welcome",
        "welcome",
        "Hi {{customerFirstName}}, {{writerName}} from {{businessName}} here. You can text this number about anything \
         to do with your job, photos too. Reply STOP to stop texts.",
    ),
    (
        "Welcome Message",
        "New inquiry",
        "new",
        "Thank you for writing to {{businessName}}! What is the address, and what is going on there? A photo helps us \
         bring the right parts. {{writerName}}",
    ),
    (
        "Welcome Message",
        "After hours",
        "afterhours",
        "Thank you for your message. We are closed right now and will answer in the morning. If it is an emergency, \
         please call {{businessPhone}}. {{businessName}}",
    ),
];

/// Each as every business has it at first; their ids are the same everywhere.
pub(super) fn templates() -> impl Iterator<Item = Template> {
    STARTER.iter().zip(1_u128..).map(|((category, name, shortcut, text), n)| Template {
        id: ulid::Ulid::from(n).into(),
        content: Content {
            name: (*name).to_owned(),
            category: (*category).to_owned(),
            text: (*text).to_owned(),
            shortcut: Some((*shortcut).to_owned()),
        },
        deleted_at: None,
        version: 1,
    })
}
