//! How a resource is called: by the id in its path, or by all values of the path.
//!
//! In a path with one parameter, the name is the id itself. In a path with several, it is their values,
//! joined by slashes (`acme/17`), because two resources may have one id. Cases, listings and the memory of
//! a lie tell resources apart by this name.

use openapi::Contract;
use percent_encoding::percent_decode_str;

/// How the resources of an operation are called.
pub(crate) struct Naming<'c> {
    /// The path's parameters, in the path's order.
    parameters: Vec<&'c str>,
    /// The place of the parameter that holds the id; `None` if the path has no parameter.
    id: Option<usize>,
}

impl<'c> Naming<'c> {
    /// How the contract's resources are called.
    ///
    /// The id is the value of the parameter that the contract names as the parent. If it names none, the
    /// last parameter has it.
    pub(crate) fn of(contract: &'c Contract) -> Self {
        let parameters: Vec<_> = contract.operation().path.parameters().collect();
        let parent = contract.parent().map(|parent| parent.name.as_str());
        let place = parameters.iter().position(|name| Some(*name) == parent);
        Self {
            id: place.or(parameters.len().checked_sub(1)),
            parameters,
        }
    }

    /// The path's parameters, in the path's order.
    pub(crate) fn parameters(&self) -> &[&'c str] {
        &self.parameters
    }

    /// The parameter that holds the id.
    pub(crate) fn parent(&self) -> Option<&'c str> {
        self.id.map(|place| self.parameters[place])
    }

    /// The name of the resource with these path values; empty if the path has no parameter.
    pub(crate) fn name(values: &[String]) -> String {
        match values {
            [only] => only.clone(),
            several => {
                let words: Vec<_> = several.iter().map(|value| escaped(value)).collect();
                words.join("/")
            }
        }
    }

    /// The path values that a name stands for; `None` if it is not a name for a value of each parameter.
    pub(crate) fn values(&self, name: &str) -> Option<Vec<String>> {
        if self.parameters.len() <= 1 {
            return Some(self.parameters.iter().map(|_| name.to_owned()).collect());
        }
        let words: Vec<_> = name.split('/').collect();
        let decoded = |word: &&str| Some(percent_decode_str(word).decode_utf8().ok()?.into_owned());
        (words.len() == self.parameters.len()).then(|| words.iter().map(decoded).collect())?
    }

    /// The id among path values; empty if the path has no parameter.
    pub(crate) fn id<'v>(&self, values: &'v [String]) -> &'v str {
        let value = self.id.and_then(|place| values.get(place));
        value.map_or("", String::as_str)
    }

    /// The same path values with another id.
    pub(crate) fn with_id(&self, values: &[String], id: &str) -> Vec<String> {
        let mut values = values.to_vec();
        if let Some(value) = self.id.and_then(|place| values.get_mut(place)) {
            id.clone_into(value);
        }
        values
    }
}

/// A value in which no slash is left, so that the values of a name stay distinct.
fn escaped(value: &str) -> String {
    value.replace('%', "%25").replace('/', "%2F")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(parameters: &[&str], values: &[&str], name: &str) {
        let naming = Naming {
            id: parameters.len().checked_sub(1),
            parameters: parameters.to_vec(),
        };
        let values: Vec<String> = values.iter().map(ToString::to_string).collect();
        assert_eq!(Naming::name(&values), name);
        assert_eq!(naming.values(name), Some(values));
    }

    #[test]
    fn one_value_is_the_name() {
        check(&["id"], &["17"], "17");
        check(&["id"], &["a/b%2F"], "a/b%2F");
    }

    #[test]
    fn several_values_are_joined_and_can_be_told_apart() {
        check(&["org", "id"], &["acme", "17"], "acme/17");
        check(&["org", "id"], &["a/b", "50%"], "a%2Fb/50%25");
        check(&["org", "id"], &["", "17"], "/17");
    }

    #[test]
    fn a_name_with_too_few_values_is_none_of_these() {
        let naming = Naming {
            id: Some(1),
            parameters: vec!["org", "id"],
        };
        assert_eq!(naming.values("17"), None);
        assert_eq!(naming.values("a/b/c"), None);
    }
}
