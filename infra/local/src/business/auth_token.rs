//! Where Twilio's auth token comes from: a file, the environment, or somebody who types it unseen. Never the command
//! line, which others see.

use std::fs;
use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};

use porchlight_edge::BoxError;

use crate::ambient;

/// Longer is no token: a file was named by mistake.
const LONGEST: usize = 200;

/// Names the place, never the token.
#[derive(clap::Args)]
pub struct TokenFrom {
    /// Environment variable that holds Twilio's auth token; a command line is seen by others.
    #[arg(long, default_value = Self::VARIABLE)]
    auth_token_from: String,
    /// File that holds it instead; - is standard input. Without both, it is asked for.
    #[arg(long)]
    auth_token_file: Option<PathBuf>,
}

impl Default for TokenFrom {
    fn default() -> Self {
        Self { auth_token_from: Self::VARIABLE.to_owned(), auth_token_file: None }
    }
}

impl TokenFrom {
    const VARIABLE: &str = "TWILIO_AUTH_TOKEN";

    /// The token.
    pub fn read(&self) -> Result<String, BoxError> {
        let found = match &self.auth_token_file {
            Some(file) => content(file)?,
            None => self.variable().map_or_else(|| self.asked(), Ok)?,
        };
        let token = found.trim();
        if token.is_empty() || token.len() > LONGEST || token.contains(char::is_control) {
            return Err("what was given is no auth token: one line of text".into());
        }
        Ok(token.to_owned())
    }

    fn variable(&self) -> Option<String> {
        ambient::environment("").remove(&self.auth_token_from).filter(|token| !token.is_empty())
    }

    fn asked(&self) -> Result<String, BoxError> {
        if !io::stdin().is_terminal() {
            let name = &self.auth_token_from;
            return Err(format!(
                "environment variable {name} holds no auth token: set it, or name a file with --auth-token-file"
            )
            .into());
        }
        let typed = unseen(prompted);
        eprintln!();
        Ok(typed?)
    }
}

fn prompted() -> io::Result<String> {
    eprint!("Twilio's auth token (it is not shown): ");
    io::stderr().flush()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map(|_| line)
}

fn content(file: &Path) -> Result<String, BoxError> {
    if file == Path::new("-") {
        let mut text = String::new();
        io::stdin().lock().take(LONGEST as u64 * 2).read_to_string(&mut text)?;
        return Ok(text);
    }
    fs::read_to_string(file).map_err(|why| format!("{} cannot be read: {why}", file.display()).into())
}

/// What `read` reads from a terminal that does not show it.
#[cfg(unix)]
fn unseen<T>(read: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
    let stdin = io::stdin();
    let before = tcgetattr(&stdin)?;
    let mut silent = before.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&stdin, OptionalActions::Now, &silent)?;
    let read = read();
    tcsetattr(&stdin, OptionalActions::Now, &before)?;
    read
}

#[cfg(not(unix))]
fn unseen<T>(_: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    Err(io::Error::other("this terminal cannot hide what is typed: use --auth-token-file"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(content: &str) -> Result<String, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("token");
        fs::write(&file, content).expect("a file");
        let from = TokenFrom { auth_token_file: Some(file), ..TokenFrom::default() };
        from.read().map_err(|error| error.to_string())
    }

    #[test]
    fn a_token_is_one_line_of_a_file_and_what_is_none_is_not_repeated() {
        assert_eq!(from("  a-token\r\n").as_deref(), Ok("a-token"));
        for wrong in ["", "\n", "one\ntwo", &"x".repeat(LONGEST + 1)] {
            let refused = from(wrong).expect_err("it is no token");
            assert!(refused.contains("no auth token") && !refused.contains("two"), "{refused}");
        }
    }
}
