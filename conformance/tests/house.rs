//! Invariants of the repository: names of files, freshness of generated files, and directions of imports.

mod imports;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use conformance::{catalogue, published_files};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

#[test]
fn each_law_has_a_file_with_its_name_and_each_file_has_a_law() {
    let folder = root().join("conformance/src/laws");
    let files: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let laws: BTreeSet<String> = catalogue::LAWS
        .iter()
        .map(|law| catalogue::file(law.id))
        .collect();
    assert_eq!(files, laws);
    assert_eq!(laws.len(), catalogue::LAWS.len(), "two laws have one id");
}

#[test]
fn laws_of_one_group_are_listed_together() {
    let mut groups: Vec<_> = catalogue::LAWS.iter().map(|law| law.group).collect();
    groups.dedup();
    let mut sorted = groups.clone();
    sorted.sort_unstable();
    assert_eq!(groups, sorted);
}

#[test]
fn published_files_are_fresh() {
    for (path, text) in published_files() {
        let written = fs::read_to_string(root().join("conformance").join(path)).unwrap_or_default();
        assert!(
            written == text,
            "{path} is stale: run `cargo xtask codegen`"
        );
    }
}

/// The folders of the workspace's crates. Each folder is named after its crate.
const CRATES: [&str; 7] = [
    "openapi",
    "fixtures",
    "mock-server",
    "mock-server/serving",
    "conformance",
    "fuzz",
    "xtask",
];

/// The workspace's crates that a crate depends on, in this section of its manifest.
fn ours(name: &str, section: &str) -> BTreeSet<String> {
    let manifest = fs::read_to_string(root().join(name).join("Cargo.toml")).unwrap();
    let lines = manifest
        .lines()
        .skip_while(|line| *line != format!("[{section}]"))
        .skip(1);
    lines
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .filter(|name| {
            CRATES
                .iter()
                .any(|path| path.rsplit('/').next() == Some(name))
        })
        .map(str::to_owned)
        .collect()
}

#[test]
fn imports_point_one_way_and_the_judge_does_not_depend_on_the_mock() {
    let set = |names: &[&str]| {
        names
            .iter()
            .map(ToString::to_string)
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(ours("openapi", "dependencies"), set(&[]));
    assert_eq!(ours("openapi", "dev-dependencies"), set(&[]));
    assert_eq!(ours("fixtures", "dependencies"), set(&["openapi"]));
    assert_eq!(
        ours("mock-server", "dependencies"),
        set(&["fixtures", "openapi", "serving"])
    );
    assert_eq!(
        ours("conformance", "dependencies"),
        set(&["openapi", "serving"])
    );
    assert_eq!(ours("mock-server/serving", "dependencies"), set(&[]));
}

/// Circles that are allowed for now: the crate, the modules, and the reason.
///
/// A module stands for its own file and for those of its folder.
const CIRCLES: &[(&str, &[&str], &str)] = &[];

#[test]
fn imports_form_no_circles_but_those_listed() {
    let mut listed = CIRCLES.to_vec();
    for name in CRATES {
        for circle in imports::circles(&imports::of_crate(&root().join(name))) {
            let entry = listed
                .iter()
                .position(|(of, modules, _)| *of == name && imports::are_modules(&circle, modules));
            let entry = entry.unwrap_or_else(|| {
                panic!("{name}: open this circle of imports, or correct `CIRCLES`: {circle:#?}")
            });
            listed.remove(entry);
        }
    }
    assert!(listed.is_empty(), "remove from `CIRCLES`: {listed:#?}");
}

#[test]
fn a_circle_through_a_re_export_is_found() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("circle");
    fs::create_dir_all(folder.join("src/one")).unwrap();
    let write = |file: &str, text: &str| fs::write(folder.join("src").join(file), text).unwrap();
    write("lib.rs", "mod one; mod two; pub use two::Two;");
    write("one.rs", "mod child; use crate::Two; pub struct One;");
    write("one/child.rs", "use super::One;");
    write("two.rs", "pub struct Two(crate::one::One);");
    let circles = || imports::circles(&imports::of_crate(&folder));
    let circle = ["src/one.rs", "src/two.rs"].map(str::to_owned);
    assert_eq!(circles(), BTreeSet::from([BTreeSet::from(circle)]));
    // A module and its children may import each other, and tests may import anything.
    write("one.rs", "mod child; pub struct One(child::Child);");
    write("two.rs", "pub struct Two(crate::one::One);");
    write(
        "one/child.rs",
        "#[cfg(test)] mod tests { use crate::Two; } use super::One;",
    );
    assert_eq!(circles(), BTreeSet::new());
}

#[test]
fn the_library_without_features_links_no_program_harness_or_markup() {
    let tree = |depth: &str| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(root()).args(["tree", "--offline"]);
        cargo.args(["--package=conformance", "--no-default-features"]);
        cargo.args(["--edges=normal", "--prefix=none", "--format={lib}"]);
        let output = cargo.arg(format!("--depth={depth}")).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let names = String::from_utf8(output.stdout).unwrap();
        // A library that was listed before has a mark after its name.
        let names = names.lines().filter_map(|line| line.split(' ').next());
        names.map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let linked = tree("100");
    for needed in ["jsonschema", "openapi", "proptest", "reqwest"] {
        assert!(linked.contains(needed), "{needed} is missing: {linked:?}");
    }
    for kept_out in [
        "axum",
        "clap",
        "indicatif",
        "libtest_mimic",
        "maud",
        "quick_junit",
    ] {
        assert!(!linked.contains(kept_out), "{kept_out} is linked");
    }
    // The HTTP client is built on tower, so only the library itself can do without it.
    assert!(!tree("1").contains("tower"));
}

/// Every Rust file below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                sources(&path)
            } else {
                vec![path]
            }
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// The style of paging that a line of code names, if it names one.
fn style_in(line: &str) -> Option<&'static str> {
    /// In two parts, so that this file does not find itself.
    const STYLES: [[&str; 2]; 10] = [
        ["Style::", "Cursor"],
        ["Style::", "Since"],
        ["Style::", "Token"],
        ["Style::", "Offset"],
        ["Style::", "Page"],
        ["Style::", "Range"],
        ["Style::", "Url"],
        ["Style::", "Link"],
        ["is_", "sequence"],
        ["keys_are_", "cursors"],
    ];
    let found = STYLES.into_iter().find(|parts| {
        let wanted = parts.concat();
        let mut places = line.match_indices(wanted.as_str());
        // `KeyStyle` is another type.
        places.any(|(place, _)| !line[..place].ends_with(char::is_alphanumeric))
    });
    found.map(|parts| parts[1])
}

#[test]
fn only_a_codec_knows_its_style_of_paging() {
    let codecs = root().join("openapi/src/paging");
    let mut in_codecs = 0;
    for name in CRATES {
        for part in ["src", "tests", "examples"] {
            for path in sources(&root().join(name).join(part)) {
                let text = fs::read_to_string(&path).unwrap();
                let found = text.lines().find_map(style_in);
                if path.starts_with(&codecs) {
                    in_codecs += usize::from(found.is_some());
                } else {
                    assert_eq!(found, None, "{}: ask for a promise", path.display());
                }
            }
        }
    }
    assert!(in_codecs > 1, "the codecs are elsewhere: correct this test");
    let put_back = ["if style == Style", "::Since {"].concat();
    assert_eq!(style_in(&put_back), Some("Since"));
}

#[test]
fn no_source_of_the_engine_names_what_only_documents_may() {
    let names = [
        "training_job_id",
        "public_id",
        "has_more",
        "latest_seq",
        "first_id",
        "last_id",
        "image_url",
        "event_type",
    ];
    for name in ["openapi", "fixtures", "mock-server", "conformance"] {
        for path in sources(&root().join(name).join("src")) {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            let code: String = code
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .collect();
            // A law or a module may have a name that only begins like a field's.
            let mut words = code.split(|one: char| !one.is_ascii_alphanumeric() && one != '_');
            let found = words.find(|word| names.contains(word));
            assert_eq!(found, None, "{}", path.display());
        }
    }
}

/// The files that open connections to others. Each has a way to name the host that it is for.
const CALLERS: [&str; 6] = [
    "conformance/src/subject/http.rs",
    "conformance/src/subject/raw.rs",
    "conformance/src/web.rs",
    "mock-server/src/bin/mock-server/pinging.rs",
    "mock-server/src/fetch.rs",
    "mock-server/src/proxy/upstream.rs",
];

/// The files that read YAML: the reader of values, the walk that finds places, and the count before both.
const YAML_READERS: [&str; 3] = [
    "openapi/src/places.rs",
    "openapi/src/source.rs",
    "openapi/src/yaml/size.rs",
];

#[test]
fn only_the_listed_files_read_yaml() {
    // In parts, so that this file does not find itself.
    let reads =
        [["serde_yaml::", "from_"], ["serde_yaml::", "Deserializer"]].map(|two| two.concat());
    let parses = ["saphyr", "_parser"].concat();
    let mut readers = BTreeSet::new();
    for name in CRATES {
        for path in sources(&root().join(name).join("src")) {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            if code.contains(&parses) || reads.iter().any(|read| code.contains(read)) {
                let path = path.strip_prefix(root()).unwrap();
                readers.insert(path.to_str().unwrap().to_owned());
            }
        }
    }
    assert_eq!(readers, YAML_READERS.map(str::to_owned).into());
}

#[test]
fn only_the_listed_files_open_connections_to_others() {
    const WAYS: [&str; 5] = [
        "TcpStream::connect",
        "UdpSocket",
        "UnixStream",
        "Client::builder",
        "client.request(",
    ];
    let mut callers = BTreeSet::new();
    for name in CRATES.into_iter().filter(|name| *name != "fuzz") {
        for path in sources(&root().join(name).join("src")) {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            if name != "xtask" && WAYS.iter().any(|way| code.contains(way)) {
                let path = path.strip_prefix(root()).unwrap();
                callers.insert(path.to_str().unwrap().to_owned());
            }
        }
    }
    assert_eq!(callers, CALLERS.map(str::to_owned).into());
}
