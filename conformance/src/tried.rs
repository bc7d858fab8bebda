//! A case that was tried before, in the format of reports and regressions files.

use serde::{Deserialize, Serialize};

use crate::Case;

/// A case of a law that was tried before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct Tried {
    /// The timeline's name.
    pub timeline: String,
    /// The law's id.
    pub law: String,
    /// The case.
    pub case: Case,
}

/// A case in the format of this version or of an earlier one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    timeline: String,
    law: String,
    case: Case,
}

impl From<Written> for Tried {
    /// Earlier versions wrote a spelling as a second id, and a number of writers as a parameter.
    fn from(written: Written) -> Self {
        let Written {
            timeline,
            law,
            mut case,
        } = written;
        match law.as_str() {
            "percent-encoding-changes-nothing" | "hostile-input-never-breaks-the-server" => {
                case.spelled = case.spelled.or_else(|| case.other.take());
            }
            "tail-reader-sees-each-new-event-once" => {
                if let Some((_, writers)) = case.sent.pop_if(|(name, _)| name == "writers") {
                    case.writers = writers.parse().ok();
                }
            }
            _ => {}
        }
        Self {
            timeline,
            law,
            case,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn check(law: &str, case: &Value, expect: &Case) {
        let file = json!({ "timeline": "events", "law": law, "case": case });
        let tried: Tried = serde_json::from_value(file).unwrap();
        assert_eq!(tried.case, *expect);
        let again: Tried = serde_json::from_value(json!(tried)).unwrap();
        assert_eq!(again, tried);
    }

    #[test]
    fn cases_of_earlier_versions_are_read() {
        let plain = Case::of("one");
        check(
            "percent-encoding-changes-nothing",
            &json!({ "resource": "one", "other": "%6Fne" }),
            &plain.clone().spelled("%6Fne"),
        );
        check(
            "tail-reader-sees-each-new-event-once",
            &json!({ "resource": "one", "sent": [["writers", "3"]] }),
            &plain.clone().writers(3),
        );
        check(
            "resources-share-no-events",
            &json!({ "resource": "one", "other": "two" }),
            &plain.and("two"),
        );
    }
}
