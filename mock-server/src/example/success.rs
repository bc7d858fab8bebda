//! The status with which an operation succeeds.

use http::StatusCode;
use openapi::{Operation, Response};

/// The status of a success, and what the operation declares for it.
///
/// It is the least status from 200 to 299, else 200 for a range or `default`, else the least redirect. `None` if
/// only refusals are declared.
pub(crate) fn success(operation: &Operation) -> Option<(StatusCode, &Response)> {
    let known = |status: u16| {
        let response = operation.response(status)?;
        Some((StatusCode::from_u16(status).ok()?, response))
    };
    let statuses = operation.statuses().filter_map(|one| one.parse().ok());
    let mut declared: Vec<u16> = statuses.collect();
    declared.sort_unstable();
    let least = |from: u16| declared.iter().copied().find(|status| *status >= from);
    let succeeds = least(200).filter(|status| *status < 300);
    succeeds
        .or_else(|| operation.response(200).map(|_| 200))
        .or_else(|| least(300).filter(|status| *status < 400))
        .and_then(known)
}
