use proptest::prelude::*;

use super::*;

const SECRET: &[u8] = b"GPS 43.6591 N; iPhone of Ana";

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).expect("short").to_be_bytes();
    [&[0xff, marker], &length[..], body].concat()
}

/// A JPEG of 40 × 30 with everything that a phone puts beside the pixels.
fn jpeg(orientation: u8) -> Vec<u8> {
    let exif = [b"Exif\0\0", &exif::only(orientation)[..], SECRET].concat();
    let frame = [8, 0, 30, 0, 40, 1, 1, 0x11, 0];
    [
        vec![0xff, 0xd8],
        segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01rgb"),
        segment(0xe1, &exif),
        segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", SECRET].concat()),
        segment(0xe2, b"ICC_PROFILE\0\x01\x01colours"),
        segment(0xe2, &[b"MPF\0", SECRET].concat()),
        segment(0xed, &[b"Photoshop 3.0\0", SECRET].concat()),
        segment(0xfe, SECRET),
        segment(0xdb, &[0; 65]),
        segment(0xc0, &frame),
        segment(0xda, &[1, 1, 0, 0, 63, 0]),
        b"rows\xff\x00more\xff\xd0rows".to_vec(),
        vec![0xff, 0xd9],
        [b"\0\0\0\x18ftypmp42", SECRET].concat(),
    ]
    .concat()
}

fn png_chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
    [&u32::try_from(data.len()).expect("short").to_be_bytes(), kind, data, b"CRC!"].concat()
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        png_chunk(b"IHDR", &header),
        png_chunk(b"tEXt", SECRET),
        png_chunk(b"iTXt", SECRET),
        png_chunk(b"eXIf", &[&exif::only(6)[..], SECRET].concat()),
        png_chunk(b"prVt", SECRET),
        png_chunk(b"IDAT", b"rows"),
        png_chunk(b"tIME", SECRET),
        png_chunk(b"IEND", b""),
        SECRET.to_vec(),
    ]
    .concat()
}

/// A picture may say which way up it is after its rows, too.
fn png_told_late() -> Vec<u8> {
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        png_chunk(b"IHDR", &[0, 0, 0, 40, 0, 0, 0, 30, 8, 2, 0, 0, 0]),
        png_chunk(b"IDAT", b"ro"),
        png_chunk(b"IDAT", b"ws"),
        png_chunk(b"eXIf", &exif::only(6)),
        png_chunk(b"IEND", b""),
    ]
    .concat()
}

fn gif() -> Vec<u8> {
    let with = |label: u8, name: &[u8], data: &[u8]| {
        [
            &[0x21, label, u8::try_from(name.len()).expect("short")],
            name,
            &[u8::try_from(data.len()).expect("short")],
            data,
            &[0],
        ]
        .concat()
    };
    [
        b"GIF89a\x28\0\x1e\0\x80\0\0RGBrgb".to_vec(),
        with(0xff, b"NETSCAPE2.0", &[1, 0, 0]),
        with(0xff, b"XMP DataXMP", SECRET),
        [&[0x21, 0xfe, u8::try_from(SECRET.len()).expect("short")], SECRET, &[0]].concat(),
        vec![0x21, 0xf9, 4, 0, 10, 0, 0, 0],
        [&[0x2c, 0, 0, 0, 0, 40, 0, 30, 0, 0, 2, 4][..], b"rows", &[0]].concat(),
        vec![0x3b],
        SECRET.to_vec(),
    ]
    .concat()
}

fn riff(kind: &[u8], data: &[u8]) -> Vec<u8> {
    let padding = &[0][..data.len() % 2];
    [kind, &u32::try_from(data.len()).expect("short").to_le_bytes(), data, padding].concat()
}

fn webp() -> Vec<u8> {
    let chunks = [
        riff(b"VP8X", &[0x0c, 0, 0, 0, 39, 0, 0, 29, 0, 0]),
        riff(b"VP8L", b"\x2frows!"),
        riff(b"EXIF", &[&exif::only(3)[..], SECRET].concat()),
        riff(b"XMP ", SECRET),
    ]
    .concat();
    [b"RIFF", &u32::try_from(chunks.len() + 4).expect("short").to_le_bytes()[..], b"WEBP", &chunks].concat()
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn cleaned(bytes: &[u8]) -> Vec<u8> {
    let cleaned = clean(bytes);
    assert!(!cleaned.may_tell);
    cleaned.bytes.expect("it is a picture")
}

#[test]
fn a_picture_leaves_with_its_pixels_and_its_colours_and_tells_nothing_else() {
    for (name, picture, pixels) in [
        ("jpeg", jpeg(6), &b"rows\xff\x00more\xff\xd0rows"[..]),
        ("png", png(40, 30), b"rows"),
        ("gif", gif(), b"rows"),
        ("webp", webp(), b"\x2frows!"),
    ] {
        assert!(holds(&picture, SECRET));
        let clean = cleaned(&picture);
        assert!(!holds(&clean, SECRET), "{name}");
        assert!(holds(&clean, pixels), "{name}");
        assert_eq!(cleaned(&clean), clean, "{name}: nothing is left to take out");
        assert_eq!(FileType::of(&clean), FileType::of(&picture));
    }
    assert!(holds(&cleaned(&jpeg(1)), b"ICC_PROFILE\0\x01\x01colours"));
    assert!(holds(&cleaned(&gif()), b"NETSCAPE2.0"));
    assert!(!holds(&cleaned(&jpeg(1)), b"Exif"), "upright needs no mark");
    assert!(!holds(&cleaned(&jpeg(1)), b"rgb"), "the preview stays out");
}

#[test]
fn which_way_up_stays_and_the_size_is_as_it_is_shown() {
    for orientation in 1..=8 {
        let clean = cleaned(&jpeg(orientation));
        let shown = if orientation >= 5 { (30, 40) } else { (40, 30) };
        assert_eq!(shown_size(&clean), Some(shown), "{orientation}");
    }
    assert_eq!(shown_size(&cleaned(&png(40, 30))), Some((30, 40)));
    let late = cleaned(&png_told_late());
    let place = |mark: &[u8]| late.windows(4).position(|it| it == mark);
    assert!(
        place(b"eXIf").is_some() && place(b"eXIf") < place(b"IDAT"),
        "browsers look before the rows only"
    );
    assert_eq!(shown_size(&cleaned(&webp())), Some((40, 30)));
    assert_eq!(shown_size(&cleaned(&gif())), Some((40, 30)));
    assert_eq!(shown_size(&png(30_000, 30_000)), Some((30_000, 30_000)), "a bomb is only its header");
}

#[test]
fn what_cannot_be_walked_to_its_end_is_no_picture_and_may_tell() {
    for broken in [
        &b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script>"[..],
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"RIFF\x10\0\0\0WEBPVP8 ",
    ] {
        let cleaned = clean(broken);
        assert_eq!((cleaned.kind, cleaned.may_tell, cleaned.bytes), (FileType::Other, true, None));
    }
    assert!(clean(b"%PDF-1.7").may_tell && clean(b"\0\0\0\x18ftypheic").may_tell);
    assert!(!clean(b"BEGIN:VCARD").may_tell);
}

#[test]
fn what_is_packed_is_never_unpacked() {
    // Of a few bytes it says that they are four gigabytes.
    let sizes = [&9_u32.to_le_bytes()[..], &u32::MAX.to_le_bytes()].concat();
    let bomb = [b"PK\x03\x04\x14\0\0\0\x08\0", &[0; 8][..], &sizes, &[1, 0, 0, 0], b"a\x03\0\0\0\0\0\0\0\0"]
        .concat();
    let cleaned = clean(&bomb);
    assert_eq!((cleaned.kind, cleaned.may_tell, cleaned.bytes), (FileType::Other, true, None));
}

proptest! {
    #[test]
    fn no_bytes_bring_it_down(start in 0..4_usize, at in 0..400_usize, byte: u8, cut in 0..400_usize) {
        let mut picture = [jpeg(6), png(40, 30), gif(), webp()][start].clone();
        let at = at % picture.len();
        picture[at] = byte;
        picture.truncate(picture.len().saturating_sub(cut));
        let once = clean(&picture);
        if let Some(bytes) = &once.bytes {
            let twice = clean(bytes).bytes;
            prop_assert_eq!(twice.as_ref(), Some(bytes));
            prop_assert!(bytes.len() <= picture.len() + 40);
        }
    }
}
