use super::*;

fn recording(language: Option<&str>) -> Recording {
    let bytes = Bytes::from_static(&[0x1a, 0x45, 0xdf, 0xa3, 0, 13, 10, 45, 45]);
    Recording { kind: AudioKind::Webm, bytes, language: language.map(str::to_owned) }
}

#[test]
fn a_recording_is_told_by_its_bytes_and_nothing_else_is_one() {
    assert_eq!(AudioKind::of(&recording(None).bytes), Some(AudioKind::Webm));
    assert_eq!(AudioKind::of(b"\0\0\0\x1cftypiso5"), Some(AudioKind::Mp4));
    assert_eq!(AudioKind::of(b"OggS\0\x02"), Some(AudioKind::Ogg));
    assert_eq!(AudioKind::of(b"RIFF\0\0\0\0WAVEfmt "), Some(AudioKind::Wav));
    for other in [&b""[..], b"RIFF\0\0\0\0WEBPVP8 ", b"<html>", b"\x89PNG\r\n", b"ftyp"] {
        assert_eq!(AudioKind::of(other), None, "{other:?}");
    }
}

#[test]
fn a_form_has_the_model_the_language_if_one_is_said_and_the_bytes_as_they_are() {
    let Form { content_type, body } = Form::of(&recording(Some("es")), "whisper-1", "b0undary");
    assert_eq!(content_type, "multipart/form-data; boundary=b0undary");
    let text = String::from_utf8_lossy(&body);
    assert!(text.starts_with(
        "--b0undary\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n--b0undary\r\n"
    ));
    assert!(text.contains("name=\"language\"\r\n\r\nes\r\n"));
    let head = "filename=\"recording.webm\"\r\nContent-Type: audio/webm\r\n\r\n";
    let at = text.find(head).expect("the file") + head.len();
    let end = b"\r\n--b0undary--\r\n";
    assert!(body.ends_with(end));
    assert_eq!(body[at..body.len() - end.len()], recording(None).bytes);
    let without = Form::of(&recording(None), "whisper-1", "b0undary");
    assert!(!String::from_utf8_lossy(&without.body).contains("language"));
}

#[test]
fn an_answer_is_words_or_says_who_can_mend_it() {
    let told = |status, body: &[u8]| read(status, None, body);
    assert_eq!(
        told(200, br#"{"text":" The valve leaks.\n","usage":{}}"#).ok().as_deref(),
        Some("The valve leaks.")
    );
    assert_eq!(told(200, br#"{"text":""}"#).ok().as_deref(), Some(""));
    assert!(matches!(told(200, b"<html>"), Err(TranscribeError::Strange(200))));
    assert!(matches!(told(302, b""), Err(TranscribeError::Strange(302))));
    assert!(matches!(told(401, b""), Err(TranscribeError::Refused(401))));
    assert!(matches!(told(400, b""), Err(TranscribeError::Unusable(400))));
    let busy = read(429, Some(Duration::from_secs(7)), b"");
    assert!(matches!(busy, Err(TranscribeError::Busy { status: 429, retry_after: Some(_) })));
    assert!(matches!(told(503, b""), Err(TranscribeError::Busy { status: 503, .. })));
}
