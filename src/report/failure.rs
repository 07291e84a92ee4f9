//! Why a renderer gave up.

use std::error::Error;

/// The error of a renderer: each uses another library.
pub(super) type Failure = Box<dyn Error + Send + Sync>;
