//! The path that stands before the path of every operation.

use clap::Args;
use openapi::{Contract, Document, Problem, ServerChoice, output};

/// The server of the documents whose path is taken.
#[derive(Debug, Args)]
pub(crate) struct BaseArguments {
    /// The path before every operation's path; `/` for none
    /// [default: the path of the URL, else of the document's first server]
    #[arg(long, value_name = "PATH", conflicts_with_all = ["server", "server_variables"])]
    base_path: Option<String>,
    /// The number of the document's server whose path is taken
    #[arg(long, value_name = "N")]
    server: Option<usize>,
    /// A variable of the server's URL; may be repeated
    #[arg(long = "server-variable", value_name = "NAME=VALUE", value_parser = variable)]
    server_variables: Vec<(String, String)>,
}

impl BaseArguments {
    fn choice(&self) -> ServerChoice {
        ServerChoice {
            base_path: self.base_path.clone(),
            number: self.server,
            variables: self.server_variables.clone(),
        }
    }

    /// Whether the path was chosen. Then the path of the URL does not count.
    fn is_chosen(&self) -> bool {
        self.choice() != ServerChoice::default()
    }

    /// Fails if a document does not have the server or the variable.
    pub(crate) fn check(&self, documents: &[Document]) -> Result<(), Problem> {
        self.choice().check(documents)
    }

    /// The path before an operation's path: empty, or as `/v2`.
    pub(crate) fn path(&self, contract: &Contract) -> String {
        self.choice()
            .base_path(contract.document(), contract.operation())
    }

    /// The URL of a server with the path that was chosen, or with the documents' base path if it has no path.
    pub(crate) fn over<'c>(
        &self,
        whole: &str,
        contracts: impl Iterator<Item = &'c Contract>,
    ) -> String {
        let url = whole.trim_end_matches('/');
        let start = url.find("://").map_or(0, |place| place + 3);
        let path = url[start..]
            .find('/')
            .map_or(url.len(), |slash| start + slash);
        let mut paths: Vec<_> = contracts.map(|one| self.path(one)).collect();
        paths.dedup();
        match paths.as_slice() {
            [only] if self.is_chosen() => format!("{}{only}", &url[..path]),
            _ if path < url.len() => whole.to_owned(),
            [path] if path.is_empty() => whole.to_owned(),
            [path] => {
                output::tell(&format!(
                    "requests go to {url}{path}, because the document's server has this path; `--base-path /` leaves it out\n"
                ));
                format!("{url}{path}")
            }
            paths => {
                if paths.len() > 1 {
                    output::tell(&format!(
                        "the operations have the base paths {}, so none is sent; write one as `--base-path PATH`\n",
                        paths.join(", ")
                    ));
                }
                whole.to_owned()
            }
        }
    }
}

fn variable(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(name, _)| !name.is_empty());
    let pair = pair.map(|(name, value)| (name.to_owned(), value.to_owned()));
    pair.ok_or_else(|| "write a name and a value, as in `region=eu`".to_owned())
}
