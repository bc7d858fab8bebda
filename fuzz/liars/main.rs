//! Targets that break on purpose, each in one way. The last one is honest.

use std::process::ExitCode;

use fuzz::Target;

/// The word in an input that each of them breaks at.
const WORD: &[u8] = b"break";

const LIARS: &[Target] = &[
    Target {
        name: "panics",
        read: |input| assert!(!breaks(input), "at `break`"),
    },
    Target {
        name: "hides",
        read: |input| {
            if breaks(input) {
                let _ = std::thread::spawn(|| panic!("on another thread")).join();
            }
        },
    },
    Target {
        name: "hangs",
        read: |input| {
            while breaks(input) {
                std::thread::park();
            }
        },
    },
    Target {
        name: "grows",
        read: |input| {
            if breaks(input) {
                drop(std::hint::black_box(vec![1_u8; 64 << 20]));
            }
        },
    },
    Target {
        name: "overflows",
        read: |input| {
            if breaks(input) {
                std::hint::black_box(deeper(0));
            }
        },
    },
    Target {
        name: "honest",
        read: |input| {
            let _ = std::panic::catch_unwind(|| breaks(input));
        },
    },
];

fn main() -> ExitCode {
    fuzz::run(LIARS)
}

fn breaks(input: &[u8]) -> bool {
    input.windows(WORD.len()).any(|part| part == WORD)
}

#[expect(unconditional_recursion, reason = "it overflows the stack on purpose")]
fn deeper(depth: u64) -> u64 {
    std::hint::black_box(deeper(std::hint::black_box(depth + 1))) + 1
}
