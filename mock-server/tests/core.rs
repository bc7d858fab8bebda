//! The core of the mock builds without its server: it must not pull a web framework or a runtime.

use std::process::Command;

/// The names of the crates that the library needs with these features.
fn needed(features: &[&str]) -> Vec<String> {
    let mut tree = Command::new(env!("CARGO"));
    tree.current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["tree", "--locked", "--offline", "--package", "mock-server"])
        .args(["--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .args(features);
    let output = tree.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let names = text.lines().filter_map(|line| line.split(' ').next());
    names.map(str::to_owned).collect()
}

#[test]
fn the_core_needs_no_web_framework_and_no_runtime() {
    let server = [
        "axum", "clap", "hyper", "notify", "rustls", "tokio", "tower", "tracing",
    ];
    let core = needed(&["--no-default-features"]);
    assert!(core.iter().any(|name| name == "fixtures"), "{core:?}");
    let all = needed(&[]);
    for name in server {
        assert!(!core.iter().any(|one| one == name), "{name}");
        assert!(all.iter().any(|one| one == name), "{name}");
    }
}
