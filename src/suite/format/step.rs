//! A step: a request, a pagination or a procedure, and the expected responses.

use indexmap::IndexMap;
use serde::Deserialize;

use super::{MatcherText, OneOrMany};

/// One request, a pagination, or a procedure; and the expected responses.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StepText {
    /// The purpose of the step, if the request does not show it.
    pub title: Option<String>,
    /// GET this path of the registry, or this saved URL.
    pub get: Option<String>,
    /// HEAD this path or URL.
    pub head: Option<String>,
    /// POST to this path or URL.
    pub post: Option<String>,
    /// PUT to this path or URL.
    pub put: Option<String>,
    /// PATCH this path or URL.
    pub patch: Option<String>,
    /// DELETE this path or URL.
    pub delete: Option<String>,
    /// GET this path, then each next page by `Link: …; rel="next"`, until the last page.
    pub paginate: Option<String>,
    /// With `paginate`: the JSON pointer to the list in a page.
    pub items: Option<String>,
    /// With `paginate`: the maximum number of requested pages. The pagination then need not reach the last page.
    pub pages: Option<usize>,
    /// With `paginate`: whether a full page without a `Link` is followed by a request with `last`, set to the last entry
    /// of the page.
    #[serde(default)]
    pub follow_last: bool,
    /// Run the procedure of this name.
    #[serde(rename = "use")]
    pub procedure: Option<String>,
    /// With `use`: the inputs of the procedure.
    #[serde(default)]
    pub with: IndexMap<String, String>,
    /// With `use`: a name for the outputs, so that a case can use a procedure several times (`{NAME.location}`).
    #[serde(rename = "as")]
    pub keep_as: Option<String>,
    /// Query parameters, added to those that the URL already has.
    #[serde(default)]
    pub query: IndexMap<String, OneOrMany<String>>,
    /// Request headers. They replace the default headers of the step. A list is sent as several lines of the header, in this
    /// order. A header with an empty value is not sent.
    #[serde(default)]
    pub header: IndexMap<String, OneOrMany<String>>,
    /// The Accept header.
    pub accept: Option<String>,
    /// The Content-Type of the request body; `application/octet-stream` by default.
    #[serde(rename = "type")]
    pub content_type: Option<String>,
    /// The request body.
    pub body: Option<String>,
    /// A chunk as the request body, with its `Content-Range`.
    pub chunk: Option<String>,
    /// For each requirement that the step tests, the matchers that the response must meet.
    #[serde(default, deserialize_with = "super::expect::expectations")]
    pub expect: IndexMap<String, OneOrMany<MatcherText>>,
    /// For each feature, the responses by which a registry may refuse it. The case then ends as unsupported.
    #[serde(default, deserialize_with = "crate::data::entries")]
    pub declined: IndexMap<String, MatcherText>,
    /// Branches. The first one whose `when` matches the response runs.
    #[serde(default, deserialize_with = "crate::data::elements")]
    pub then: Vec<BranchText>,
    /// Values of the response that later steps can refer to, by name.
    #[serde(default)]
    pub save: IndexMap<String, CaptureText>,
    /// Whether the case ends if the response is not as expected. By default, the case ends only if the registry refuses
    /// a write that must succeed.
    pub required: Option<bool>,
}

/// Steps that follow a certain response.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BranchText {
    /// The responses after which this branch runs.
    pub when: MatcherText,
    /// A note for the reader of a report. Reports show it with the case if this branch runs.
    pub note: Option<String>,
    /// The feature that the registry does not support if it gives this response. The branch still runs to its end.
    pub declines: Option<String>,
    /// The steps, in order.
    #[serde(default, deserialize_with = "crate::data::elements")]
    pub steps: Vec<StepText>,
}

/// The place of a saved value in the response.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum CaptureText {
    /// The `Location` header, resolved against the URL of the request.
    Location,
    /// The body, as bytes.
    Body,
    /// The value of this header.
    Header(String),
    /// A value in a JSON body, by JSON pointer. After `paginate`: a value in the joined list of all pages (`/-1` is the
    /// last element, `/-2` the one before it).
    Json(String),
}
