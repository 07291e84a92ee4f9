//! The dry run: the requests that a run would send, in words.
//!
//! Values of responses (the URL of an upload) stand as in the suites: `{upload}`. Branches stand under the response that
//! leads to them.

use serde::Serialize;

use super::plan::{Instance, Plan};
use crate::suite::{
    Action, BodyText, Matcher, MatcherWord, PUSHES, Procedure, RequestText, SetupKind, Step, Suites,
};

/// Everything that a run would do.
#[derive(Debug, Serialize)]
pub struct DryRun {
    /// The push of a shared fixture: each of its blobs, then each of its manifests.
    pub pushes: Vec<DryRunStep>,
    /// The cases.
    pub cases: Vec<DryRunCase>,
}

/// A case, as it would be run.
#[derive(Debug, Serialize)]
pub struct DryRunCase {
    /// Its name.
    pub id: String,
    /// The rule that it tests.
    pub title: String,
    /// The features without which it is not run.
    pub needs: Vec<String>,
    /// The fixtures that are pushed before: once for the run, or for the case alone.
    pub given: Vec<String>,
    /// The steps.
    pub steps: Vec<DryRunStep>,
}

/// A step, as it would be done.
#[derive(Debug, Serialize)]
pub struct DryRunStep {
    /// The purpose.
    pub title: String,
    /// The method and address; nothing where it is a procedure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// The headers that are set, each as a line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<String>,
    /// The body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Whether every next page is requested too.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub pages: bool,
    /// The steps of the procedure.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<DryRunStep>,
    /// Steps that follow only after certain responses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub branches: Vec<DryRunBranch>,
}

/// Steps that follow only after a certain response.
#[derive(Debug, Serialize)]
pub struct DryRunBranch {
    /// The response.
    pub when: String,
    /// The steps after it.
    pub steps: Vec<DryRunStep>,
}

/// The dry run of a plan for two repositories.
pub fn dry_run(plan: &Plan, suites: &Suites, [repo, repo2]: [&str; 2]) -> DryRun {
    let names = |instance: Option<&Instance>| {
        let mut known = vec![
            ("{repo}".to_owned(), repo.to_owned()),
            ("{repo2}".to_owned(), repo2.to_owned()),
        ];
        let values = instance.into_iter().flat_map(|instance| &instance.values);
        known.extend(values.map(|(name, value)| (format!("{{{name}}}"), value.clone())));
        Writer { suites, known }
    };
    let pushes = PUSHES
        .iter()
        .filter_map(|name| suites.procedures.get(*name));
    DryRun {
        pushes: pushes
            .map(|procedure| names(None).procedure(procedure.title.clone(), procedure))
            .collect(),
        cases: plan
            .chosen
            .iter()
            .map(|instance| names(Some(instance)).case(instance))
            .collect(),
    }
}

struct Writer<'a> {
    suites: &'a Suites,
    known: Vec<(String, String)>,
}

impl Writer<'_> {
    fn case(&self, instance: &Instance) -> DryRunCase {
        let given = instance.case.given.iter().map(|(name, given)| {
            let whose = if given.own {
                "for this case alone"
            } else {
                "once for the run"
            };
            let repo = self.text(given.repo.source());
            format!("{name}: {} in {repo}, pushed {whose}", given.fixture)
        });
        let before = instance.case.setup.iter().map(|one| {
            let repo = self.text(one.repo.source());
            let content = self.text(one.content.source());
            let under = match &one.kind {
                SetupKind::Manifest(Some(tag)) => format!(" as {}", self.text(tag.source())),
                SetupKind::Manifest(None) | SetupKind::Blob => String::new(),
            };
            format!("{content} in {repo}{under}, pushed for this case alone")
        });
        DryRunCase {
            id: instance.id.to_string(),
            title: instance.title(),
            needs: instance.needs.clone(),
            given: given.chain(before).collect(),
            steps: self.steps(&instance.case.steps),
        }
    }

    fn steps(&self, steps: &[Step]) -> Vec<DryRunStep> {
        steps.iter().map(|step| self.step(step)).collect()
    }

    fn step(&self, step: &Step) -> DryRunStep {
        let title = self.text(&step.title);
        let mut dry_run = match &step.action {
            Action::Request(request) => self.request(title, request),
            Action::Paginate { request, .. } => DryRunStep {
                pages: true,
                ..self.request(title, request)
            },
            Action::Use { procedure, .. } => match self.suites.procedures.get(procedure) {
                Some(known) if title.is_empty() => self.procedure(known.title.clone(), known),
                Some(known) => self.procedure(title, known),
                None => empty(title),
            },
        };
        let branches = step.then.iter().map(|branch| DryRunBranch {
            when: self.text(&answer(&branch.when)),
            steps: self.steps(&branch.steps),
        });
        dry_run.branches = branches.filter(|branch| !branch.steps.is_empty()).collect();
        dry_run
    }

    fn procedure(&self, title: String, procedure: &Procedure) -> DryRunStep {
        DryRunStep {
            steps: self.steps(&procedure.steps),
            ..empty(title)
        }
    }

    fn request(&self, title: String, request: &RequestText) -> DryRunStep {
        let mut address = self.text(request.url.source());
        for (index, (name, value)) in request.query.iter().enumerate() {
            let mark = if index == 0 && !address.contains('?') {
                '?'
            } else {
                '&'
            };
            address = format!("{address}{mark}{name}={}", self.text(value.source()));
        }
        let headers = request.headers.iter();
        let body = request.body.as_ref().map(|body| match body {
            BodyText::Plain(body, _) => self.text(body.source()),
            BodyText::Chunk(chunk) => format!("the chunk {}", self.text(chunk.source())),
        });
        DryRunStep {
            request: Some(format!("{} {address}", request.method.name())),
            headers: headers
                .map(|(name, value)| format!("{name}: {}", self.text(value.source())))
                .collect(),
            body,
            ..empty(title)
        }
    }

    /// A text with the values that are known before the run.
    fn text(&self, source: &str) -> String {
        let known = self.known.iter();
        known.fold(source.to_owned(), |text, (name, value)| {
            text.replace(name, value)
        })
    }
}

fn empty(title: String) -> DryRunStep {
    DryRunStep {
        title,
        request: None,
        headers: Vec::new(),
        body: None,
        pages: false,
        steps: Vec::new(),
        branches: Vec::new(),
    }
}

/// A response in words.
fn answer(matcher: &Matcher) -> String {
    let parts = matcher.words().map(|word| match word {
        MatcherWord::Status(status) => format!("status {status}"),
        MatcherWord::Header(name, _) | MatcherWord::Lines(name, _) => format!("a certain {name}"),
        MatcherWord::Link(_) => "a certain Link".to_owned(),
        MatcherWord::Body(body) => format!("the body {}", body.source()),
        MatcherWord::Part(part) => format!("a part of {}", part.source()),
        MatcherWord::Digest(digest) => format!("a body with the digest {}", digest.source()),
        MatcherWord::Json(name, _) => format!("a certain `{name}` in the body"),
        MatcherWord::IsJson(true) => "a JSON body".to_owned(),
        MatcherWord::IsJson(false) => "a body that is not JSON".to_owned(),
        MatcherWord::Error(codes) => format!("the error {}", codes.join(" or ")),
        MatcherWord::Page(page) => format!("pages with {}", answer(page)),
        MatcherWord::Items(_) => "a certain list".to_owned(),
        MatcherWord::Ends => "a certain last page".to_owned(),
        MatcherWord::Any(all) => all.iter().map(answer).collect::<Vec<_>>().join(", or "),
    });
    let parts: Vec<String> = parts.collect();
    let whole = match parts.is_empty() {
        true => "any other response".to_owned(),
        false => parts.join(" and "),
    };
    match &matcher.when {
        Some(when) => format!("{whole}, if it has {}", answer(when)),
        None => whole,
    }
}
