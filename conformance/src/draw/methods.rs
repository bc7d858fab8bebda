//! Methods that the document does not declare.

use openapi::Router;

use crate::Case;
use crate::outcome::{self, Skip};
use crate::session::Session;

/// A request for the resource with each method that the document does not declare for the path.
pub(crate) fn undeclared(session: &Session<'_>, name: &str) -> Result<Vec<Case>, Skip> {
    let contract = session.contract();
    let path = session.path(name, None);
    let operations = contract.document().operations().iter();
    let router = Router::new(operations.map(|one| (one.method.as_str(), &one.path)));
    let declared = |method: &&str| router.find(method, &path).is_some();
    let methods = ["POST", "PUT", "PATCH", "DELETE", "TRACE"].into_iter();
    let cases: Vec<_> = methods
        .filter(|method| !declared(method))
        .map(|method| Case::of(name).method(method))
        .collect();
    if cases.is_empty() {
        return outcome::not_in_force("the document declares every method");
    }
    Ok(cases)
}
