use crate::suite::Method;
use crate::template::Template;

/// A request whose templates are filled in when the step runs.
#[derive(Debug)]
pub struct RequestText {
    pub method: Method,
    /// A path below the registry, or an absolute URL.
    pub url: Template,
    /// Query parameters, added to those that the URL already has.
    pub query: Vec<(String, Template)>,
    /// The lines of headers; they replace what the step would send by itself, and an empty one is not sent.
    pub headers: Vec<(String, Template)>,
    pub body: Option<BodyText>,
}

/// The body of a [`RequestText`].
#[derive(Debug)]
pub enum BodyText {
    /// Bytes, with their Content-Type.
    Plain(Template, Option<Template>),
    /// A chunk, sent with its Content-Range and Content-Type.
    Chunk(Template),
}
