//! Why a renderer gave up.

use std::error::Error;

/// The error of a renderer, of whatever library it comes from.
pub(super) type Failure = Box<dyn Error + Send + Sync>;
