//! A case as commands: what it needs in the registry, then its steps.

use super::builder::Builder;
use super::fixtures::ManifestPush;
use super::not_sayable::NotSayable;
use super::scope::Scope;
use super::value::Value;
use super::word::{Word, quote};
use crate::fixture::{Algorithm, BlobBytes, FixtureKind};
use crate::suite::{Case, Given, PUSHES, Procedure, Setup, SetupKind, Step};

impl<'a> Builder<'a> {
    /// A case with one choice of its values.
    ///
    /// # Errors
    /// When it cannot be said in shell.
    pub fn case(&mut self, case: &'a Case, values: &[(String, String)]) -> Result<(), NotSayable> {
        let mut scope = self.scope();
        scope.content = Some(&case.content);
        for (name, value) in values {
            scope.set(name, Value::text(value));
        }
        for (name, given) in &case.given {
            self.given(name, given, &mut scope)?;
        }
        for setup in &case.setup {
            self.setup(setup, &mut scope)?;
        }
        self.steps(&case.steps, &mut scope)
    }

    /// The push of a shared fixture, which a run reports as a case.
    ///
    /// # Errors
    /// As [`Self::case`].
    pub fn shared_fixture(
        &mut self,
        fixture: &str,
        algorithm: Algorithm,
        repo: &str,
    ) -> Result<(), NotSayable> {
        let mut scope = self.scope();
        let made = self.fixture("content", fixture, algorithm)?;
        self.push(
            made.blobs,
            made.manifests,
            &Word::variable(repo),
            &mut scope,
        )
    }

    fn scope(&mut self) -> Scope<'a> {
        let mut scope = Scope::default();
        scope.set("repo", Value::Text(Word::variable("REPO")));
        scope.set("repo2", Value::Text(Word::variable("REPO2")));
        let absent = Word::variable("REPO")
            .and_text("/absent-")
            .and(&self.unique());
        scope.set("absent_repo", Value::Text(absent));
        scope
    }

    fn given(
        &mut self,
        name: &str,
        given: &Given,
        scope: &mut Scope<'a>,
    ) -> Result<(), NotSayable> {
        let algorithm = self.algorithm(&given.algorithm, scope)?;
        let repo = self.text(scope, &given.repo)?;
        let made = self.fixture(name, &given.fixture, algorithm)?;
        let mut value = made.value;
        if let (Some(count), Value::Record(record)) = (given.chunks, &mut value) {
            let size = self.size_of_blob(&given.fixture)?;
            record.insert("chunks".to_owned(), self.split(name, size, count));
        }
        scope.set(name, value);
        self.push(made.blobs, made.manifests, &repo, scope)
    }

    fn size_of_blob(&self, fixture: &str) -> Result<usize, NotSayable> {
        match self
            .suites
            .fixtures
            .get(fixture)
            .map(|fixture| &fixture.kind)
        {
            Some(FixtureKind::Blob(recipe)) => match &recipe.bytes {
                BlobBytes::Random(size) => Ok(size.0),
                BlobBytes::Text(_) | BlobBytes::TarGzip(_) => Err(NotSayable::beyond(
                    "a text or an archive is cut into chunks",
                )),
            },
            _ => Err(NotSayable::beyond("a manifest is cut into chunks")),
        }
    }

    fn setup(&mut self, setup: &Setup, scope: &mut Scope<'a>) -> Result<(), NotSayable> {
        let value = self.value(scope, &setup.content)?;
        let repo = self.text(scope, &setup.repo)?;
        let (mut blobs, mut manifests) = (Vec::new(), Vec::new());
        match &setup.kind {
            SetupKind::Blob => blobs.push(value),
            SetupKind::Manifest(tag) => {
                let tag = tag.as_ref().map(|tag| self.text(scope, tag)).transpose()?;
                manifests.push(ManifestPush { value, tag });
            }
        }
        let refusable = setup.refusable || setup.declines.is_some();
        if refusable {
            let feature = setup
                .declines
                .as_ref()
                .and_then(|id| self.suites.features.get(id));
            let title = feature.map_or("content of this kind", |feature| feature.title.as_str());
            self.body.push(format!("REFUSABLE={}", quote(title)));
        }
        self.push(blobs, manifests, &repo, scope)?;
        if refusable {
            self.body.push("REFUSABLE=''");
        }
        Ok(())
    }

    /// Pushes blobs and then manifests: with the suites' procedures where these have something to judge.
    fn push(
        &mut self,
        blobs: Vec<Value>,
        manifests: Vec<ManifestPush>,
        repo: &Word,
        scope: &mut Scope<'a>,
    ) -> Result<(), NotSayable> {
        let [push_blob, push_manifest] = PUSHES;
        let part = |value: &Value, name: &str| value.get(name).and_then(Value::word);
        let unknown = |name: &str| NotSayable::Unknown(name.to_owned());
        let to = || ("repo", Value::Text(repo.clone()));
        for blob in blobs {
            if self.judges_in(push_blob) {
                self.procedure(push_blob, vec![to(), ("blob", blob)], scope, None)?;
                continue;
            }
            let file = blob.file().ok_or_else(|| unknown("blob.bytes"))?;
            let digest = part(&blob, "digest").ok_or_else(|| unknown("blob.digest"))?;
            let algorithm = part(&blob, "declared_algorithm").unwrap_or_default();
            let algorithm = match algorithm.literal() {
                Some("") => String::new(),
                _ => format!(" {algorithm}"),
            };
            self.body
                .push(format!("push_blob {repo} {file} {digest}{algorithm}"));
        }
        for ManifestPush { value, tag } in manifests {
            let digest = part(&value, "digest").ok_or_else(|| unknown("manifest.digest"))?;
            let reference = tag.unwrap_or(digest);
            if self.judges_in(push_manifest) {
                let with = vec![
                    to(),
                    ("manifest", value),
                    ("reference", Value::Text(reference)),
                ];
                self.procedure(push_manifest, with, scope, None)?;
                continue;
            }
            let file = value.file().ok_or_else(|| unknown("manifest.bytes"))?;
            let kind = part(&value, "media_type").unwrap_or_default();
            self.body
                .push(format!("push_manifest {repo} {file} {reference} {kind}"));
        }
        Ok(())
    }

    /// Whether the script judges something in the responses to a procedure.
    fn judges_in(&self, procedure: &str) -> bool {
        let procedure = self.suites.procedures.get(procedure);
        let Some(procedure) = procedure else {
            return false;
        };
        match &self.checks.invariant {
            Some(invariant) => {
                invariant.to.is_empty() || invariant.to.iter().any(|(method, _)| !method.reads())
            }
            None => self.expects(procedure),
        }
    }

    fn expects(&self, procedure: &Procedure) -> bool {
        let suites = self.suites;
        let judged = |step: &Step| {
            let mut expected = step.expect.iter();
            expected.any(|one| {
                self.checks
                    .level(&one.requirement, &suites.catalogue, self.spec)
                    .is_some()
            })
        };
        procedure.steps.iter().any(|step| {
            let used = match &step.action {
                crate::suite::Action::Use { procedure, .. } => suites.procedures.get(procedure),
                _ => None,
            };
            judged(step) || used.is_some_and(|used| self.expects(used))
        })
    }
}
