//! The folder of a certification pull request: the product, the command that repeats the run, and the checks of a
//! reviewer.

mod product;
mod readme;
mod review;

pub use product::Product;
pub use readme::{Repeat, readme};
pub use review::{Findings, Status, review};

/// The five files, and no others.
pub const FILES: [&str; 5] = [
    "README.md",
    "PRODUCT.yaml",
    "results.yaml",
    "report.html",
    "junit.xml",
];
