//! How phones word a tapback. The quotation stands between the parts.

/// What comes before the quotation, what after it, and the tapback that it is.
pub(super) const GIVEN: [(&str, &str, &str); 46] = [
    ("Liked ", "", "liked"),
    ("Loved ", "", "loved"),
    ("Laughed at ", "", "laughed"),
    ("Emphasized ", "", "emphasized"),
    ("Emphasised ", "", "emphasized"),
    ("Disliked ", "", "disliked"),
    ("Questioned ", "", "questioned"),
    // Spanish.
    ("Le gustó ", "", "liked"),
    ("Le gusta ", "", "liked"),
    ("Le encantó ", "", "loved"),
    ("Le encanta ", "", "loved"),
    ("Le dio risa ", "", "laughed"),
    ("Se rio de ", "", "laughed"),
    ("Se rió de ", "", "laughed"),
    ("Exclamó por ", "", "emphasized"),
    ("Enfatizó ", "", "emphasized"),
    ("Destacó ", "", "emphasized"),
    ("No le gustó ", "", "disliked"),
    ("Preguntó por ", "", "questioned"),
    ("Cuestionó ", "", "questioned"),
    // French.
    ("A aimé ", "", "liked"),
    ("A adoré ", "", "loved"),
    ("A ri de ", "", "laughed"),
    ("A ri à ", "", "laughed"),
    ("A mis en valeur ", "", "emphasized"),
    ("A souligné ", "", "emphasized"),
    ("N'a pas aimé ", "", "disliked"),
    ("S'interroge sur ", "", "questioned"),
    ("A mis un point d'interrogation à ", "", "questioned"),
    // German.
    ("Gefällt ", "", "liked"),
    ("Mag ", "", "liked"),
    ("Liebt ", "", "loved"),
    ("Lacht über ", "", "laughed"),
    ("Betont ", "", "emphasized"),
    ("Hebt ", " hervor", "emphasized"),
    ("Gefällt nicht: ", "", "disliked"),
    ("Mag ", " nicht", "disliked"),
    ("Hinterfragt ", "", "questioned"),
    // Portuguese.
    ("Gostou de ", "", "liked"),
    ("Curtiu ", "", "liked"),
    ("Amou ", "", "loved"),
    ("Riu de ", "", "laughed"),
    ("Enfatizou ", "", "emphasized"),
    ("Não gostou de ", "", "disliked"),
    ("Não curtiu ", "", "disliked"),
    ("Questionou ", "", "questioned"),
];

/// What comes before an emoji, between it and the quotation, and after that.
pub(super) const EMOJI: [(&str, &str, &str); 20] = [
    ("Reacted ", " to ", ""),
    ("Reacted with ", " to ", ""),
    ("Reaccionó con ", " a ", ""),
    ("Reaccionó ", " a ", ""),
    ("A réagi avec ", " à ", ""),
    ("A réagi par ", " à ", ""),
    ("Hat mit ", " auf ", " reagiert"),
    ("Reagierte mit ", " auf ", ""),
    ("Reagiert mit ", " auf ", ""),
    ("Reagiu com ", " a ", ""),
    ("Reagiu com ", " à ", ""),
    ("Reagiu com ", " para ", ""),
    ("Reagiu com ", " em ", ""),
    ("", " to ", ""),
    ("", " a ", ""),
    ("", " à ", ""),
    ("", " auf ", ""),
    ("", " zu ", ""),
    ("", " para ", ""),
    ("", " em ", ""),
];

/// What a text begins and ends with that takes a tapback back.
pub(super) const TAKEN_BACK: [(&str, &str); 15] = [
    ("Removed ", ""),
    ("Eliminó ", ""),
    ("Quitó ", ""),
    ("Retiró ", ""),
    ("A supprimé ", ""),
    ("A retiré ", ""),
    ("A enlevé ", ""),
    ("Hat ", " entfernt"),
    ("Hat ", " zurückgenommen"),
    ("Entfernt ", ""),
    ("Entfernte ", ""),
    ("Removeu ", ""),
    ("Retirou ", ""),
    ("Apagou ", ""),
    ("Tirou ", ""),
];

/// What stands between the tapback's name and the quotation that it is taken from.
pub(super) const CONNECTORS: [&str; 13] =
    ["from", "de", "du", "des", "von", "bei", "zu", "auf", "für", "à", "a", "em", "sur"];
