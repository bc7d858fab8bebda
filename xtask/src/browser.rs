//! The console, and an application that is written against a document alone, in a real browser: a program does what
//! people do with them.
//!
//! The browser is Chromium or one that is built on it: the one that `CHROMIUM` in the environment names, or
//! the first one in the path. A line says if it or Node is missing.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use crate::packages::{Language, Packages};
use crate::program::{Serving, target};
use crate::root;
use crate::step::{absent, step};

const NAME: &str = "the console in a browser";
const TODO: &str = "a to-do application in a browser";
const COLLECTIONS: &str = "the console's collections in a browser";

/// The names of such browsers.
const BROWSERS: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// Runs the console's tests against a mock. `programs` is the folder of the built programs.
pub(crate) fn driven(programs: &Path) -> Result<(), String> {
    let Some(browser) = browser() else {
        absent(NAME, "chromium");
        return Ok(());
    };
    let own = root().join("mock-server/console/tests");
    let Some(packages) = Packages::of(Language::Node, "console", &own, NAME)? else {
        return Ok(());
    };
    let shots = target("xtask")?.join("console");
    fs::create_dir_all(&shots)
        .map_err(|error| format!("cannot write into {}: {error}", shots.display()))?;
    let world = world(&shots)?;
    let mut mock = Command::new(programs.join("mock-server"));
    mock.current_dir(root())
        .args(["--listen", "127.0.0.1:0", "--log", "off"])
        .arg("--scenario")
        .arg(&world)
        // A test breaks the scenario on purpose, and the mock reports it there.
        .stderr(Stdio::null());
    let mock = Serving::start(&mut mock)?;
    let mut drive = packages.program();
    drive
        .current_dir(root())
        .args(["--test", "--test-reporter", "spec"])
        .arg(own.join("console.js"))
        .env("MOCK_URL", &mock.url)
        .env("CHROMIUM", &browser)
        .env("SHOTS", &shots)
        .env("WORLD", &world);
    passed(NAME, &mut drive)?;
    todo(programs, &packages, &browser, &shots)
}

/// Runs the tests of the to-do application, and of the console's collections, against a mock that has the application's
/// document, and nothing else.
fn todo(programs: &Path, packages: &Packages, browser: &Path, shots: &Path) -> Result<(), String> {
    let page = root().join("mock-server/examples/todo");
    let mut mock = Command::new(programs.join("mock-server"));
    mock.arg(page.join("openapi.yaml")).args([
        "--listen",
        "127.0.0.1:0",
        "--log",
        "off",
        "--auth",
        "any",
        "--worlds",
        "4",
    ]);
    let mock = Serving::start(&mut mock)?;
    for (name, tests) in [(TODO, "todo.js"), (COLLECTIONS, "collections.js")] {
        let mut drive = packages.program();
        drive
            .current_dir(root())
            .args(["--test", "--test-reporter", "spec"])
            .arg(root().join("mock-server/console/tests").join(tests))
            .env("MOCK_URL", &mock.url)
            .env("CHROMIUM", browser)
            .env("SHOTS", shots)
            .env("PAGE", &page);
        passed(name, &mut drive)?;
    }
    Ok(())
}

/// Runs tests, and says how many passed.
fn passed(name: &str, tests: &mut Command) -> Result<(), String> {
    let output = step(name, tests, 0)?;
    for line in output.text.lines().filter(|line| counts(line)) {
        println!("        {}", line.trim_start_matches(['#', 'ℹ', ' ']));
    }
    Ok(())
}

/// A scenario in `folder` that the tests may edit.
fn world(folder: &Path) -> Result<PathBuf, String> {
    let begun = root().join("mock-server/src/bin/mock-server/scenario/new.yaml");
    let world = folder.join("world.yaml");
    fs::copy(&begun, &world)
        .map_err(|error| format!("cannot copy {}: {error}", begun.display()))?;
    Ok(world)
}

/// Whether a line holds the number of tests that passed.
fn counts(line: &str) -> bool {
    line.trim_start_matches(['#', 'ℹ', ' '])
        .starts_with("pass ")
}

fn browser() -> Option<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM") {
        return Some(named.into());
    }
    let path = env::var_os("PATH")?;
    let folders: Vec<_> = env::split_paths(&path).collect();
    let found = BROWSERS
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    found.into_iter().find(|program| program.is_file())
}
