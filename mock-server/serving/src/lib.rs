//! Sockets of programs that serve: how many connections there may be, how long a client may take, and how they end.
//!
//! It knows no document and no path. The mock, the proxy and the judge's liars serve through it.

mod arguments;
mod body;
mod connections;
mod signals;

pub use arguments::{LimitArguments, span};
pub use body::{UnreadBody, read_body};
pub use connections::{Checked, Limits, serve_within};
pub use signals::{signals, told_to_end};
