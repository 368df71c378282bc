//! What is spoken, and becomes words for a composer.

use serde::{Deserialize, Serialize};

/// Most languages that a business names.
pub const MOST_LANGUAGES: usize = 8;

/// How a business dictates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dictation {
    /// The languages that its people speak, the usual one first.
    languages: Vec<Language>,
}

/// A language by its two letters (ISO 639-1), such as `es`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Language(String);

/// Why it cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotALanguage {
    /// Another form.
    #[error("a language is two small letters, such as en or es")]
    Form,
    /// None, too many, or one of them twice.
    #[error("name one to {MOST_LANGUAGES} languages, each once")]
    Count,
}

impl Default for Dictation {
    /// English and Spanish.
    fn default() -> Self {
        Self { languages: ["en", "es"].map(|letters| Language(letters.to_owned())).into() }
    }
}

impl Dictation {
    /// In these languages.
    pub fn new(languages: Vec<Language>) -> Result<Self, NotALanguage> {
        let is_named_once = |(at, language): (usize, &Language)| !languages[..at].contains(language);
        let are_few = (1..=MOST_LANGUAGES).contains(&languages.len());
        let fits = are_few && languages.iter().enumerate().all(is_named_once);
        if fits { Ok(Self { languages }) } else { Err(NotALanguage::Count) }
    }

    /// The usual one first.
    pub fn languages(&self) -> &[Language] {
        &self.languages
    }
}

impl Language {
    /// Its two letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Language {
    type Error = NotALanguage;

    fn try_from(letters: String) -> Result<Self, NotALanguage> {
        let fits = letters.len() == 2 && letters.bytes().all(|letter| letter.is_ascii_lowercase());
        if fits { Ok(Self(letters)) } else { Err(NotALanguage::Form) }
    }
}

impl From<Language> for String {
    fn from(Language(letters): Language) -> Self {
        letters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(letters: &[&str]) -> Result<Dictation, NotALanguage> {
        let languages = letters.iter().map(|it| Language::try_from((*it).to_owned()));
        Dictation::new(languages.collect::<Result<_, _>>()?)
    }

    #[test]
    fn a_business_names_its_languages_once_and_not_too_many() {
        assert_eq!(of(&["en", "es"]), Ok(Dictation::default()));
        assert_eq!(of(&[]), Err(NotALanguage::Count));
        assert_eq!(of(&["en", "fr", "en"]), Err(NotALanguage::Count));
        assert_eq!(of(&["en", "es", "fr", "de", "pt", "it", "pl", "ru", "vi"]), Err(NotALanguage::Count));
        for wrong in ["", "e", "EN", "eng", "e1", "é"] {
            assert_eq!(of(&[wrong]), Err(NotALanguage::Form), "{wrong}");
        }
    }
}
