//! `cargo xtask soak`: a mock under mixed load for a long time, whose memory and open files must stay bounded.

use std::collections::VecDeque;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use jiff::SignedDuration;

use crate::bench::process::resident;
use crate::hostile::{mock_with, table};
use crate::program::target;

/// The options of the chore.
#[derive(Debug, clap::Args)]
pub(crate) struct Soak {
    /// How long, as in `30s` or `30m`
    #[arg(long = "for", value_name = "TIME", default_value = "1m")]
    time: SignedDuration,
    /// The memory that the mock may have in RAM, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 100)]
    memory: u64,
    /// The files and sockets that it may have open
    #[arg(long, value_name = "N", default_value_t = 400)]
    files: usize,
}

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// The number of clients at the same time.
const CLIENTS: u64 = 4;

/// The number of connections that each client leaves with half a request.
const STUCK: usize = 50;

/// The scenario that is edited.
const SCENARIO: &str = include_str!("../../fixtures/scenarios/default.yaml");

/// The time between two edits of the scenario.
const EDIT: Duration = Duration::from_millis(100);

/// The time between two looks at the process.
const LOOK: Duration = Duration::from_secs(5);

/// What the clients did, and whether they go on.
#[derive(Default)]
struct Load {
    ended: AtomicBool,
    requests: AtomicU64,
    edits: AtomicU64,
}

impl Soak {
    /// Prints a line at each look. An error if an answer is wrong, or a bound is broken.
    pub(crate) fn run(&self) -> Result<(), String> {
        let file = target("xtask")?.join(format!("soak-{}.yaml", std::process::id()));
        edit(&file, 0)?;
        let mock = mock_with(&["--scenario".as_ref(), file.as_ref()])?;
        let address: Arc<str> = mock.url.trim_start_matches("http://").into();
        let time = Duration::try_from(self.time).map_err(|_| "the time is negative".to_owned())?;
        let load = Arc::new(Load::default());
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let (address, load) = (Arc::clone(&address), Arc::clone(&load));
                thread::spawn(move || client(number, &address, &load))
            })
            .collect();
        let editor = {
            let (file, load) = (file.clone(), Arc::clone(&load));
            thread::spawn(move || editor(&file, &load))
        };
        let watched = self.watch(mock.id(), time, &load);
        load.ended.store(true, Ordering::Relaxed);
        let edited = editor.join().map_err(|_| "the editor panicked".to_owned());
        let _ = fs::remove_file(&file);
        edited??;
        for client in clients {
            client
                .join()
                .map_err(|_| "a client panicked".to_owned())??;
        }
        watched
    }

    fn watch(&self, id: u32, time: Duration, load: &Load) -> Result<(), String> {
        let began = Instant::now();
        while began.elapsed() < time {
            thread::sleep(LOOK.min(time.saturating_sub(began.elapsed())));
            let memory = resident(id)?.now >> 20;
            let files = fs::read_dir(format!("/proc/{id}/fd"));
            let files = files.map_err(|error| format!("the mock has ended: {error}"))?;
            let files = files.count();
            let requests = load.requests.load(Ordering::Relaxed);
            let seconds = began.elapsed().as_secs();
            let edits = load.edits.load(Ordering::Relaxed);
            println!(
                "{seconds:>6} s {requests:>10} requests {edits:>6} edits {memory:>5} MiB {files:>5} files"
            );
            if memory > self.memory {
                return Err(format!("{memory} MiB are more than {}", self.memory));
            }
            if files > self.files {
                return Err(format!("{files} open files are more than {}", self.files));
            }
            if load.ended.load(Ordering::Relaxed) {
                break;
            }
        }
        Ok(())
    }
}

/// Edits the scenario until the load ends. Every other edit is broken, and all others tell one world.
fn editor(file: &Path, load: &Load) -> Result<(), String> {
    while !load.ended.load(Ordering::Relaxed) {
        let number = load.edits.fetch_add(1, Ordering::Relaxed) + 1;
        edit(file, number)?;
        thread::sleep(EDIT);
    }
    Ok(())
}

/// Writes the scenario with this number.
fn edit(file: &Path, number: u64) -> Result<(), String> {
    let broken = if number % 2 == 1 {
        "owners: none\n"
    } else {
        ""
    };
    let text = format!("# {number}\n{SCENARIO}{broken}");
    file.parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(file, text))
        .map_err(|error| format!("cannot write {}: {error}", file.display()))
}

/// Sends requests of every kind until the load ends. The first wrong answer ends the load.
fn client(number: u64, address: &str, load: &Load) -> Result<(), String> {
    let cases = table::cases();
    let mut stuck = VecDeque::new();
    let mut turn = number;
    let mut done = Ok(());
    while done.is_ok() && !load.ended.load(Ordering::Relaxed) {
        done = match turn % 8 {
            0 => {
                let place = usize::try_from(turn / 8).unwrap_or_default() % cases.len();
                let case = &cases[place];
                case.check(address)
                    .map_err(|found| format!("{}: {found}", case.name))
            }
            1 => half(address).map(|socket| {
                stuck.push_back(socket);
                if stuck.len() > STUCK {
                    stuck.pop_front();
                }
            }),
            // A mock remembers the ids of jobs that were deleted until it is reset.
            2 if turn % 512 == 2 => created_and_deleted(address),
            3 => {
                let query: String = (0..500).map(|name| format!("&x{name}={turn}")).collect();
                ask(
                    address,
                    "GET",
                    &format!("{TIMELINE}?since=1{query}"),
                    "",
                    200,
                )
            }
            4 => ask(address, "GET", "/__mock/requests?after=1", "", 200),
            5 => ask(address, "GET", &format!("{TIMELINE}?since=x"), "", 422),
            _ => ask(
                address,
                "GET",
                &format!("{TIMELINE}?since={}", turn % 90),
                "",
                200,
            ),
        };
        load.requests.fetch_add(1, Ordering::Relaxed);
        turn += 1;
    }
    load.ended.store(true, Ordering::Relaxed);
    done
}

/// A timeline of the bundled world.
const TIMELINE: &str = "/v1/jobs/01JADA00000000000000000020/events";

/// A connection on which half of a request was sent.
fn half(address: &str) -> Result<TcpStream, String> {
    let failed = |error: std::io::Error| format!("no connection: {error}");
    let mut socket = TcpStream::connect(address).map_err(failed)?;
    let head = format!("GET {TIMELINE} HTTP/1.1\r\nHost: localhost\r\nX: ");
    socket.write_all(head.as_bytes()).map_err(failed)?;
    Ok(socket)
}

/// A job that is created, and deleted again.
fn created_and_deleted(address: &str) -> Result<(), String> {
    let jobs = "/__mock/jobs/job-timeline";
    let text = exchange(address, "POST", jobs, r#"{"owner":"ada","events":30}"#)?;
    let id = text.split_once(r#""id":""#).map(|(_, rest)| rest);
    let id = id.and_then(|rest| rest.split_once('"')).map(|(id, _)| id);
    let id = id.ok_or_else(|| format!("no job was created: {text}"))?;
    let target = format!("{jobs}/{id}");
    let text = exchange(address, "DELETE", &target, "")?;
    // An edit of the scenario may have taken it away meanwhile.
    if ["HTTP/1.1 204 ", "HTTP/1.1 404 "]
        .iter()
        .any(|line| text.starts_with(line))
    {
        return Ok(());
    }
    let line = text.lines().next().unwrap_or_default();
    Err(format!(
        "DELETE {target}: `{line}`, and 204 or 404 must come"
    ))
}

/// A request that must get this status.
fn ask(address: &str, method: &str, target: &str, body: &str, wanted: u16) -> Result<(), String> {
    let text = exchange(address, method, target, body)?;
    if text.starts_with(&format!("HTTP/1.1 {wanted} ")) {
        return Ok(());
    }
    let line = text.lines().next().unwrap_or_default();
    let target: String = target.chars().take(100).collect();
    Err(format!(
        "{method} {target}: `{line}`, and {wanted} must come"
    ))
}

/// A request on a connection of its own, and all of its answer.
pub(crate) fn exchange(
    address: &str,
    method: &str,
    target: &str,
    body: &str,
) -> Result<String, String> {
    let failed = |error: std::io::Error| format!("{method} {target} failed: {error}");
    let mut socket = TcpStream::connect(address).map_err(failed)?;
    socket.set_read_timeout(Some(PATIENCE)).map_err(failed)?;
    let length = body.len();
    let request = format!(
        "{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer token-of-ada\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    socket.write_all(request.as_bytes()).map_err(failed)?;
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).map_err(failed)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
