//! The exit statuses, and the errors that end a command.

use std::fmt::{self, Display};
use std::process::ExitCode;

use super::config::Origins;
use crate::record::{Run, Verdict};
use crate::report::{sanitize, sanitize_line};

/// An exit status that scripts may rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// No MUST is violated; warnings and unsupported features are allowed.
    Success = 0,
    /// At least one MUST is violated.
    NonConformant = 1,
    /// Arguments, configuration or suites are wrong; no case is selected; reports cannot be written.
    Usage = 2,
    /// There is no verdict: the target is unreachable or refuses access, or cases are blocked or in error and
    /// none failed.
    NoVerdict = 3,
    /// Interrupted; finished cases are reported.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl Exit {
    pub const ALL: [Self; 5] = [
        Self::Success,
        Self::NonConformant,
        Self::Usage,
        Self::NoVerdict,
        Self::Interrupted,
    ];

    pub const fn status(self) -> u8 {
        self as u8
    }

    /// Its meaning, in a sentence.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Success => "No MUST is violated; warnings and unsupported features are allowed.",
            Self::NonConformant => {
                "At least one MUST is violated, or a condition that --deny, --require or a claim adds."
            }
            Self::Usage => {
                "Arguments, configuration or suites are wrong, no case is selected, or reports cannot be written."
            }
            Self::NoVerdict => {
                "There is no verdict: the target is unreachable or refuses access, or cases are blocked or in error and none failed."
            }
            Self::Interrupted => "The run was interrupted; finished cases are reported.",
        }
    }

    /// The status of a run; with `deny_warnings`, a violated SHOULD counts like a MUST. Known failures of a baseline do
    /// not count.
    pub fn of(run: &Run, deny_warnings: bool) -> Self {
        let any = |wanted: Verdict| {
            let mut unexpected = run.cases.iter().filter(|case| case.known.is_none());
            unexpected.any(|case| case.verdict == wanted)
        };
        if run.interrupted {
            Self::Interrupted
        } else if any(Verdict::Fail) || (deny_warnings && any(Verdict::Warn)) {
            Self::NonConformant
        } else if any(Verdict::Blocked) || any(Verdict::Error) {
            Self::NoVerdict
        } else {
            Self::Success
        }
    }
}

/// Why a command failed: a message that names the place and the way out, and the exit status.
#[derive(Debug)]
pub struct CliError {
    pub exit: Exit,
    /// Without a final line break.
    pub message: String,
    /// The option whose value is at fault.
    pub option: Option<&'static str>,
    /// Where the option was set, as the beginning of the sentence.
    place: String,
}

impl CliError {
    /// The user's arguments or files are at fault.
    pub fn usage(message: impl Display) -> Self {
        Self {
            exit: Exit::Usage,
            message: message.to_string(),
            option: None,
            place: String::new(),
        }
    }

    /// The value of an option is at fault. The message begins with the place where it was set: with the flag, until
    /// [`Self::set_by`] knows better. The target is no flag.
    pub fn of_option(option: &'static str, message: impl Display) -> Self {
        let place = match option {
            "target" => String::new(),
            _ => format!("--{option}: "),
        };
        Self {
            option: Some(option),
            place,
            ..Self::usage(message)
        }
    }

    /// The same with the place where the option was set.
    #[must_use]
    pub fn set_by(mut self, origins: &Origins) -> Self {
        if let Some(origin) = self.option.and_then(|option| origins.besides_flags(option)) {
            self.place = format!("{origin}: ");
        }
        self
    }

    /// The same about what was named without an option.
    #[must_use]
    pub fn without_option(self) -> Self {
        Self {
            option: None,
            place: String::new(),
            ..self
        }
    }

    /// The same followed by another error.
    #[must_use]
    pub fn and(self, also: &Self) -> Self {
        Self {
            message: format!("{}\nerror: {}", self.message, also.sentence()),
            ..self
        }
    }

    /// The whole sentence.
    pub fn sentence(&self) -> String {
        format!("{}{}", self.place, self.message)
    }

    /// The target is at fault: no verdict can be reached. A line break in the message is the target's, and is shown as such.
    pub fn no_verdict(message: impl Display) -> Self {
        Self {
            exit: Exit::NoVerdict,
            ..Self::usage(sanitize_line(&message.to_string()))
        }
    }
}

/// The message, with nothing that acts on a terminal: files and registries have parts of it.
impl Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&sanitize(&self.sentence()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_message_acts_on_a_terminal() {
        let error = CliError::usage("a: no\n  b\u{1b}[2J\u{9b}1m\u{202e}");
        assert_eq!(error.to_string(), "a: no\n  b⟨ESC⟩[2J⟨U+009B⟩1m⟨U+202E⟩");
        let error = CliError::no_verdict("a\n::error::b");
        assert_eq!(error.to_string(), "a⟨LF⟩::error::b");
    }
}
