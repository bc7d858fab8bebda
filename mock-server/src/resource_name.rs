//! The name of a resource, as people write it: its id, and other path values if several resources have the id.

/// The name of a resource.
///
/// An id alone is enough unless several resources have it, at different values of other path parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceName {
    /// The resource's id.
    pub id: String,
    /// Values of other path parameters, by name.
    pub path: Vec<(String, String)>,
}

impl From<&str> for ResourceName {
    fn from(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            path: Vec::new(),
        }
    }
}

impl From<&String> for ResourceName {
    fn from(id: &String) -> Self {
        Self::from(id.as_str())
    }
}
