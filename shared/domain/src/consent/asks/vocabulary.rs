//! The words of the grammar by class, English and Spanish side by side, as people mix them.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::clause::{BEGIN, BEGIN_QUESTION, END};
use crate::terms;

/// A word of a clause and the classes that it belongs to.
pub(super) struct Word {
    pub(super) text: String,
    pub(super) classes: u64,
}

/// A word that the vocabulary does not know and that has no ending of its own: a name, as far as anybody can tell.
pub(super) const NAME: u64 = 1 << 63;
/// A number, or an hour.
pub(super) const DIGIT: u64 = 1 << 62;
const FILLER: u64 = 1;

/// Each class with its words. A mistyped word is taken for one of `GUESSED`.
const CLASSES: [(&str, &str); 49] = [
    (
        "FILLER",
        "please pls plz plse pleas kindly just ever even really actually immediately simply fucking fuckin effing \
        freaking damn goddamn porfavor porfa lol haha ok okay again anymore anymor now already thanks thank thx ty gracias \
        sorry perdon disculpe sir maam guys hi hello hey hola asap",
    ),
    // Who is written to.
    (
        "PERSON",
        "me us him her them my_number nos husband wife mom mother dad father son daughter sister brother kids family \
        parents grandma grandmother roommate girlfriend boyfriend phone mobile cellphone",
    ),
    // What is sent; one of them and many.
    (
        "NOTE",
        "text txt message msg sms mms notification communication texto mensaje notificacion mesage messsage",
    ),
    (
        "NOTES",
        "texts txts messages msgs mssgs sms mms text_messages notifications updates alerts reminders notices promos promotions \
        promotional ads spam marketing advertising solicitations communications communication correspondence contact \
        offers blasts followups ups robotexts autotexts coupons newsletters surveys textos mensajes mensajitos notificaciones avisos alertas recordatorios \
        promociones publicidad propaganda anuncios ofertas mesages messags menssages mensages",
    ),
    (
        "DET",
        "the these this those that your ur my our all any more such no of with anymore additional further future \
        automated automatic annoying unwanted stupid dumb constant endless text txt sms message los las el la este esta estos esos sus tus mas tantos \
        ningun todos todo mis el de con a group marketing mass random phone mi su same promotional follow up",
    ),
    (
        "JUNK",
        "these this those that it them anything stuff crap shit bullshit garbage junk nonsense things more another pendejadas basura tonterias \
        anymore nada esto eso estos cosas",
    ),
    // Ending it.
    ("STOP", "stop stp stopp sotp stpo quit cease discontinue halt refrain desist"),
    ("END", "end terminate suspend cancel discontinue halt disable deactivate block"),
    (
        "TERMINEN",
        "cancelo paro detengo desactivo desactivar desactiven desactive suspendan suspenda suspender cancelen cancele cancela cancelar detengan detenga detener terminen termine paren pare",
    ),
    ("NEG", "dont never cannot mustnt shouldnt not"),
    ("NO", "dont didnt doesnt never not nolonger no im_not havent"),
    ("SAY", "say said ask asked tell told mean meant saying asking want wanted need"),
    ("WANT", "want wanna wants wanted wish wishes need like care desire wanting accept"),
    ("GET", "receive recieve get have getting receiving recieving see read be hear receiving"),
    (
        "SIGN",
        "sign signed subscribe subscribed enroll enrolled register registered ask asked request requested agree agreed \
        consent consented authorize authorized approve approved signing subscribing asking",
    ),
    ("CONSENT", "permission consent authorization approval permiso consentimiento autorizacion"),
    // Writing.
    ("CONTACT", "mesage messge text txt message msg contact sms write texting message_ spam textt"),
    (
        "TEXTING",
        "notifying texting txting textin txtin texing textng messaging msging messagin contacting spamming spaming texted \
        messaged contacted",
    ),
    ("PESTER", "bother disturb harass annoy bug pester hound"),
    (
        "PESTERING",
        "bothering harassing harrassing harasing annoying calling bugging pestering hounding stalking pinging writing emailing \
        blowing hitting blowin hittin botherin callin",
    ),
    ("SEND", "send sending sendin"),
    ("SENDING", "sending sendin send giving"),
    // Off the list.
    ("REMOVE", "remove delete erase scrub purge removing deleting unlist"),
    ("TAKE", "take get pull cross strike scratch drop remove delete erase clear taking wipe"),
    ("REMOVED", "removed taken deleted erased dropped off"),
    (
        "LIST",
        "list lists group grupo grupos system database contacts contact service services subscription subscriptions campaign records record \
        files file book distribution this these it everything whatever chat thread program texts text messages messaging \
        notifications alerts updates phone lista listas sistema base contactos contacto directorio registro registros mensajes textos",
    ),
    (
        "OTHERS_LIST",
        "waiting wait schedule calendar slot gate code guest appointment job jobs hold plan warranty route docket \
        roster todo parts shopping punch standby estimate invoice bill order maintenance am pm visit monday tuesday wednesday \
        thursday friday saturday sunday tomorrow espera cita citas agenda lunes martes miercoles jueves viernes invitados \
        trabajos materiales cuenta factura filters meeting quote emergency",
    ),
    (
        "UNSUBSCRIBE",
        "unsubscribe unsub unsubscribing unsubscribed unsuscribe unsubcribe unsubscribed optout unenroll \
        desuscribir desuscriban desuscriba desuscribeme desinscribir desinscriban desinscriba",
    ),
    // What is about something else.
    (
        "THING",
        "technician tech techs guy guys plumber plumbers electrician electricians contractor contractors crew worker workers person people man men woman \
        invoice invoices bill bills photo photos picture pictures pics video videos part parts estimate estimates quote quotes \
        code receipt receipts check checks voicemail money paperwork contract address wrong tecnico tecnicos plomero plomeros \
        electricista senor muchacho factura facturas recibo recibos foto fotos cuenta presupuesto presupuestos cotizacion \
        pieza piezas nadie hombre trabajador trabajadores codigo cheque filter filters apprentice helper van truck",
    ),
    ("BUT", "until till til before while when during hasta antes mientras cuando durante despues"),
    ("AT", "at in on"),
    ("HOURS", "night work school noon dark midnight noche trabajo"),
    (
        "DOCUMENT",
        "bill invoice receipt meter form order label estimate quote check website sign door model part faucet house \
        unit mailbox factura recibo medidor casa cheque pedido orden pieza modelo cotizacion direccion departamento \
        apartment gauge breaker",
    ),
    (
        "WORK",
        "water leak leaks leaking drip dripping noise alarm heat heater flood flooding toilet sink pipe pump furnace gas \
        smoke beeping beep running agua fuga fugas ruido bomba",
    ),
    // Somebody else.
    ("NUMBER", "number num nummber phone cell line mobile numero telefono celular cel numbr"),
    (
        "WHOM",
        "number num nbr nummber numbr phone cell contact recipient party customer client individual human person persona \
        numero telefono celular",
    ),
    // Spanish.
    ("DEJEN", "dejen deje deja dejes dejad dejar dejaran dejara paren pare para parar parad basta terminen"),
    (
        "ESCRIBIR",
        "escribir textear textea mensajear contactar molestar fastidiar acosar hostigar llamar comunicar chingar fregar joder",
    ),
    ("MANDAR", "mandar enviar"),
    (
        "ESCRIBAN",
        "escribieran escribiera escribieras escriban escriba escribas escribir texteen textee textees textien textie contacten contacte contactes \
        mensajeen mensajee mensajees contactar textear",
    ),
    ("MOLESTEN", "molesten moleste molestes fastidien fastidie acosen acose molestar"),
    (
        "MANDEN",
        "mandaran mandara mandaras enviaran enviara manden mande mandes envien envie envies mandar enviar",
    ),
    (
        "BORREN",
        "borren borre borra borres borrar eliminan quitan borran sacan eliminen elimine elimina elimines eliminar quiten quite quita quites quitar \
        saquen saque saca saques sacar remuevan remueva remover retiren retire retirar tachen tache",
    ),
    (
        "ESCRIBIENDO",
        "escribiendo mandando enviando texteando mensajeando molestando contactando llamando fastidiando acosando",
    ),
    ("NUNCA", "no nunca jamas ni"),
    ("QUIERO", "quiero queremos deseo deseamos necesito necesitamos interesa interesan gustaria quisiera"),
    ("AUTORICE", "autorizo autorice autorizamos acepto acepte apruebo aceptamos"),
    ("INSCRIBI", "inscribi suscribi registre apunte anote suscribimos"),
    ("PEDI", "pedi pedimos solicite pido solicito"),
];

/// Words that are no name, though the grammar has no other use for them.
const COMMON: &str = "upstairs downstairs neighbors married furious thrilled pleased excited worried familiar against proud warm \
    desperate technical certified licensed retired content constant sent seen kept gone told paid left linked saved added copied finished started ended moved opened closed \
    delivered booked broke cool true helpful understood ours theirs anywhere everywhere somewhere answer answers names luck ladder stairs basement attic crawlspace lights bulb fridge stove oven dishwasher \
    washer dryer impressed anymore really quick clogged frozen cracked rusty visible impossible amused damaged pets dogs cats kids \
    switch outlets valve valves tank tanks drains pipes sinks sign signs access internet service charge charges estimates chance \
    reply replies idea reason hurry pun doubt change changes a able about accurate afraid all alone an and angry any anyone anything as at available aware awake away \
    awesome back bad best better big bill brand broken busy but by call car cash cause certain cheap clean clear cold common \
    comfortable complete concern convinced cool correct crazy customer damage date day dead deal different do done down draft \
    drain dry due early easy electricity else emergency enough error even exactly expensive expert fair family fan far fast \
    fault fine fixed for free fresh from front full fun funny furnace gas glad go going gone good great guy happy hard have \
    he heat help her here high home hot how hungry hurry i if ill important in inside interested into issue it its job joke \
    just key kid late later leak legal legit less light little local lock long loud low lucky mad major man many me mine more \
    much my name near nearby need needed new nice normal not now odd off old older on one online only open or our out outside \
    over owner parking perfect picky plumber plumbers electrician electricians contractor contractors possible power pressure pretty problem proper quite rain \
    ready real rich right room rude rush sad safe same satisfied scam scheduled serious shower sick signal silly single slow \
    small smart smell smoke so some someone soon sound spam standard strong stuck stupid such sure surprised tenant than that \
    the their them then there they thing this tight time tired to today tomorrow too tool tools tough trouble true two under \
    up upset urgent us used useful very water way we weak weird well what when where who whole why wife will window wise with \
    work worth wrong yet you your yours handy handyman sign space room sewer breaker outlet thermostat pool wifi \
    acceptable professional convenient simple minor permanent recent late landlord manager neighbor homeowner seller renter \
    technician tech agua al algo alguien alla alli aqui asi bien bueno buena caliente calor capaz casa como con cuando de \
    del dueno duena el ella ellos en era es ese eso esta este experto feliz fuga gas gran hay hoy la las lo los luz mal mas \
    mi mucho muy nada nadie ni ningun no nuevo otro para pero por presion problema propietario que quien rico se ser seguro \
    si sin su tan tarde tiempo todo tonto tu un una uno urgente vecino ya yo inquilino plomero electricista dejar \
    supposed allowed tall short cute able sorry hot tub leaky lazy dumb blind deaf pregnant disabled retired cliente";

/// Words that are known with one letter wrong, too many, too few or changed with its neighbour.
const GUESSED: [&str; 22] = [
    "texting",
    "messaging",
    "message",
    "messages",
    "contacting",
    "contact",
    "sending",
    "unsubscribe",
    "unsubscribed",
    "remove",
    "number",
    "permission",
    "consent",
    "subscribe",
    "subscribed",
    "mensajes",
    "mensaje",
    "numero",
    "telefono",
    "bothering",
    "escribir",
    "discontinue",
];
const SHORTEST_GUESSED: usize = 6;
/// Endings of words that are no names.
const ENDINGS: [&str; 11] =
    ["ing", "able", "ible", "ful", "ous", "less", "ive", "ish", "mente", "tion", "ness"];
const ENCLITICS: [&str; 10] = ["melos", "melas", "noslos", "melo", "mela", "nos", "me", "les", "le", "se"];

static VOCABULARY: LazyLock<HashMap<&'static str, u64>> = LazyLock::new(|| {
    let mut known: HashMap<&str, u64> = COMMON.split_whitespace().map(|word| (word, 0)).collect();
    for (at, (_, words)) in CLASSES.iter().enumerate() {
        for word in words.split_whitespace() {
            *known.entry(word).or_default() |= 1 << at;
        }
    }
    known
});

/// The class of that name.
pub(super) fn class(name: &str) -> Option<u64> {
    CLASSES.iter().position(|(known, _)| *known == name).map(|at| 1 << at)
}

impl Word {
    pub(super) fn mark(mark: &str) -> Self {
        Self { text: mark.to_owned(), classes: 0 }
    }

    pub(super) const fn is_filler(&self) -> bool {
        self.classes & FILLER != 0
    }

    pub(super) fn begins(&self) -> bool {
        self.text == BEGIN || self.text == BEGIN_QUESTION
    }

    pub(super) fn ends(&self) -> bool {
        self.text == END
    }
}

/// A written word as the grammar knows it; a Spanish order and its pronoun ("escribirme") are two.
pub(super) fn known(written: String) -> Vec<Word> {
    if let Some(&classes) = VOCABULARY.get(written.as_str()) {
        return vec![Word { text: written, classes }];
    }
    if let Some((verb, pronoun)) = enclitic(&written) {
        return [verb, pronoun].into_iter().map(known_as).collect();
    }
    let meant = GUESSED.iter().find(|word| written.len() >= SHORTEST_GUESSED && is_one_slip(&written, word));
    vec![meant.map_or_else(|| Word { classes: name(&written), text: written.clone() }, |word| known_as(word))]
}

fn known_as(word: &str) -> Word {
    Word { text: word.to_owned(), classes: VOCABULARY.get(word).copied().unwrap_or_default() }
}

/// "Quitenme" is "quiten me"; only what the vocabulary knows is cut.
fn enclitic(word: &str) -> Option<(&str, &str)> {
    ENCLITICS.iter().find_map(|pronoun| {
        let verb = word.strip_suffix(pronoun)?;
        let own = if pronoun.starts_with("me") { "me" } else { &pronoun[..pronoun.len().min(3)] };
        VOCABULARY.get(verb).is_some_and(|classes| *classes != 0).then_some((verb, own))
    })
}

fn name(word: &str) -> u64 {
    let is_name = word.chars().all(char::is_alphabetic)
        && word.len() > 1
        && !ENDINGS.iter().any(|ending| word.ends_with(ending))
        && !(word.ends_with("ed") && word.len() > 6);
    let is_digit = word.starts_with(|c: char| c.is_ascii_digit());
    if is_name {
        NAME
    } else if is_digit {
        DIGIT
    } else {
        0
    }
}

/// Whether two words differ by one slip, the first letter aside.
fn is_one_slip(a: &str, b: &str) -> bool {
    a.chars().next() == b.chars().next() && a.len().abs_diff(b.len()) <= 1 && terms::distance(a, b) == 1
}
