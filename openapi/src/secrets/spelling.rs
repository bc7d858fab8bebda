//! The spellings of a text: a text in which escapes are undone, and where each part of it came from.
//!
//! A token can be written in many ways (`%22`, `\"`, `&quot;`, `'\''`), also one inside another. Instead of a list
//! of spellings, a text is decoded level by level, and each level is searched.

/// A text, and the place in the original text of each of its bytes.
#[derive(Debug)]
pub(super) struct Level {
    pub(super) text: String,
    /// For each byte, the start and the end of what it was decoded from. Empty if nothing was decoded.
    places: Vec<(usize, usize)>,
}

/// A kind of escape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Escape {
    Backslash,
    Percent,
    Entity,
    Quote,
}

const ALL: [Escape; 4] = [
    Escape::Backslash,
    Escape::Percent,
    Escape::Entity,
    Escape::Quote,
];

impl Level {
    /// The text as it is.
    pub(super) fn of(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            places: Vec::new(),
        }
    }

    /// The place in the original text of a part of this one.
    pub(super) fn place(&self, start: usize, end: usize) -> (usize, usize) {
        if self.places.is_empty() {
            return (start, end);
        }
        (self.places[start].0, self.places[end - 1].1)
    }

    /// The text with one level of escapes undone, or `None` if it has none.
    pub(super) fn decoded(&self) -> Option<Self> {
        let (mut text, mut places) = (String::with_capacity(self.text.len()), Vec::new());
        let mut at = 0;
        let mut changed = false;
        while let Some(first) = self.text[at..].chars().next() {
            let rest = &self.text[at..];
            let (one, length) = match escaped(rest, first, &ALL) {
                Some((one, length)) => {
                    changed = true;
                    (one, length)
                }
                None => (Some(first), first.len_utf8()),
            };
            if let Some(one) = one {
                text.push(one);
                let place = self.place(at, at + length);
                places.extend(std::iter::repeat_n(place, one.len_utf8()));
            }
            at += length;
        }
        changed.then_some(Self { text, places })
    }
}

/// `text`, and every text that decoding may make of it if it has parts that look like escapes.
pub(super) fn readings(text: &str) -> Vec<String> {
    /// The greatest number of readings. A token of escapes only may have very many.
    const MOST: usize = 64;
    /// How many bytes all readings of a long token may have.
    const BYTES: usize = 64 * 1024;
    let most = (BYTES / text.len().max(1)).clamp(2, MOST);
    let mut readings = vec![text.to_owned()];
    let mut next = 0;
    while next < readings.len() {
        for subset in 1_usize..1 << ALL.len() {
            let reading = read(&readings[next], subset);
            if !readings.contains(&reading) && readings.len() < most {
                readings.push(reading);
            }
        }
        next += 1;
    }
    readings
}

/// A text with one level of some kinds of escapes undone: those whose bits are set.
fn read(text: &str, subset: usize) -> String {
    let escapes: Vec<_> = (0..ALL.len())
        .filter(|bit| subset >> bit & 1 == 1)
        .map(|bit| ALL[bit])
        .collect();
    let (mut reading, mut at) = (String::new(), 0);
    while let Some(first) = text[at..].chars().next() {
        let found = escaped(&text[at..], first, &escapes);
        let (one, length) = found.unwrap_or((Some(first), first.len_utf8()));
        reading.extend(one);
        at += length;
    }
    reading
}

/// The character that an escape at the start of `rest` stands for, if it is one of `escapes`, and its length.
///
/// No character is left of a NUL: in ASCII text that is read from UTF-16, each second byte is one.
fn escaped(rest: &str, first: char, escapes: &[Escape]) -> Option<(Option<char>, usize)> {
    let known = |escape| escapes.contains(&escape);
    let found = match first {
        '\0' => return Some((None, 1)),
        '\\' if known(Escape::Backslash) => backslash(rest),
        '%' if known(Escape::Percent) => bytes(rest, "%"),
        '+' if known(Escape::Percent) => Some((' ', 1)),
        '&' if known(Escape::Entity) => entity(rest),
        '\'' | '"' if known(Escape::Quote) => quote(rest),
        _ => None,
    };
    found.map(|(one, length)| (Some(one), length))
}

fn backslash(rest: &str) -> Option<(char, usize)> {
    let second = rest[1..].chars().next()?;
    match second {
        'u' if rest[2..].starts_with('{') => {
            let end = rest.find('}').filter(|end| *end <= 10)?;
            Some((hex(&rest[3..end])?, end + 1))
        }
        'u' => {
            let high = number(rest.get(2..6)?, 16)?;
            if !(0xd800..0xdc00).contains(&high) {
                return Some((char::from_u32(high)?, 6));
            }
            let low = rest.get(6..)?.strip_prefix("\\u")?.get(..4)?;
            let low = number(low, 16)?;
            let code = 0x10000 + ((high - 0xd800) << 10) + low.checked_sub(0xdc00)?;
            Some((char::from_u32(code)?, 12))
        }
        'U' => Some((hex(rest.get(2..10)?)?, 10)),
        'x' => bytes(rest, "\\x"),
        'n' => Some(('\n', 2)),
        'r' => Some(('\r', 2)),
        't' => Some(('\t', 2)),
        '0'..='3'
            if rest
                .get(1..4)
                .is_some_and(|digits| digits.bytes().all(|one| (b'0'..b'8').contains(&one))) =>
        {
            let code = number(&rest[1..4], 8)?;
            Some((char::from_u32(code)?, 4))
        }
        other if other == ' ' || other.is_ascii_punctuation() => Some((other, 2)),
        _ => None,
    }
}

/// A character whose bytes are written in hexadecimal, each behind `mark`. Bytes that are no UTF-8 are Latin-1.
fn bytes(rest: &str, mark: &str) -> Option<(char, usize)> {
    let step = mark.len() + 2;
    let byte = |index: usize| {
        let part = rest.get(index * step..(index + 1) * step)?;
        u8::try_from(number(part.strip_prefix(mark)?, 16)?).ok()
    };
    let first = byte(0)?;
    let many = match first {
        0..0xc0 => 1,
        0xc0..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => 4,
    };
    let all: Option<Vec<u8>> = (0..many).map(byte).collect();
    let one = all.and_then(|all| std::str::from_utf8(&all).ok()?.chars().next());
    Some(one.map_or((char::from(first), step), |one| (one, many * step)))
}

fn entity(rest: &str) -> Option<(char, usize)> {
    const LONGEST: usize = 10;
    const NAMED: [(&str, char); 36] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", ' '),
        ("sol", '/'),
        ("bsol", '\\'),
        ("num", '#'),
        ("percnt", '%'),
        ("plus", '+'),
        ("equals", '='),
        ("colon", ':'),
        ("semi", ';'),
        ("comma", ','),
        ("period", '.'),
        ("excl", '!'),
        ("quest", '?'),
        ("lpar", '('),
        ("rpar", ')'),
        ("lsqb", '['),
        ("lbrack", '['),
        ("rsqb", ']'),
        ("rbrack", ']'),
        ("lcub", '{'),
        ("lbrace", '{'),
        ("rcub", '}'),
        ("rbrace", '}'),
        ("grave", '`'),
        ("lowbar", '_'),
        ("dollar", '$'),
        ("commat", '@'),
        ("ast", '*'),
        ("vert", '|'),
        ("verbar", '|'),
        ("Hat", '^'),
    ];
    let end = rest.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = &rest[1..end];
    let one = if let Some(digits) = name.strip_prefix("#x").or_else(|| name.strip_prefix("#X")) {
        hex(digits)?
    } else if let Some(digits) = name.strip_prefix('#') {
        char::from_u32(number(digits, 10)?)?
    } else {
        NAMED.iter().find(|(known, _)| *known == name)?.1
    };
    Some((one, end + 1))
}

/// A quote inside quotes: of a shell, or doubled, as in CSV, SQL and YAML.
fn quote(rest: &str) -> Option<(char, usize)> {
    ["'\\''", "'\"'\"'", "''", "\"\""]
        .into_iter()
        .find(|written| rest.starts_with(written))
        .and_then(|written| Some((written.chars().next()?, written.len())))
}

fn hex(digits: &str) -> Option<char> {
    char::from_u32(number(digits, 16)?)
}

/// A number in this base, without a sign.
fn number(digits: &str, base: u32) -> Option<u32> {
    let are_digits = digits.chars().all(|one| one.is_digit(base));
    u32::from_str_radix(digits, base)
        .ok()
        .filter(|_| are_digits)
}
