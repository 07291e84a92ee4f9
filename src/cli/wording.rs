//! How messages name what the user can change: by the options of a command, or by the keys of a fleet's file.

use crate::client::Advice;

/// The variable that tells a run that a fleet's file has its options.
pub const IN_FLEET: &str = "ASSAY_IN_FLEET";

/// The words for what the user can change.
#[derive(Debug)]
pub struct Wording {
    pub advice: Advice,
    /// Where the user name and the password come from.
    pub login: &'static str,
}

impl Wording {
    /// The words for this process.
    pub fn current() -> Self {
        match std::env::var_os(IN_FLEET) {
            None => Self {
                advice: Advice::default(),
                login: "--username and ASSAY_PASSWORD",
            },
            Some(_) => Self {
                advice: Advice {
                    log_in: "set `username` and `login`",
                    more_time: "set a longer `time`",
                },
                login: "`username` and `login`",
            },
        }
    }
}
