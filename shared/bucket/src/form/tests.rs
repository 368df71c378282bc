use std::process::Command;

use super::*;

const UPLOAD: Upload<'_> =
    Upload { key: "uploads/b/01JD", content_type: "image/jpeg", size: (1, 26_214_400) };

fn signing(token: Option<&str>) -> Signing<'_> {
    Signing {
        bucket: "harbor-files",
        region: "us-east-2",
        id: "AKIDEXAMPLE",
        secret: "wJalrXUtnFEMI/K7MDENG+x",
        token,
    }
}

fn now() -> Timestamp {
    "2026-11-29T21:00:00.500Z".parse().expect("an instant")
}

fn checked(fields: &[Field], size: u64, at: Timestamp) -> Result<String, Rejected> {
    check(fields, size, &signing(Some("session/token==")), at)
}

fn signed() -> Vec<Field> {
    fields(&UPLOAD, &signing(Some("session/token==")), now())
}

fn with(name: &str, value: &str) -> Vec<Field> {
    let mut fields = signed();
    fields.retain(|(field, _)| field != name);
    fields.push((name.to_owned(), value.to_owned()));
    fields
}

#[test]
fn a_form_is_byte_for_byte_that_of_botocore() {
    let python = porchlight_tools::python().expect("the tests' Python");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/src/form/theirs.py");
    for (token, kind) in [(None, "image/jpeg"), (Some("session/token=="), "text/x-\u{fc}\u{1f600}\"")] {
        let upload = Upload { content_type: kind, ..UPLOAD };
        let theirs =
            Command::new(&python).args([script, kind, token.unwrap_or_default()]).output().expect("it runs");
        assert!(theirs.status.success(), "{}", String::from_utf8_lossy(&theirs.stderr));
        let theirs: Vec<Field> = serde_json::from_slice(&theirs.stdout).expect("pairs");
        assert_eq!(fields(&upload, &signing(token), now()), theirs);
    }
}

#[test]
fn a_form_writes_what_it_was_signed_for_and_nothing_else() {
    assert_eq!(checked(&signed(), 100, now()).as_deref(), Ok(UPLOAD.key));
    assert_eq!(checked(&signed(), 0, now()), Err(Rejected::TooSmall));
    assert_eq!(checked(&signed(), 26_214_400, now()).as_deref(), Ok(UPLOAD.key));
    assert_eq!(checked(&signed(), 26_214_401, now()), Err(Rejected::TooLarge));
    let last = now() + LASTS - Duration::from_millis(501);
    assert!(checked(&signed(), 1, last).is_ok());
    let denied = |fields: &[Field]| matches!(checked(fields, 1, now()), Err(Rejected::AccessDenied(_)));
    assert!(matches!(checked(&signed(), 1, now() + LASTS), Err(Rejected::AccessDenied(_))), "expired");
    for (name, value) in [
        ("key", "files/b/01JD"),
        ("key", "uploads/b/01JE"),
        ("Content-Type", "text/html"),
        ("x-amz-security-token", "another"),
        ("x-amz-credential", "AKIDOTHER/20261129/us-east-2/s3/aws4_request"),
        ("acl", "public-read"),
        ("success_action_redirect", "https://elsewhere.example"),
    ] {
        assert!(denied(&with(name, value)), "{name}={value}");
    }
    let other = Signing { secret: "another", ..signing(Some("session/token==")) };
    assert!(check(&signed(), 1, &other, now()).is_err());
}

#[test]
fn a_policy_that_was_changed_or_a_field_there_twice_is_refused() {
    let mut twice = signed();
    twice.push(("key".to_owned(), "files/b/x".to_owned()));
    assert!(checked(&twice, 1, now()).is_err());
    let policy = signed().into_iter().find(|(name, _)| name == "policy").expect("a policy").1;
    let plain = String::from_utf8(STANDARD.decode(policy).expect("base64")).expect("text");
    let wider = STANDARD.encode(plain.replace("26214400", "99999999999"));
    assert!(checked(&with("policy", &wider), 1, now()).is_err());
    assert!(checked(&[], 1, now()).is_err());
}
