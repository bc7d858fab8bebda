//! The laws as tests of a server in another process.
//!
//! In your own crate this is `tests/conformance.rs`, in a test target with `harness = false`. Here it is an
//! example; start the mock first:
//!
//! ```text
//! $ cargo run -p mock-server &
//! $ SUBJECT_URL=http://127.0.0.1:4010 cargo run --example over_http
//! ```

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use conformance::harness::run_tests;
use conformance::{Facts, Http, Options, Subject};
use openapi::{Document, Source};

fn main() -> ExitCode {
    let Ok(url) = std::env::var("SUBJECT_URL") else {
        eprintln!("set SUBJECT_URL to the server's URL, as in http://127.0.0.1:4010");
        return ExitCode::from(2);
    };
    let documents = Document::bundled().expect("the bundled documents can be read");
    let file = Source::new(
        "default-world.yaml",
        include_str!("../subjects/default-world.yaml"),
    );
    let facts = Facts::of(&documents, &file).expect("the subject file fits the documents");
    let http = Http::new(&url, Duration::from_secs(30)).expect("a client can be set up");
    let options = Options {
        cases: 8,
        ..Options::default()
    };
    let subject: Arc<dyn Subject> = Arc::new(http);
    run_tests(facts, &subject, &options, false)
}
