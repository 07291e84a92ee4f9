//! A conformance test of a registry, as a user of the library starts it.

use std::future::Future;
use std::time::Duration;

use super::{Error, Report, Suites};
use crate::catalogue::Version;
use crate::client::{self, Address, Credentials, RegistryClient, Secret};
use crate::engine::{self, Leftovers, Pattern, Selection, Session};

/// A conformance test of one registry.
///
/// The test pushes to two repositories, and deletes what it pushed. It prints nothing.
///
/// ```no_run
/// # async fn example() -> Result<(), oci_assay::Error> {
/// let report = oci_assay::ConformanceTest::new("http://localhost:5000").run().await?;
/// assert!(report.is_conformant(), "{report}");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a conformance test does nothing until `run`"]
pub struct ConformanceTest {
    target: String,
    spec: Version,
    repositories: [String; 2],
    only: Vec<String>,
    skip: Vec<String>,
    suites: Option<Suites>,
    credentials: Option<Credentials>,
    tls: client::Tls,
    seed: Option<u32>,
    timeout: Duration,
    settle: Duration,
    deadline: Duration,
    jobs: usize,
}

impl ConformanceTest {
    /// A test of the registry at a URL or `host[:port]`; without a scheme it is https, and http for loopback
    /// addresses.
    pub fn new(target: impl Into<String>) -> Self {
        let client = client::Settings::default();
        Self {
            target: target.into(),
            spec: Version::RELEASED,
            repositories: ["conformance/repo1", "conformance/repo2"].map(str::to_owned),
            only: Vec::new(),
            skip: Vec::new(),
            suites: None,
            credentials: None,
            tls: client.tls,
            seed: None,
            timeout: client.timeout,
            settle: Duration::from_secs(2),
            deadline: Duration::from_secs(30 * 60),
            jobs: client.jobs,
        }
    }

    /// The version of the specification: 1.1 unless set.
    pub fn spec(mut self, version: Version) -> Self {
        self.spec = version;
        self
    }

    /// The two repositories that the test writes to: `conformance/repo1` and `conformance/repo2` unless set.
    pub fn repositories(mut self, first: impl Into<String>, second: impl Into<String>) -> Self {
        self.repositories = [first.into(), second.into()];
        self
    }

    /// Runs only cases whose id, suite, section or requirement matches this glob; several calls add up.
    pub fn only(mut self, pattern: impl Into<String>) -> Self {
        self.only.push(pattern.into());
        self
    }

    /// Leaves out cases whose id, suite, section or requirement matches this glob; several calls add up.
    pub fn skip(mut self, pattern: impl Into<String>) -> Self {
        self.skip.push(pattern.into());
        self
    }

    /// Runs these suites instead of the bundled ones.
    pub fn suites(mut self, suites: Suites) -> Self {
        self.suites = Some(suites);
        self
    }

    /// Logs in with a user name and a password: with Basic authentication, or with Bearer tokens that the registry's
    /// token server gives for them.
    pub fn login(mut self, username: impl Into<String>, password: impl Into<String>) -> Self {
        self.credentials = Some(Credentials {
            secret: Secret::Password {
                username: username.into(),
                password: password.into(),
            },
            source: "ConformanceTest::login".to_owned(),
        });
        self
    }

    /// Trusts the certificates in this PEM file beside the system's.
    pub fn trust(mut self, ca: impl Into<std::path::PathBuf>) -> Self {
        self.tls.ca = Some(ca.into());
        self
    }

    /// The seed of names and content, to repeat a test: random unless set.
    pub fn seed(mut self, seed: u32) -> Self {
        self.seed = Some(seed);
        self
    }

    /// The longest that one request may take, its whole response included: 30 s unless set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The longest that a write may take to show in reads: 2 s unless set. Up to 2 s, a run takes less where its other reads
    /// show writes at once, and repeated attempts miss the same write.
    pub fn settle(mut self, settle: Duration) -> Self {
        self.settle = settle;
        self
    }

    /// The longest that the whole test may take: 30 minutes unless set. Cases that are not finished are then in error.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The most requests in flight, at least 1: 256 unless set.
    pub fn jobs(mut self, jobs: usize) -> Self {
        self.jobs = jobs.max(1);
        self
    }

    /// Runs the test to its end.
    ///
    /// # Errors
    /// [`Error`] if the test cannot start: a wrong setting, or a registry that does not answer or refuses the login. A
    /// registry that violates the specification is no error: the [`Report`] says it.
    pub async fn run(self) -> Result<Report, Error> {
        self.run_until(std::future::pending()).await
    }

    /// Runs the test until its end, or until `stop` is done: then the report holds what was finished, and what the test
    /// pushed is deleted. Dropping the future instead leaves content behind.
    ///
    /// # Errors
    /// Like [`run`](Self::run).
    pub async fn run_until(self, stop: impl Future<Output = ()>) -> Result<Report, Error> {
        let address = Address::parse(&self.target)?;
        let [first, second] = &self.repositories;
        client::check_repository(first)?;
        client::check_repository(second)?;
        if first == second {
            return Err(Error::SameRepository(first.clone()));
        }
        let suites = match &self.suites {
            Some(suites) => suites.0.clone(),
            None => Suites::bundled()?.0,
        };
        let plan = engine::plan(&suites, self.spec, &self.selection()?)?;
        let target = RegistryClient::new(&address, self.client_settings())?;
        let (events, _) = tokio::sync::mpsc::unbounded_channel();
        let start = engine::Start::now(events);
        let session = Session::open(plan, suites, target, self.settings(), start).await?;
        let (stopper, stopped) = tokio::sync::watch::channel(false);
        let run = session.run(stopped);
        tokio::pin!(run);
        tokio::select! {
            run = &mut run => return Ok(Report(run)),
            () = stop => {}
        }
        stopper.send_replace(true);
        Ok(Report(run.await))
    }

    fn selection(&self) -> Result<Selection, Error> {
        let patterns = |texts: &[String]| -> Result<Vec<Pattern>, Error> {
            texts.iter().map(|text| Ok(text.parse()?)).collect()
        };
        Ok(Selection {
            only: patterns(&self.only)?,
            skip: patterns(&self.skip)?,
            ..Selection::default()
        })
    }

    fn client_settings(&self) -> client::Settings {
        client::Settings {
            timeout: self.timeout,
            jobs: self.jobs,
            credentials: self.credentials.clone(),
            tls: self.tls.clone(),
            advice: client::Advice {
                log_in: "call `ConformanceTest::login`",
                more_time: "set a longer `ConformanceTest::deadline`",
            },
            ..client::Settings::default()
        }
    }

    fn settings(&self) -> engine::Settings {
        let [repo, repo2] = self.repositories.clone();
        engine::Settings {
            spec: self.spec,
            repo,
            repo2,
            seed: self.seed.unwrap_or_else(rand::random),
            settle: self.settle,
            jobs: self.jobs,
            deadline: self.deadline,
            retries: 0,
            look_first: self.seed.is_some(),
            leftovers: Leftovers::Delete,
            bundled: false,
            target_options: Vec::new(),
            no_push: false,
            existing: Vec::new(),
            claims: Vec::new(),
            as_of: None,
        }
    }
}
