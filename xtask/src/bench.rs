//! `cargo xtask bench`: the costs of a page, of a start and of a judge's run.
//!
//! It prints the CPU time of the measured process, as the kernel accounts it, without that of the client.
//! Times of two machines, or of two days, cannot be compared. So what is compared runs in turns, and the
//! bench prints ratios within one run.

mod changes;
mod connection;
mod depth;
mod histories;
mod judge;
mod made;
mod memory;
mod page;
pub(crate) mod process;
mod relay;
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
    /// Measure these parts only
    #[arg(long, value_enum, num_args = 1..)]
    only: Vec<Part>,
}

/// A part of the bench.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Pages of the bundled documents
    Pages,
    /// Pages of a made document with megabytes of schemas
    LargePages,
    /// The first page beside one behind a thousand million items, in every style of paging
    Depth,
    /// A list of a million items beside a hundred thousand changes to it
    Changes,
    /// The memory of the mock
    Memory,
    /// The judge on the bundled documents
    Judge,
    /// The judge on a made document with megabytes of schemas
    LargeJudge,
    /// The start, on made documents
    Start,
    /// The check of what many readers met while many writers added events
    Histories,
}

/// The parts that are functions of this program, so nothing else is built for them.
const OWN: [Part; 3] = [Part::Depth, Part::Changes, Part::Histories];

impl Bench {
    /// Builds what is measured, and measures it.
    pub(crate) fn run(&self) -> Result<(), String> {
        if !cfg!(target_os = "linux") {
            return Err(
                "the bench reads CPU time and memory from /proc, which only Linux has".into(),
            );
        }
        let is_own = |part: &Part| OWN.contains(part);
        if !self.only.is_empty() && self.only.iter().all(is_own) {
            return self.measure_own();
        }
        let build = "build --release --locked --package mock-server --package conformance --bins \
                     --example reference_server";
        let mut cargo = std::process::Command::new("cargo");
        step(
            "release build",
            cargo.current_dir(root()).args(build.split(' ')),
            0,
        )?;
        let is_wanted = |part| self.is_wanted(part);
        let world = World::of_the_default_scenario()?;
        let mock = start_mock()?;
        let idle = process::resident(mock.id())?;
        if is_wanted(Part::Pages) {
            page::compare(self, &mock, &world)?;
            page::walk(self, &mock, &world)?;
        }
        drop(mock);
        if is_wanted(Part::LargePages) {
            page::compare_with_large_schemas(self)?;
        }
        if is_wanted(Part::Memory) {
            memory::report(&world, idle)?;
        }
        if is_wanted(Part::Judge) {
            judge::report(self)?;
        }
        if is_wanted(Part::LargeJudge) {
            judge::report_large_schemas(self)?;
        }
        if is_wanted(Part::Start) {
            start::report(self)?;
            start::report_many_operations(self)?;
        }
        self.measure_own()
    }

    /// Measures the wanted parts of [`OWN`].
    fn measure_own(&self) -> Result<(), String> {
        if self.is_wanted(Part::Depth) {
            depth::report(self)?;
        }
        if self.is_wanted(Part::Changes) {
            changes::report(self)?;
        }
        if self.is_wanted(Part::Histories) {
            histories::report(self)?;
        }
        Ok(())
    }

    fn is_wanted(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}

/// The mock on a free port, without a log.
fn start_mock() -> Result<Serving, String> {
    let mut mock = std::process::Command::new(target("release")?.join("mock-server"));
    Serving::start(mock.args(["--listen", "127.0.0.1:0", "--log", "off"]))
}

/// The number of schemas behind the items of the made document with large ones: about 2 MB.
const SCHEMAS: usize = 400;

/// The mock of a made document, which is also put into a file with this name.
fn start_made(name: &str, text: &str) -> Result<Serving, String> {
    let file = made_file(name)?;
    let written =
        std::fs::create_dir_all(target("xtask")?).and_then(|()| std::fs::write(&file, text));
    written.map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    let mut mock = std::process::Command::new(target("release")?.join("mock-server"));
    let options = ["--listen", "127.0.0.1:0", "--log", "off", "--no-watch"];
    Serving::start(
        mock.args(options)
            .arg(file)
            .stderr(std::process::Stdio::null()),
    )
}

fn made_file(name: &str) -> Result<std::path::PathBuf, String> {
    Ok(target("xtask")?.join(format!("made-{name}.json")))
}
