use proptest::prelude::*;

use super::fill::{Piece, fill, pieces, unknown};
use super::quick::{QuickReplies, QuickReply, Unsendable};
use super::values::{Facts, Values};
use super::variable::Variable;
use super::*;
use crate::customer::{Customer, Job, JobStatus};
use crate::samples::{at, job, phone};

fn id(n: u128) -> TemplateId {
    ulid::Ulid::from(1_000 + n).into()
}

fn content(name: &str, shortcut: Option<&str>) -> Content {
    let words = |text: &str| text.to_owned();
    Content {
        name: words(name),
        category: words("Follow-Up"),
        text: words("Hi"),
        shortcut: shortcut.map(words),
    }
}

fn named(name: &str) -> Customer {
    Customer {
        id: ulid::Ulid::from(1_u128).into(),
        name: name.to_owned(),
        address: Some("12 Pine St, Portland".to_owned()),
        notes: None,
        access_notes: None,
        balance_cents: 123_450,
        lead: None,
        since: at(0),
        version: 1,
    }
}

fn visit(scheduled_at: Option<Timestamp>) -> Job {
    Job {
        id: job(1),
        customer: ulid::Ulid::from(1_u128).into(),
        number: 1042,
        title: "Water heater".to_owned(),
        status: JobStatus::Scheduled,
        scheduled_at,
        ends_at: None,
        ended_at: None,
        amount_cents: 180_000_000,
        facts: Vec::new(),
        version: 1,
    }
}

const NEW_YORK: &str = "America/New_York";

/// What a variable comes to for a customer of this name.
fn value_for(name: &str, variable: Variable) -> Option<String> {
    let customer = named(name);
    let facts = Facts { customer: Some(&customer), ..Facts::default() };
    Values::of(&facts, NEW_YORK, at(0)).get(variable).map(str::to_owned)
}

fn with(variable: Variable, value: &str) -> Values {
    Values::default().with(variable, Some(value.to_owned()))
}

#[test]
fn what_is_ours_is_filled_and_what_is_not_stays_as_it_was_typed() {
    let text = "Hi {{customerName}}, {{ jobNumber }} {{constructor}} {{__proto__}} {{customername}} {{}} {{a b}} }}{{";
    let filled = fill(text, &with(Variable::CustomerName, "Maria"));
    assert_eq!(filled.text(), text.replace("{{customerName}}", "Maria"));
    assert_eq!(filled.unresolved(), [Variable::JobNumber]);
    assert_eq!(unknown(text), ["constructor", "__proto__", "customername"]);
}

#[test]
fn a_value_is_text_whatever_it_holds_and_is_not_filled_again() {
    for value in [
        "{{jobNumber}}",
        "$&",
        "$1",
        "\\1",
        "\"quoted\"",
        "{{",
        "{{customerName}}",
        "O'Brien & <b>Sons</b>",
        "%s",
    ] {
        let values = with(Variable::CustomerName, value).with(Variable::JobNumber, Some("1042".to_owned()));
        let filled = fill("<{{customerName}}|{{customerName}}>", &values);
        assert_eq!(filled.text(), format!("<{value}|{value}>"));
        assert_eq!(filled.unresolved(), []);
    }
}

#[test]
fn braces_around_a_variable_are_text() {
    let values = with(Variable::JobNumber, "7");
    assert_eq!(fill("{{{jobNumber}}}", &values).text(), "{7}");
    assert_eq!(fill("{{{{jobNumber}}}}", &values).text(), "{{7}}");
    assert_eq!(fill("{ {jobNumber} }", &values).text(), "{ {jobNumber} }");
    let many = "{".repeat(10_000);
    assert_eq!(fill(&many, &values).text(), many);
}

#[test]
fn blank_is_unresolved() {
    for blank in ["", "  ", "\u{200b}", "\n", "\u{2800}\u{202e}"] {
        assert_eq!(fill("{{jobTitle}}", &with(Variable::JobTitle, blank)).unresolved(), [Variable::JobTitle]);
    }
}

#[test]
fn a_name_that_is_only_a_number_or_an_address_is_none() {
    for none in [
        "+1 (207) 555-0188",
        "207.555.0188",
        "tel:+12075550188",
        "2075550188 x12",
        "0",
        "#",
        "maria@example.com",
        "<maria@example.com>",
        "12 Pine St",
        "12 PINE ST.",
        "12 Pine St, Portland",
        "4b Ocean Avenue, Unit 3",
        "",
        "12 Pine",
    ] {
        assert_eq!(value_for(none, Variable::CustomerName), None, "{none}");
        assert_eq!(value_for(none, Variable::CustomerFirstName), None, "{none}");
    }
    for name in [
        "Maria Delgado",
        "3M",
        "Max",
        "Xi",
        "李娜",
        "7 Seas Hotel",
        "Unit 4 Tenants",
        "Tel Aviv Grill",
        "Street",
    ] {
        assert_eq!(value_for(name, Variable::CustomerName).as_deref(), Some(name));
    }
}

#[test]
fn a_person_is_greeted_by_the_first_name_and_a_firm_by_the_whole() {
    for (name, greeted) in [
        ("Maria Delgado", "Maria"),
        ("Delgado, Maria", "Maria"),
        ("Maria", "Maria"),
        ("Dr. Smith", "Dr. Smith"),
        ("Hartley Property Mgmt", "Hartley Property Mgmt"),
        ("The Bakery", "The Bakery"),
        ("Smith & Sons", "Smith & Sons"),
        ("Bayside Heating Inc.", "Bayside Heating Inc."),
    ] {
        assert_eq!(value_for(name, Variable::CustomerFirstName).as_deref(), Some(greeted));
    }
}

#[test]
fn a_visit_is_told_in_the_businesss_zone() {
    let told = |at: &str, zone: &str| {
        let visit = visit(Some(at.parse().expect("an instant")));
        let facts = Facts { job: Some(&visit), ..Facts::default() };
        let values = Values::of(&facts, zone, "2026-11-20T12:00:00Z".parse().expect("now"));
        fill("{{appointmentDate}} {{appointmentTime}}", &values).text()
    };
    assert_eq!(told("2026-11-21T03:30:00Z", "America/New_York"), "Fri, Nov 20 10:30 PM");
    assert_eq!(told("2026-11-21T03:30:00Z", "Asia/Tokyo"), "Sat, Nov 21 12:30 PM");
    assert_eq!(told("2026-11-20T19:00:00Z", "America/New_York"), "Fri, Nov 20 2 PM");
    assert_eq!(told("2027-07-01T16:00:00Z", "America/New_York"), "Thu, Jul 1, 2027 12 PM");
}

#[test]
fn money_is_the_offices_and_none_is_no_value() {
    let (customer, job) = (named("Maria"), visit(None));
    let told = |with_money, balance_cents| {
        let customer = Customer { balance_cents, ..customer.clone() };
        let facts = Facts { customer: Some(&customer), job: Some(&job), with_money, ..Facts::default() };
        fill("{{balanceDue}} {{jobAmount}}", &Values::of(&facts, NEW_YORK, at(0))).text()
    };
    assert_eq!(told(true, 123_450), "$1,234.50 $1,800,000.00");
    assert_eq!(told(true, 0), "{{balanceDue}} $1,800,000.00");
    assert_eq!(told(true, -5), "{{balanceDue}} $1,800,000.00");
    assert_eq!(told(false, 123_450), "{{balanceDue}} {{jobAmount}}");
}

#[test]
fn the_crew_the_line_and_the_writer_are_told_as_people_write_them() {
    let crew = ["Luis".to_owned(), "Marta".to_owned(), "Ben".to_owned()];
    let line = phone("+12075550142");
    let facts =
        Facts { crew: &crew, line: Some(&line), writer: "Ana", business: "Harbor", ..Facts::default() };
    let values = Values::of(&facts, NEW_YORK, at(0));
    let text = "{{technicianName}}, {{businessPhone}}, {{writerName}}, {{businessName}}";
    assert_eq!(fill(text, &values).text(), "Luis, Marta and Ben, (207) 555-0142, Ana, Harbor");
}

#[test]
fn a_shortcut_is_kept_without_its_slash_and_belongs_to_one() {
    let kept = |shortcut: &str| content("x", Some(shortcut)).kept().map(|kept| kept.shortcut);
    assert_eq!(kept(" /OMW "), Ok(Some("omw".to_owned())));
    assert_eq!(kept("/"), Ok(None));
    for bad in ["on my way", "//x", "a/b", "{{x}}", &"x".repeat(33), "a\u{202e}b"] {
        assert_eq!(kept(bad), Err(Unreadable::Shortcut), "{bad}");
    }
    let mut library = Library::starter();
    let taken = library.add(&id(1), content("Mine", Some("omw"))).map(drop);
    assert_eq!(taken, Err(Unfit::ShortcutTaken { by: "Technician on the way".to_owned() }));
    let own = library.templates().nth(1).expect("omw").clone();
    library.delete(&own.id, at(1)).expect("deleted");
    library.add(&id(1), content("Mine", Some("omw"))).expect("free now");
    assert!(matches!(library.restore(&own.id), Err(Unfit::ShortcutTaken { .. })));
}

#[test]
fn words_that_show_nothing_are_refused() {
    let blank = "\u{200b} \u{2060}".to_owned();
    assert_eq!(Content { name: blank.clone(), ..content("x", None) }.kept(), Err(Unreadable::Name));
    assert_eq!(Content { category: blank.clone(), ..content("x", None) }.kept(), Err(Unreadable::Category));
    assert_eq!(Content { text: blank, ..content("x", None) }.kept(), Err(Unreadable::Text));
    let kept =
        Content { text: " a\r\nb\tc ".to_owned(), ..content(" two\nlines ", None) }.kept().expect("fine");
    assert_eq!((kept.name.as_str(), kept.text.as_str()), ("two lines", "a\nb c"));
}

#[test]
fn five_categories_with_three_templates_each_and_every_variable_is_ours() {
    let library = Library::starter();
    let mut categories: Vec<&str> = library.templates().map(|it| it.content.category.as_str()).collect();
    assert!(categories.chunks(3).all(|three| three.iter().all(|it| *it == three[0])));
    categories.dedup();
    let shipped =
        ["Appointment Confirmation", "Job Completion", "Follow-Up", "Payment Reminder", "Welcome Message"];
    assert_eq!(categories, shipped);
    for template in library.templates() {
        assert_eq!(template.content.clone().kept().expect("fine"), template.content);
        assert_eq!(unknown(&template.content.text), Vec::<String>::new());
        assert_eq!(segments::Segments::of(&template.content.text).encoding, segments::Encoding::Gsm7);
        let found = library.templates().filter(|it| it.content.shortcut == template.content.shortcut);
        assert_eq!(found.count(), 1, "each its own shortcut");
    }
}

#[test]
fn a_deleted_template_comes_back_to_its_place_and_the_oldest_are_forgotten() {
    let mut library = Library::starter();
    let before = library.order();
    let second = before[1].clone();
    library.delete(&second, at(1)).expect("deleted");
    assert_eq!(library.get(&second), None);
    assert_eq!(library.change(&second, content("x", None), None).map(drop), Err(Unfit::Unknown));
    library.restore(&second).expect("back");
    assert_eq!(library.order(), before);
    for n in 0..60 {
        library.add(&id(n), content("x", None)).expect("room");
        library.delete(&id(n), at(10 + u64::try_from(n).expect("small"))).expect("deleted");
    }
    assert_eq!(library.forgotten().len(), 10);
    assert_eq!(library.restore(&id(0)).map(drop), Err(Unfit::Unknown));
    assert!(library.restore(&id(59)).is_ok());
}

#[test]
fn a_change_on_top_of_a_colleagues_is_refused_and_the_same_again_is_not() {
    let mut library = Library::starter();
    let first = library.templates().next().expect("one").clone();
    library.change(&first.id, content("Mine", None), Some(first.version)).expect("changed");
    library.change(&first.id, content("Mine", None), Some(first.version)).expect("the same");
    assert_eq!(
        library.change(&first.id, content("Other", None), Some(first.version)).map(drop),
        Err(Unfit::Changed)
    );
    assert!(library.change(&first.id, content("Other", None), None).is_ok());
}

#[test]
fn a_quick_reply_is_sent_as_it_stands() {
    let reply = |n: u128, text: &str| QuickReply { id: ulid::Ulid::from(n).into(), text: text.to_owned() };
    let kept = |replies: &[QuickReply]| QuickReplies::cleaned(replies.to_vec()).map(|kept| kept.len());
    assert_eq!(kept(&[reply(1, "On the way"), reply(2, "Thanks {there}")]), Ok(2));
    assert_eq!(kept(&[reply(1, "Hi {{customerName}}")]), Err(Unsendable::Variable));
    assert_eq!(kept(&[reply(1, "\u{200b}")]), Err(Unsendable::Nothing));
    assert_eq!(kept(&[reply(1, "Yes"), reply(2, " Yes ")]), Err(Unsendable::Twice));
    assert!(QuickReplies::cleaned(QuickReplies::starter().replies).is_ok());
}

/// Text in which braces and our names are likely.
fn text() -> impl Strategy<Value = String> {
    let bit = prop_oneof![
        Just("{{".to_owned()),
        Just("}}".to_owned()),
        Just("{".to_owned()),
        Just(" ".to_owned()),
        Just("customerName".to_owned()),
        Just("{{jobNumber}}".to_owned()),
        Just("{{ customerName }}".to_owned()),
        Just("$&".to_owned()),
        "\\PC{0,4}",
    ];
    prop::collection::vec(bit, 0..24).prop_map(|bits| bits.concat())
}

proptest! {
    #[test]
    fn the_pieces_of_a_text_are_the_text(text in text()) {
        let whole: String = pieces(&text)
            .iter()
            .map(|piece| match piece {
                Piece::Words(typed) | Piece::Ours(_, typed) | Piece::Unknown(_, typed) => *typed,
            })
            .collect();
        prop_assert_eq!(whole, text.clone());
        prop_assert_eq!(fill(&text, &Values::default()).text(), text);
    }

    #[test]
    fn each_variable_is_filled_once_whatever_its_value_is(text in text(), value in text()) {
        let values = with(Variable::CustomerName, &value);
        let expected: String = pieces(&text)
            .iter()
            .map(|piece| match piece {
                Piece::Ours(Variable::CustomerName, typed) => values.get(Variable::CustomerName).unwrap_or(typed),
                Piece::Words(typed) | Piece::Ours(_, typed) | Piece::Unknown(_, typed) => typed,
            })
            .collect();
        let filled = fill(&text, &values);
        prop_assert_eq!(filled.text(), expected);
        let asked = pieces(&text);
        for variable in filled.unresolved() {
            prop_assert!(asked.iter().any(|piece| matches!(piece, Piece::Ours(ours, _) if *ours == variable)));
        }
    }

    #[test]
    fn moving_templates_about_loses_none(moves in prop::collection::vec((0_usize..15, 0_usize..16), 0..20)) {
        let mut library = Library::starter();
        let ids = library.order();
        for (from, to) in moves {
            library.put_before(&ids[from], ids.get(to)).expect("both are there");
            let order = library.order();
            let place = |id: &TemplateId| order.iter().position(|it| it == id);
            match ids.get(to) {
                Some(before) if to != from => prop_assert_eq!(place(&ids[from]).map(|it| it + 1), place(before)),
                Some(_) => {}
                None => prop_assert_eq!(order.last(), Some(&ids[from])),
            }
        }
        let mut after = library.order();
        after.sort();
        prop_assert_eq!(after, ids);
    }
}
