//! Correct servers in other languages, written as somebody else would: the judge lets each of them pass,
//! and catches each of the mistakes that it makes on demand.
//!
//! Neither Python nor Node is needed to pass: what cannot run here is left out, and a line says so.

mod conditions;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use openapi::Source;

use crate::packages::{Language, Packages};
use crate::program::Serving;
use crate::root;
use crate::step::{skipped, step};

use conditions::Conditions;

/// The servers under `conformance/examples/servers`: folder, what it is written in, and what starts it.
const SERVERS: [(&str, Language, &str); 2] = [
    ("fastapi", Language::Python, "server.py"),
    ("express", Language::Node, "server.js"),
];

/// Enough to catch every mistake; the servers are not the fastest.
const CASES: [&str; 2] = ["--cases", "12"];

/// The tokens of the servers' two customers, for the server and for the judge.
const TOKENS: [(&str, &str); 2] = [
    ("ADA_TOKEN", "token-of-ada"),
    ("GRACE_TOKEN", "token-of-grace"),
];

/// A server whose packages are installed.
struct Server<'a> {
    folder: &'static str,
    own: PathBuf,
    packages: Packages,
    main: &'static str,
    judge: &'a Path,
}

/// Has `judge`, the program, judge every one that can run here: as it comes, in a few other conditions or,
/// if `full`, in all of them, and with each of its mistakes.
pub(crate) fn judged(judge: &Path, full: bool) -> Result<(), String> {
    for (folder, language, main) in SERVERS {
        let own = root().join("conformance/examples/servers").join(folder);
        let what = format!("servers of others: {folder}");
        if let Some(packages) = Packages::of(language, folder, &own, &what)? {
            let server = Server {
                folder,
                own,
                packages,
                main,
                judge,
            };
            server.keeps_the_documents(full)?;
            server.is_caught(&Conditions::default())?;
            if full {
                server.is_caught(&conditions::CLOSING_SOON)?;
            }
        }
    }
    Ok(())
}

impl Server<'_> {
    /// Judges it as it is, in several conditions.
    fn keeps_the_documents(&self, full: bool) -> Result<(), String> {
        let table = if full {
            conditions::table()
        } else {
            conditions::few()
        };
        for conditions in table {
            let name = format!("{} keeps the documents{conditions}", self.folder);
            if !conditions.are_possible() {
                skipped(&name, "no such address here");
                continue;
            }
            let server = self.serve("", &conditions)?;
            step(&name, &mut self.check(&server, &conditions), 0)?;
        }
        Ok(())
    }

    /// Judges it with each of its mistakes, by the law that must catch it.
    fn is_caught(&self, conditions: &Conditions) -> Result<(), String> {
        let mutations = Source::open(&self.own.join("mutations.yaml"));
        let mutations: BTreeMap<String, String> = mutations
            .and_then(|source| source.read())
            .map_err(|problem| problem.to_string())?;
        for (mutation, law) in &mutations {
            let mutant = self.serve(mutation, conditions)?;
            let name = format!("{}: {mutation} is caught{conditions}", self.folder);
            let mut check = self.check(&mutant, conditions);
            step(&name, check.args(["--law", law]), 1)?;
        }
        Ok(())
    }

    fn serve(&self, mutation: &str, conditions: &Conditions) -> Result<Serving, String> {
        let mut start = self.packages.program();
        start.current_dir(root()).arg(self.own.join(self.main));
        let settings = [("PORT", "0"), ("TEST_HOOKS", "1"), ("MUTATION", mutation)];
        let start = start
            .envs(TOKENS)
            .envs(settings)
            .envs(conditions.settings());
        Serving::start(start)
    }

    fn check(&self, server: &Serving, conditions: &Conditions) -> Command {
        let subject = format!("conformance/examples/servers/{}/subject.yaml", self.folder);
        let mut check = Command::new(self.judge);
        check
            .current_dir(root())
            .envs(TOKENS)
            .args(["check", &conditions.url(&server.url)])
            .args(CASES)
            .args(["--subject", &subject])
            .args(conditions.arguments());
        check
    }
}
