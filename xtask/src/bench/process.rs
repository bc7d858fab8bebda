//! What the kernel says of a process.

use std::fs;

/// Bytes of memory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Resident {
    /// Now.
    pub(crate) now: u64,
    /// At most so far.
    pub(crate) peak: u64,
}

/// Of Linux' `USER_HZ`, which is the same on every machine that this runs on.
const TICKS_PER_SECOND: f64 = 100.0;

/// Seconds of CPU time, in user and kernel, of all threads of a process so far.
pub(crate) fn cpu_seconds(id: u32) -> Result<f64, String> {
    // proc(5): fields 14 and 15, utime and stime.
    seconds(&format!("/proc/{id}/stat"), 14)
}

/// Seconds of CPU time of the programs that this one started and saw end.
pub(crate) fn cpu_seconds_of_the_ended() -> Result<f64, String> {
    // proc(5): fields 16 and 17, cutime and cstime.
    seconds("/proc/self/stat", 16)
}

/// The sum of two neighbouring fields of ticks; proc(5) numbers them from one.
fn seconds(path: &str, field: usize) -> Result<f64, String> {
    let stat = read(path)?;
    // The second field is the program's name in parentheses, which may hold spaces.
    let behind = stat.rsplit_once(") ").map(|(_, behind)| behind);
    let fields = behind.map(|fields| fields.split(' ').collect::<Vec<_>>());
    let ticks = |field: usize| fields.as_ref()?.get(field - 3)?.parse::<f64>().ok();
    match (ticks(field), ticks(field + 1)) {
        (Some(user), Some(system)) => Ok((user + system) / TICKS_PER_SECOND),
        _ => Err(format!("{path} is not as proc(5) has it")),
    }
}

/// How much memory a process has in RAM.
pub(crate) fn resident(id: u32) -> Result<Resident, String> {
    let path = format!("/proc/{id}/status");
    let status = read(&path)?;
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
        Some(kilobytes * 1024)
    };
    match (field("VmRSS:"), field("VmHWM:")) {
        (Some(now), Some(peak)) => Ok(Resident { now, peak }),
        _ => Err(format!("{path} is not as proc(5) has it")),
    }
}

fn read(path: &str) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {path}: {error}"))
}
