//! The end of a run that the user asks for: Ctrl-C, or a signal of a CI server.
//!
//! The first signal ends the run after the request that is under way, with a report of what was judged. The second one
//! ends the program at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use openapi::{Problem, output};
use serving::signals;

/// The exit code after a second signal: that of a program that Ctrl-C ended.
const AT_ONCE: i32 = 130;

static TOLD: AtomicBool = AtomicBool::new(false);

/// Whether a signal came.
pub(crate) fn is_told() -> bool {
    TOLD.load(Ordering::Relaxed)
}

/// Begins to catch signals. Fails if the system does not let it.
pub(crate) fn catch() -> Result<(), Problem> {
    let failed = |error: std::io::Error| Problem::new(format!("no signal can be caught: {error}"));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    let mut signals = runtime.block_on(async { signals() }).map_err(failed)?;
    thread::spawn(move || {
        runtime.block_on(async {
            while signals.recv().await.is_some() {
                if TOLD.swap(true, Ordering::Relaxed) {
                    std::process::exit(AT_ONCE);
                }
                output::tell(
                    "ending with a report of what was judged; another signal ends at once\n",
                );
            }
        });
    });
    Ok(())
}
