//! JUnit XML: a testsuite a suite, a testcase a case.
//!
//! The report is built and written with the crate `junit-report`. `jenkins` adds to its output what the schema of Jenkins asks
//! for; only elements and attributes of that schema are used, which GitLab and GitHub read too. Retried cases have the
//! elements `flakyFailure` and `rerunFailure` of Maven Surefire.

mod jenkins;
mod suites;
mod text;

pub(super) use suites::render;
