//! Lists of public libraries, each served by a few lines of ours or by the library's own example, and judged
//! by documents of ours: what they keep is upheld, and every law that they break is listed with its reason.
//!
//! No tool is needed to pass: what cannot run here is left out, and a line says so.

mod alone;
mod dropshot;
mod expected;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::packages::{Language, Packages};
use crate::program::{Serving, target};
use crate::root;
use crate::step::step;

use expected::Expected;

/// The servers that have packages: folder under `conformance/examples/servers`, what it is written in, what
/// starts it, and the name of its document.
const SERVERS: [(&str, Language, &str, &str); 2] = [
    ("pouchdb", Language::Node, "server.js", "changes"),
    ("fastapi-pagination", Language::Python, "server.py", "rooms"),
];

/// Enough to find every fault that is listed.
const FEW_CASES: [&str; 2] = ["--cases", "12"];

/// Has `judge`, the program, judge every one that can run here, with several seeds if `full`.
pub(crate) fn judged(judge: &Path, full: bool) -> Result<(), String> {
    for (folder, language, main, document) in SERVERS {
        let own = folder_of(folder);
        let what = format!("lists of others: {folder}");
        if let Some(packages) = Packages::of(language, folder, &own, &what)? {
            let mut start = packages.program();
            start
                .current_dir(root())
                .arg(own.join(main))
                .env("PORT", "0");
            let serve = || Serving::start(&mut start);
            judged_one(judge, &own, document, full, serve)?;
            if folder == alone::FOLDER {
                alone::judged(judge, &packages)?;
            }
        }
    }
    dropshot::judged(judge, full)
}

fn folder_of(server: &str) -> PathBuf {
    root().join("conformance/examples/servers").join(server)
}

/// Judges the server that `serve` starts by the document of this name in its folder: exactly the laws that
/// are listed beside it are broken. Each seed has a server of its own, for the hooks add items.
fn judged_one(
    judge: &Path,
    own: &Path,
    document: &str,
    full: bool,
    mut serve: impl FnMut() -> Result<Serving, String>,
) -> Result<(), String> {
    let file = |kind: &str| own.join(format!("{document}{kind}.yaml"));
    let expected = Expected::read(&file(".expected"))?;
    let server = own.file_name().unwrap_or_default().to_string_lossy();
    for seed in 1..=if full { 3 } else { 1 } {
        let name = format!("{server}, {document}, seed {seed}");
        let report = target("xtask")?
            .join(name.replace([' ', ','], "-"))
            .with_extension("json");
        let serving = serve()?;
        let mut check = Command::new(judge);
        check
            .current_dir(root())
            .args(["check", &serving.url, "--seed", &seed.to_string()])
            .arg("--document")
            .arg(file(""))
            .arg("--overlay")
            .arg(file(".overlay"))
            .arg("--subject")
            .arg(file(".subject"))
            .arg("--report")
            .arg(format!("json={}", report.display()));
        if !full {
            check.args(FEW_CASES);
        }
        step(&name, &mut check, expected.exit_code())?;
        expected.compare(&name, &report)?;
    }
    Ok(())
}
