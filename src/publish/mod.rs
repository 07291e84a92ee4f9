//! A report as an OCI artifact: pushed with an optional subject, so that clients find the report of an image by its
//! referrers, and fetched again.

mod artifact;
mod error;
mod fetch;
mod push;
mod reference;
mod referrers;
mod repository;

pub use artifact::ReportFile;
pub use error::PublishError;
pub use fetch::fetch;
pub use push::publish;
pub use reference::ImageReference;
pub use repository::Repository;
