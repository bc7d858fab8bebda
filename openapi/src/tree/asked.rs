//! Answers of schemas that are asked again and again while one value is validated.
//!
//! Schemas may refer to others so that each level doubles the questions (`allOf` of two references, forty times). The
//! same question has the same answer, so from some number of questions on, answers are kept until the value is done.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::Value;

/// The number of questions from which on answers are kept. Hardly any value needs so many.
const MANY: usize = 65_536;

thread_local! {
    static ASKED: RefCell<Asked> = RefCell::default();
}

/// What was asked for the value that is validated now.
#[derive(Default)]
struct Asked {
    /// The number of questions that are not answered yet, one inside another.
    depth: usize,
    count: usize,
    answers: HashMap<(usize, Part), bool>,
}

/// A part of a value.
#[derive(PartialEq, Eq, Hash)]
enum Part {
    /// A list or an object, by its place in memory. It stays there until the whole value is done.
    At(usize),
    /// Another value, by its text. A validator makes such values while it works, and places are used again.
    Is(String),
}

impl Part {
    fn of(value: &Value) -> Self {
        match value {
            Value::Array(_) | Value::Object(_) => Self::At(std::ptr::from_ref(value).addr()),
            other => Self::Is(other.to_string()),
        }
    }
}

/// One question less when it is dropped, also by a panic. The last one forgets the answers.
struct Open;

impl Drop for Open {
    fn drop(&mut self) {
        ASKED.with_borrow_mut(|asked| {
            asked.depth -= 1;
            if asked.depth == 0 {
                asked.count = 0;
                asked.answers = HashMap::new();
            }
        });
    }
}

fn open() -> Open {
    ASKED.with_borrow_mut(|asked| {
        asked.depth += 1;
        asked.count += 1;
    });
    Open
}

/// Keeps answers until `all` is done, which asks several questions about parts of one value.
pub(crate) fn together<T>(all: impl FnOnce() -> T) -> T {
    let _open = open();
    all()
}

/// The answer of the schema at the address `schema` about `value`, which `answer` finds out.
pub(crate) fn once(schema: usize, value: &Value, answer: impl FnOnce() -> bool) -> bool {
    let _open = open();
    if ASKED.with_borrow(|asked| asked.count <= MANY) {
        return answer();
    }
    let question = (schema, Part::of(value));
    if let Some(known) = ASKED.with_borrow(|asked| asked.answers.get(&question).copied()) {
        return known;
    }
    let answer = answer();
    ASKED.with_borrow_mut(|asked| asked.answers.insert(question, answer));
    answer
}
