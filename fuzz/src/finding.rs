//! What an input may cost, and what is said of one that costs more.

use std::fmt;

/// What one input may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The time, in seconds.
    pub seconds: u64,
    /// The memory, in MiB.
    pub memory: usize,
}

/// What an input did to a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The target panicked, with this message.
    Panicked(String),
    /// It took more than this number of seconds.
    Slow(u64),
    /// It took more than this number of MiB.
    Large(usize),
    /// It ended the process, as an overflow of the stack does.
    Ended(String),
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panicked(message) => write!(out, "it panicked: {message}"),
            Self::Slow(seconds) => write!(out, "it took more than {seconds} s"),
            Self::Large(memory) => write!(out, "it took more than {memory} MiB"),
            Self::Ended(status) => write!(out, "it ended the process: {status}"),
        }
    }
}
