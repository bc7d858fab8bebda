//! How large a text of YAML is, counted before it is read.
//!
//! The reader of values first keeps all nodes of a text, and then repeats what aliases (`*name`) stand for. So both
//! are counted before, by a parser that keeps nothing of the text.

use std::collections::HashSet;

use saphyr_parser::{Event, Parser};

use super::{MOST_BESIDE_ALIASES, MOST_NODES, MOST_PATHS, NODE, PATHS, TooLarge, budget};

/// The aliases that the reader of values follows for each event of a text.
const FOLLOWED: usize = 100;

/// Why a text is too large to be read, and the line and the column where it is; `None` if it is small enough.
pub(crate) fn too_large(text: &str) -> Option<(TooLarge, usize, usize)> {
    let has_aliases = has_aliases(text);
    if !has_aliases && !may_be_too_large(text) {
        return None;
    }
    let mut parser = Parser::new_from_str(text);
    let mut count = Count::new(text, has_aliases);
    let mut most_followed = (0, (1, 1));
    while let Some(Ok((event, span))) = parser.next_event() {
        let place = (span.start.line(), span.start.col() + 1);
        let before = count.total.aliases;
        if let Some(why) = count.event(&event) {
            return Some((why, place.0, place.1));
        }
        let followed = count.total.aliases - before;
        if followed > most_followed.0 {
            most_followed = (followed, place);
        }
    }
    let (_, (line, column)) = most_followed;
    let too_many = count.total.aliases > FOLLOWED.saturating_mul(count.events);
    too_many.then_some((TooLarge::Aliases, line, column))
}

/// Whether an alias of a text names an anchor (`&name`) before it.
///
/// Texts of quotes and comments are searched, too. What is found in them costs a count only.
fn has_aliases(text: &str) -> bool {
    if !text.contains('*') || !text.contains('&') {
        return false;
    }
    let bytes = text.as_bytes();
    let mut anchors = HashSet::new();
    bytes.iter().enumerate().any(|(at, byte)| {
        if !matches!(byte, b'&' | b'*') || at > 0 && bytes[at - 1].is_ascii_alphanumeric() {
            return false;
        }
        let behind = &bytes[at + 1..];
        let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let end = behind.iter().position(|byte| !is_of_name(byte));
        let name = &behind[..end.unwrap_or(behind.len())];
        if *byte == b'*' {
            return anchors.contains(name);
        }
        if !name.is_empty() {
            anchors.insert(name);
        }
        false
    })
}

/// Whether a text may have too many values or paths. If it may, they must be counted.
fn may_be_too_large(text: &str) -> bool {
    // Each node stands behind one of these bytes, or begins the text.
    let is_before = |byte: &u8| {
        matches!(
            byte,
            b':' | b',' | b'-' | b'?' | b'[' | b'{' | b'\n' | b'\r'
        )
    };
    if text.len() > MOST_NODES && text.bytes().filter(|byte| is_before(byte)).count() >= MOST_NODES
    {
        return true;
    }
    let is_path = |line: &&str| {
        line.trim_start()
            .trim_start_matches(['"', '\''])
            .starts_with('/')
    };
    text.len() > MOST_PATHS && text.lines().filter(is_path).nth(MOST_PATHS).is_some()
}

/// What a text, or a part of it, is when its aliases are followed.
#[derive(Clone, Copy, Default)]
struct Size {
    /// The memory that its values take, in bytes.
    bytes: usize,
    /// The number of aliases that are followed.
    aliases: usize,
}

/// A mapping or a list that is open.
struct Open {
    /// The number of its keys and values so far.
    nodes: usize,
    /// The number of its anchor; 0 without one.
    anchor: usize,
    /// The size of the text before it.
    before: Size,
}

/// What is counted.
struct Count {
    total: Size,
    /// The greatest `bytes` of the total, and why no more are read.
    most: (usize, TooLarge),
    /// Whether aliases are followed.
    has_aliases: bool,
    /// The number of nodes that are written.
    nodes: usize,
    /// The number of nodes and of ends of mappings and lists.
    events: usize,
    /// By the number of an anchor, the size of what it names; `None` while that is open.
    anchored: Vec<Option<Size>>,
    open: Vec<Open>,
    /// Whether the entries of the root's `paths` are open.
    is_in_paths: bool,
    /// Whether the last key of the root is `paths`.
    was_paths: bool,
}

impl Count {
    fn new(text: &str, has_aliases: bool) -> Self {
        Self {
            total: Size::default(),
            most: budget(text),
            has_aliases,
            nodes: 0,
            events: 0,
            anchored: Vec::new(),
            open: Vec::new(),
            is_in_paths: false,
            was_paths: false,
        }
    }

    /// Counts an event; returns why no more are read.
    fn event(&mut self, event: &Event<'_>) -> Option<TooLarge> {
        let before = self.total;
        match event {
            Event::MappingStart(anchor, _) | Event::SequenceStart(anchor, _) => {
                let is_paths = self.was_paths;
                let why = self.node(Size::of(""));
                self.is_in_paths |= is_paths && self.open.len() == 1;
                self.name(*anchor, None);
                self.open.push(Open {
                    nodes: 0,
                    anchor: *anchor,
                    before,
                });
                why
            }
            Event::MappingEnd | Event::SequenceEnd => {
                self.close();
                None
            }
            Event::Scalar(text, _, anchor, _) => {
                let is_key = self.is_key();
                let why = self.node(Size::of(text));
                self.was_paths = self.open.len() == 1 && is_key && text == PATHS;
                self.name(*anchor, Some(self.total.since(before)));
                why
            }
            Event::Alias(anchor) => match self.anchored.get(*anchor).copied().flatten() {
                Some(size) => self.node(Size {
                    aliases: size.aliases + 1,
                    ..size
                }),
                None => Some(TooLarge::Endless),
            },
            _ => None,
        }
    }

    /// Whether the next node is a key, if it stands in a mapping.
    fn is_key(&self) -> bool {
        self.open.last().is_some_and(|open| open.nodes % 2 == 0)
    }

    /// Counts a node; returns why no more are read.
    fn node(&mut self, size: Size) -> Option<TooLarge> {
        self.was_paths = false;
        self.nodes += 1;
        self.events += 1;
        self.total.bytes += size.bytes;
        self.total.aliases += size.aliases;
        if let Some(open) = self.open.last_mut() {
            open.nodes += 1;
        }
        let (most, why) = self.most;
        match &self.open[..] {
            _ if self.has_aliases && self.total.bytes > most => Some(why),
            _ if self.has_aliases && self.nodes > MOST_BESIDE_ALIASES => {
                Some(TooLarge::BesideAliases)
            }
            _ if self.nodes > MOST_NODES => Some(TooLarge::Values),
            [_, paths] if self.is_in_paths && paths.nodes > 2 * MOST_PATHS => Some(TooLarge::Paths),
            _ => None,
        }
    }

    /// Keeps the size of what an anchor names; `None` while that is open.
    fn name(&mut self, anchor: usize, size: Option<Size>) {
        // The parser counts anchors from one.
        if anchor > 0 {
            self.anchored
                .resize(self.anchored.len().max(anchor + 1), None);
            self.anchored[anchor] = size;
        }
    }

    fn close(&mut self) {
        self.events += 1;
        if let Some(open) = self.open.pop() {
            self.name(open.anchor, Some(self.total.since(open.before)));
        }
        self.is_in_paths &= self.open.len() > 1;
    }
}

impl Size {
    /// The size of a text, or of a mapping or a list without what stands in it.
    fn of(text: &str) -> Self {
        Self {
            bytes: NODE + text.len(),
            aliases: 0,
        }
    }

    /// What was added to `before`.
    fn since(self, before: Self) -> Self {
        Self {
            bytes: self.bytes - before.bytes,
            aliases: self.aliases - before.aliases,
        }
    }
}
