//! Where pictures of screens go. Those of the documents have 256 colours, which nobody sees and a clone is
//! quicker for.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use color_quant::NeuQuant;
use png::{BitDepth, ColorType, Compression, Decoder, Encoder, Filter, Transformations};

/// What the documents show, of all that the specs take pictures of.
const SHOWN: [&str; 55] = [
    "inbox-light",
    "inbox-dark",
    "inbox-tablet-light",
    "inbox-tablet-dark",
    "list-phone-light",
    "list-phone-dark",
    "thread-phone-light",
    "thread-phone-dark",
    "sign-in-light",
    "sign-in-phone-dark",
    "palette-light",
    "help-dark",
    "search-light",
    "me-phone-light",
    "simulator-light",
    "simulator-dark",
    "bulk-selected",
    "bulk-left",
    "templates",
    "template-shortcuts",
    "note-writing",
    "note-mention",
    "phone-note-dark",
    "presence",
    "find-words",
    "find-day",
    "quick-strip",
    "later-when",
    "later-planned",
    "snooze",
    "new-conversation",
    "consent-history",
    "consent-doubt",
    "attach",
    "files-by-kind",
    "lightbox",
    "what-now",
    "dictation-light",
    "settings-templates",
    "settings-template-edit",
    "settings-quick-replies",
    "settings-blocked",
    "settings-notifications-light",
    "phone-jobs-light",
    "phone-jobs-dark",
    "phone-job-light",
    "phone-job-numbers-light",
    "phone-internal-light",
    "phone-offline-light",
    "phone-held-dark",
    "phone-field-light",
    "phone-audience-light",
    "phone-off-today-light",
    "phone-devices-light",
    "tablet-jobs-dark",
];

/// The pictures of this run.
pub fn folder() -> PathBuf {
    porchlight_tools::project().join("target/screens")
}

/// Puts the documents' pictures where they are missing, or all of them when `UPDATE_SCREENS` is set.
pub fn keep() {
    let shown = porchlight_tools::project().join("docs/screens");
    std::fs::create_dir_all(&shown).expect("a folder can be made");
    let all = option_of_the_caller("UPDATE_SCREENS");
    for name in SHOWN.map(|name| format!("{name}.png")) {
        let to = shown.join(&name);
        let from = folder().join(&name);
        // Each group of specs takes its own: of this run, those that came before.
        if from.exists() && (all || !to.exists()) {
            shrink(&from, &to).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }
}

/// A switch of whoever runs the tests.
fn option_of_the_caller(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0")
}

/// How many of the most frequent colours (the flat ones of the window) stay exactly as they are; the rest of the
/// 256 are chosen for what is left (the edges of letters, photos).
const EXACT: usize = 160;

type Rgba = [u8; 4];

/// Writes a picture of 256 colours.
fn shrink(from: &Path, to: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let (width, height, pixels) = read(from)?;
    let palette = palette(&pixels);
    let nearest = NearestOf::new(&palette);
    let indexed: Vec<u8> = pixels.iter().scan(nearest, |nearest, pixel| Some(nearest.to(*pixel))).collect();
    let mut encoder = Encoder::new(File::create(to)?, width, height);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_palette(palette.iter().flat_map(|colour| colour[..3].to_vec()).collect::<Vec<_>>());
    encoder.set_compression(Compression::High);
    encoder.set_filter(Filter::NoFilter);
    encoder.write_header()?.write_image_data(&indexed)?;
    Ok(())
}

fn read(path: &Path) -> Result<(u32, u32, Vec<Rgba>), Box<dyn std::error::Error>> {
    let mut decoder = Decoder::new(BufReader::new(File::open(path)?));
    decoder.set_transformations(Transformations::normalize_to_color8() | Transformations::ALPHA);
    let mut reader = decoder.read_info()?;
    let mut bytes = vec![0; reader.output_buffer_size().ok_or("a picture of a strange size")?];
    let info = reader.next_frame(&mut bytes)?;
    let pixels = bytes[..info.buffer_size()].chunks_exact(4).map(|p| [p[0], p[1], p[2], p[3]]).collect();
    Ok((info.width, info.height, pixels))
}

fn palette(pixels: &[Rgba]) -> Vec<Rgba> {
    let mut counts = HashMap::<Rgba, usize>::new();
    for pixel in pixels {
        *counts.entry(*pixel).or_default() += 1;
    }
    let mut colours: Vec<_> = counts.into_iter().collect();
    colours.sort_unstable_by_key(|(colour, count)| (usize::MAX - count, *colour));
    let rest = colours.split_off(EXACT.min(colours.len()));
    let exact = colours.into_iter().map(|(colour, _)| colour);
    let others: Vec<u8> = rest.into_iter().flat_map(|(colour, _)| colour).collect();
    let chosen =
        if others.is_empty() { Vec::new() } else { NeuQuant::new(1, 256 - EXACT, &others).color_map_rgba() };
    exact.chain(chosen.chunks_exact(4).map(|c| [c[0], c[1], c[2], c[3]])).collect()
}

/// Finds the nearest colour of a palette; what was found once is known.
struct NearestOf<'a> {
    palette: &'a [Rgba],
    known: HashMap<Rgba, u8>,
}

impl<'a> NearestOf<'a> {
    fn new(palette: &'a [Rgba]) -> Self {
        Self { palette, known: HashMap::new() }
    }

    fn to(&mut self, pixel: Rgba) -> u8 {
        *self.known.entry(pixel).or_insert_with(|| {
            let far = |colour: &Rgba| -> u32 {
                colour.iter().zip(pixel).map(|(one, other)| u32::from(one.abs_diff(other)).pow(2)).sum()
            };
            let places = 0..=u8::MAX;
            let nearest = self.palette.iter().zip(places).min_by_key(|(colour, _)| far(colour));
            nearest.map_or(0, |(_, place)| place)
        })
    }
}
