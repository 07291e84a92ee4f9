use super::{Form, JsonTemplate};
use crate::suite::format::Sorting;
use crate::template::Template;

/// One rule for a value: a header, or a value in a JSON body.
#[derive(Debug)]
pub enum Rule {
    /// Whether the value is there.
    Present(bool),
    /// Equal to one of these.
    OneOf(Vec<JsonTemplate>),
    /// Equal to none of these.
    NoneOf(Vec<JsonTemplate>),
    /// A text of this form.
    Matches(Form),
    /// A correct digest of these bytes, by any algorithm.
    DigestOf(Template),
    /// This media type, with or without parameters.
    MediaType(Template),
    /// Whether a request can be sent to it: an absolute URL of http or https, or a relative one.
    Address(bool),
    /// One of these JSON types.
    Type(Vec<String>),
    /// A list that has each of these, or a text that has each of these parts.
    Contains(Vec<JsonTemplate>),
    /// A list that has none of these, or a text that has none of these parts.
    Excludes(Vec<JsonTemplate>),
    /// A comma-separated header that has each of these parts.
    Lists(Vec<Template>),
    /// A comma-separated header that has no other parts than these.
    ListsOnly(Vec<Template>),
    /// A list in this order.
    Sorted(Sorting),
    /// A list without duplicates.
    Unique,
    /// The minimum and the maximum number of elements of a list, or of characters of a text.
    Count(u64, u64),
    /// The most bytes that a text, or all texts of a list together, may have.
    BytesAtMost(u64),
    /// Rules for each element of a list.
    Each(Vec<Rule>),
    /// Rules for a value inside, by its JSON pointer.
    Inside(String, Vec<Rule>),
}
