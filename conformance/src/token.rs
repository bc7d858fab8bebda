//! A caller's token: a text, or the output of a command, which is run again if the token expires.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use crate::lock::lock;

/// A caller's token, and the variable that replaces it in reports.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    /// The token at the start of the run. Requests are signed with it.
    pub(crate) text: String,
    pub(crate) variable: String,
    /// The means to get a later token, if there is one.
    pub(crate) renewal: Option<Arc<Renewal>>,
}

impl Token {
    /// Every token of the caller so far.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        let later = self.renewal.iter().flat_map(|renewal| renewal.later());
        std::iter::once(self.text.as_str()).chain(later)
    }
}

/// The command that prints a token, and the tokens that it printed later in the run.
#[derive(Debug, Default)]
pub(crate) struct Renewal {
    command: Vec<String>,
    first_later: OnceLock<Box<Later>>,
    /// Held while a token is fetched, so that it is fetched once for all threads.
    renewing: Mutex<()>,
}

/// A link of a list that only grows, so that its texts can be borrowed without a lock.
#[derive(Debug)]
struct Later {
    text: String,
    next: OnceLock<Box<Later>>,
}

impl Renewal {
    /// The longest time for the command.
    const TIME: Duration = Duration::from_secs(30);

    pub(crate) fn new(command: &[String]) -> Self {
        Self {
            command: command.to_vec(),
            ..Self::default()
        }
    }

    /// The tokens after the first one.
    pub(crate) fn later(&self) -> impl Iterator<Item = &str> {
        let first = self.first_later.get();
        let links = std::iter::successors(first, |later| later.next.get());
        links.map(|later| later.text.as_str())
    }

    /// Fetches a new token, unless another thread replaced `expired` meanwhile.
    ///
    /// Fails with the reason as a clause, such as "`vault` cannot be started".
    pub(crate) fn renew(&self, first: &str, expired: &str) -> Result<(), String> {
        let _only_one = lock(&self.renewing);
        if self.later().last().unwrap_or(first) != expired {
            return Ok(());
        }
        let text = self.fetch()?;
        let later = Box::new(Later {
            text,
            next: OnceLock::new(),
        });
        let mut end = &self.first_later;
        while let Some(link) = end.get() {
            end = &link.next;
        }
        let _ = end.set(later);
        Ok(())
    }

    /// The token that the command prints, without the space around it.
    pub(crate) fn fetch(&self) -> Result<String, String> {
        let Some((program, arguments)) = self.command.split_first() else {
            return Err("the command is empty".to_owned());
        };
        let child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn();
        let child = child.map_err(|error| format!("`{program}` cannot be started: {error}"))?;
        let printed = printed(child, program)?;
        let token = printed.trim();
        if token.is_empty() {
            return Err(format!("`{program}` printed nothing"));
        }
        if !is_token(token) {
            return Err(format!(
                "`{program}` printed something else than one word of visible ASCII characters"
            ));
        }
        Ok(token.to_owned())
    }
}

/// Whether a text can be a token: visible ASCII characters, at least one.
pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The output of a process that ends in time and well.
fn printed(mut child: Child, program: &str) -> Result<String, String> {
    const GAP: Duration = Duration::from_millis(5);
    let began = Instant::now();
    let output = child.stdout.take();
    let reader = thread::spawn(move || {
        let mut text = String::new();
        if let Some(mut output) = output {
            output.read_to_string(&mut text)?;
        }
        std::io::Result::Ok(text)
    });
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if began.elapsed() < Renewal::TIME => thread::sleep(GAP),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                let most = Renewal::TIME.as_secs();
                return Err(format!("`{program}` took longer than {most} s"));
            }
            Err(error) => return Err(format!("`{program}` cannot be waited for: {error}")),
        }
    };
    if !status.success() {
        return Err(format!("`{program}` failed with {status}"));
    }
    let text = reader.join().expect("reading does not panic");
    text.map_err(|error| format!("the output of `{program}` cannot be read: {error}"))
}
