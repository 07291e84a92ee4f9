//! A step: a request, a pagination or a procedure, and what is expected of it.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{MatcherText, OneOrMany};

/// One request and what is expected of its response; or a pagination; or a procedure.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepText {
    /// What the step is for, where that is not obvious.
    pub title: Option<String>,
    /// A GET: a path below the registry, or a saved Location.
    pub get: Option<String>,
    /// A HEAD.
    pub head: Option<String>,
    /// A POST.
    pub post: Option<String>,
    /// A PUT.
    pub put: Option<String>,
    /// A PATCH.
    pub patch: Option<String>,
    /// A DELETE.
    pub delete: Option<String>,
    /// GETs along `Link: …; rel="next"`, to the end.
    pub paginate: Option<String>,
    /// With `paginate`: where a page has its list (a JSON pointer).
    pub items: Option<String>,
    /// With `paginate`: the most pages that are requested, where the end does not matter.
    pub pages: Option<usize>,
    /// With `paginate`: after a full page without a Link, the next request has `last` with the last entry of the page.
    #[serde(default)]
    pub follow_last: bool,
    /// A procedure, by name.
    #[serde(rename = "use")]
    pub procedure: Option<String>,
    /// With `use`: the inputs of the procedure.
    #[serde(default)]
    pub with: IndexMap<String, String>,
    /// With `use`: the name under which the outputs are kept, so that a case can have several upload sessions.
    #[serde(rename = "as")]
    pub keep_as: Option<String>,
    /// Query parameters, added to those that the URL already has.
    #[serde(default)]
    pub query: IndexMap<String, OneOrMany<String>>,
    /// Headers; they replace what the step would send by itself, and an empty one is not sent.
    #[serde(default)]
    pub header: IndexMap<String, String>,
    /// The Accept header.
    pub accept: Option<String>,
    /// The Content-Type of the body; `application/octet-stream` by default.
    #[serde(rename = "type")]
    pub content_type: Option<String>,
    /// The body.
    pub body: Option<String>,
    /// A chunk as the body, with its Content-Range.
    pub chunk: Option<String>,
    /// What the response must be: for each requirement that this tests, a matcher (or several).
    #[serde(default, deserialize_with = "super::expect::expectations")]
    pub expect: IndexMap<String, OneOrMany<MatcherText>>,
    /// Responses that legally decline a feature: the case then ends as unsupported.
    #[serde(default, deserialize_with = "crate::data::entries")]
    pub declined: IndexMap<String, MatcherText>,
    /// What follows, by the response: the first branch whose `when` holds.
    #[serde(default, deserialize_with = "crate::data::elements")]
    pub then: Vec<BranchText>,
    /// Values kept from the response for later steps.
    #[serde(default)]
    pub save: IndexMap<String, CaptureText>,
    /// Whether the case ends if the response is not as expected. By default that is so for a write that was to
    /// succeed and was refused, and not otherwise.
    pub required: Option<bool>,
}

/// What follows a certain response.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BranchText {
    /// The response.
    pub when: MatcherText,
    /// What a reader should know of this branch, printed with the case.
    pub note: Option<String>,
    /// The feature that this response declines; the branch still runs to its end.
    pub declines: Option<String>,
    /// The steps.
    #[serde(default, deserialize_with = "crate::data::elements")]
    pub steps: Vec<StepText>,
}

/// Where a value to keep is found.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CaptureText {
    /// The Location header, resolved against the request's URL.
    Location,
    /// The body, as bytes.
    Body,
    /// A header's value.
    Header(String),
    /// A value in a JSON body, by JSON pointer; of a pagination, in the list of all its pages (`/-1` is the last
    /// element of it, `/-2` the one before).
    Json(String),
}
