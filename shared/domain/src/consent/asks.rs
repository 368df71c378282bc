//! Sentences that seem to ask for no more texts, however people put it, in English and in Spanish.
//!
//! Whoever is taken for somebody who asks is not texted until a person has looked, so that a wish that is missed
//! weighs more than one that is heard where none was: what is left to doubt asks. A held text costs a look; it is still
//! no answer to "Don't stop until it's fixed". The corpus beside this file (`corpus.txt`) says what is meant.

use crate::terms;

/// What asks, wherever it stands in a clause.
const PHRASES: [&str; 118] = [
    // No more texts.
    "stop texting",
    "stop txting",
    "stop messaging",
    "stop msging",
    "stop contacting",
    "stop bothering",
    "stop spamming",
    "stop harassing",
    "stop calling me",
    "stop calling and texting",
    "stop writing me",
    "stop writing to me",
    "stop the texts",
    "stop the text",
    "stop the messages",
    "stop these texts",
    "stop these messages",
    "stop this spam",
    "stop with the texts",
    "stop with the messages",
    "stop all texts",
    "stop all messages",
    "stop all text messages",
    "stop sending me",
    "stop sending us",
    "stop sending texts",
    "stop sending text",
    "stop sending messages",
    "stop sending these",
    "stop sending this",
    "stop text messages",
    "quit texting",
    "quit messaging",
    "quit bothering",
    "quit contacting",
    "quit sending me",
    "cease texting",
    "cease all",
    "end these texts",
    "end these messages",
    "cancel all texts",
    "cancel all messages",
    "cancel the texts",
    "cancel these texts",
    "cancel my texts",
    "no more texts",
    "no more text",
    "no more texting",
    "no more messages",
    "no more msgs",
    "no more sms",
    "no more spam",
    "no texts please",
    "never text me",
    "never contact me",
    "never message me",
    // Off the list.
    "off your list",
    "off your text list",
    "off your texting list",
    "off your mailing list",
    "off your contact list",
    "off this list",
    "off the text list",
    "off the texting list",
    "off the mailing list",
    "off your lists",
    "from your list",
    "from your lists",
    "from your contacts",
    "from this list",
    "from your text list",
    "from your texting list",
    "from your system",
    "from your database",
    "from the text list",
    "take my number off",
    "take this number off",
    "take me off these texts",
    "remove my number",
    "remove this number",
    "delete my number",
    "delete this number",
    "erase my number",
    "lose my number",
    "lose this number",
    "forget my number",
    "unsubscribe me",
    "opt me out",
    "leave me alone",
    "leave us alone",
    "i revoke my consent",
    "withdraw my consent",
    "did not sign up",
    "didnt sign up",
    "never signed up",
    "dont have my permission",
    // Spanish.
    "dejen de escribir",
    "deje de escribir",
    "deja de escribir",
    "dejen de mandar",
    "deje de mandar",
    "deja de mandar",
    "dejen de enviar",
    "deje de enviar",
    "deja de enviar",
    "no mas mensajes",
    "no mas textos",
    "no me molesten",
    "no me moleste",
    "dejenme en paz",
    "dejeme en paz",
    "dejame en paz",
    "borren mi numero",
    "borre mi numero",
    "borra mi numero",
    "quiten mi numero",
    "de su lista",
    "de la lista de mensajes",
];

/// What asks where nothing but an order stands before it: who says "I don't text" tells of themselves.
const ORDERS: [&str; 36] = [
    "dont text me",
    "dont text us",
    "dont text this",
    "dont text anymore",
    "dont text any",
    "dont text again",
    "dont message me",
    "dont message us",
    "dont message this",
    "dont contact me",
    "dont contact us",
    "dont contact this",
    "dont send me",
    "dont send any more",
    "dont send anymore",
    "dont write me",
    "dont write to me",
    "dont want any more texts",
    "dont want any more messages",
    "dont want your texts",
    "dont want your messages",
    "dont want texts",
    "dont want these",
    "dont want to receive",
    "dont want to get texts",
    "dont want to get any more",
    "dont want to be texted",
    "dont want to be contacted",
    "no longer want to receive",
    "no longer wish to receive",
    "no longer want these",
    "no longer want texts",
    "not want to receive",
    "not wish to receive",
    "not consent to",
    "stop texts",
];

/// Spanish orders, and what stands behind them: "no me manden más mensajes".
const ORDENES: [&str; 15] = [
    "no me escriban",
    "no me escriba",
    "no me escribas",
    "no me manden",
    "no me mande",
    "no me mandes",
    "no me envien",
    "no me envie",
    "no me envies",
    "ya no quiero mensajes",
    "ya no quiero recibir",
    "ya no quiero textos",
    "no quiero mas mensajes",
    "no quiero mas textos",
    "no quiero recibir",
];

/// The number is another's: whoever reads was never asked.
const ANOTHER: [&str; 12] = [
    "wrong number",
    "wrong person",
    "wrong phone number",
    "wrong phone",
    "not my number",
    "numero equivocado",
    "numero incorrecto",
    "persona equivocada",
    "equivocado de numero",
    "equivocaron de numero",
    "equivoco de numero",
    "no longer has this number",
];

/// Whoever says this of a number speaks of another one, or of their own mistake.
const OF_ANOTHER: [&str; 23] = [
    "gave you",
    "give you",
    "gave the",
    "gave him",
    "gave her",
    "gave them",
    "have given",
    "i had the",
    "i have the",
    "i called",
    "i call",
    "i dialed",
    "i texted",
    "i put",
    "i wrote",
    "put the",
    "typed",
    "listed",
    "model",
    "part number",
    "house",
    "les di",
    "le di",
];

/// What takes the wish back, in the same clause.
const DENIALS: [&str; 32] = [
    "dont stop",
    "do not stop",
    "never stop",
    "not stop",
    "didnt stop",
    "doesnt stop",
    "wont stop",
    "cant stop",
    "please keep",
    "did you stop",
    "why did you",
    "when did you",
    "you can text",
    "dont take me off",
    "do not take me off",
    "dont remove",
    "do not remove",
    "dont delete",
    "do not delete",
    "dont lose",
    "no dejen",
    "no deje de",
    "no dejes",
    "no borren",
    "no borre",
    "no quiten",
    "if you want",
    "i did not say",
    "i didnt say",
    "he said",
    "she said",
    "my husband",
];

/// What makes of an order something else: the manner, the time, the thing.
const BUT: [&str; 22] = [
    "until",
    "before",
    "after 9",
    "after 8",
    "after 10",
    "at night",
    "at work",
    "while",
    "the bill",
    "a bill",
    "the invoice",
    "an invoice",
    "the wrong",
    "luis",
    "that guy",
    "hasta",
    "antes de",
    "por la noche",
    "la factura",
    "photos",
    "pictures",
    "fotos",
];

/// The whole message, where any more words would be about something else.
const ALONE: [&str; 13] = [
    "stop it",
    "stop that",
    "stop this",
    "stop now",
    "stop already",
    "just stop",
    "please just stop",
    "stop stop",
    "take me off",
    "remove me",
    "remove us",
    "quitenme",
    "go away",
];

/// Whether a message seems to ask for no more texts.
pub fn asks_to_stop(text: &str) -> bool {
    let whole = terms::plain_words(text).join(" ");
    ALONE.iter().any(|alone| whole == *alone || whole == format!("{alone} please"))
        || text.split(ends_clause).map(clause).any(|clause| asks(&clause))
}

const fn ends_clause(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | ';' | ',' | '\n' | '\r' | '(' | ')' | '\u{2014}' | '\u{a1}' | '\u{bf}')
}

/// Its words with a blank on either side, each negation in one form.
fn clause(text: &str) -> String {
    format!(" {} ", terms::plain_words(text).join(" "))
        .replace(" do not ", " dont ")
        .replace(" not to text ", " dont text ")
}

fn asks(clause: &str) -> bool {
    if has(clause, &DENIALS) {
        return false;
    }
    has(clause, &PHRASES)
        || (has(clause, &ANOTHER) && !has(clause, &OF_ANOTHER))
        || (has(clause, &ORDERS) && !has(clause, &BUT))
        || (has(clause, &ORDENES) && !has(clause, &BUT))
}

fn has(clause: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| {
        // A word of Spanish goes on: "dejen de escribirme".
        let open = phrase.starts_with("dej") && phrase.contains(" de ");
        let found = if open { format!(" {phrase}") } else { format!(" {phrase} ") };
        clause.contains(&found)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of `+ text` (it asks) and `- text` (it does not).
    const CORPUS: &str = include_str!("corpus.txt");

    fn lines() -> impl Iterator<Item = (bool, &'static str)> {
        let told = CORPUS.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        told.map(|line| (line.starts_with("+ "), line[2..].trim()))
    }

    #[test]
    fn every_line_of_the_corpus_is_understood_p6() {
        let wrong: Vec<_> = lines().filter(|(asks, text)| asks_to_stop(text) != *asks).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn the_corpus_is_large_and_has_both_directions() {
        let (yes, no): (Vec<_>, Vec<_>) = lines().partition(|(asks, _)| *asks);
        assert!(yes.len() >= 75 && no.len() >= 75, "{} and {}", yes.len(), no.len());
    }

    #[test]
    fn case_marks_and_odd_apostrophes_change_nothing() {
        for text in ["PLEASE STOP TEXTING ME!!!", "Don\u{2019}t text me anymore", "No m\u{e1}s mensajes"] {
            assert!(asks_to_stop(text), "{text}");
        }
        assert!(!asks_to_stop("") && !asks_to_stop("\u{1f44d}"));
    }
}
