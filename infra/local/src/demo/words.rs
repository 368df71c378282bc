//! What plausible customers are called, and what is said.

/// First names.
pub const FIRST_NAMES: [&str; 32] = [
    "Alice", "Amir", "Anika", "Bella", "Carlos", "Chloe", "Daniel", "Diego", "Elena", "Emil", "Fatima",
    "George", "Hannah", "Ines", "Jack", "Jamal", "Kim", "Laura", "Leo", "Linda", "Mateo", "Mei", "Noah",
    "Olga", "Omar", "Paul", "Rosa", "Sofia", "Theo", "Vera", "Wendy", "Yusuf",
];

/// Last names.
pub const LAST_NAMES: [&str; 32] = [
    "Abbott",
    "Adeyemi",
    "Bailey",
    "Bouchard",
    "Chen",
    "Cormier",
    "Dubois",
    "Eriksen",
    "Fischer",
    "Garcia",
    "Haddad",
    "Hill",
    "Ivanov",
    "Jensen",
    "Kaplan",
    "Kelley",
    "Larsen",
    "Levesque",
    "Martin",
    "Michaud",
    "Nguyen",
    "O'Brien",
    "Ouellette",
    "Patel",
    "Pelletier",
    "Quinn",
    "Rossi",
    "Sullivan",
    "Thibodeau",
    "Turner",
    "Varga",
    "Weber",
];

/// Streets.
pub const STREETS: [&str; 12] = [
    "Brackett Street",
    "Brighton Avenue",
    "Capisic Street",
    "Deering Avenue",
    "Elm Street",
    "Fore Street",
    "Highland Avenue",
    "Ludlow Street",
    "Munjoy Street",
    "Ocean Avenue",
    "Spring Street",
    "Stevens Avenue",
];

/// Jobs.
pub const JOBS: [&str; 12] = [
    "Water heater replacement",
    "Furnace tune-up",
    "Kitchen faucet",
    "Bathroom rough-in",
    "Sump pump",
    "Frozen pipe",
    "Boiler inspection",
    "Heat pump install",
    "Drain cleaning",
    "Gas line pressure test",
    "Thermostat swap",
    "Radiator valve",
];

/// How customers begin.
pub const OPENERS: [&str; 16] = [
    "Hi, our kitchen sink drains very slowly. Can someone take a look this week?",
    "Hello! Do you service oil boilers?",
    "The thermostat upstairs shows 58 and won't go up",
    "Hi, a friend recommended you. How much is a furnace tune-up?",
    "There's a drip under the bathroom sink, nothing dramatic",
    "Can I get a quote for replacing a 50 gallon water heater?",
    "Our toilet keeps running. Any chance you can come Thursday?",
    "Good morning, I'd like to book the yearly boiler service",
    "The breaker for the heat pump trips every night around 2",
    "Hi, what time should I expect the technician today?",
    "My outdoor faucet is frozen, what should I do?",
    "Do you have anything open next week for a leaking valve?",
    "The radiator in the bedroom is cold, the others are fine",
    "Hello, is the warranty on our dehumidifier still good?",
    "We smell something odd near the water heater, not gas I think",
    "Could you send the invoice for the last visit again please?",
];

/// What customers go on with.
pub const QUESTIONS: [&str; 12] = [
    "Tuesday afternoon works for us",
    "How long will it take?",
    "Is there a fee for the visit?",
    "I'll send a photo tonight",
    "Could it be the pressure valve?",
    "We're home all day",
    "The gate code is 4471, side door is open",
    "Is it ok if my mother lets you in?",
    "What does that cost roughly?",
    "Perfect. See you then",
    "It stopped for now, but it comes back at night",
    "Can you text me when you're on your way?",
];

/// What the office answers.
pub const ANSWERS: [&str; 12] = [
    "Happy to help. We have Tuesday 1 to 3 or Wednesday 8 to 10, which is better?",
    "The visit is $89, and it comes off the bill when we do the work.",
    "Could you send a photo of the label on the side?",
    "Please turn the valve behind it a quarter to the right until we come.",
    "About an hour, maybe two if the part is stuck.",
    "It's covered: your warranty runs until March.",
    "Our technician texts you when he is 20 minutes away.",
    "That sounds like the thermocouple. We carry it on the truck.",
    "We can do that. I put you down for Thursday morning.",
    "Please leave the heat on low so the pipes don't freeze.",
    "Thanks for the photo, that helps.",
    "I moved you to 10:30, same crew.",
];

/// How the office ends.
pub const CLOSINGS: [&str; 6] = [
    "You're booked. See you then!",
    "All set. The invoice is in your email.",
    "Thank you, have a good evening.",
    "Noted on the job. Luis brings the part.",
    "You're welcome. Text us any time.",
    "Done. Let us know if it comes back.",
];

/// What the office tells itself.
pub const NOTES: [&str; 5] = [
    "Asked for Luis by name.",
    "Key is under the blue pot, dog is friendly.",
    "Quoted $640 on the phone, part included.",
    "Do not promise Saturday: the truck is in the shop.",
    "Wants the invoice split between both owners.",
];

/// What is to go later.
pub const REMINDERS: [&str; 3] = [
    "A reminder: your tune-up is next week. Does the time still suit you?",
    "Your filter is due. Shall we bring one?",
    "How did the repair hold up?",
];
