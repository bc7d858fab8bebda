//! A history: what several readers met of a list while several writers added to it.
//!
//! Each reader polls from where it stopped. So it must meet each added item once, in the order of the list. A history
//! is checked in one pass over the reads, with one look-up for each key: many writers and readers cost what their
//! operations cost. The flaw that is found names only the polls that show it.

use std::collections::HashMap;
use std::fmt;

/// The reads of one reader, in the order of its polls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reader {
    /// Its name in reports.
    pub name: String,
    /// The keys that each poll returned, in order.
    pub polls: Vec<Vec<String>>,
}

/// A read of a key: the number of the poll, from zero, and the key's place among the poll's items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Read {
    /// The poll.
    pub poll: usize,
    /// The place on it.
    pub place: usize,
}

/// The smallest part of a history that shows that a reader did not meet each item once, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The reader's name.
    pub reader: String,
    /// What is wrong.
    pub kind: Kind,
}

/// What a reader met wrongly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// It never met this item, although it met a later one.
    Lost {
        /// The item.
        key: String,
        /// The first later item that it met, and where. `None` if it met none.
        passed: Option<(String, Read)>,
    },
    /// It met this item twice.
    Doubled {
        /// The item.
        key: String,
        /// Where it met it.
        reads: [Read; 2],
    },
    /// It met these two items in the other order.
    Reordered {
        /// The item that it met first, and where. It was added last.
        first: (String, Read),
        /// The item that it met later, and where.
        then: (String, Read),
    },
    /// It met an item that was not added.
    Unknown {
        /// The item.
        key: String,
        /// Where it met it.
        read: Read,
    },
}

/// The first flaw of a history, or nothing.
///
/// `added` are the keys that were added, in the order of the list. A reader's first flaw is the one that its earliest
/// poll shows; an item that is lost shows only at the end.
pub fn check(added: &[String], readers: &[Reader]) -> Option<Flaw> {
    let places: HashMap<&str, usize> = added
        .iter()
        .enumerate()
        .map(|(place, key)| (key.as_str(), place))
        .collect();
    readers.iter().find_map(|reader| {
        let kind = of_one(added, &places, reader)?;
        Some(Flaw {
            reader: reader.name.clone(),
            kind,
        })
    })
}

fn of_one(added: &[String], places: &HashMap<&str, usize>, reader: &Reader) -> Option<Kind> {
    let mut met: Vec<Option<Read>> = vec![None; added.len()];
    // The greatest place that was met so far.
    let mut furthest: Option<(usize, Read)> = None;
    for (poll, keys) in reader.polls.iter().enumerate() {
        for (place, key) in keys.iter().enumerate() {
            let read = Read { poll, place };
            let Some(at) = places.get(key.as_str()).copied() else {
                let key = key.clone();
                return Some(Kind::Unknown { key, read });
            };
            if let Some(before) = met[at].replace(read) {
                let (key, reads) = (key.clone(), [before, read]);
                return Some(Kind::Doubled { key, reads });
            }
            match furthest {
                Some((later, seen)) if later > at => {
                    return Some(Kind::Reordered {
                        first: (added[later].clone(), seen),
                        then: (key.clone(), read),
                    });
                }
                _ => furthest = Some((at, read)),
            }
        }
    }
    let lost = met.iter().position(Option::is_none)?;
    let passed = (lost..added.len()).find_map(|at| Some((added[at].clone(), met[at]?)));
    Some(Kind::Lost {
        key: added[lost].clone(),
        passed,
    })
}

impl fmt::Display for Read {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "poll {}, item {}", self.poll + 1, self.place + 1)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost { key, passed: None } => {
                write!(out, "{key} is lost: no poll has it, or a later one")
            }
            Self::Lost {
                key,
                passed: Some((later, read)),
            } => write!(
                out,
                "{key} is lost: {later}, which was added later, was met ({read})"
            ),
            Self::Doubled { key, reads } => {
                write!(out, "{key} was met twice ({}; {})", reads[0], reads[1])
            }
            Self::Reordered { first, then } => write!(
                out,
                "{} was met ({}) before {} ({}), which lies before it in the list",
                first.0, first.1, then.0, then.1
            ),
            Self::Unknown { key, read } => {
                write!(out, "{key} was met ({read}), but is not in the list")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys that eight writers added, in the order of the list.
    fn added(count: usize) -> Vec<String> {
        (0..count)
            .map(|number| format!("writer-{}-{number}", number % 8))
            .collect()
    }

    /// A reader that met these keys; each poll returned `size` of them.
    fn reader(number: usize, keys: &[String], size: usize) -> Reader {
        Reader {
            name: format!("reader {number}"),
            polls: keys.chunks(size).map(<[String]>::to_vec).collect(),
        }
    }

    /// The first flaw of eight readers, one of which met other keys than were added.
    fn found(count: usize, change: impl Fn(&mut Vec<String>)) -> Option<Flaw> {
        let added = added(count);
        let readers = (0..8).map(|number| {
            let mut keys = added.clone();
            if number == 5 {
                change(&mut keys);
            }
            reader(number, &keys, number + 1)
        });
        check(&added, &readers.collect::<Vec<_>>())
    }

    fn at(poll: usize, place: usize) -> Read {
        Read { poll, place }
    }

    #[test]
    fn readers_that_met_each_item_once_and_in_order_have_no_flaw() {
        assert_eq!(found(1_000, |_| {}), None);
        assert_eq!(check(&[], &[]), None);
    }

    #[test]
    fn a_lost_item_is_shown_by_the_item_behind_it() {
        let flaw = found(100, |keys| drop(keys.remove(40))).expect("it is lost");
        assert_eq!(flaw.reader, "reader 5");
        let passed = Some(("writer-1-41".to_owned(), at(6, 4)));
        let key = "writer-0-40".to_owned();
        assert_eq!(flaw.kind, Kind::Lost { key, passed });
        assert_eq!(
            flaw.kind.to_string(),
            "writer-0-40 is lost: writer-1-41, which was added later, was met (poll 7, item 5)"
        );
    }

    #[test]
    fn an_item_that_is_lost_at_the_end_is_passed_by_none() {
        let flaw = found(100, |keys| keys.truncate(98)).expect("two are lost");
        let key = "writer-2-98".to_owned();
        assert_eq!(flaw.kind, Kind::Lost { key, passed: None });
    }

    #[test]
    fn an_item_that_is_met_twice_is_shown_by_both_reads() {
        let flaw = found(100, |keys| keys.insert(60, keys[12].clone())).expect("it is there twice");
        let key = "writer-4-12".to_owned();
        let reads = [at(2, 0), at(10, 0)];
        assert_eq!(flaw.kind, Kind::Doubled { key, reads });
    }

    #[test]
    fn two_items_in_the_other_order_are_shown_by_their_reads() {
        let flaw = found(100, |keys| keys.swap(30, 31)).expect("they are swapped");
        let first = ("writer-7-31".to_owned(), at(5, 0));
        let then = ("writer-6-30".to_owned(), at(5, 1));
        assert_eq!(flaw.kind, Kind::Reordered { first, then });
    }

    #[test]
    fn an_item_that_was_not_added_is_named() {
        let flaw = found(10, |keys| keys.push("of somebody else".to_owned())).expect("it is new");
        let key = "of somebody else".to_owned();
        let read = at(1, 4);
        assert_eq!(flaw.kind, Kind::Unknown { key, read });
    }
}
