//! The permission to send requests that may change data.
//!
//! The judge only reads unless the subject file or a flag allows more. Hooks need no permission, because the
//! subject file describes each of their requests.

use schemars::JsonSchema;
use serde::Deserialize;

/// Whether the judge may send methods that change data on some servers: POST, PUT, PATCH, DELETE, TRACE.
///
/// The method of an operation with declared paging reads, whatever its name is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UnsafeMethods {
    /// They are not sent. Laws that need them are not in force.
    #[default]
    Refuse,
    /// They are sent to resources of the subject file, after everything else.
    Allow,
}

/// Methods that only read (RFC 9110, 9.2.1; QUERY).
const READS: &[&str] = &["GET", "HEAD", "OPTIONS", "QUERY"];

impl UnsafeMethods {
    /// The reason why a law that sends such methods is not in force, and how to allow them.
    pub(crate) const REFUSED: &str = "it sends methods that may change data: allow them by `unsafe-methods: \
                                      allow` in the subject file, or by `--unsafe-methods allow`";

    /// Whether this method may be sent. `own` is the method of the operation.
    pub(crate) fn permits(self, method: &str, own: &str) -> bool {
        self == Self::Allow || method == own || READS.contains(&method)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_reads_and_the_operations_own_method_need_no_permission() {
        for method in ["GET", "HEAD", "OPTIONS", "QUERY"] {
            assert!(UnsafeMethods::Refuse.permits(method, "GET"), "{method}");
        }
        for method in ["POST", "PUT", "PATCH", "DELETE", "TRACE"] {
            assert!(!UnsafeMethods::Refuse.permits(method, "GET"), "{method}");
            assert!(UnsafeMethods::Refuse.permits(method, method), "{method}");
            assert!(UnsafeMethods::Allow.permits(method, "GET"), "{method}");
        }
    }
}
