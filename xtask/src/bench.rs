//! `cargo xtask bench`: the costs of a page, of a start and of a judge's run.
//!
//! It prints the CPU time of the measured process, as the kernel accounts it, without that of the client.
//! Times of two machines, or of two days, cannot be compared. So what is compared runs in turns, and the
//! bench prints ratios within one run.

mod connection;
mod judge;
mod memory;
mod page;
pub(crate) mod process;
mod start;
mod table;
mod world;

use clap::Args;

use self::world::World;
use crate::program::{Serving, target};
use crate::root;
use crate::step::step;

/// How much is measured.
#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// How many requests each server answers in each round
    #[arg(long, default_value_t = 50_000)]
    requests: u32,
    /// How many rounds; the servers take turns
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// How many pages are walked, from the start and from the middle
    #[arg(long, default_value_t = 5_000)]
    walk: u32,
}

impl Bench {
    /// Builds what is measured, and measures it.
    pub(crate) fn run(&self) -> Result<(), String> {
        if !cfg!(target_os = "linux") {
            return Err(
                "the bench reads CPU time and memory from /proc, which only Linux has".into(),
            );
        }
        let build = "build --release --locked --package mock-server --package conformance --bins \
                     --example reference_server";
        let mut cargo = std::process::Command::new("cargo");
        step(
            "release build",
            cargo.current_dir(root()).args(build.split(' ')),
            0,
        )?;
        let world = World::of_the_default_scenario()?;
        let mock = start_mock()?;
        let idle = process::resident(mock.id())?;
        page::compare(self, &mock, &world)?;
        page::walk(self, &mock, &world)?;
        drop(mock);
        memory::report(&world, idle)?;
        judge::report(self)?;
        start::report(self)
    }
}

/// The mock on a free port, without a log.
fn start_mock() -> Result<Serving, String> {
    let mut mock = std::process::Command::new(target("release")?.join("mock-server"));
    Serving::start(mock.args(["--listen", "127.0.0.1:0", "--log", "off"]))
}
