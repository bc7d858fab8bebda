//! The pagination examples of the crate dropshot, as they are published. Building them takes minutes, so
//! that is done on demand only, and kept in the target folder.

use std::path::Path;
use std::process::Command;

use crate::packages::said;
use crate::program::{Serving, target};
use crate::root;
use crate::step::skipped;

use super::{folder_of, judged_one};

const VERSION: &str = "=0.18.0";

/// The examples, each with the name of its document.
const EXAMPLES: [(&str, &str); 3] = [
    ("pagination-basic", "basic"),
    ("pagination-multiple-sorts", "sorts"),
    ("pagination-multiple-resources", "resources"),
];

/// Judges each example by its document. If `build`, examples that are not there are built.
pub(super) fn judged(judge: &Path, full: bool) -> Result<(), String> {
    let what = "lists of others: dropshot";
    let into = target("packages")?.join("dropshot");
    let programs = into.join("bin");
    let is_built = |(example, _): &(&str, &str)| programs.join(example).exists();
    if full {
        // Cargo does nothing if they are there.
        if let Err(reason) = said(&mut install(&into)) {
            skipped(what, &reason);
            return Ok(());
        }
    } else if !EXAMPLES.iter().all(is_built) {
        skipped(what, "not built; --only foreign --full builds it");
        return Ok(());
    }
    for (example, document) in EXAMPLES {
        let mut start = Command::new(programs.join(example));
        start.current_dir(root());
        let serve = || Serving::start_logging(&mut start, listens_at);
        judged_one(judge, &folder_of("dropshot"), document, full, serve)?;
    }
    Ok(())
}

/// Reads the line `… INFO listening, local_addr: 127.0.0.1:40123`.
fn listens_at(line: &str) -> Option<String> {
    let (_, address) = line.split_once("listening, local_addr: ")?;
    Some(format!("http://{}", address.trim()))
}

fn install(into: &Path) -> Command {
    let mut install = Command::new("cargo");
    install
        .current_dir(root())
        .args(["install", "dropshot", "--version", VERSION])
        .args(["--locked", "--debug", "--quiet", "--root"])
        .arg(into)
        .arg("--target-dir")
        .arg(into.join("target"));
    for (example, _) in EXAMPLES {
        install.args(["--example", example]);
    }
    install
}
