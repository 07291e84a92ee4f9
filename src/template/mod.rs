//! Templates: texts of suites and fixtures with `{references}` to values.

mod parse;
mod size;
mod value;

pub use parse::{Reference, Template, TemplateError, TemplatePart};
pub use size::{Size, SizeText};
pub use value::{Record, Value};
