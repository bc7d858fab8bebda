//! Parameters that a document gives to every operation, lists or not.
//!
//! Such a parameter says nothing of one operation: its answer must say how to go on.

use super::Look;
use super::answer::Answer;
use super::asked::Asked;
use crate::Location;

/// Whether most operations that have this parameter answer with no list.
pub(super) fn is_copied(look: &Look<'_>, asked: &Asked) -> bool {
    let (mut lists, mut others) = (0_usize, 0_usize);
    for operation in look.document.operations {
        if operation.parameter(Location::Query, &asked.name).is_none() {
            continue;
        }
        let answer = Answer::of(operation);
        let is_list =
            answer.is_some_and(|answer| answer.lists.iter().any(|list| list.at.steps().len() < 2));
        if is_list && operation.method == "GET" {
            lists += 1;
        } else {
            others += 1;
        }
    }
    others * 4 > lists
}
