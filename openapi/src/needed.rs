//! The parameters that a request must have.

use crate::{Contract, Location, Operation, Parameter, Role, Scheme};

impl Contract {
    /// The required parameters outside the path that a client has to set for a first page.
    ///
    /// These are all but the one that names a place in the listing, the caller's credentials, and headers
    /// that belong to HTTP.
    pub fn needed(&self) -> impl Iterator<Item = &Parameter> {
        let operation = self.operation();
        let parameters = operation.parameters.iter();
        parameters.filter(move |parameter| {
            parameter.required
                && parameter.location != Location::Path
                && !self.is_place(parameter)
                && !is_set_elsewhere(operation, parameter)
        })
    }

    /// The role of a parameter in paging, if it has one.
    pub fn role(&self, parameter: &Parameter) -> Option<Role> {
        let mut roles = Role::ALL.into_iter();
        roles.find(|role| {
            let paging = self.paging().parameter(*role);
            paging
                .is_some_and(|one| one.location == parameter.location && one.name == parameter.name)
        })
    }

    fn is_place(&self, parameter: &Parameter) -> bool {
        self.role(parameter).is_some_and(|role| role != Role::Limit)
    }
}

/// Whether HTTP or the caller's credentials set the parameter.
fn is_set_elsewhere(operation: &Operation, parameter: &Parameter) -> bool {
    let is_called = |name: &str| parameter.name.eq_ignore_ascii_case(name);
    let mut schemes = operation.security.iter().flatten();
    let is_key = schemes.any(|scheme| match scheme {
        Scheme::ApiKey(location, name) => *location == parameter.location && is_called(name),
        _ => false,
    });
    is_key || parameter.is_ignored()
}
