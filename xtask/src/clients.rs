//! The mock, walked and polled by the clients that people use; each must also notice when a server lies.
//!
//! Neither Python nor Node is needed to pass: what cannot run here is left out, and a line says so.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::packages::{Language, Packages};
use crate::program::Serving;
use crate::root;
use crate::step::step;

/// A client: its program, the worlds that it is let loose on, and a law whose breach it must notice.
struct Client {
    program: &'static str,
    worlds: &'static [&'static str],
    lie: &'static str,
}

const PYTHON: [Client; 3] = [
    Client {
        program: "openai_sdk.py",
        worlds: &["default"],
        lie: "has-more-until-nothing-remains",
    },
    Client {
        program: "openpipe_art.py",
        worlds: &["default"],
        lie: "cursor-is-exclusive",
    },
    Client {
        program: "job_timeline.py",
        worlds: &["failed-job", "stalled-job"],
        lie: "latest-covers-every-event",
    },
];

const NODE: [Client; 2] = [
    Client {
        program: "openai_sdk.js",
        worlds: &["default"],
        lie: "has-more-until-nothing-remains",
    },
    Client {
        program: "generated/out/walk.js",
        worlds: &["default", "failed-job"],
        lie: "cursor-is-exclusive",
    },
];

/// The published documents, of which a client is generated.
const DOCUMENTS: [&str; 2] = ["wandb-training", "job-timeline"];

/// Lets every client that can run here walk the mock, given the folder of the built programs.
pub(crate) fn walked(programs: &Path) -> Result<(), String> {
    let own = root().join("mock-server/clients");
    let python = own.join("python");
    let what = "clients in Python";
    if let Some(packages) = Packages::of(Language::Python, "clients-python", &python, what)? {
        for client in &PYTHON {
            walk(client, &packages, &python, programs)?;
        }
    }
    let node = own.join("node");
    let what = "clients in Node";
    if let Some(packages) = Packages::of(Language::Node, "clients-node", &node, what)? {
        // Beside the packages, where TypeScript looks for them.
        copied(&node, &packages.folder)?;
        generated(&packages)?;
        for client in &NODE {
            walk(client, &packages, &packages.folder, programs)?;
        }
    }
    Ok(())
}

/// A client on an honest mock of each of its worlds, and on a liar in front of one.
fn walk(
    client: &Client,
    packages: &Packages,
    folder: &Path,
    programs: &Path,
) -> Result<(), String> {
    let program = client.program;
    let walk = |url: &str, mock: &str| {
        let mut walk = packages.program();
        walk.current_dir(root())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .arg(folder.join(program))
            .args([url, mock]);
        walk
    };
    for world in client.worlds {
        let mock = mock(programs, world)?;
        let name = format!("{program}, {world} world");
        step(&name, &mut walk(&mock.url, &mock.url), 0)?;
    }
    let mock = mock(programs, client.worlds[0])?;
    let mut liar = Command::new(programs.join("conformance"));
    liar.current_dir(root())
        .args(["lie", client.lie, "--listen", "127.0.0.1:0"])
        .args(["--upstream", &mock.url]);
    let liar = Serving::start(&mut liar)?;
    let name = format!("{program} notices a liar");
    step(&name, &mut walk(&liar.url, &mock.url), 1)?;
    Ok(())
}

fn mock(programs: &Path, world: &str) -> Result<Serving, String> {
    let mut mock = Command::new(programs.join("mock-server"));
    mock.current_dir(root())
        .args(["--listen", "127.0.0.1:0", "--log", "off"])
        .args(["--scenario", world]);
    Serving::start(&mut mock)
}

/// Generates types of the published documents, has a program checked by them, and makes it one that runs.
fn generated(packages: &Packages) -> Result<(), String> {
    let modules = packages.folder.join("node_modules");
    for document in DOCUMENTS {
        let mut generate = packages.program();
        generate
            .current_dir(root())
            .arg(modules.join("openapi-typescript/bin/cli.js"))
            .arg(format!("openapi/documents/{document}.yaml"))
            .arg("--output")
            .arg(packages.folder.join(format!("generated/{document}.ts")));
        step(&format!("types of {document}"), &mut generate, 0)?;
    }
    let mut check = packages.program();
    check
        .current_dir(root())
        .arg(modules.join("typescript/bin/tsc"))
        .arg("--project")
        .arg(packages.folder.join("generated"));
    step("a client of these types", &mut check, 0)?;
    Ok(())
}

/// Copies the sources that lie in `from`, and in its folder of what is generated, into `into`.
fn copied(from: &Path, into: &Path) -> Result<(), String> {
    let failed = |path: &Path, error: &std::io::Error| format!("{}: {error}", path.display());
    let sources = |folder: &Path| -> Result<Vec<PathBuf>, String> {
        let entries = fs::read_dir(folder).map_err(|error| failed(folder, &error))?;
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        Ok(paths.filter(|path| path.is_file()).collect())
    };
    for folder in ["", "generated"] {
        let into = into.join(folder);
        fs::create_dir_all(&into).map_err(|error| failed(&into, &error))?;
        for source in sources(&from.join(folder))? {
            if let Some(name) = source.file_name() {
                fs::copy(&source, into.join(name)).map_err(|error| failed(&source, &error))?;
            }
        }
    }
    Ok(())
}
