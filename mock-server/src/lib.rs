//! A server that keeps the contract of paginated event timelines, over computed data.
//!
//! The core is one synchronous function, [`answer`]: (mock, request, now) to answer. A [`Plan`] is checked
//! and becomes a [`Mock`]. A request finds its operation (`route`), its caller (`credentials`) and its
//! parameters (`parameters`); the world under its manual changes (`changes`) gives the timeline; `page` cuts
//! the page, and a refusal becomes the answer that the document declares (`declared`).
//!
//! Around it, [`Rim`] and [`serve`] add the socket, the [`Clock`], faults, the logs, the control path
//! (`control`, `access`) and the console. [`Proxy`] checks real traffic instead. Nothing here knows a field
//! or a parameter by name: the contract says where they are.
//!
//! ```
//! let epoch = "2026-01-05T09:00:00Z".parse().unwrap();
//! let mock = mock_server::Mock::bundled(1, epoch).unwrap();
//! let request = http::Request::get("/nowhere").body(bytes::Bytes::new()).unwrap();
//! assert_eq!(mock_server::answer(&mock, &request, epoch).status, 404);
//! ```

mod access;
mod answer;
mod artifact;
mod broken;
mod changes;
mod clock;
mod console;
mod control;
mod credentials;
mod declared;
mod fault;
mod faults;
mod golden;
mod log;
mod mock;
mod page;
mod parameters;
mod plan;
mod proxy;
mod refusal;
mod request_log;
mod resource_name;
mod response;
mod route;
mod serve;
mod slow;
mod stage;
mod subject;
mod undeclared;
mod validation;
mod wording;

pub use access::ControlFrom;
pub use answer::{Answer, Body};
pub use changes::ChangeError;
pub use clock::{Clock, Now, read_speed};
pub use fault::Fault;
pub use golden::published_files;
pub use mock::Mock;
pub use page::answer;
pub use plan::Plan;
pub use proxy::{Proxy, Tally};
pub use resource_name::ResourceName;
pub use serve::{Rim, router, serve};
