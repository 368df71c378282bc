use super::*;

const URL: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";
const JSON: &[u8] = br#"{"property": "value", "boolean": true}"#;
const JSON_HASH: &str = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
const DEFAULT: &str = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";

fn tokens() -> [AuthToken; 1] {
    [AuthToken::new("12345")]
}

fn call() -> Vec<(&'static str, &'static str)> {
    vec![
        ("CallSid", "CA1234567890ABCDE"),
        ("Caller", "+14158675309"),
        ("Digits", "1234"),
        ("From", "+14158675309"),
        ("To", "+18005551212"),
    ]
}

fn check(url: &str, pairs: &[(&str, &str)], signature: &str) -> Result<(), SignatureError> {
    let form = Form::from_pairs(pairs.iter().copied());
    verify(url, SignedContent::Form(&form), Some(signature), &tokens())
}

#[test]
fn the_published_vectors_are_accepted_in_every_port_form() {
    let on_port = |port: &str| URL.replace(".com", &format!(".com:{port}"));
    let http = |url: &str| url.replace("https", "http");
    let vectors = [
        (URL.to_owned(), DEFAULT),
        (on_port("1234"), DEFAULT),
        (on_port("443"), DEFAULT),
        (URL.to_owned(), "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (on_port("443"), "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (http(&on_port("1234")), "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        (http(URL), "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        (http(&on_port("80")), "0ZXoZLH/DfblKGATFgpif+LLRf4="),
    ];
    for (url, signature) in vectors {
        assert_eq!(check(&url, &call(), signature), Ok(()), "{url} {signature}");
    }
}

#[test]
fn urls_with_a_user_are_read_with_and_without_it() {
    let user = |user: &str| URL.replace("https://", &format!("https://{user}@"));
    for (url, signature) in [
        (user("user:pass"), "CukzLTc1tT5dXEDIHm/tKBanW10="),
        (user("user"), "2YRLlVAflCqxaNicjMpJcSTgzSs="),
        (user("user:pass"), "ZQFR1PTIZXF2MXB8ZnKCvnnA+rI="),
        (user("user:pass"), DEFAULT),
    ] {
        assert_eq!(check(&url, &call(), signature), Ok(()), "{url} {signature}");
    }
}

#[test]
fn a_quote_in_the_query_is_tried_encoded_too() {
    let url = format!("{URL}&Body=It's+amazing");
    assert_eq!(check(&url, &call(), "TfZzewPq8wqrGlMfyAud8+/IvJ0="), Ok(()));
    assert_eq!(check(&url, &call(), "dsq4Ehbj6cs+KdTkpF5sSSplOWw="), Ok(()));
}

#[test]
fn repeated_names_are_deduped_and_sorted_whatever_their_order() {
    let digits = [("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")];
    let sids = [("Sid", "CA123"), ("SidAccount", "AC123")];
    let expected = "IK+Dwps556ElfBT0I3Rgjkr1wJU=";
    assert_eq!(check(URL, &[&sids[..], &digits[..]].concat(), expected), Ok(()));
    assert_eq!(check(URL, &[&digits[1..], &digits[..1], &sids[..]].concat(), expected), Ok(()));
    for addresses in [["+1325xxxxxxx", "+1415xxxxxxx"], ["+1415xxxxxxx", "+1325xxxxxxx"]] {
        let pairs = addresses.map(|address| ("MessagingBinding.Address", address));
        assert_eq!(check(URL, &pairs, "83O6e2vORAoJHUNzJjDWN1jz+BA="), Ok(()));
    }
}

#[test]
fn names_are_sorted_not_names_with_values() {
    let reason = [("ReasonConferenceEnded", "test"), ("Reason", "Participant")];
    assert_eq!(check(URL, &[&call()[..], &reason[..]].concat(), "vOEb5UThFn24KEfnOFLQY2AE5FY="), Ok(()));
}

#[test]
fn a_json_body_is_covered_by_its_hash_in_the_url() {
    let json = |url: &str, body, signature| verify(url, SignedContent::Raw(body), Some(signature), &tokens());
    let url = format!("{URL}&bodySHA256={JSON_HASH}");
    let signature = "a9nBmqA0ju/hNViExpshrM61xv4=";
    assert_eq!(json(&url, JSON, signature), Ok(()));
    assert_eq!(json(&url, b"{}", signature), Err(SignatureError::BodyHashMismatch));
    assert_eq!(json(URL, JSON, DEFAULT), Err(SignatureError::BodyHashMissing));
    let empty = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    assert_eq!(json(&format!("{URL}&bodySHA256={empty}"), b"{}", "Ldidvp12m26NI7eqEvxnEpkd9Hc="), Ok(()));
    let short = format!("https://mycompany.com/myapp.php?bodySHA256={JSON_HASH}");
    assert_eq!(json(&short, JSON, "y77kIzt2vzLz71DgmJGsen2scGs="), Ok(()));
    let (signed_url, signature) = sign_raw(URL, JSON, &tokens()[0]);
    assert_eq!(json(&signed_url, JSON, &signature), Ok(()));
}

#[test]
fn anything_forged_is_refused() {
    let changed = [("CallSid", "CA1234567890ABCDE"), ("Body", "hello")];
    assert_eq!(check(URL, &changed, DEFAULT), Err(SignatureError::Mismatch));
    assert_eq!(check(URL, &[&call()[..], &[("New", "")]].concat(), DEFAULT), Err(SignatureError::Mismatch));
    assert_eq!(check(&URL.replace("php", "php/"), &call(), DEFAULT), Err(SignatureError::Mismatch));
    assert_eq!(check(&URL.replace("mycompany", "other"), &call(), DEFAULT), Err(SignatureError::Mismatch));
    for header in ["WRONG_SIGNATURE", "AAAA", &DEFAULT[..20], "not base64 é"] {
        assert_eq!(check(URL, &call(), header), Err(SignatureError::Mismatch), "{header}");
    }
    assert_eq!(check(URL, &call(), " "), Err(SignatureError::Missing));
    let form = Form::from_pairs(call());
    assert_eq!(verify(URL, SignedContent::Form(&form), None, &tokens()), Err(SignatureError::Missing));
    let unset = [AuthToken::new("")];
    let signed_with_nothing = sign(URL, &form, &unset[0]);
    let answer = verify(URL, SignedContent::Form(&form), Some(&signed_with_nothing), &unset);
    assert_eq!(answer, Err(SignatureError::Mismatch), "an empty token proves nothing");
}

#[test]
fn both_tokens_are_accepted_during_a_rotation() {
    let form = Form::from_pairs(call());
    let both = [AuthToken::new("next"), AuthToken::new("12345")];
    assert_eq!(verify(URL, SignedContent::Form(&form), Some(DEFAULT), &both), Ok(()));
    let next = sign(URL, &form, &both[0]);
    assert_eq!(verify(URL, SignedContent::Form(&form), Some(&next), &both), Ok(()));
    let answer = verify(URL, SignedContent::Form(&form), Some(&next), &both[1..]);
    assert_eq!(answer, Err(SignatureError::Mismatch));
}

#[test]
fn the_fragment_is_never_signed() {
    let form = Form::from_pairs(call());
    assert_eq!(sign(&format!("{URL}#rc=5&rp=all"), &form, &tokens()[0]), DEFAULT);
    assert_eq!(check(&format!("{URL}#rc=5&rp=all"), &call(), DEFAULT), Ok(()));
}

#[test]
fn bytes_that_are_not_utf8_verify_as_sent_or_as_replaced() {
    let raw = Form::parse(b"Body=caf%E9");
    let replaced = Form::from_pairs([("Body", "caf\u{fffd}")]);
    for signed in [&raw, &replaced] {
        let header = sign(URL, signed, &tokens()[0]);
        assert_eq!(verify(URL, SignedContent::Form(&raw), Some(&header), &tokens()), Ok(()));
    }
}
