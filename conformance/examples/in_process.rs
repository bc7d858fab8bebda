//! The laws as tests of a server in the same process: an axum `Router` without a socket.
//!
//! In your own crate this is `tests/conformance.rs`, in a test target with `harness = false`:
//!
//! ```text
//! $ cargo test --test conformance
//! test wandb-training::cursor-is-exclusive ... ok
//! ```
//!
//! Here it is an example, with the mock's router as the server: `cargo run --example in_process`.

use std::process::ExitCode;
use std::sync::Arc;

use conformance::harness::run_tests;
use conformance::{Facts, Options, Service, Subject};
use openapi::{Document, Source};

fn main() -> ExitCode {
    // Your documents: `Document::open(&["openapi.yaml"], &["openapi.overlay.yaml"])`.
    let documents = Document::bundled().expect("the bundled documents can be read");
    let file = Source::new(
        "default-world.yaml",
        include_str!("../subjects/default-world.yaml"),
    );
    let facts = Facts::of(&documents, &file).expect("the subject file fits the documents");
    // Your router.
    let epoch = jiff::Timestamp::now();
    let mock = mock_server::Mock::bundled(1, epoch).expect("the default world is whole");
    let router = mock_server::router(Arc::new(mock), Arc::new(move || epoch));
    let subject = Service::new(router).expect("a runtime can be started");
    let options = Options {
        cases: 8,
        ..Options::default()
    };
    let subject: Arc<dyn Subject> = Arc::new(subject);
    run_tests(facts, &subject, &options, false)
}
