//! The path that names a world.

/// The path that was taken off a request, because it names a world, as `/__worlds/a`. URLs in its answer begin with it.
#[derive(Debug, Clone)]
pub(crate) struct WorldPath(pub(crate) String);

impl WorldPath {
    /// The path that was taken off a request; empty if none was.
    pub(crate) fn of<B>(request: &http::Request<B>) -> &str {
        let path = request.extensions().get::<Self>();
        path.map_or("", |path| &path.0)
    }
}
