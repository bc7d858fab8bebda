//! Walks a text of JSON. It keeps nothing, and passes over a part in a fraction of the time that it takes to read it.

use std::collections::HashSet;
use std::ops::Range;

use super::{DEPTH, Next, Seen};
use crate::join;

/// Why a walk ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The text or the search ended.
    Done,
    /// The text is no JSON from here on.
    NoJson,
}

/// Calls `look` with the values of a text, and with the bytes of their keys, or of themselves without keys.
pub(super) fn walk(text: &str, look: &mut dyn FnMut(Seen, &str, Range<usize>) -> Next) -> End {
    let mut walk = Walk { text, at: 0, look };
    walk.space();
    let start = walk.at;
    let end = walk.value(start..start + 1, "#", 0);
    end.err().unwrap_or(End::Done)
}

struct Walk<'t, 'l> {
    text: &'t str,
    /// The next byte.
    at: usize,
    look: &'l mut dyn FnMut(Seen, &str, Range<usize>) -> Next,
}

impl Walk<'_, '_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Takes the byte, if it is the next one behind white space.
    fn takes(&mut self, byte: u8) -> Result<bool, End> {
        self.space();
        let next = self.peek().ok_or(End::Done)?;
        self.at += usize::from(next == byte);
        Ok(next == byte)
    }

    fn take(&mut self, byte: u8) -> Result<(), End> {
        self.takes(byte)?.then_some(()).ok_or(End::NoJson)
    }

    /// Reads a value, which stands at `pointer`; `shown` are the bytes that show where.
    fn value(&mut self, shown: Range<usize>, pointer: &str, depth: usize) -> Result<(), End> {
        match (self.look)(Seen::Value, pointer, shown) {
            Next::End => Err(End::Done),
            Next::Into if depth > DEPTH => Err(End::Done),
            Next::Into if self.takes(b'{')? => self.object(pointer, depth),
            Next::Into if self.takes(b'[')? => self.array(pointer, depth),
            Next::Past | Next::Into => self.past(),
        }
    }

    fn object(&mut self, pointer: &str, depth: usize) -> Result<(), End> {
        let mut keys = HashSet::new();
        if self.takes(b'}')? {
            return Ok(());
        }
        loop {
            self.space();
            let key = self.string()?;
            let written = &self.text[key.clone()];
            let plain = || written[1..written.len() - 1].to_owned();
            let name = serde_json::from_str(written).unwrap_or_else(|_| plain());
            let pointer = join(pointer, &name);
            self.take(b':')?;
            self.space();
            let next = if keys.insert(name) {
                Next::Into
            } else {
                (self.look)(Seen::SecondKey, &pointer, key.clone())
            };
            match next {
                Next::Into => self.value(key, &pointer, depth + 1)?,
                Next::Past => self.past()?,
                Next::End => return Err(End::Done),
            }
            if self.takes(b'}')? {
                return Ok(());
            }
            self.take(b',')?;
        }
    }

    fn array(&mut self, pointer: &str, depth: usize) -> Result<(), End> {
        if self.takes(b']')? {
            return Ok(());
        }
        for index in 0_usize.. {
            let shown = self.ahead();
            self.value(shown, &join(pointer, &index.to_string()), depth + 1)?;
            if self.takes(b']')? {
                break;
            }
            self.take(b',')?;
        }
        Ok(())
    }

    /// The bytes of the next text, number or word, or the first one of anything else.
    fn ahead(&mut self) -> Range<usize> {
        self.space();
        let start = self.at;
        let end = match self.peek() {
            Some(b'"') => self.string().map_or(start + 1, |text| text.end),
            Some(b'{' | b'[') | None => start + 1,
            Some(_) => {
                let is_end = |byte: char| matches!(byte, ',' | ']' | '}') || byte.is_whitespace();
                let rest = &self.text[start..];
                start + rest.find(is_end).unwrap_or(rest.len())
            }
        };
        self.at = start;
        start..end
    }

    /// Passes over a value. What stands in its brackets is not looked at.
    fn past(&mut self) -> Result<(), End> {
        self.space();
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.string()?;
                    if depth == 0 {
                        return Ok(());
                    }
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' | b',' if depth == 0 => return Ok(()),
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        self.at += 1;
                        return Ok(());
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
        Err(End::Done)
    }

    /// The bytes of a string, with its quotes.
    fn string(&mut self) -> Result<Range<usize>, End> {
        let start = self.at;
        self.take(b'"')?;
        loop {
            match self.peek().ok_or(End::Done)? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Ok(start..self.at)
    }
}
