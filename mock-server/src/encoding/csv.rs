//! Rows of text: RFC 4180.

use serde_json::Value;

use super::text;

/// An array of objects as rows under their names; any other value as one row.
pub(super) fn write(value: &Value) -> String {
    let one = std::slice::from_ref(value);
    let rows = value.as_array().map_or(one, Vec::as_slice);
    let mut names: Vec<&str> = Vec::new();
    for name in rows
        .iter()
        .filter_map(Value::as_object)
        .flatten()
        .map(|(name, _)| name)
    {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let mut out = String::new();
    if !names.is_empty() {
        line(&mut out, names.iter().map(|name| (*name).to_owned()));
    }
    for row in rows {
        match row {
            Value::Object(fields) => line(
                &mut out,
                names
                    .iter()
                    .map(|name| fields.get(*name).map_or_else(String::new, text)),
            ),
            Value::Array(cells) => line(&mut out, cells.iter().map(text)),
            other => line(&mut out, std::iter::once(text(other))),
        }
    }
    out
}

fn line(out: &mut String, cells: impl Iterator<Item = String>) {
    let cells: Vec<_> = cells.map(|cell| quoted(&cell)).collect();
    *out += &cells.join(",");
    *out += "\r\n";
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn objects_become_rows_under_all_their_names() {
        let rows = json!([{ "a": 1, "b": "x,\"y\"" }, { "b": null, "c": [1] }]);
        assert_eq!(write(&rows), "a,b,c\r\n1,\"x,\"\"y\"\"\",\r\n,,[1]\r\n");
        assert_eq!(write(&json!([[1, 2], 3])), "1,2\r\n3\r\n");
    }
}
