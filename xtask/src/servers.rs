//! Correct servers in other languages, written as somebody else would: the judge lets each of them pass,
//! and catches each of the mistakes that it makes on demand.
//!
//! Neither Python nor Node is needed to pass: where one is not there, or its packages cannot be had, a
//! line says so. What is installed is kept in the target folder until other versions are asked for.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use openapi::Source;

use crate::program::{Serving, target};
use crate::root;
use crate::step::{absent, step};

/// A server under `conformance/examples/servers`.
struct Server {
    folder: &'static str,
    needs: &'static str,
    /// A program, and words with which it fails where it is too old.
    probe: (&'static str, [&'static str; 2]),
    /// The file that says which packages it is made of.
    pins: &'static str,
    /// Installs those in the second folder, from the server's own, which is the first.
    install: fn(&Path, &Path) -> Vec<Command>,
    /// Starts it, given the same folders.
    start: fn(&Path, &Path) -> Command,
}

const SERVERS: [Server; 2] = [
    Server {
        folder: "fastapi",
        needs: "python3, 3.11 or later",
        probe: (
            "python3",
            ["-c", "import sys; sys.exit(sys.version_info < (3, 11))"],
        ),
        pins: "requirements.txt",
        install: |own, into| {
            let mut venv = Command::new("python3");
            venv.args(["-m", "venv"]).arg(into);
            let mut pip = Command::new(python(into));
            pip.args(["-m", "pip", "install", "--quiet", "--retries", "1"])
                .args(["--timeout", "10", "--requirement"])
                .arg(own.join("requirements.txt"));
            vec![venv, pip]
        },
        start: |own, into| {
            let mut start = Command::new(python(into));
            start.arg(own.join("server.py"));
            start
        },
    },
    Server {
        folder: "express",
        needs: "node, 18 or later, with npm",
        probe: (
            "node",
            [
                "-e",
                "process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)",
            ],
        ),
        pins: "package-lock.json",
        install: |own, into| {
            // npm installs where these two lie, which is not to be among the sources.
            for file in ["package.json", "package-lock.json"] {
                // Without them npm says what is missing.
                let _ = fs::copy(own.join(file), into.join(file));
            }
            let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
            npm.current_dir(into)
                .args(["ci", "--no-audit", "--no-fund", "--loglevel", "error"])
                .args(["--fetch-retries", "1", "--fetch-timeout", "10000"]);
            vec![npm]
        },
        start: |own, into| {
            let mut start = Command::new("node");
            start
                .arg(own.join("server.js"))
                .env("NODE_PATH", into.join("node_modules"));
            start
        },
    },
];

/// The Python of a virtual environment.
fn python(environment: &Path) -> PathBuf {
    environment.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    })
}

/// Has `judge`, the program, judge every one that can run here.
pub(crate) fn judged(judge: &Path) -> Result<(), String> {
    for server in &SERVERS {
        let name = format!("servers of others: {}", server.folder);
        let (program, words) = server.probe;
        if said(Command::new(program).args(words)).is_err() {
            absent(&name, server.needs);
            continue;
        }
        match installed(server)? {
            Ok(()) => judged_one(server, judge)?,
            Err(reason) => println!("skipped {name:<42} {reason}"),
        }
    }
    Ok(())
}

/// Installs what a server is made of; where that does not work, says why.
fn installed(server: &Server) -> Result<Result<(), String>, String> {
    let (own, into) = folders(server)?;
    let pins = fs::read(own.join(server.pins))
        .map_err(|error| format!("cannot read {}: {error}", server.pins))?;
    let done = into.join("installed");
    if fs::read(&done).is_ok_and(|installed| installed == pins) {
        return Ok(Ok(()));
    }
    let written = |error| format!("cannot write into {}: {error}", into.display());
    fs::create_dir_all(&into).map_err(written)?;
    for mut command in (server.install)(&own, &into) {
        if let Err(reason) = said(&mut command) {
            return Ok(Err(reason));
        }
    }
    fs::write(&done, pins).map_err(written)?;
    Ok(Ok(()))
}

/// Judges a server as it is, and with each of its mistakes by the law that must catch it.
fn judged_one(server: &Server, judge: &Path) -> Result<(), String> {
    /// Enough to catch every mistake; the servers are not the fastest.
    const CASES: [&str; 2] = ["--cases", "12"];
    let (own, into) = folders(server)?;
    let mutations = Source::open(&own.join("mutations.yaml"));
    let mutations: BTreeMap<String, String> = mutations
        .and_then(|source| source.read())
        .map_err(|problem| problem.to_string())?;
    let serve = |mutation: &str| {
        let mut start = (server.start)(&own, &into);
        let settings = [("PORT", "0"), ("TEST_HOOKS", "1"), ("MUTATION", mutation)];
        Serving::start(start.current_dir(root()).envs(TOKENS).envs(settings))
    };
    let check = |url: &str| {
        let mut check = Command::new(judge);
        let check_one = check.current_dir(root()).args(["check", url]).args(CASES);
        let subject = format!(
            "conformance/examples/servers/{}/subject.yaml",
            server.folder
        );
        check_one.envs(TOKENS).args(["--subject", &subject]);
        check
    };
    let correct = serve("")?;
    let name = format!("{} keeps the documents", server.folder);
    step(&name, &mut check(&correct.url), 0)?;
    drop(correct);
    for (mutation, law) in &mutations {
        let mutant = serve(mutation)?;
        let name = format!("{}: {mutation} is caught", server.folder);
        step(&name, check(&mutant.url).args(["--law", law]), 1)?;
    }
    Ok(())
}

/// The tokens of the servers' two customers, for the server and for the judge.
const TOKENS: [(&str, &str); 2] = [
    ("ADA_TOKEN", "token-of-ada"),
    ("GRACE_TOKEN", "token-of-grace"),
];

/// Where a server's sources are, and where its packages go.
fn folders(server: &Server) -> Result<(PathBuf, PathBuf), String> {
    let own = root().join("conformance/examples/servers");
    let into = target("servers")?;
    Ok((own.join(server.folder), into.join(server.folder)))
}

/// Runs a command for its success only; where it has none, the line that says most of why.
fn said(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    let text = [output.stderr, output.stdout].concat();
    let text = String::from_utf8_lossy(&text);
    let speaks = |line: &&str| {
        ["ERROR", "Error", "npm error"]
            .iter()
            .any(|one| line.starts_with(one))
    };
    let line = text.lines().find(speaks).or(text.lines().last());
    Err(line.unwrap_or("it did not say why").trim().to_owned())
}
