//! Phones that answer as customers would: short, plausible, after a while, and not always.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::draw::{between, draw, happens, pick};
use crate::inbound::{TextIn, begin};
use crate::message::{Direction, Message};
use crate::world::World;

/// How often a text that asks nothing is left without an answer.
const SILENCE: f64 = 0.35;

/// What some words call for, most telling first.
const ANSWERS: [(&[&str], &[&str]); 10] = [
    (&["reply c", "to confirm", "confirm"], &["C", "Confirmed, thanks", "C. See you then"]),
    (&["photo", "picture", "send a pic"], &["Sure, I'll send one when I'm home", "Ok, give me five minutes"]),
    (ON_THE_WAY, &["Great, the side door is open", "Thanks! Dog is friendly", "👍"]),
    (&["address", "where are you"], &["Same place as last time", "The gray house at the end of the road"]),
    (
        &["quote", "estimate", "cost", "price", "$"],
        &["OK, go ahead", "Is that with parts?", "Let me ask at home"],
    ),
    (TIMES, &["That works, thank you", "Could it be a bit later? I'm home after 3", "Perfect, see you then"]),
    (
        &["still", "leak", "how is", "working"],
        &["Still dripping a little", "All good now", "It started again last night"],
    ),
    (&["sorry", "late", "delay"], &["No problem", "Ok, thanks for letting me know"]),
    (&["invoice", "pay", "balance"], &["I'll pay it tonight", "Can I pay by card?"]),
    (&["?"], &["Yes please", "Yes", "Not sure, can you call me?", "Let me check and get back to you"]),
];
const ON_THE_WAY: &[&str] = &["on my way", "on the way", "heading over", "be there"];
const TIMES: &[&str] = &[
    "between",
    "o'clock",
    "morning",
    "afternoon",
    "today",
    "tomorrow",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    " am",
    " pm",
];
const THANKS: [&str; 5] = ["Thanks!", "Ok thank you", "👍", "Great, thanks", "Thank you so much"];

/// The answer to a text, if there is one; decided by its words and the seed.
pub(crate) fn answer(seed: u64, count: u64, body: &str) -> Option<&'static str> {
    let said = body.to_lowercase();
    let called_for = ANSWERS.iter().find(|(words, _)| words.iter().any(|word| said.contains(word)));
    let choice = draw(seed, "answer", count);
    match called_for {
        Some((_, answers)) => Some(*pick(choice, answers)),
        None if happens(draw(seed, "silence", count), SILENCE) => None,
        None => Some(*pick(choice, &THANKS)),
    }
}

/// Lets the owner of the phone that a message just reached think about an answer.
pub(crate) fn consider(world: &Arc<World>, sid: &str) {
    if !world.answering.load(Ordering::Relaxed) {
        return;
    }
    let Some(message) = world.message(sid) else { return };
    let count = texts_to(world, &message);
    let Some(words) = answer(world.seed, count, &message.body) else { return };
    let (least, most) = world.pace.reply;
    let millis = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let wait = between(draw(world.seed, "reply", count), millis(least), millis(most));
    let shared = Arc::clone(world);
    world.spawn(async move {
        tokio::time::sleep(Duration::from_millis(wait)).await;
        // Whoever is texted again meanwhile answers the later text.
        if shared.answering.load(Ordering::Relaxed) && texts_to(&shared, &message) == count {
            let reply = TextIn {
                from: message.to,
                to: Some(message.from),
                body: words.to_owned(),
                ..TextIn::default()
            };
            drop(begin(&shared, reply));
        }
    });
}

/// How many texts of ours the phone has from that line.
fn texts_to(world: &World, message: &Message) -> u64 {
    let inner = world.lock();
    let same = |other: &&Message| {
        other.direction == Direction::OutboundApi && other.to == message.to && other.from == message.from
    };
    u64::try_from(inner.state.messages().iter().filter(same).count()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_follow_the_words_and_the_seed() {
        for count in 0..20 {
            let confirmed = answer(1, count, "Your visit is today. Reply C to confirm.").unwrap();
            assert!(ANSWERS[0].1.contains(&confirmed));
            assert_eq!(answer(1, count, "All done here"), answer(1, count, "All done here"));
        }
        assert!((0..50).any(|count| answer(1, count, "Done for the day").is_none()), "not always");
        assert!(answer(1, 1, "Anyone home?").is_some(), "a question is answered");
    }
}
