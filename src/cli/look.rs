//! How the terminal looks: its width, and whether it has colours.

use std::io::IsTerminal;

use crate::report::terminal::Look;

/// The look of standard output.
pub fn standard_output() -> Look {
    let terminal = std::io::stdout().is_terminal();
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
        || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    Look {
        colour: terminal && !plain,
        ..Look::default()
    }
}
