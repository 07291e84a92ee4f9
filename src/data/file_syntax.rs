//! The syntax that a data file is written in.

use super::File;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileSyntax {
    Yaml,
    Toml,
}

impl FileSyntax {
    pub fn of(file: &File) -> Self {
        match file.path.ends_with(".toml") {
            true => Self::Toml,
            false => Self::Yaml,
        }
    }
}
