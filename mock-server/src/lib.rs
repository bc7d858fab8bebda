//! A server that keeps the contract of paginated event timelines, over computed data.
//!
//! The core is one synchronous function, [`answer`]: (mock, request, now) to answer. A [`Plan`] is checked
//! and becomes a [`Mock`]. A request finds its operation (`route`), its caller (`credentials`) and its
//! parameters (`parameters`). The world under its manual changes (`changes`) gives the timeline, and `page`
//! cuts the page from it. A refusal becomes the answer that the document declares (`declared`).
//!
//! The feature `server`, which is on by default, adds everything around the core: the socket, the clock,
//! faults, logs, the control path and the console (`server`), and the check of real traffic (`proxy`).
//! Nothing here knows a field or a parameter by name: the contract says where they are.
//!
//! ```
//! let epoch = "2026-01-05T09:00:00Z".parse().unwrap();
//! let mock = mock_server::Mock::bundled(1, epoch).unwrap();
//! let request = http::Request::get("/nowhere").body(bytes::Bytes::new()).unwrap();
//! assert_eq!(mock_server::answer(&mock, &request, epoch).status, 404);
//! ```

#![cfg_attr(
    not(feature = "server"),
    expect(
        dead_code,
        reason = "the server reads these facts of requests and faults"
    )
)]

mod answer;
mod artifact;
mod changes;
mod collections;
mod credentials;
mod declared;
mod encoding;
mod example;
mod fault;
#[cfg(feature = "server")]
mod fetch;
mod filtering;
mod golden;
mod kind;
mod mock;
mod nearest;
mod negotiation;
mod oauth;
mod operations;
mod page;
mod parameters;
mod picture;
mod plan;
mod preference;
mod projection;
#[cfg(feature = "server")]
mod proxy;
mod refusal;
mod repeats;
mod request_body;
mod resource_name;
mod route;
mod secrets;
#[cfg(feature = "server")]
mod server;
mod undeclared;
mod validation;
mod worded;
mod wording;
mod world_path;
mod written;

pub use answer::{Answer, Body};
pub use changes::{ChangeError, Full};
pub use credentials::Auth;
pub use fault::Fault;
#[cfg(feature = "server")]
pub use fetch::Web;
pub use golden::published_files;
pub use mock::Mock;
pub use operations::{SampleRequest, ServedOperation};
pub use page::answer;
pub use plan::Plan;
#[cfg(feature = "server")]
pub use proxy::{Proxy, Tally};
pub use resource_name::ResourceName;
#[cfg(feature = "server")]
pub use server::access::ControlFrom;
#[cfg(feature = "server")]
pub use server::clock::{Clock, Now, read_speed};
#[cfg(feature = "server")]
pub use server::connections::{serve, serve_within};
#[cfg(feature = "server")]
pub use server::{Rim, router};
#[cfg(feature = "server")]
pub use serving::Limits;
