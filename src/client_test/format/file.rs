//! A file of scenarios, and what must hold after them.

use indexmap::IndexMap;
use serde::Deserialize;

use super::terms::{Action, Answer, Attached, CertificateKind, ContentKind, LoginKind, OtherHost};
use crate::client_test::rules::Rule;

/// A file of scenarios: `suites/client/NAME.yaml`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ScenarioFile {
    /// What the scenarios have in common.
    pub title: String,
    /// What a client is asked for, and what it must do.
    #[serde(default)]
    pub scenarios: Vec<ScenarioText>,
    /// What holds for all requests of a client, in every scenario.
    #[serde(default)]
    pub observed: Vec<ObservedText>,
    /// What traffic alone is judged by, because scenarios of their own test it otherwise.
    #[serde(default)]
    pub traffic: Vec<ObservedText>,
}

/// One action of a client against a registry that behaves in a certain way.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ScenarioText {
    /// Its name for ever.
    pub id: String,
    /// What the client does, in a sentence.
    pub title: String,
    /// The action that the client is asked for.
    pub action: Action,
    /// What the registry holds, or what is pushed to it.
    #[serde(default)]
    pub content: ContentKind,
    /// Whether the client names the manifest by its digest instead of a tag.
    #[serde(default)]
    pub by_digest: bool,
    /// Whether the client lists only the referrers of one artifact type.
    #[serde(default)]
    pub filtered: bool,
    /// What is attached to the image before the client comes. Without it: one artifact where the client lists referrers, and
    /// nothing elsewhere.
    #[serde(default)]
    pub attached: Option<Attached>,
    /// How the registry authenticates.
    #[serde(default)]
    pub login: LoginKind,
    /// The certificate of a registry that speaks TLS; without it, the registry speaks plain HTTP.
    #[serde(default)]
    pub tls: Option<CertificateKind>,
    /// Permitted variants of the bundled registry.
    #[serde(default)]
    pub variants: Vec<String>,
    /// Faults of the bundled registry.
    #[serde(default)]
    pub faults: Vec<String>,
    /// Responses that differ from the registry's own. A client that asks for none of the first answer's kind does not
    /// exercise the scenario.
    #[serde(default)]
    pub answers: Vec<Answer>,
    /// What must hold afterwards, by requirement.
    pub expect: IndexMap<String, Judgement>,
}

/// What holds for all requests of a client.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ObservedText {
    /// Its name for ever.
    pub id: String,
    /// What the client does, in a sentence.
    pub title: String,
    /// The requirement that it checks.
    pub requirement: String,
    /// What the requests are compared with.
    pub rule: Rule,
}

/// What must hold after a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Judgement {
    /// The client fails, and keeps nothing of the wrong content.
    Refused,
    /// The client succeeds, and the action has its effect.
    Succeeds,
    /// The client ends, whether it succeeds or not.
    Ends,
    /// The client prints this text; `at-most` bounds how often.
    Prints(Printed),
    /// The client sends no password and no token to this host.
    KeepsCredentialsFrom(OtherHost),
    /// The client takes at most so many bytes of an endless body.
    TakesAtMost(u64),
    /// The client finds nothing attached, and succeeds.
    FindsNothing,
    /// The client writes nothing outside of its destination.
    StaysInside,
    /// The client does not use the digest of another image, which a header of the response names.
    IgnoresOrRefusesDigest,
    /// The requests obey a rule.
    Rule(Rule),
}

/// A text that a client prints.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Printed {
    /// The text.
    pub text: String,
    /// How often it may occur. Without it, it must occur once or more; with it, only that is checked.
    #[serde(default)]
    pub at_most: Option<usize>,
}
