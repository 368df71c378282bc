//! In a checkout: builds the web app when it is older than its sources, as `cargo run` promises.
//!
//! Tests and measurements use it too; `tests/tools` installs packages behind the same lock and with the same stamp.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use crate::config::{BUILT_WEB, Config};

/// The folder of the sources, in a checkout.
const SOURCE_FOLDER: &str = "web";
/// What the built app depends on, there.
const SOURCES: [&str; 8] = [
    "src",
    "public",
    "build",
    "index.html",
    "package-lock.json",
    "svelte.config.js",
    "tsconfig.json",
    "vite.config.ts",
];

/// The web app was not built. One line, with what to do.
#[derive(Debug, thiserror::Error)]
pub enum WebAppError {
    /// No npm.
    #[error(
        "npm cannot be started ({0}): install Node 20 or newer and start again, or set build_web = false"
    )]
    NoNpm(io::Error),
    /// npm failed.
    #[error("`npm {command}` failed in {}: run it there to see why", folder.display())]
    Failed {
        /// Its arguments.
        command: &'static str,
        /// Where.
        folder: PathBuf,
    },
    /// A file of ours.
    #[error("a file of the web app cannot be read or written ({0})")]
    File(#[from] io::Error),
}

/// Builds the app if it is older than its sources. Does nothing outside of a checkout, for an app that is somewhere
/// else, and where the configuration says so. `say` is told what takes long.
pub fn build_if_stale(config: &Config, say: impl Fn(&str)) -> Result<(), WebAppError> {
    if !config.build_web || config.web != Path::new(BUILT_WEB) {
        return Ok(());
    }
    build_in(Path::new(SOURCE_FOLDER), say)
}

/// The same for the sources in `web`, wherever that is.
pub fn build_in(web: &Path, say: impl Fn(&str)) -> Result<(), WebAppError> {
    if !web.join("package.json").is_file() || stale(web)?.is_none() {
        return Ok(());
    }
    let _packages = lock(web, "npm")?;
    let _build = lock(web, "web")?;
    // Whoever held the locks may have built it.
    let Some(written) = stale(web)? else { return Ok(()) };
    install_packages(web, &say)?;
    say("building the web app");
    npm(web, "run build")?;
    // A source that was written while it was built is newer than what was built.
    File::options().write(true).open(page(web))?.set_modified(written)?;
    Ok(())
}

fn page(web: &Path) -> PathBuf {
    web.join("dist/index.html")
}

/// When the newest source was written, if that is after the app was built.
fn stale(web: &Path) -> io::Result<Option<SystemTime>> {
    let times = SOURCES.map(|source| newest(&web.join(source)));
    let written = times.into_iter().collect::<io::Result<Vec<_>>>()?.into_iter().flatten().max();
    let built = page(web).metadata().and_then(|file| file.modified()).ok();
    Ok(written.filter(|written| built.is_none_or(|built| built < *written)))
}

/// When something in a file or folder was last written.
fn newest(path: &Path) -> io::Result<Option<SystemTime>> {
    let metadata = match path.metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        metadata => metadata?,
    };
    let mut time = Some(metadata.modified()?);
    if metadata.is_dir() {
        for entry in fs::read_dir(path)? {
            time = time.max(newest(&entry?.path())?);
        }
    }
    Ok(time)
}

fn install_packages(web: &Path, say: impl Fn(&str)) -> Result<(), WebAppError> {
    let wanted = fs::read_to_string(web.join("package-lock.json"))?;
    let stamp = web.join("node_modules/.installed-lock");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    say("installing the web app's packages (once)");
    npm(web, "ci --no-audit --no-fund")?;
    Ok(fs::write(&stamp, wanted)?)
}

/// What npm prints is its own; standard output belongs to `--json`.
fn npm(web: &Path, command: &'static str) -> Result<(), WebAppError> {
    let mut npm = Command::new("npm");
    npm.args(command.split(' ')).current_dir(web);
    npm.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let status = npm.status().map_err(WebAppError::NoNpm)?;
    let failed = || WebAppError::Failed { command, folder: web.to_owned() };
    status.success().then_some(()).ok_or_else(failed)
}

/// Held against whoever else installs or builds here.
fn lock(web: &Path, name: &str) -> io::Result<File> {
    let folder = web.parent().unwrap_or(Path::new("")).join(".tools");
    fs::create_dir_all(&folder)?;
    let file = File::create(folder.join(format!("{name}.lock")))?;
    file.lock().map(|()| file)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// A checkout whose packages are installed, and whose build writes a page.
    fn checkout(build: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        let web = folder.path().join(SOURCE_FOLDER);
        fs::create_dir_all(web.join("src/deep")).expect("a folder");
        fs::create_dir(web.join("node_modules")).expect("a folder");
        let package = format!(r#"{{"private":true,"scripts":{{"build":"{build}"}}}}"#);
        for (name, text) in [("package.json", package.as_str()), ("src/deep/App.svelte", "")] {
            fs::write(web.join(name), text).expect("a file");
        }
        for name in ["package-lock.json", "node_modules/.installed-lock"] {
            fs::write(web.join(name), "{}").expect("a file");
        }
        folder
    }

    fn told(folder: &tempfile::TempDir) -> (Result<(), WebAppError>, Vec<String>) {
        let told = std::cell::RefCell::new(Vec::new());
        let built =
            build_in(&folder.path().join(SOURCE_FOLDER), |what| told.borrow_mut().push(what.to_owned()));
        (built, told.into_inner())
    }

    #[test]
    fn the_web_app_is_built_when_a_source_is_newer_and_only_then() {
        let folder = checkout("mkdir -p dist && echo built > dist/index.html");
        let web = folder.path().join(SOURCE_FOLDER);
        let (built, said) = told(&folder);
        assert!(built.is_ok() && said == ["building the web app"], "{said:?}");
        assert!(page(&web).is_file());
        assert!(told(&folder).1.is_empty(), "nothing is newer");
        let source = File::options().write(true).open(web.join("src/deep/App.svelte")).expect("a file");
        let built_at = page(&web).metadata().and_then(|file| file.modified()).expect("a time");
        source.set_modified(built_at + Duration::from_secs(1)).expect("a time");
        assert_eq!(told(&folder).1, ["building the web app"]);
        assert!(told(&folder).1.is_empty(), "nothing is newer");
    }

    #[test]
    fn a_build_that_fails_says_what_to_do_in_one_line() {
        let error = told(&checkout("exit 1")).0.expect_err("it fails").to_string();
        assert!(error.contains("npm run build") && !error.contains('\n'), "{error}");
    }

    #[test]
    fn nothing_is_built_outside_of_a_checkout_or_for_an_app_elsewhere() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(told(&folder).1.is_empty());
        let elsewhere = Config { web: PathBuf::from("/elsewhere/dist"), ..Config::default() };
        assert!(build_if_stale(&elsewhere, |what| panic!("{what}")).is_ok());
    }
}
