//! The steps of a case as commands.

use super::builder::Builder;
use super::condition::Condition;
use super::judgements::Judged;
use super::not_sayable::NotSayable;
use super::request::SaidRequest;
use super::scope::Scope;
use super::value::Value;
use super::word::{Word, quote};
use crate::suite::{Action, Branch, Capture, Expectation, RequestText, Statuses, Step};
use crate::template::Template;

impl<'a> Builder<'a> {
    /// Steps in order.
    ///
    /// # Errors
    /// When one cannot be said in shell.
    pub fn steps(&mut self, steps: &'a [Step], scope: &mut Scope<'a>) -> Result<(), NotSayable> {
        steps.iter().try_for_each(|step| self.step(step, scope))
    }

    fn step(&mut self, step: &'a Step, scope: &mut Scope<'a>) -> Result<(), NotSayable> {
        match &step.action {
            Action::Use {
                procedure,
                with,
                keep_as,
            } => {
                let mut values = Vec::new();
                for (name, template) in with {
                    values.push((name.as_str(), self.value(scope, template)?));
                }
                self.procedure(procedure, values, scope, keep_as.as_deref())
            }
            Action::Request(request) => self.request_step(step, request, scope),
            Action::Paginate {
                request,
                items,
                pages,
                follow_last,
            } => {
                let most = pages.map_or_else(|| "''".to_owned(), |pages| pages.to_string());
                let follow = if *follow_last { "yes" } else { "''" };
                let options = format!("{} {most} {follow}", quote(items));
                self.paginate_step(step, request, &options, scope)
            }
        }
    }

    /// The steps of a procedure, with these inputs.
    ///
    /// # Errors
    /// When one cannot be said in shell.
    pub fn procedure(
        &mut self,
        name: &str,
        with: Vec<(&str, Value)>,
        scope: &mut Scope<'a>,
        keep_as: Option<&str>,
    ) -> Result<(), NotSayable> {
        let suites = self.suites;
        let procedure = suites.procedures.get(name);
        let procedure = procedure
            .ok_or_else(|| NotSayable::beyond(format!("the suites have no procedure `{name}`")))?;
        let number = self.function("");
        let mut inside = scope.below(format!("{}_", number.trim_start_matches('_')));
        for output in &procedure.outputs {
            let outer = match keep_as {
                Some(kept) => format!("{kept}_{output}"),
                None => output.clone(),
            };
            inside
                .outputs
                .insert(output.clone(), scope.variable(&outer));
        }
        for (taken, default) in &procedure.inputs {
            let given = with.iter().find(|(name, _)| name == taken);
            let value = match (given, default) {
                (Some((_, value)), _) => value.clone(),
                (None, Some(default)) => self.value(scope, default)?,
                (None, None) => return Err(NotSayable::Unknown(taken.clone())),
            };
            if let Some(variable) = inside.outputs.get(taken).cloned() {
                self.start_output(&variable, &value);
                inside.set(taken, Value::Text(Word::variable(variable)));
            } else {
                inside.set(taken, value);
            }
        }
        self.steps(&procedure.steps, &mut inside)?;
        let mut outputs = std::collections::BTreeMap::new();
        for output in &procedure.outputs {
            if let Some(value) = inside.values.get(output) {
                outputs.insert(output.clone(), value.clone());
            }
        }
        match keep_as {
            Some(kept) => scope.set(kept, Value::Record(outputs)),
            None => outputs
                .into_iter()
                .for_each(|(name, value)| scope.set(&name, value)),
        }
        Ok(())
    }

    /// An output that is also an input has the value of the input first.
    fn start_output(&mut self, variable: &str, value: &Value) {
        let word = value.word().unwrap_or_default();
        if word != Word::variable(variable) {
            self.body.push(format!("{variable}={word}"));
        }
        self.captured.insert(
            variable.to_owned(),
            "a value of an earlier response".to_owned(),
        );
    }

    fn request_step(
        &mut self,
        step: &'a Step,
        text: &'a RequestText,
        scope: &mut Scope<'a>,
    ) -> Result<(), NotSayable> {
        let title = self.title(step, text, scope);
        let request = self.request(text, scope)?;
        self.begin_step(&title, &request);
        let reads = text.method.reads();
        let options =
            std::iter::once(request.url.to_string()).chain(request.options.iter().cloned());
        let options: Vec<String> = options.collect();
        let command = format!("request {} {}", text.method.name(), options.join(" "));
        let judged = Judged {
            step,
            method: text.method.name(),
            endpoint: self.endpoint(&request.url),
            body: request.body.as_deref(),
        };
        self.send_and_judge(&command, reads, &judged, scope)?;
        self.end_if_refused(step, reads, scope)?;
        self.capture(step, false, scope);
        self.branches(step, scope)
    }

    fn paginate_step(
        &mut self,
        step: &'a Step,
        text: &'a RequestText,
        options: &str,
        scope: &mut Scope<'a>,
    ) -> Result<(), NotSayable> {
        let title = self.title(step, text, scope);
        let request = self.request(text, scope)?;
        self.begin_step(&title, &request);
        let options = std::iter::once(options).chain(request.options.iter().map(String::as_str));
        let options: Vec<&str> = options.collect();
        let command = format!("paginate {} {}", request.url, options.join(" "));
        let judged = Judged {
            step,
            method: text.method.name(),
            endpoint: self.endpoint(&request.url),
            body: None,
        };
        self.send_and_judge(&command, true, &judged, scope)?;
        self.capture(step, true, scope);
        self.branches(step, scope)
    }

    fn begin_step(&mut self, title: &str, request: &SaidRequest) {
        self.body.push("");
        self.body.push(format!("step {}", quote(title)));
        for name in &request.needs {
            let what = self.captured.get(name).map_or("a value", String::as_str);
            self.body.push(format!("need \"${name}\" {}", quote(what)));
        }
    }

    /// Sends the request and judges the response; a read is repeated until it shows the writes before it.
    fn send_and_judge(
        &mut self,
        command: &str,
        reads: bool,
        judged: &Judged<'a, '_>,
        scope: &mut Scope<'a>,
    ) -> Result<(), NotSayable> {
        let mark = self.body.len();
        let function = self.function("read");
        if reads {
            self.body.open(format!("{function}() {{"));
        }
        self.body.push(command);
        let before = self.body.len();
        self.judge(judged, scope)?;
        match (reads, self.body.len() > before) {
            (false, _) => {}
            (true, true) => {
                self.body.close("}");
                self.body.push(format!("settle {function}"));
            }
            (true, false) => {
                // Nothing is judged: nothing is repeated.
                self.body.truncate(mark);
                self.body.push(command);
            }
        }
        Ok(())
    }

    fn title(&mut self, step: &Step, text: &RequestText, scope: &mut Scope<'a>) -> String {
        let title = match step.title.is_empty() {
            true => format!("{} {}", text.method.name(), text.url.source()),
            false => step.title.clone(),
        };
        // Names such as {repo} are easier to read as what they are.
        let literal = self.literal(scope, &Template::parse(&title));
        let title = literal.unwrap_or(title);
        title.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Ends the case where a step that must succeed does not.
    fn end_if_refused(
        &mut self,
        step: &'a Step,
        reads: bool,
        scope: &mut Scope<'a>,
    ) -> Result<(), NotSayable> {
        let binding: Vec<&Expectation> = step
            .expect
            .iter()
            .filter(|one| {
                let catalogue = &self.suites.catalogue;
                catalogue
                    .binding_level(&one.requirement, self.spec)
                    .is_some()
            })
            .collect();
        let demands_success = |one: &&Expectation| {
            let statuses = one.matcher.status.as_ref();
            one.matcher.when.is_none() && statuses.is_some_and(Statuses::succeed)
        };
        let refused = "stop \"the registry refused this request (status $STATUS)\"";
        match step.required {
            None if reads || !step.wants_success() => return Ok(()),
            None if binding.iter().any(demands_success) => {
                self.body.push(format!("status_is 2xx || {refused}"));
                return Ok(());
            }
            Some(false) => return Ok(()),
            None | Some(true) => {}
        }
        let mut all = Condition::default();
        for expectation in binding {
            all = all.and(self.matcher(&expectation.matcher, scope)?.holds());
        }
        let met = match step.required {
            None => Condition::any(vec![Condition::of("status_is 2xx"), all]),
            Some(_) => all,
        };
        self.body
            .push(format!("if {}; then {refused}; fi", met.negated()));
        Ok(())
    }

    fn capture(&mut self, step: &'a Step, listed: bool, scope: &mut Scope<'a>) {
        for (name, capture) in &step.save {
            let variable = scope.variable(name);
            let old = format!("${variable}");
            let (command, what) = match capture {
                Capture::Location => (
                    format!("$(new_location \"{old}\")"),
                    "a Location".to_owned(),
                ),
                Capture::Header(header) => (
                    format!("$(header {} || printf '%s' \"{old}\")", quote(header)),
                    format!("the header {header}"),
                ),
                Capture::Json(pointer) => {
                    let of = if listed { "items " } else { "" };
                    (
                        format!(
                            "$({of}json_value {} || printf '%s' \"{old}\")",
                            quote(pointer)
                        ),
                        format!("a value at {pointer}"),
                    )
                }
                Capture::Body => {
                    let file = format!("{variable}.bytes");
                    self.body.push(format!("cp response.body {file}"));
                    scope.set(name, Value::Bytes(file));
                    continue;
                }
            };
            self.body.push(format!("{variable}={command}"));
            self.captured.insert(variable.clone(), what);
            scope.set(name, Value::Text(Word::variable(variable)));
        }
    }

    fn branches(&mut self, step: &'a Step, scope: &mut Scope<'a>) -> Result<(), NotSayable> {
        let branches: Vec<&'a Branch> = step.then.iter().collect();
        let mut conditions = Vec::new();
        for branch in &branches {
            conditions.push(self.matcher(&branch.when, scope)?.conforms());
        }
        let useful = |branch: &&Branch| !branch.steps.is_empty() || branch.declines.is_some();
        if !branches.iter().any(useful) {
            return Ok(());
        }
        for (index, (branch, condition)) in branches.iter().zip(conditions).enumerate() {
            match index {
                0 => self.body.open(format!("if {condition}; then")),
                _ => self.body.middle(format!("elif {condition}; then")),
            }
            let before = self.body.len();
            if let Some(feature) = &branch.declines {
                self.judge_missing(feature);
            }
            let dynamic = scope.dynamic.len();
            self.steps(&branch.steps, scope)?;
            scope.forget_dynamic(dynamic);
            if self.body.len() == before {
                self.body.push(":");
            }
        }
        self.body.close("fi");
        Ok(())
    }
}
