//! The table of options in `docs/configuration.md`.

use std::fmt::Write as _;

use clap::Command;

use super::keys::{Kind, keys};

/// A row for each option: its key, its variable, its default and what it is for.
pub fn table(command: &Command) -> String {
    let mut out =
        String::from("| key and flag | variable | default | meaning |\n|---|---|---|---|\n");
    for key in keys(command) {
        let flag = match (key.kind, key.arg.get_long()) {
            (_, None) => format!("`{}`, `TARGET`", key.name),
            (Kind::List, _) => format!("`{}` (a list)", key.name),
            (Kind::Flag, _) => format!("`{}` (true or false)", key.name),
            (Kind::Text | Kind::Number, _) => format!("`{}`", key.name),
        };
        let default = match (key.kind, key.defaults().join(",")) {
            (Kind::Flag, _) => String::new(),
            (_, none) if none.is_empty() => none,
            (_, some) => format!("`{some}`"),
        };
        let help = key.help().replace('|', "\\|");
        let _ = writeln!(
            out,
            "| {flag} | `{}` | {default} | {help} |",
            key.variable()
        );
    }
    out
}
