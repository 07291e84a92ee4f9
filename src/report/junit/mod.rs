//! JUnit XML: a testsuite a suite, a testcase a case.
//!
//! The crate `junit-report` holds the report and writes it. `jenkins` adds to its output what the schema of Jenkins asks
//! for; only elements and attributes of that schema are used, which GitLab and GitHub read too.

mod jenkins;
mod suites;
mod text;

pub(super) use suites::render;
