//! Tries inputs on one target, in a process that may die of it.

use std::fs::File;
use std::io::{Seek as _, Write as _};
use std::panic;
use std::path::Path;
use std::process;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use openapi::output;
use peak_alloc::PeakAlloc;

use crate::finding::{Finding, Limits};
use crate::mutator::Mutator;
use crate::options::Options;
use crate::seeds::{self, Seeds};
use crate::supervisor::{keep, target};
use crate::target::Target;

/// Counts the memory of the whole program.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The bytes of a MiB.
const MIB: usize = 1 << 20;

/// The time between two looks at an input that is being tried.
const LOOK: Duration = Duration::from_millis(50);

/// The stack of the thread that tries inputs. It is that of a program's main thread.
const STACK: usize = 8 << 20;

/// The message of the last panic on any thread.
static PANIC: Mutex<Option<String>> = Mutex::new(None);

/// The input that is being tried.
#[derive(Debug, Default)]
struct Trial {
    runs: AtomicBool,
    /// The number of inputs so far.
    number: AtomicU64,
    /// The memory at its start, in bytes.
    memory: AtomicU64,
    bytes: Mutex<Vec<u8>>,
}

/// Tries the inputs of a target that the options name. Returns whether all were survived.
pub(crate) fn run(targets: &'static [Target], options: &Options) -> Result<bool, String> {
    let name = options.targets.first().map_or("", String::as_str);
    let target = target(targets, name)?;
    let file = options.worker.clone().unwrap_or_default();
    let mut current =
        File::create(&file).map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    note_panics();
    let (trial, limits) = (Arc::new(Trial::default()), options.limits());
    let found = options.found();
    watch(&trial, limits, target.name, &found, &file);
    let inputs = inputs(target, options)?;
    let tried = thread::Builder::new().stack_size(STACK).spawn(move || {
        for input in inputs {
            let written = current
                .rewind()
                .and_then(|()| current.set_len(0))
                .and_then(|()| current.write_all(&input));
            written.map_err(|error| format!("cannot write the input: {error}"))?;
            if let Some(finding) = trial.take(target, &input, limits) {
                keep(&found, target.name, &input, &finding)?;
                return Ok(false);
            }
        }
        let number = trial.number.load(Ordering::Relaxed);
        output::tell(&format!("        {number} inputs\n"));
        Ok(true)
    });
    let tried = tried.map_err(|error| format!("cannot start a thread: {error}"))?;
    tried
        .join()
        .map_err(|_| "the fuzzer itself panicked".to_owned())?
}

/// The seeds of a target, and changed ones until the time is over; or the inputs that the options name.
fn inputs(
    target: Target,
    options: &Options,
) -> Result<impl Iterator<Item = Vec<u8>> + Send + use<>, String> {
    let given = options.input.clone();
    // Inputs that are named are tried once, as they are.
    let time = match given {
        Some(_) => Duration::ZERO,
        None => Duration::try_from(options.time).map_err(|_| "`--for` is negative".to_owned())?,
    };
    let seeds = Seeds::read(&given.unwrap_or_else(|| seeds::folder(target.name)))?;
    let ends = Instant::now() + time;
    let mut mutator = Mutator::new(seeds.clone(), options.seed);
    let changed = std::iter::from_fn(move || (Instant::now() < ends).then(|| mutator.input()));
    Ok(seeds.files.into_iter().chain(changed))
}

impl Trial {
    /// Tries one input. Returns what it broke.
    fn take(&self, target: Target, input: &[u8], limits: Limits) -> Option<Finding> {
        *self.bytes.lock().unwrap_or_else(PoisonError::into_inner) = input.to_vec();
        MEMORY.reset_peak_usage();
        let before = MEMORY.current_usage();
        self.memory.store(before as u64, Ordering::Relaxed);
        self.number.fetch_add(1, Ordering::Relaxed);
        self.runs.store(true, Ordering::Release);
        // What the targets share is only read.
        let _ = panic::catch_unwind(|| (target.read)(input));
        self.runs.store(false, Ordering::Release);
        let panicked = PANIC.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(message) = panicked {
            return Some(Finding::Panicked(message));
        }
        let took = MEMORY.peak_usage().saturating_sub(before);
        (took > limits.memory * MIB).then_some(Finding::Large(limits.memory))
    }
}

/// Notes each panic, also one that a thread or a runtime catches.
fn note_panics() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        let message = panic.to_string();
        let mut noted = PANIC.lock().unwrap_or_else(PoisonError::into_inner);
        noted.get_or_insert(message);
        drop(noted);
        usual(panic);
    }));
}

/// Ends the process with a finding if an input takes too long or too much memory.
fn watch(trial: &Arc<Trial>, limits: Limits, target: &'static str, found: &Path, file: &Path) {
    let (trial, found, file) = (Arc::clone(trial), found.to_owned(), file.to_owned());
    thread::spawn(move || {
        let (mut number, mut since) = (0, Instant::now());
        loop {
            thread::sleep(LOOK);
            let now = trial.number.load(Ordering::Relaxed);
            // A panic is a finding of its own. To print where it came from takes memory.
            let panicked = PANIC
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .is_some();
            if now != number || panicked || !trial.runs.load(Ordering::Acquire) {
                (number, since) = (now, Instant::now());
                continue;
            }
            let before =
                usize::try_from(trial.memory.load(Ordering::Relaxed)).unwrap_or(usize::MAX);
            let finding = if since.elapsed() > Duration::from_secs(limits.seconds) {
                Finding::Slow(limits.seconds)
            } else if MEMORY.current_usage().saturating_sub(before) > limits.memory * MIB {
                Finding::Large(limits.memory)
            } else {
                continue;
            };
            let input = trial.bytes.lock().unwrap_or_else(PoisonError::into_inner);
            if let Err(reason) = keep(&found, target, &input, &finding) {
                output::tell(&format!("error: {reason}\n"));
            }
            // The end of the process is the only way to end the input.
            let _ = std::fs::remove_file(&file);
            process::exit(1);
        }
    });
}
