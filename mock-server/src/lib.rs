//! A server that keeps the contract of a paginated event timeline, over computed data.
//!
//! [`answer`] is the whole server as one function of (mock, request, now); [`router`] and [`serve`] put it
//! behind a socket, beside a control path on which events are added, and time is steered, while it runs. Nothing here knows a document's field or parameter: the contract says where
//! they are.
//!
//! ```
//! let epoch = "2026-01-05T09:00:00Z".parse().unwrap();
//! let mock = mock_server::Mock::bundled(1, epoch).unwrap();
//! let request = http::Request::get("/nowhere").body(bytes::Bytes::new()).unwrap();
//! assert_eq!(mock_server::answer(&mock, &request, epoch).status, 404);
//! ```

mod answer;
mod artifact;
mod broken;
mod console;
mod control;
mod credentials;
mod faults;
mod golden;
mod hand;
mod journal;
mod log;
mod mock;
mod parameters;
mod proxy;
mod refusal;
mod response;
mod route;
mod serve;
mod slow;
mod stage;
mod strays;
mod subject;
mod time;
mod trespass;
mod validation;
mod wording;

pub use answer::{Answer, Body, answer};
pub use faults::Fault;
pub use golden::published_files;
pub use hand::Undone;
pub use mock::Mock;
pub use proxy::{Proxy, Tally};
pub use serve::{Clock, Rim, router, serve};
pub use time::{Time, read_speed};
pub use trespass::ControlFrom;
