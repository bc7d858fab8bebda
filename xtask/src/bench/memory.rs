//! How much memory the mock needs: none for the length of a timeline.

use super::connection::Connection;
use super::process::{Resident, resident};
use super::start_mock;
use super::world::World;

/// What it may need at most.
const BAR: u64 = 30 * MEBIBYTE;
const MEBIBYTE: u64 = 1 << 20;

/// Reads the longest answer whole from a fresh mock, and prints what that took beside `idle`.
pub(super) fn report(world: &World, idle: Resident) -> Result<(), String> {
    let mock = start_mock()?;
    let connection = Connection::open(&mock.url, &world.token);
    let read = connection.and_then(|mut one| one.count(&world.whole.target(None, None)));
    let bytes = read.map_err(|error| format!("the longest timeline cannot be read: {error}"))?;
    let after = resident(mock.id())?;
    println!("\nmemory of the mock, in MiB");
    println!("  {:<34} {:>8.1}", "idle", mebibytes(idle.now));
    let name = format!("{} events in one answer", world.whole.events);
    println!(
        "  {name:<34} {:>8.1}   at most, for {:.1} MiB read",
        mebibytes(after.peak),
        mebibytes(bytes)
    );
    let verdict = if after.peak < BAR { "under" } else { "OVER" };
    println!("  {verdict} the bar of {:.0}", mebibytes(BAR));
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
pub(super) fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / MEBIBYTE as f64
}
