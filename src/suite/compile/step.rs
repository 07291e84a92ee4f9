//! Steps: actions, expectations, saved values and branches.

use indexmap::IndexMap;

use super::Compiler;
use super::names::{Kind, Names};
use crate::data::{SourceSpan, did_you_mean};
use crate::suite::Method;
use crate::suite::format::{CaptureText, MatcherText, OneOrMany, StepText};
use crate::suite::model::{Action, BodyText, Branch, Capture, Expectation, RequestText, Step};

/// The maximum depth of nested branches.
const DEEPEST: usize = 6;

/// The position of a list of steps, and its depth in branches.
pub struct Path {
    span: SourceSpan,
    depth: usize,
}

impl Path {
    /// The top steps of a case or procedure.
    pub fn new(span: SourceSpan) -> Self {
        Self { span, depth: 0 }
    }
}

impl Compiler<'_> {
    /// Compiles steps in order; a step may refer to values that an earlier one saves.
    pub(super) fn steps(
        &mut self,
        texts: &[StepText],
        names: &mut Names,
        path: &Path,
    ) -> Vec<Step> {
        let mut steps = Vec::new();
        for (index, text) in texts.iter().enumerate() {
            let span = path.span.at(index);
            match self.step(text, names, &span, path.depth) {
                Some(step) => steps.push(step),
                None => names.set_incomplete(),
            }
        }
        steps
    }

    fn step(
        &mut self,
        text: &StepText,
        names: &mut Names,
        span: &SourceSpan,
        depth: usize,
    ) -> Option<Step> {
        let action = self.action(text, names, span)?;
        let expect = self.expectations(&text.expect, names, &span.at("expect"));
        let mut declined = Vec::new();
        for (feature, matcher) in &text.declined {
            let at = span.at("declined").at(feature);
            self.check_feature(feature, &at);
            declined.push((feature.clone(), self.matcher(matcher, names, &at)));
        }
        let mut save = Vec::new();
        for (name, capture) in &text.save {
            if let CaptureText::Json(pointer) = capture {
                let at = span.at("save").at(name).at("json");
                self.check_pointer(pointer, |message| at.diagnostic(message));
            }
            save.push((name.clone(), capture_of(capture)));
            names.add(name, Kind::Open);
        }
        self.outputs(text, names);
        let then = self.branches(text, names, span, depth);
        Some(Step {
            title: text.title.clone().unwrap_or_default(),
            action,
            expect,
            declined,
            then,
            save,
            required: text.required,
            span: span.clone(),
        })
    }

    /// One expectation for each matcher, in the order of the file.
    pub(super) fn expectations(
        &mut self,
        texts: &IndexMap<String, OneOrMany<MatcherText>>,
        names: &Names,
        span: &SourceSpan,
    ) -> Vec<Expectation> {
        let mut expectations = Vec::new();
        for (requirement, matchers) in texts {
            let at = span.at(requirement);
            self.check_requirement(requirement, &at);
            for matcher in matchers.iter() {
                expectations.push(Expectation {
                    requirement: requirement.clone(),
                    matcher: self.matcher(matcher, names, &at),
                });
            }
        }
        expectations
    }

    fn branches(
        &mut self,
        text: &StepText,
        names: &mut Names,
        span: &SourceSpan,
        depth: usize,
    ) -> Vec<Branch> {
        let mut branches = Vec::new();
        let before = names.clone();
        for (index, branch) in text.then.iter().enumerate() {
            let at = span.at("then").at(index);
            if depth >= DEEPEST {
                self.diagnostic(at.diagnostic("branches nest too deep: split the case"));
                return branches;
            }
            if let Some(feature) = &branch.declines {
                self.check_feature(feature, &at.at("declines"));
            }
            let mut inside = before.clone();
            let path = Path {
                span: at.at("steps"),
                depth: depth + 1,
            };
            branches.push(Branch {
                when: self.matcher(&branch.when, names, &at.at("when")),
                note: branch.note.clone(),
                declines: branch.declines.clone(),
                steps: self.steps(&branch.steps, &mut inside, &path),
            });
        }
        branches
    }

    fn action(&mut self, text: &StepText, names: &Names, span: &SourceSpan) -> Option<Action> {
        let named: Vec<(&str, Option<Method>, &String)> = [
            ("get", Some(Method::Get), &text.get),
            ("head", Some(Method::Head), &text.head),
            ("post", Some(Method::Post), &text.post),
            ("put", Some(Method::Put), &text.put),
            ("patch", Some(Method::Patch), &text.patch),
            ("delete", Some(Method::Delete), &text.delete),
            ("paginate", Some(Method::Get), &text.paginate),
            ("use", None, &text.procedure),
        ]
        .into_iter()
        .filter_map(|(key, method, value)| value.as_ref().map(|value| (key, method, value)))
        .collect();
        let [(key, method, value)] = named.as_slice() else {
            self.diagnostic(match named.as_slice() {
                [(first, ..), (second, ..), ..] => {
                    let message = format!(
                        "a step sends one request, but this one has `{first}` and `{second}`"
                    );
                    let diagnostic = span.at(*second).diagnostic(message);
                    diagnostic.help("make two steps of it")
                }
                _ => {
                    let help = "give it one of get, head, post, put, patch, delete, paginate, use";
                    span.diagnostic("this step does nothing").help(help)
                }
            });
            return None;
        };
        let Some(method) = method else {
            return self.procedure_call(text, value, names, span);
        };
        self.check_not_mixed(text, *method, span);
        let request = self.request(text, *method, value, names, &span.at(*key));
        if *key != "paginate" {
            return Some(Action::Request(request));
        }
        let Some(items) = text.items.clone() else {
            let message = "`paginate` needs `items`: where a page has its list";
            self.diagnostic(
                span.diagnostic(message)
                    .help("a JSON pointer, such as `/tags`"),
            );
            return None;
        };
        let at = span.at("items");
        self.check_pointer(&items, |message| at.diagnostic(message));
        Some(Action::Paginate {
            request,
            items,
            pages: text.pages,
            follow_last: text.follow_last,
        })
    }

    fn check_not_mixed(&mut self, text: &StepText, method: Method, span: &SourceSpan) {
        if !text.with.is_empty() || text.keep_as.is_some() {
            let key = if text.with.is_empty() { "as" } else { "with" };
            let message = format!("`{key}` is only for a step with `use`");
            self.diagnostic(span.at(key).diagnostic(message));
        }
        if text.body.is_some() && text.chunk.is_some() {
            self.diagnostic(
                span.at("chunk")
                    .diagnostic("a step has `body` or `chunk`, not both"),
            );
        }
        if text.paginate.is_none() && (text.items.is_some() || text.pages.is_some()) {
            let key = if text.items.is_some() {
                "items"
            } else {
                "pages"
            };
            let message = format!("`{key}` is only for a step with `paginate`");
            self.diagnostic(span.at(key).diagnostic(message));
        }
        let judged = !text.expect.is_empty() || !text.declined.is_empty() || !text.then.is_empty();
        if !judged && !method.reads() {
            let diagnostic = span.diagnostic("the step has no `expect`");
            self.diagnostic(
                diagnostic.help("say what the response must be, or use a procedure that does"),
            );
        }
    }

    fn request(
        &mut self,
        text: &StepText,
        method: Method,
        url: &str,
        names: &Names,
        span: &SourceSpan,
    ) -> RequestText {
        let mut query = Vec::new();
        for (name, values) in &text.query {
            for value in values.iter() {
                query.push((name.clone(), self.template(value, names, span)));
            }
        }
        let mut headers = Vec::new();
        if let Some(accept) = &text.accept {
            headers.push(("Accept".to_owned(), self.template(accept, names, span)));
        }
        for (name, values) in &text.header {
            headers.retain(|(known, _): &(String, _)| !known.eq_ignore_ascii_case(name));
            for value in values.iter() {
                headers.push((name.clone(), self.template(value, names, span)));
            }
        }
        let body = match (&text.body, &text.chunk) {
            (_, Some(chunk)) => Some(BodyText::Chunk(self.template(chunk, names, span))),
            (Some(body), None) => {
                let kind = text.content_type.as_ref();
                let kind = kind.map(|kind| self.template(kind, names, span));
                Some(BodyText::Plain(self.template(body, names, span), kind))
            }
            (None, None) => None,
        };
        let url = self.template(url, names, span);
        self.doubt_url(&url, span);
        RequestText {
            method,
            url,
            query,
            headers,
            body,
        }
    }

    fn procedure_call(
        &mut self,
        text: &StepText,
        name: &str,
        names: &Names,
        span: &SourceSpan,
    ) -> Option<Action> {
        let at = span.at("use");
        let Some(procedure) = self.procedures.get(name) else {
            if self.unread.procedures {
                return None;
            }
            let known = self.procedures.keys().map(String::as_str);
            let help = did_you_mean(name, known)
                .unwrap_or_else(|| "the procedures are in `suites/procedures.yaml`".into());
            let message = format!("unknown procedure `{name}`");
            self.diagnostic(at.diagnostic(message).help(help));
            return None;
        };
        self.used.procedures.insert(name.to_owned());
        let mut with = Vec::new();
        for (taken, value) in &text.with {
            let at = span.at("with").at(taken);
            if !procedure.inputs.contains_key(taken) {
                let message = format!("the procedure `{name}` has no input `{taken}`");
                let known: Vec<&str> = procedure.inputs.keys().map(String::as_str).collect();
                let help = did_you_mean(taken, known.iter().copied())
                    .unwrap_or_else(|| format!("its inputs are {}", known.join(", ")));
                self.diagnostic(at.key_diagnostic(message).help(help));
            }
            with.push((taken.clone(), self.template(value, names, &at)));
        }
        for (taken, default) in &procedure.inputs {
            if default.is_none() && !text.with.contains_key(taken) {
                let message = format!("the procedure `{name}` needs the input `{taken}`");
                let help = format!("add `with: {{ {taken}: … }}`");
                self.diagnostic(at.diagnostic(message).help(help));
            }
        }
        Some(Action::Use {
            procedure: name.to_owned(),
            with,
            keep_as: text.keep_as.clone(),
        })
    }

    fn outputs(&self, text: &StepText, names: &mut Names) {
        let procedure = text
            .procedure
            .as_ref()
            .and_then(|name| self.procedures.get(name));
        match (&text.keep_as, procedure) {
            (Some(name), Some(_)) => names.add(name, Kind::Open),
            (None, Some(procedure)) => {
                for given in &procedure.outputs {
                    names.add(given, Kind::Open);
                }
            }
            (_, None) => {}
        }
    }
}

fn capture_of(text: &CaptureText) -> Capture {
    match text {
        CaptureText::Location => Capture::Location,
        CaptureText::Body => Capture::Body,
        CaptureText::Header(name) => Capture::Header(name.clone()),
        CaptureText::Json(pointer) => Capture::Json(pointer.clone()),
    }
}
