//! What an OpenAPI document says.
//!
//! The journey of a document: [`Source`] reads the text (`yaml`, `places`), `swagger` converts version 2.0,
//! `overlay` applies OpenAPI Overlays, and `tree` keeps the raw JSON, where `references` follows `$ref`s and
//! [`Schema`] validates.
//! `operation` reads each [`Operation`] part by part, with `openapiv3` for the parts that it knows
//! (`skeleton`); a part that cannot be read is a warning of the [`Document`]. An operation with
//! `x-pagination` (`pagination`) is a [`Contract`]: its `names`, its `credentials`, its limits, and its
//! [`Paging`], which joins a request codec and link codecs (`paging/`). Mocks, judges and proxies ask the
//! contract; no second place knows how an operation pages.
//!
//! Nothing in this crate touches the network or knows a parameter's name.

mod accept;
mod assume;
mod assumed;
mod bundle;
mod bundled;
mod chart;
mod collection;
mod collection_role;
mod contract;
mod credentials;
mod decoded;
mod dialect;
mod discriminator;
mod document;
mod draft;
mod excerpt;
mod expected;
mod file_kind;
mod invalid_status;
mod key_range;
mod keys;
mod limit;
mod list_filter;
mod location;
mod markings;
mod media_type;
mod misplaced_values;
mod names;
mod needed;
mod oauth;
mod open;
mod operation;
mod origin;
pub mod output;
mod overlay;
mod paged;
mod pagination;
mod paging;
mod parameter;
mod places;
mod pointer;
mod problem;
mod published;
mod range;
mod references;
mod request_body;
mod request_violations;
mod required_headers;
mod response;
mod rewrite;
mod router;
mod schema;
mod secrets;
mod selector;
mod server;
mod server_choice;
mod shadowed;
pub mod shown;
mod skeleton;
mod source;
mod surrogates;
mod swagger;
mod template;
mod tree;
mod ulid;
mod version;
mod violations;
mod yaml;

pub use assume::Assume;
pub use assumed::Proposed;
pub use collection::{Collection, EventList, Member, Reference, Referred, States};
pub use collection_role::{Act, Does};
pub use contract::Contract;
pub use document::Document;
pub use draft::{Draft, Vendor};
pub use file_kind::FileKind;
pub use invalid_status::InvalidStatus;
pub use limit::LimitBounds;
pub use list_filter::{Chooses, ListFilter, Side, sort_keys};
pub use location::Loader;
pub use markings::Marking;
pub use media_type::is_json;
pub use misplaced_values::MisplacedValue;
pub use names::{Names, NoTimeline, check_distinct};
pub use oauth::OAuthKind;
pub use open::OpenOptions;
pub use operation::{Operation, Scheme};
pub use pagination::{
    Backward, Bound, Carried, Checked, CursorRules, Direction, Echo, EndRule, EndRules, Expiry,
    ItemRules, Items, Lifecycle, LimitRules, Location, Next, Order, OtherWay, OverLimit,
    PageNumbers, Pagination, Parent, Previous, RangeRules, Request, Role, Site, Sorting, Style,
    Totals, TrailingEmptyPage, UnknownCursor, UnknownPage, ValidationErrors, ZeroLimit,
};
pub use paging::{
    Certainty, ContentRange, Counts, End, Given, Invalid, Mark, PageFacts, PageInfo, PageRequest,
    Paging, Position, Promise, Proposal, Reply, Said, Way, key_text,
};
pub use parameter::{Notation, Parameter, ParameterStyle, WrongValue, truth};
pub use pointer::{join, tokens};
pub use problem::Problem;
pub use published::published_files;
pub use request_body::RequestBody;
pub use required_headers::HeaderBreach;
pub use response::{Media, Response, has_no_body};
pub use router::{Routed, Router};
pub use schema::Schema;
pub use secrets::Secrets;
pub use selector::{Selector, Step};
pub use server::Server;
pub use server_choice::ServerChoice;
pub use source::Source;
pub use template::{PathTemplate, path_segment};
pub use ulid::ulid_is_well_formed;
pub use version::Version;
pub use violations::Violation;
