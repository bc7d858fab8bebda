//! What an OpenAPI document says.
//!
//! Loads documents (3.0 and 3.1, YAML and JSON), applies OpenAPI Overlays, resolves local references,
//! and reads an operation as a [`Contract`]: its parameters, answers and security, and how it pages.
//! Everything that both a mock and a judge must know about paging is said here, once, as data.
//!
//! Nothing in this crate touches the network or knows a parameter's name.

mod bundled;
mod chart;
mod contract;
mod credentials;
mod document;
mod keys;
mod limit;
mod markings;
mod names;
mod open;
mod operation;
mod origin;
mod overlay;
mod paged;
mod pagination;
mod paging;
mod parameter;
mod places;
mod pointer;
mod problem;
mod published;
mod references;
mod response;
mod sample;
mod schema;
mod selector;
mod source;
mod template;
mod tree;
mod ulid;
mod version;
mod yaml;

pub use contract::Contract;
pub use document::Document;
pub use limit::LimitBounds;
pub use markings::Marking;
pub use names::{Names, NoTimeline, check_distinct};
pub use operation::{Operation, Scheme};
pub use pagination::{
    Bound, Checked, CursorRules, Direction, Echo, Lifecycle, Location, Next, Order, PageNumbers,
    Pagination, Parent, Request, Role, Site, Style, UnknownCursor, ValidationErrors,
};
pub use paging::{
    End, Invalid, Mark, PageFacts, PageInfo, PageRequest, Paging, Position, Promise, Reply, Way,
};
pub use parameter::Parameter;
pub use pointer::{join, tokens};
pub use problem::Problem;
pub use published::published_files;
pub use response::{Media, Response};
pub use schema::{Schema, Violation};
pub use selector::{Selector, Step};
pub use source::Source;
pub use template::PathTemplate;
pub use ulid::ulid_is_well_formed;
pub use version::Version;
