//! Prints how long functions and files are, against the house style: functions median ≤ 12 and p95 ≤ 50
//! lines, files about 300. Tests are counted apart; generated files are left out.

use std::fs;
use std::path::{Path, PathBuf};

use porchlight_tools::{ToolError, project, run};

const LONG_FILE: usize = 300;
const LONG_FUNCTION: usize = 50;

struct Measured {
    path: String,
    lines: usize,
    /// Name and lines of each function.
    functions: Vec<(String, usize)>,
}

#[expect(clippy::print_stdout, reason = "printing is its job")]
fn main() -> Result<(), ToolError> {
    let (tests, code): (Vec<_>, Vec<_>) =
        sources()?.into_iter().filter_map(|path| measure(&path)).partition(is_test);
    for (what, files) in [("code", &code), ("tests", &tests)] {
        let mut lengths: Vec<_> =
            files.iter().flat_map(|f| f.functions.iter().map(|(_, lines)| *lines)).collect();
        lengths.sort_unstable();
        let lines: usize = files.iter().map(|f| f.lines).sum();
        let (median, p95) = (percentile(&lengths, 50), percentile(&lengths, 95));
        println!(
            "{what}: {} files, {lines} lines; {} Rust functions, median {median}, p95 {p95}",
            files.len(),
            lengths.len()
        );
    }
    println!("\nfiles over {LONG_FILE} lines:");
    longest(code.iter().map(|f| (f.lines, f.path.clone())), LONG_FILE).for_each(|line| println!("{line}"));
    println!("\nfunctions over {LONG_FUNCTION} lines:");
    let functions =
        code.iter().flat_map(|f| f.functions.iter().map(|(name, n)| (*n, format!("{} {name}", f.path))));
    longest(functions, LONG_FUNCTION).for_each(|line| println!("{line}"));
    Ok(())
}

fn sources() -> Result<Vec<PathBuf>, ToolError> {
    let listed = run(std::process::Command::new("git").arg("ls-files").current_dir(project()))?;
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let kinds = ["rs", "ts", "svelte", "css"];
    let is_source = |path: &Path| path.extension().is_some_and(|e| kinds.iter().any(|kind| e == *kind));
    let generated = |path: &Path| path.ends_with("schema.d.ts");
    Ok(listed.lines().map(PathBuf::from).filter(|path| is_source(path) && !generated(path)).collect())
}

fn is_test(file: &Measured) -> bool {
    file.path.contains("/tests/") || file.path.starts_with("tests/") || file.path.contains(".test.")
}

fn measure(path: &Path) -> Option<Measured> {
    let text = fs::read_to_string(project().join(path)).ok()?;
    let rust = path.extension().is_some_and(|e| e == "rs");
    let code = text.split("#[cfg(test)]").next().unwrap_or(&text);
    let functions = if rust { functions(code) } else { Vec::new() };
    Some(Measured { path: path.display().to_string(), lines: code.lines().count(), functions })
}

/// Functions of formatted Rust: from the line with `fn` to the closing brace at the same indentation.
fn functions(code: &str) -> Vec<(String, usize)> {
    let lines: Vec<_> = code.lines().collect();
    let begins = lines.iter().enumerate().filter_map(|(at, line)| Some((at, function_name(line)?)));
    begins
        .map(|(at, name)| {
            let indent = lines[at].len() - lines[at].trim_start().len();
            let closes = |line: &&str| line.trim_end() == format!("{}}}", " ".repeat(indent));
            let length = lines[at..].iter().position(closes).map_or(1, |n| n + 1);
            // A one-line body, or a declaration without one.
            (name, if lines[at].ends_with('}') || lines[at].ends_with(';') { 1 } else { length })
        })
        .collect()
}

fn function_name(line: &str) -> Option<String> {
    let mut words = line.trim_start().split(' ');
    let modifiers = ["pub", "pub(crate)", "pub(super)", "const", "async", "unsafe"];
    let word = words.by_ref().find(|word| !modifiers.contains(word))?;
    let name = (word == "fn").then(|| words.next())??;
    Some(name.split(['(', '<']).next().unwrap_or(name).to_owned())
}

fn percentile(sorted: &[usize], percent: usize) -> usize {
    if sorted.is_empty() { 0 } else { sorted[(sorted.len() - 1) * percent / 100] }
}

fn longest(rows: impl Iterator<Item = (usize, String)>, over: usize) -> impl Iterator<Item = String> {
    let mut rows: Vec<_> = rows.filter(|(lines, _)| *lines > over).collect();
    rows.sort_by(|a, b| b.cmp(a));
    rows.into_iter().map(|(lines, what)| format!("{lines:6}  {what}"))
}
