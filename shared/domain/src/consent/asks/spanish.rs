//! How people ask in Spanish, without accents as `terms` leaves the words. Each line is a `Pattern`.

use super::kind::Kind;

pub(super) const KINDS: [Kind; 6] = [STOPPING, REFUSING, UNWANTED, REMOVING, ANOTHER, LEAVE];

/// "Dejen de escribirme", "basta de mensajes", "paren ya".
const STOPPING: Kind = Kind {
    asks: &[
        "DEJEN PERSON? ya? de ESCRIBIR",
        "DEJEN ya? de MANDAR PERSON|$|NOTE|NOTES|DET|JUNK",
        "DEJEN ya? de estar? ESCRIBIENDO",
        "STOP MANDAR|ESCRIBIR",
        "DEJEN|STOP ya? con|de DET* NOTE|NOTES",
        "TERMINEN DET* NOTES",
        "alto a DET* NOTES",
        "^ ya? no? paren|pare|basta|alto|detenganse|detengase|parenle|parele ya|hombre? $",
        "gracias|no|interesa paren|pare|basta|alto $",
        "^ ya estuvo $",
        "hartos|harto|harta|cansado|cansada de DET* NOTES",
        "dije|dicho|pedi que? paren|pare|dejen $",
        "^ no chinguen|jodan|frieguen $",
        "por que PERSON mandan|envian DET* NOTE|NOTES",
        "por que PERSON escriben|textean|siguen|molestan",
        "cuando van a parar|dejar",
        "favor de no ESCRIBIR|ESCRIBAN|MANDAR|MOLESTEN|contactar|molestar PERSON|$|NOTE|NOTES|DET|JUNK|mas",
    ],
    unless: &[
        "no DEJEN|paren|pare",
        "no _* DEJEN ya? de",
        "MANDAR PERSON? _* THING",
        "no quiero que DEJEN",
        "por que dejaron",
    ],
    nowhere: &["sigan|siga|sigue ESCRIBIENDO me"],
};

/// "No me escriban", "ya no manden mensajes".
const REFUSING: Kind = Kind {
    asks: &[
        "NUNCA mas? PERSON? ESCRIBAN !al|a",
        "NUNCA mas? PERSON? ESCRIBAN a my_number|PERSON",
        "NUNCA mas? PERSON MANDEN",
        "NUNCA mas? MANDEN PERSON|DET* NOTE|NOTES|JUNK|mas",
        "NUNCA mas? PERSON? MOLESTEN $|PERSON|mas|con|porfavor",
        "NUNCA PERSON MOLESTEN",
        "NUNCA PERSON? sigan|siga|sigas|sigue|anden|este|esten ESCRIBIENDO",
        "NUNCA PERSON? vuelvan|vuelva|vuelvas a PERSON? ESCRIBIR|MANDAR|MOLESTEN|molestar",
        "NUNCA PERSON llamen|llame|llames ni|mas",
        "NUNCA llamen|llame|llames PERSON? mas",
        "ni|y PERSON ESCRIBAN|MANDEN|textos",
        "no PERSON hablen|hable mas",
        "no tienen|tiene|tienes DET* CONSENT",
    ],
    unless: &[
        "ESCRIBAN|MOLESTEN|MANDEN _* BUT",
        "ESCRIBAN|MANDEN por la HOURS",
        "MANDEN PERSON|a|al|el|la|los? _* THING",
        "MANDEN PERSON al|a|un|una",
        "MOLESTEN al|a|en",
        "se MOLESTEN",
        "por que no",
        "yo|puedo|pude|quiero|queria no? ESCRIBAN",
        "no dejen|deje|dejes de",
    ],
    nowhere: &[],
};

/// "No quiero más mensajes", "nunca di permiso".
const UNWANTED: Kind = Kind {
    asks: &[
        "NUNCA PERSON? QUIERO recibir|tener|ver? DET* NOTE|NOTES",
        "NUNCA QUIERO recibir? mas informacion|info|llamadas",
        "NUNCA QUIERO recibir $|JUNK|mas|nada",
        "ya NUNCA QUIERO esto|eso $",
        "NUNCA QUIERO nada de usted|ustedes",
        "NUNCA QUIERO saber nada $|mas|de",
        "NUNCA QUIERO que PERSON? sigan|siga|vuelvan? a? PERSON? ESCRIBAN|MOLESTEN|contacten|ESCRIBIENDO",
        "NUNCA QUIERO que PERSON? MANDEN DET* NOTE|NOTES|JUNK|mas|$",
        "NUNCA QUIERO ser contactado|contactada|molestado|molestada",
        "no|ni|cero|sin|nada mas? de? DET* NOTES $|porfavor|de|a|para",
        "no mas DET* NOTE|NOTES",
        "ni un NOTE mas",
        "NUNCA PERSON|los|les|le? AUTORICE PERSON? DET* recibir|NOTE|NOTES|que|a|$",
        "NUNCA PERSON? INSCRIBI a|en|para|por? DET* NOTE|NOTES|JUNK|lista|$",
        "NUNCA PEDI recibir? DET* NOTE|NOTES|estos",
        "NUNCA PEDI esto|eso $",
        "NUNCA PERSON|les|le? di|doy|hemos|he|dimos dado? DET* CONSENT para? !de|del|taller",
        "NUNCA PERSON|les|le? di|doy|dimos DET* my_number",
        "quien PERSON|les|le dio DET* CONSENT|my_number",
        "sin mi CONSENT",
        "revoco|retiro|cancelo mi CONSENT",
    ],
    unless: &[
        "NUNCA QUIERO _* THING",
        "recibir al|a|la visita|cita",
        "NUNCA QUIERO _* hasta|antes",
        "NOTES de voz|audio",
        "NOTES llego|llegaron|recibi|recibidos|nuevos",
        "hay|habia|tengo|recibi|llegaron NUNCA|no mas",
        "permiso para _* entrar|construir|trabajar|abrir|romper",
        "sin mi CONSENT para",
    ],
    nowhere: &[],
};

/// "Quítenme de su lista", "borre mi número", "deme de baja".
const REMOVING: Kind = Kind {
    asks: &[
        "BORREN PERSON|lo|la de|del DET* LIST",
        "BORREN PERSON de|del _* LIST",
        "BORREN PERSON $",
        "BORREN my_number",
        "BORREN DET nombre|contacto|datos|informacion",
        "PERSON pueden|puede|podrian|podria|puedes? BORREN de|del _* LIST",
        "PERSON BORREN $",
        "darme|deme|denme|dame|darnos|denos|dennos|doy de baja",
        "den|de|dar|da PERSON? de baja",
        "dar de baja $|my_number|la|mi|DET NOTES",
        "me? doy|di de baja",
        "cancelar|cancelen|cancele|cancela|anular|anulen|anule DET suscripcion a|de|para DET* NOTES",
        "cancelar|cancelen|cancele|cancela DET NOTES",
        "olviden|olvide|olvida|pierdan|pierda|bloqueen|bloquee my_number",
        "salir|salirme de _* lista|grupo|NOTES",
        "fuera de su lista",
    ],
    unless: &[
        "no BORREN",
        "no PERSON BORREN",
        "no olviden|olvide|olvida|pierdan|pierda|bloqueen",
        "no QUIERO? darme",
        "BORREN _* OTHERS_LIST",
        "de baja _* servicio|contrato|cita|gas|luz|agua",
    ],
    nowhere: &[],
};

/// "Número equivocado", "no soy María".
const ANOTHER: Kind = Kind {
    asks: &[
        "WHOM es|esta? equivocado|equivocada|incorrecto|incorrecta|erroneo|erronea|equibocado !de|en",
        "equivocado|equivocaron|equivoco|equivoca|equivocada|equivocaste|equivocas|equivocan|confundio|confundieron de WHOM",
        "se|te equivocaron|equivoco|equivocaste|confundio|confundieron $",
        "estan|esta|estas equivocado|equivocados|equivocada $|de",
        "^ marco mal|equivocado $",
        "tiene|tienen el WHOM mal|equivocado",
        "tiene|tienen mal|equivocado el WHOM",
        "confundiendo|confunde|confundieron con|$",
        "no es my_number",
        "no es DET* WHOM correcto|correcta|indicado|que",
        "no|ya es el? NUMBER de|del NAME",
        "no es DET? NUMBER de|del NAME",
        "no es de NAME $",
        "my_number ya? no es de",
        "my_number no es de|del NAME",
        "my_number no pertenece",
        "my_number es de otra|otro persona",
        "my_number ahora|ya|es me? es|pertenece|mio",
        "NAME|ella|el ya? no tiene|usa my_number|este|ese",
        "no|ni soy NAME NAME? $|ni|y|pero",
        "no soy el|la|esa|quien|ese|su|un _* persona|cliente|busca|buscan|buscas|cree|creen|NAME",
        "no soy su|quien|esa|ese|cliente",
        "no soy la|el persona|senor|senora|de",
        "no soy yo $",
        "no me llamo NAME",
        "nombre no es NAME",
        "aqui no vive|hay|esta|trabaja|conocemos|conozco ningun|ninguna|nadie? NAME|llamado|llamada|que|con|de",
        "no hay|vive|trabaja ningun|ninguna|nadie? NAME aqui|en|$",
        "NAME no|nolonger ya? vive|trabaja aqui|$|ya",
        "NAME ya no vive|trabaja|esta",
        "no conozco|conocemos|conosco a? ningun|ninguna|esa|ese? NAME|persona",
        "no se quien es NAME|usted|ustedes",
        "no los|lo|la|les conozco|conocemos $|porfavor",
        "no vive nadie",
        "buscan|busca a otra|otro persona|numero?",
        "soy otra persona",
    ],
    unless: &[
        "di|dimos|dieron|puse|marque|llame|escribi|anote _* equivocado|incorrecto|numero|my_number",
        "me equivoque",
        "DOCUMENT",
        "numero de casa|pieza|modelo|apartamento|factura|cuenta",
        "~ es|este|ese|esta|sera|tengo|me|marque|estoy|estara|acaso",
        "de mi|su|la casa|factura|cuenta|pieza",
    ],
    nowhere: &[
        "me equivoque",
        "^ ups|uy|upss",
        "era para mi|otra|otro",
        "ignore|ignoren|ignora el|este|ese|mi|lo",
    ],
};

/// "Déjenme en paz".
const LEAVE: Kind = Kind {
    asks: &[
        "DEJEN|PERSON DEJEN? PERSON|lo|la|en paz|tranquilo|tranquila|tranquilos|tranquilas|paz",
        "DEJEN PERSON en? paz|tranquilo|tranquila|tranquilos|tranquilas",
        "es acoso|spam",
        "voy a bloquear|bloquearlos|denunciar|demandar|reportar los|le|les|este|a? $|my_number|ustedes|porfavor",
        "los|lo|le voy a bloquear|demandar|denunciar",
        "ya no escriban|textos|mensajes $",
        "no molestar",
    ],
    unless: &["DEJEN la|el|las|los"],
    nowhere: &[],
};
