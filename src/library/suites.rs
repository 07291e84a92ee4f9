//! Suites as a user of the library has them.

use std::path::Path;
use std::sync::Arc;

use super::Error;
use crate::suite::{self, Sources};

/// The cases to run, checked and ready.
#[derive(Debug, Clone)]
pub struct Suites(pub(super) Arc<suite::Suites>);

impl Suites {
    /// The suites of this version of assay.
    ///
    /// # Errors
    /// [`Error::Suites`] if the suites that were built in are wrong, which the tests of assay rule out.
    pub fn bundled() -> Result<Self, Error> {
        Self::from_sources(&Sources::embedded())
    }

    /// The suites in a folder of your own, with the bundled catalogue, procedures and fixtures where the folder has
    /// none.
    ///
    /// # Errors
    /// [`Error::Folder`] if the folder cannot be read, [`Error::Suites`] with every mistake in it.
    pub fn load(folder: impl AsRef<Path>) -> Result<Self, Error> {
        let sources = Sources::with(Some(folder.as_ref()), None)?;
        Self::from_sources(&sources)
    }

    fn from_sources(sources: &Sources) -> Result<Self, Error> {
        Ok(Self(Arc::new(suite::Suites::load(sources)?)))
    }
}
