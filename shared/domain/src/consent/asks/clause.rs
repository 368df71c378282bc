//! A message cut into clauses, each word in the one form that the grammar knows.

use super::vocabulary::{self, Word};
use crate::terms;

/// What begins a clause, what begins a question, and what ends either: words of the grammar.
pub(super) const BEGIN: &str = "^";
pub(super) const BEGIN_QUESTION: &str = "~";
pub(super) const END: &str = "$";

/// Two words, and the one that stands for them.
const JOINED: [(&str, &str, &str); 37] = [
    ("do", "not", "dont"),
    ("did", "not", "didnt"),
    ("does", "not", "doesnt"),
    ("is", "not", "isnt"),
    ("was", "not", "wasnt"),
    ("can", "not", "cannot"),
    ("should", "not", "shouldnt"),
    ("must", "not", "mustnt"),
    ("have", "not", "havent"),
    ("will", "not", "wont"),
    ("is", "nolonger", "isnt"),
    ("im", "nolonger", "im_not"),
    ("im", "not", "im_not"),
    ("i", "aint", "im_not"),
    ("thats", "not", "isnt"),
    ("its", "not", "isnt"),
    ("thats", "nolonger", "isnt"),
    ("i", "am", "im"),
    ("i", "m", "im"),
    ("don", "t", "dont"),
    ("you", "are", "youre"),
    ("there", "is", "theres"),
    ("there", "isnt", "theres_no"),
    ("theres", "no", "theres_no"),
    ("theres", "not", "theres_no"),
    ("that", "is", "thats"),
    ("it", "is", "its"),
    ("no", "longer", "nolonger"),
    ("not", "longer", "nolonger"),
    ("any", "more", "anymore"),
    ("no", "one", "nobody"),
    ("un", "subscribe", "unsubscribe"),
    ("opt", "out", "optout"),
    ("opting", "out", "optout"),
    ("opted", "out", "optout"),
    ("thank", "you", "thanks"),
    ("por", "favor", "porfavor"),
];

/// What may stand between "my" and "number".
const KINDS_OF_NUMBER: &str =
    "wifes husbands moms dads mothers fathers sons daughters sisters brothers contact";
/// What is a number with that word and without.
const PHONES: &str = "cell mobile telephone cellphone phone";
const NUMBER: &str = "number numbers num nummber phone line numero telefono celular cel digits";
const OWN: &str = "my this our these mi este nuestro mis";
/// What "number" goes on with where it counts something, or names a thing.
const COUNTED: &str = "of one two three tag plate 1 2 3 de";
/// What makes it the writer's all the same: "este numero de la lista".
const LISTED: &str = "la su sus esta mi";
const ENDS: &str = ".!?;,:()\n\r\u{2013}\u{2014}\u{2026}\u{a1}\u{bf}\u{ff0c}\u{ff1f}\u{ff01}\u{ff0e}";

/// The clauses of a message.
pub(super) fn clauses(text: &str) -> Vec<Vec<Word>> {
    let spelled = text.replace(['#', '\u{ff03}'], " number ").replace(" - ", ", ");
    spelled.split_inclusive(|c| ENDS.contains(c)).map(clause).filter(|clause| clause.len() > 2).collect()
}

fn clause(text: &str) -> Vec<Word> {
    let begin = if text.ends_with(['?', '\u{ff1f}']) { BEGIN_QUESTION } else { BEGIN };
    let mut said = numbers(&joined(joined(terms::plain_words(text))));
    said.dedup();
    let words = said.into_iter().flat_map(vocabulary::known);
    let mut clause = vec![Word::mark(begin)];
    for word in words {
        // Of several that colour a sentence one is enough; a search never passes over more.
        if word.is_filler() && clause.last().is_some_and(Word::is_filler) {
            clause.pop();
        }
        clause.push(word);
    }
    clause.push(Word::mark(END));
    clause
}

/// With each pair as one word.
fn joined(words: Vec<String>) -> Vec<String> {
    words.into_iter().fold(Vec::new(), |mut said, word| {
        let pair = said
            .last()
            .and_then(|last| JOINED.iter().find(|(first, second, _)| last == first && word == *second));
        match pair {
            Some((_, _, one)) => {
                said.pop();
                said.push((*one).to_owned());
            }
            None => said.push(word),
        }
        said
    })
}

/// "My number", "this cell phone number", "mi numero" as the one thing that they name.
fn numbers(words: &[String]) -> Vec<String> {
    let mut said = Vec::with_capacity(words.len());
    let mut rest = words;
    while let Some((word, after)) = rest.split_first() {
        let length = number_at(rest);
        said.push(if length > 0 { "my_number".to_owned() } else { word.clone() });
        rest = if length > 0 { &rest[length..] } else { after };
    }
    said
}

/// How many words name the writer's number here.
fn number_at(words: &[String]) -> usize {
    let is = |at: usize, list: &str| words.get(at).is_some_and(|word| list.split(' ').any(|one| one == word));
    let length = if (is(1, KINDS_OF_NUMBER) || is(1, PHONES)) && is(2, NUMBER) {
        3
    } else if is(1, PHONES) || is(1, NUMBER) {
        2
    } else {
        0
    };
    let counts = is(length, COUNTED) && !is(length + 1, LISTED);
    if is(0, OWN) && !counts { length } else { 0 }
}
