//! Gets what the tests need and the machine lacks, quietly, once, into the project's own folders where
//! that is possible: Python packages (`.tools/python`), npm packages (`node_modules` beside their
//! `package.json`), Debian's Chromium. And the window, built.
//!
//! Each is behind a lock file, so that tests running side by side install it once.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Something could not be installed; says what to do by hand.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    /// A command could not be started.
    #[error("{command} could not be started")]
    Start {
        /// The command line.
        command: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A command failed.
    #[error("{command} failed:\n{output}")]
    Failed {
        /// The command line.
        command: String,
        /// What it printed, both streams.
        output: String,
    },
    /// A file of ours could not be read or written.
    #[error("{path}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Only an administrator can install it.
    #[error("{what} is missing; install it with: {by_hand}")]
    Missing {
        /// What is missing.
        what: &'static str,
        /// The command.
        by_hand: String,
    },
}

/// The project's top folder.
pub fn project() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("this crate lies two folders below the top").to_owned()
}

/// The Python of a virtual environment that has exactly the packages of `tests/requirements.txt`.
pub fn python() -> Result<PathBuf, ToolError> {
    let venv = project().join(".tools/python");
    let wanted = project().join("tests/requirements.txt");
    let python = venv.join("bin/python");
    let _lock = lock("python")?;
    let text = read(&wanted)?;
    let stamp = venv.join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == text) {
        return Ok(python);
    }
    say("installing the tests' Python packages");
    make_venv(&venv)?;
    // uv takes three seconds for what pip takes two minutes. (A file with extras is no constraint to pip.)
    let uv = text.lines().find(|line| line.starts_with("uv==")).unwrap_or("uv");
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    run(Command::new(&python).args(pip).arg(uv))?;
    let uv = python.with_file_name("uv");
    run(Command::new(uv)
        .args(["pip", "install", "--quiet", "--python"])
        .arg(&python)
        .arg("--requirement")
        .arg(&wanted))?;
    fs::write(&stamp, text).map_err(|source| ToolError::File { path: stamp, source })?;
    Ok(python)
}

fn make_venv(venv: &Path) -> Result<(), ToolError> {
    let make = || run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(venv));
    if make().is_err() {
        debian_package("python3-venv")?;
        make()?;
    }
    Ok(())
}

/// Installs the packages of the `package-lock.json` in `folder` (relative to the top) unless they are there.
pub fn npm_packages(folder: &str) -> Result<PathBuf, ToolError> {
    let folder = project().join(folder);
    let _lock = lock("npm")?;
    let wanted = read(&folder.join("package-lock.json"))?;
    let stamp = folder.join("node_modules/.installed-lock");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(folder);
    }
    say("installing npm packages");
    run(Command::new("npm")
        .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(&folder))?;
    fs::write(&stamp, wanted).map_err(|source| ToolError::File { path: stamp, source })?;
    Ok(folder)
}

/// Debian's (or Ubuntu's, or the user's own) Chromium.
pub fn chromium() -> Result<PathBuf, ToolError> {
    let _lock = lock("chromium")?;
    if let Some(found) = find_chromium() {
        return Ok(found);
    }
    say("installing Chromium");
    debian_package("chromium")?;
    let by_hand = "apt-get install chromium".to_owned();
    find_chromium().ok_or(ToolError::Missing { what: "Chromium", by_hand })
}

fn find_chromium() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
    names
        .iter()
        .flat_map(|name| ["/usr/bin", "/snap/bin"].map(|dir| Path::new(dir).join(name)))
        .find(|p| p.exists())
}

fn debian_package(name: &'static str) -> Result<(), ToolError> {
    let apt = |args: &[&str]| {
        let mut command = Command::new("apt-get");
        run(command.env("DEBIAN_FRONTEND", "noninteractive").args(["-qq", "-y"]).args(args))
    };
    let installed = apt(&["update"]).and_then(|_| apt(&["install", "--no-install-recommends", name]));
    installed
        .map(drop)
        .map_err(|_| ToolError::Missing { what: name, by_hand: format!("sudo apt-get install {name}") })
}

/// Runs a command to its end; what it printed comes back, or is in the error.
pub fn run(command: &mut Command) -> Result<Output, ToolError> {
    let name = command_line(command);
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|source| ToolError::Start { command: name.clone(), source })?;
    if output.status.success() {
        return Ok(output);
    }
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    Err(ToolError::Failed { command: name, output: String::from_utf8_lossy(&both).into_owned() })
}

fn command_line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

fn lock(name: &str) -> Result<File, ToolError> {
    let folder = project().join(".tools");
    let path = folder.join(format!("{name}.lock"));
    let opened = fs::create_dir_all(&folder).and_then(|()| File::create(&path));
    opened.and_then(|file| file.lock().map(|()| file)).map_err(|source| ToolError::File { path, source })
}

fn read(path: &Path) -> Result<String, ToolError> {
    fs::read_to_string(path).map_err(|source| ToolError::File { path: path.to_owned(), source })
}

#[expect(clippy::print_stderr, reason = "whoever waits for an installation wants to know")]
fn say(what: &str) {
    eprintln!("… {what}");
}
