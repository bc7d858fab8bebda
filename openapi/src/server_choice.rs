//! The choice among the servers of a document, and the path before an operation's path that follows from it.

use crate::server::{Variable, normal};
use crate::{Document, Operation, Problem};

/// The choice of a server, and so of the path before every operation's path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerChoice {
    /// The path itself, whatever the documents say; `/` or nothing for none.
    pub base_path: Option<String>,
    /// The number of the server among those of the document, from 1 on; the first if there is none.
    pub number: Option<usize>,
    /// Values of variables, by name.
    pub variables: Vec<(String, String)>,
}

impl ServerChoice {
    /// Checks that each document has the chosen server and variables.
    ///
    /// A variable must be one of some document, and its value one that the document allows.
    pub fn check(&self, documents: &[Document]) -> Result<(), Problem> {
        if let Some(number) = self.number {
            for document in documents {
                let count = document.servers().len();
                if number == 0 || number > count {
                    let message = format!(
                        "`--server {number}` is no server of {}, which has {count}",
                        document.source().name()
                    );
                    let cure = match count {
                        0 => "leave `--server` out, or write the path with `--base-path /v1`"
                            .to_owned(),
                        count => format!("write a number from 1 to {count}"),
                    };
                    return Err(Problem::new(message).cure(cure));
                }
            }
        }
        let known = || {
            let servers = documents.iter().flat_map(Document::every_server);
            servers.flat_map(|server| &server.variables)
        };
        for (name, value) in &self.variables {
            let own: Vec<_> = known().filter(|one| one.name == *name).collect();
            if own.is_empty() {
                let mut names: Vec<_> = known().map(|one| format!("`{}`", one.name)).collect();
                names.dedup();
                let message = format!("`--server-variable {name}` is no variable of a server");
                return Err(Problem::new(message).cure(match names.as_slice() {
                    [] => "leave it out: the documents' servers have no variables".to_owned(),
                    names => format!("write {}", names.join(" or ")),
                }));
            }
            let fits = |one: &&Variable| one.choices.is_empty() || one.choices.contains(value);
            if !own.iter().any(fits) {
                let choices: Vec<_> = own.iter().flat_map(|one| one.choices.clone()).collect();
                let message = format!("`--server-variable {name}` cannot be `{value}`");
                let cure = format!("write one of {}", choices.join(", "));
                return Err(Problem::new(message).cure(cure));
            }
        }
        Ok(())
    }

    /// The path before an operation's path: empty, or as `/v2`, percent-encoded as written.
    ///
    /// It is that of the operation's own servers, else of the path item's, else of the document's.
    pub fn base_path(&self, document: &Document, operation: &Operation) -> String {
        if let Some(path) = &self.base_path {
            return normal(path);
        }
        let servers = if operation.servers.is_empty() {
            document.servers()
        } else {
            &operation.servers
        };
        let wanted = self.number.unwrap_or(1).saturating_sub(1);
        let server = servers.get(wanted).or(servers.first());
        server.map_or_else(String::new, |server| server.base_path(&self.variables))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;

    fn document(rest: &str) -> Document {
        let text = format!("openapi: 3.1.0\n{rest}");
        Document::read(Source::new("d.yaml", text), &[]).unwrap()
    }

    fn check(servers: &str, choice: &ServerChoice, expect: &str) {
        let document = document(&format!(
            "servers: {servers}\npaths: {{ /a: {{ get: {{}} }} }}\n"
        ));
        assert!(document.warnings().is_empty(), "{:?}", document.warnings());
        choice.check(std::slice::from_ref(&document)).unwrap();
        let found = choice.base_path(&document, &document.operations()[0]);
        assert_eq!(found, expect, "{servers}");
    }

    #[test]
    fn the_base_path_is_that_of_the_first_server() {
        let first = ServerChoice::default();
        check("[]", &first, "");
        check("[{ url: 'https://api.example.com' }]", &first, "");
        check("[{ url: 'https://api.example.com/' }]", &first, "");
        check(
            "[{ url: 'https://api.example.com/v2/' }, { url: /v3 }]",
            &first,
            "/v2",
        );
        check("[{ url: /v3/x }]", &first, "/v3/x");
        check("[{ url: v3 }]", &first, "/v3");
        check("[{ url: '//api.example.com/v4?a=/b' }]", &first, "/v4");
        let variables = "[{ url: 'https://{host}:{port}/{base}', variables: { host: { default: a/b }, port: { default: 443 }, base: { default: v5 } } }]";
        check(&variables.replace("a/b", "a"), &first, "/v5");
    }

    #[test]
    fn another_server_or_path_can_be_chosen() {
        let servers = "[{ url: /v1 }, { url: '/{base}', variables: { base: { default: v2, enum: [v2, v3] } } }]";
        let second = ServerChoice {
            number: Some(2),
            ..ServerChoice::default()
        };
        check(servers, &second, "/v2");
        let third = ServerChoice {
            variables: vec![("base".to_owned(), "v3".to_owned())],
            ..second
        };
        check(servers, &third, "/v3");
        for (path, expect) in [("/", ""), ("", ""), ("x/y/", "/x/y")] {
            let choice = ServerChoice {
                base_path: Some(path.to_owned()),
                ..ServerChoice::default()
            };
            check(servers, &choice, expect);
        }
    }

    #[test]
    fn a_choice_that_is_none_says_what_there_is() {
        let document = document(
            "servers: [{ url: '/{base}', variables: { base: { default: v2, enum: [v2, v3] } } }]\n",
        );
        let choice = |number, (name, value): (&str, &str)| ServerChoice {
            number,
            variables: vec![(name.to_owned(), value.to_owned())],
            ..ServerChoice::default()
        };
        for (choice, expect) in [
            (
                choice(Some(2), ("base", "v2")),
                "`--server 2` is no server of d.yaml, which has 1",
            ),
            (
                choice(Some(0), ("base", "v2")),
                "`--server 0` is no server of d.yaml, which has 1",
            ),
            (
                choice(None, ("case", "v2")),
                "`--server-variable case` is no variable of a server",
            ),
            (
                choice(None, ("base", "v9")),
                "`--server-variable base` cannot be `v9`",
            ),
        ] {
            let problem = choice.check(std::slice::from_ref(&document)).unwrap_err();
            assert_eq!(problem.message(), expect);
        }
    }

    #[test]
    fn paths_and_operations_may_have_servers_of_their_own() {
        let document = document(
            "servers: [{ url: /v1 }]\npaths:\n  /a: { servers: [{ url: /v2 }], get: {}, post: { servers: [{ url: /v3 }] } }\n  /b: { get: {} }\n",
        );
        let choice = ServerChoice::default();
        let operations = document.operations().iter();
        let paths = operations.map(|one| choice.base_path(&document, one));
        assert_eq!(paths.collect::<Vec<_>>(), ["/v2", "/v3", "/v1"]);
    }

    #[test]
    fn a_server_that_cannot_be_read_is_a_warning() {
        let document = document(
            "servers: [{ url: '/{base}' }, { name: x }, 7, { url: /v2 }]\npaths: { /a: { get: {} } }\n",
        );
        let warnings: Vec<_> = document
            .warnings()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            warnings,
            [
                "d.yaml:2:13: `url` has the variable `base`, and it has no default",
                "d.yaml:2:31: `url` is missing from this server, or is no text",
                "d.yaml:2:44: `url` is missing from this server, or is no text",
            ]
        );
        let choice = ServerChoice::default();
        assert_eq!(
            choice.base_path(&document, &document.operations()[0]),
            "/v2"
        );
    }
}
