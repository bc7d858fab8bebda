//! Changes seeds at random, by bytes, words and lines.

use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::seeds::Seeds;

/// The longest input, in bytes.
const LONGEST: usize = 64 << 10;

/// The greatest number of changes to one seed.
const CHANGES: u32 = 8;

/// The greatest number of copies of one part.
const COPIES: usize = 300;

/// Makes inputs from seeds. The same number and the same seeds give the same inputs.
#[derive(Debug)]
pub struct Mutator {
    seeds: Seeds,
    random: SmallRng,
}

impl Mutator {
    /// A mutator of these seeds.
    pub fn new(seeds: Seeds, number: u64) -> Self {
        let random = SmallRng::seed_from_u64(number);
        Self { seeds, random }
    }

    /// The next input.
    pub fn input(&mut self) -> Vec<u8> {
        let seed = self.below(self.seeds.files.len());
        let mut input = self.seeds.files.get(seed).cloned().unwrap_or_default();
        for _ in 0..self.random.random_range(1..=CHANGES) {
            self.change(&mut input);
            input.truncate(LONGEST);
        }
        input
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        match self.below(10) {
            0 => self.change_byte(input),
            1 => {
                let part = self.span(input);
                input.drain(part);
            }
            2 => {
                let word = self.word();
                let at = self.below(input.len() + 1);
                input.splice(at..at, word);
            }
            3..=5 => {
                let (old, word) = (self.word_in(input), self.word());
                input.splice(old, word);
            }
            6 => self.repeat(input),
            7 => self.swap_lines(input),
            8 => {
                let seed = self.below(self.seeds.files.len());
                let other = self.seeds.files.get(seed).cloned().unwrap_or_default();
                let (from, part) = (self.below(input.len() + 1), self.span(&other));
                input.splice(from..from, other[part].iter().copied());
            }
            _ => {
                let end = self.below(input.len() + 1);
                input.truncate(end);
            }
        }
    }

    fn change_byte(&mut self, input: &mut [u8]) {
        let at = self.below(input.len());
        let (bit, any) = (self.random.random_range(0..8), self.random.random());
        let whole = self.random.random_bool(0.5);
        if let Some(byte) = input.get_mut(at) {
            *byte = if whole { any } else { *byte ^ (1 << bit) };
        }
    }

    /// Copies a part several times behind itself.
    fn repeat(&mut self, input: &mut Vec<u8>) {
        let part = self.span(input);
        let copies = self.below(COPIES).min(LONGEST / part.len().max(1));
        let (end, added) = (part.end, input[part].repeat(copies));
        input.splice(end..end, added);
    }

    fn swap_lines(&mut self, input: &mut Vec<u8>) {
        let mut lines: Vec<_> = input.split(|byte| *byte == b'\n').collect();
        let (one, other) = (self.below(lines.len()), self.below(lines.len()));
        lines.swap(one, other);
        *input = lines.join(&b'\n');
    }

    /// A word of the seeds.
    fn word(&mut self) -> Vec<u8> {
        let word = self.below(self.seeds.words.len());
        self.seeds.words.get(word).cloned().unwrap_or_default()
    }

    /// The place of a word in an input.
    fn word_in(&mut self, input: &[u8]) -> std::ops::Range<usize> {
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.$".contains(byte);
        let at = self.below(input.len());
        let before = input[..at].iter().rev().take_while(|byte| is_word(byte));
        let behind = input[at..].iter().take_while(|byte| is_word(byte));
        at - before.count()..at + behind.count()
    }

    /// A part of an input, more often a short one.
    fn span(&mut self, input: &[u8]) -> std::ops::Range<usize> {
        let start = self.below(input.len());
        let longest = if self.random.random_bool(0.8) {
            16
        } else {
            512
        };
        let length = self.below(longest.min(input.len() - start) + 1);
        start..start + length
    }

    /// A number below `end`, or 0 if there is none.
    fn below(&mut self, end: usize) -> usize {
        if end == 0 {
            0
        } else {
            self.random.random_range(0..end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_gives_the_same_inputs_and_another_number_gives_others() {
        let seeds = Seeds::of(vec![b"a: [1, 2]\nb: c".to_vec(), Vec::new()]);
        let inputs = |number| {
            let mut mutator = Mutator::new(seeds.clone(), number);
            (0..2_000).map(|_| mutator.input()).collect::<Vec<_>>()
        };
        assert_eq!(inputs(1), inputs(1));
        assert_ne!(inputs(1), inputs(2));
        assert!(inputs(1).iter().all(|input| input.len() <= LONGEST));
        assert!(inputs(1).iter().any(|input| input.len() > 1_000));
    }
}
