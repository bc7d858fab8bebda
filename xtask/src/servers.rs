//! Correct servers in other languages, written as somebody else would: the judge lets each of them pass,
//! and catches each of the mistakes that it makes on demand.
//!
//! Neither Python nor Node is needed to pass: what cannot run here is left out, and a line says so.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use openapi::Source;

use crate::packages::{Language, Packages};
use crate::program::Serving;
use crate::root;
use crate::step::step;

/// The servers under `conformance/examples/servers`: folder, what it is written in, and what starts it.
const SERVERS: [(&str, Language, &str); 2] = [
    ("fastapi", Language::Python, "server.py"),
    ("express", Language::Node, "server.js"),
];

/// A server whose packages are installed.
struct Server {
    folder: &'static str,
    own: PathBuf,
    packages: Packages,
    main: &'static str,
}

/// Has `judge`, the program, judge every one that can run here.
pub(crate) fn judged(judge: &Path) -> Result<(), String> {
    for (folder, language, main) in SERVERS {
        let own = root().join("conformance/examples/servers").join(folder);
        let what = format!("servers of others: {folder}");
        if let Some(packages) = Packages::of(language, folder, &own, &what)? {
            let server = Server {
                folder,
                own,
                packages,
                main,
            };
            judged_one(&server, judge)?;
        }
    }
    Ok(())
}

/// Judges a server as it is, and with each of its mistakes by the law that must catch it.
fn judged_one(server: &Server, judge: &Path) -> Result<(), String> {
    /// Enough to catch every mistake; the servers are not the fastest.
    const CASES: [&str; 2] = ["--cases", "12"];
    let mutations = Source::open(&server.own.join("mutations.yaml"));
    let mutations: BTreeMap<String, String> = mutations
        .and_then(|source| source.read())
        .map_err(|problem| problem.to_string())?;
    let serve = |mutation: &str| {
        let mut start = server.packages.program();
        start.current_dir(root()).arg(server.own.join(server.main));
        let settings = [("PORT", "0"), ("TEST_HOOKS", "1"), ("MUTATION", mutation)];
        Serving::start(start.envs(TOKENS).envs(settings))
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
