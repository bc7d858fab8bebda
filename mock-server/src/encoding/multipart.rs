//! Parts of a body: RFC 7578 and RFC 2046.

use serde_json::Value;

use super::text;

/// The line that separates the parts. No value that is made up has it.
pub(super) const BOUNDARY: &str = "part-of-the-mock-4f1c2a";

/// An object as one part for each property; objects and arrays in it are JSON.
pub(super) fn write(value: &Value) -> String {
    let mut out = String::new();
    for (name, value) in value.as_object().into_iter().flatten() {
        let name = name.replace(['"', '\r', '\n'], "_");
        out += &format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n");
        if matches!(value, Value::Array(_) | Value::Object(_)) {
            out += "Content-Type: application/json\r\n";
        }
        out += &format!("\r\n{}\r\n", text(value));
    }
    out + &format!("--{BOUNDARY}--\r\n")
}
