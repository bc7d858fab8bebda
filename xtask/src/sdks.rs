//! Published SDKs walk lists of the mock: every item must come, and come once.
//!
//! Each program in `mock-server/clients/sdk` walks lists of one API with one SDK. For `cargo xtask verify`, a small
//! document of ours stands for the published one, and a mock that repeats items must be noticed.
//! `cargo xtask clients --documents FOLDER` runs the same programs on the published documents, and prints a table.
//! Where a published document does not say enough, an overlay of a few lines does.
//!
//! Neither Python nor Node is needed to pass: what cannot run here is left out, and a line says so.

mod table;
mod walk;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;

use crate::packages::{Language, Packages};
use crate::program::{Serving, target};
use crate::root;
use crate::step::step;

use self::table::Row;
use self::walk::Walk;

/// A program that walks lists with an SDK.
struct Sdk {
    /// The package's name, as it is pinned.
    package: &'static str,
    language: Language,
    program: &'static str,
    /// The name of the small document, with which the name of the published one begins.
    document: &'static str,
    /// Whether the package is too large for a check that everyone runs.
    is_large: bool,
}

const fn python(package: &'static str, program: &'static str, document: &'static str) -> Sdk {
    Sdk {
        package,
        language: Language::Python,
        program,
        document,
        is_large: false,
    }
}

const fn node(package: &'static str, program: &'static str, document: &'static str) -> Sdk {
    Sdk {
        language: Language::Node,
        ..python(package, program, document)
    }
}

impl Sdk {
    const fn large(self) -> Self {
        Self {
            is_large: true,
            ..self
        }
    }
}

const SDKS: [Sdk; 25] = [
    python("PyGithub", "github_sdk.py", "github"),
    python("stripe", "stripe_sdk.py", "stripe"),
    python("openai", "openai_sdk.py", "openai"),
    python("spotipy", "spotify_sdk.py", "spotify"),
    python("box-sdk-gen", "box_sdk.py", "box"),
    python("svix", "svix_sdk.py", "svix"),
    python("mistralai", "mistral_sdk.py", "mistral"),
    python("python-intercom", "intercom_sdk.py", "intercom"),
    python("asana", "asana_sdk.py", "asana"),
    python("Mastodon.py", "mastodon_sdk.py", "mastodon"),
    python("pynetbox", "netbox_sdk.py", "netbox"),
    python("twilio", "twilio_sdk.py", "twilio").large(),
    python("plaid-python", "plaid_sdk.py", "plaid").large(),
    python("discord.py", "discord_sdk.py", "discord").large(),
    node("octokit", "octokit_sdk.js", "github"),
    node("stripe", "stripe_sdk.js", "stripe"),
    node("openai", "openai_sdk.js", "openai"),
    node("twilio", "twilio_sdk.js", "twilio"),
    node("masto", "masto_sdk.js", "mastodon"),
    node("plaid", "plaid_sdk.js", "plaid"),
    node("asana", "asana_sdk.js", "asana").large(),
    node("box-node-sdk", "box_sdk.js", "box").large(),
    node("svix", "svix_sdk.js", "svix").large(),
    node("@mistralai/mistralai", "mistral_sdk.js", "mistral").large(),
    node("intercom-client", "intercom_sdk.js", "intercom").large(),
];

/// Which packages are installed.
#[derive(Clone, Copy, PartialEq)]
enum Extent {
    /// Those that are quickly installed.
    Small,
    All,
}

/// The fault of a mock whose pages begin with the item before them.
const REPEAT: &str = "repeat";

/// What a program says of a walk in which items came twice.
const AGAIN: &str = "came again";

/// What is walked.
#[derive(Debug, Args)]
pub(crate) struct Clients {
    /// A folder with the published documents, such as `stripe.yaml` or `github.json`
    #[arg(long, value_name = "FOLDER")]
    documents: Option<PathBuf>,
    /// Only the SDKs whose package or document has this name
    #[arg(long)]
    only: Option<String>,
}

impl Clients {
    /// Prints a table; fails if a walk was wrong.
    pub(crate) fn run(&self) -> Result<(), String> {
        let mut build = Command::new("cargo");
        build
            .current_dir(root())
            .args(["build", "--locked", "-p", "mock-server", "--bins"]);
        step("build", &mut build, 0)?;
        let mock = target("debug")?.join("mock-server");
        let mut rows = Vec::new();
        for (packages, sdk) in programs(Extent::All, |sdk| self.is_wanted(sdk))? {
            let (document, overlay) = match &self.documents {
                None => (Some(small(sdk)), None),
                Some(folder) => (published(folder, sdk.document)?, overlay(sdk)),
            };
            let Some(document) = document else {
                println!("absent  {}: no document `{}…`", sdk.package, sdk.document);
                continue;
            };
            let more = overlay.iter().flat_map(|file| ["--overlay", file]);
            let serving = serve(&mock, &document, &more.collect::<Vec<_>>())?;
            let walks = walk::walked(&mut program(&packages, sdk, &serving))?;
            let version = packages.version(sdk.package);
            let rows_of = walks
                .into_iter()
                .map(|walk| Row::new(sdk, &version, (&document, overlay.is_some()), walk));
            rows.extend(rows_of);
        }
        table::print(&rows);
        let wrong = rows.iter().filter(|row| row.is_wrong()).count();
        match wrong {
            0 => Ok(()),
            _ => Err(format!("{wrong} of {} walks were wrong", rows.len())),
        }
    }

    fn is_wanted(&self, sdk: &Sdk) -> bool {
        let only = self.only.as_ref();
        only.is_none_or(|only| [sdk.package, sdk.document].contains(&only.as_str()))
    }
}

/// Lets every SDK that is quickly installed walk the mock, given the folder of the built programs.
pub(crate) fn walked(built: &Path) -> Result<(), String> {
    let mock = built.join("mock-server");
    for (packages, sdk) in programs(Extent::Small, |sdk| !sdk.is_large)? {
        let name = format!("{} {}", sdk.package, packages.version(sdk.package));
        let honest = serve(&mock, &small(sdk), &[])?;
        step(&name, &mut program(&packages, sdk, &honest), 0)?;
        let liar = serve(&mock, &small(sdk), &["--fault", REPEAT])?;
        let name = format!("{} notices repeated items", sdk.package);
        let output = step(&name, &mut program(&packages, sdk, &liar), 1)?;
        if !output.text.contains(AGAIN) {
            return Err(format!("{name}, but says:\n{}", output.text));
        }
    }
    Ok(())
}

/// The programs that can run here, with their packages.
fn programs(
    extent: Extent,
    is_wanted: impl Fn(&Sdk) -> bool,
) -> Result<Vec<(Packages, &'static Sdk)>, String> {
    let mut programs = Vec::new();
    for (language, folder) in [(Language::Python, "python"), (Language::Node, "node")] {
        let wanted = SDKS.iter().filter(|sdk| sdk.language == language);
        let wanted: Vec<_> = wanted.filter(|sdk| is_wanted(sdk)).collect();
        if wanted.is_empty() {
            continue;
        }
        let own = folder_of_programs().join(folder);
        let (own, name) = match extent {
            Extent::Small => (own, format!("sdks-{folder}")),
            Extent::All => (own.join("all"), format!("all-sdks-{folder}")),
        };
        let what = format!("SDKs in {language:?}");
        if let Some(packages) = Packages::of(language, &name, &own, &what)? {
            programs.extend(wanted.into_iter().map(|sdk| (packages.clone(), sdk)));
        }
    }
    Ok(programs)
}

fn folder_of_programs() -> PathBuf {
    root().join("mock-server/clients/sdk")
}

/// The small document that stands for an SDK's published one.
fn small(sdk: &Sdk) -> PathBuf {
    let name = folder_of_programs().join("documents").join(sdk.document);
    name.with_extension("yaml")
}

/// The overlay for an SDK's published document, if the document alone does not say enough.
fn overlay(sdk: &Sdk) -> Option<String> {
    let name = format!("overlays/{}.overlay.yaml", sdk.document);
    let file = folder_of_programs().join(name);
    file.is_file().then(|| file.display().to_string())
}

/// The document of the folder whose name begins with `name`, up to a sign.
fn published(folder: &Path, name: &str) -> Result<Option<PathBuf>, String> {
    let entries = std::fs::read_dir(folder)
        .map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut named: Vec<_> = paths.filter(|path| is_named(path, name)).collect();
    named.sort();
    Ok(named.into_iter().next())
}

fn is_named(path: &Path, name: &str) -> bool {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let rest = file.strip_prefix(name);
    rest.is_some_and(|rest| rest.starts_with(['.', '-', '_']))
}

/// The mock of a document, which lets in every caller.
fn serve(mock: &Path, document: &Path, more: &[&str]) -> Result<Serving, String> {
    let mut serve = Command::new(mock);
    serve
        .current_dir(root())
        .arg(document)
        .args(["--listen", "127.0.0.1:0", "--auth", "any", "--log", "off"])
        // The flaws of a published document are not what is asked.
        .stderr(Stdio::null())
        .args(more);
    Serving::start(&mut serve)
}

fn program(packages: &Packages, sdk: &Sdk, serving: &Serving) -> Command {
    let folder = match sdk.language {
        Language::Python => "python",
        Language::Node => "node",
    };
    let mut program = packages.program();
    program
        .current_dir(root())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(folder_of_programs().join(folder).join(sdk.program))
        .arg(&serving.url);
    program
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn every_sdk_has_a_program_a_document_and_pins() {
        for sdk in &SDKS {
            let folder = match sdk.language {
                Language::Python => "python",
                Language::Node => "node",
            };
            let own = folder_of_programs().join(folder);
            assert!(own.join(sdk.program).is_file(), "{}", sdk.program);
            assert!(small(sdk).is_file(), "{}", sdk.document);
            let mut folders = vec![own.join("all")];
            folders.extend((!sdk.is_large).then_some(own));
            for folder in folders {
                let version = sdk.language.pinned(&folder, sdk.package);
                assert!(version.is_some(), "{} in {}", sdk.package, folder.display());
            }
        }
    }

    #[test]
    fn every_program_is_run() {
        for folder in ["python", "node"] {
            let entries = fs::read_dir(folder_of_programs().join(folder)).unwrap();
            for entry in entries {
                let name = entry.unwrap().file_name().into_string().unwrap();
                let is_program = name.ends_with("_sdk.py") || name.ends_with("_sdk.js");
                let is_run = SDKS.iter().any(|sdk| sdk.program == name);
                assert!(!is_program || is_run, "{name}");
            }
        }
    }

    #[test]
    fn every_overlay_is_laid() {
        for entry in fs::read_dir(folder_of_programs().join("overlays")).unwrap() {
            let path = entry.unwrap().path();
            let laid = |sdk: &Sdk| overlay(sdk).is_some_and(|own| Path::new(&own) == path);
            assert!(SDKS.iter().any(laid), "{}", path.display());
        }
    }

    #[test]
    fn a_published_document_begins_with_the_name() {
        let named = |file: &str| is_named(Path::new(file), "box");
        assert!(named("box.json") && named("documents/box-2024.yaml"));
        assert!(!named("boxes.yaml") && !named("dropbox.yaml"));
    }
}
