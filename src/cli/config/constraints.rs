//! What options demand of each other, checked once on the layered options, whatever sources set them.

use clap::Command;

use super::keys::{Configured, name, variable};
use super::options::RawOptions;
use crate::catalogue::Version;
use crate::cli::CliError;

/// Options that exclude each other. The source with the higher precedence decides between them; one source must not
/// give both.
pub const EXCLUSIVE: [(&str, &str); 6] = [
    ("verbose", "quiet"),
    ("no-push", "existing"),
    ("watch", "dry-run"),
    ("watch", "password-stdin"),
    ("anonymous", "username"),
    ("anonymous", "password-stdin"),
];

/// An option, the option that it needs, and why.
const NEEDS: [(&str, &str, &str); 4] = [
    (
        "no-push",
        "seed",
        "it tests the content that `assay fixtures export` wrote for a seed",
    ),
    ("cert", "key", "a client certificate needs its private key"),
    ("key", "cert", "a private key needs its client certificate"),
    ("password-stdin", "username", "a password belongs to a user"),
];

/// How an option bears on a certification.
#[derive(Debug, Clone, Copy)]
enum Certification {
    Allowed,
    Refused(&'static str),
    /// Refused if it names the draft of the specification.
    NoDraft,
}

use Certification::{Allowed, NoDraft, Refused};

const WHOLE: &str = "a certification runs every case";
const BUNDLED: &str = "a certification uses the bundled suites and fixtures";

/// Each option of `assay run` in `assay certify`. A test compares the list with the flags, so that somebody decides
/// about each new one.
const CERTIFICATION: [(&str, Certification); 43] = [
    ("only", Refused(WHOLE)),
    ("skip", Refused(WHOLE)),
    ("category", Refused(WHOLE)),
    ("rerun", Refused(WHOLE)),
    ("no-push", Refused(WHOLE)),
    ("existing", Refused(WHOLE)),
    (
        "dry-run",
        Refused("no request would be sent: use `assay run --dry-run`"),
    ),
    ("watch", Refused("a certification is one run")),
    ("baseline", Refused("a known failure is still a failure")),
    ("as-of", Refused("newer cases count")),
    (
        "retries",
        Refused("a case that fails is a failure, even if it passes later"),
    ),
    ("suites", Refused(BUNDLED)),
    ("fixtures", Refused(BUNDLED)),
    (
        "format",
        Refused("a certification writes a fixed set of files"),
    ),
    ("spec", NoDraft),
    ("target", Allowed),
    ("repo", Allowed),
    ("repo2", Allowed),
    ("username", Allowed),
    ("password-stdin", Allowed),
    ("anonymous", Allowed),
    ("allow-plain-realm", Allowed),
    ("ca", Allowed),
    ("cert", Allowed),
    ("key", Allowed),
    ("insecure", Allowed),
    ("jobs", Allowed),
    ("timeout", Allowed),
    ("require", Allowed),
    ("seed", Allowed),
    ("settle", Allowed),
    ("deadline", Allowed),
    ("wait", Allowed),
    ("keep", Allowed),
    ("out", Allowed),
    ("timings", Allowed),
    ("progress", Allowed),
    ("deny", Allowed),
    ("verbose", Allowed),
    ("quiet", Allowed),
    ("color", Allowed),
    ("config", Allowed),
    ("stop-at-eof", Allowed),
];

/// The command line whose help of `assay certify` lists no option that is refused there.
pub fn without_refused(command: Command) -> Command {
    let is_refused = |flag: &str| {
        let mut known = CERTIFICATION.iter();
        known.any(|(option, decided)| *option == flag && matches!(decided, Refused(_)))
    };
    command.mut_subcommand(Configured::Certify.name(), |certify| {
        certify.mut_args(|arg| match is_refused(&name(&arg)) {
            true => arg.hide(true),
            false => arg,
        })
    })
}

/// Checks the layered options of a command.
///
/// # Errors
/// The first demand that is not met, with the place where each value was set.
pub fn check(configured: Configured, options: &RawOptions) -> Result<(), CliError> {
    for (one, other) in EXCLUSIVE {
        if let (Some(one), Some(other)) = (options.given(one), options.given(other)) {
            return Err(CliError::usage(format!(
                "{one} and {other} exclude each other: set one of them"
            )));
        }
    }
    for (option, needed, why) in NEEDS {
        if let (Some(origin), None) = (options.given(option), options.given(needed)) {
            return Err(CliError::usage(format!(
                "{origin} needs --{needed}: {why}. Set --{needed} (or {}, or `{needed}` in assay.toml)",
                variable(needed)
            )));
        }
    }
    match configured {
        // `--check` tests nothing.
        Configured::Certify if options.given("check").is_none() => check_certification(options),
        Configured::Run
        | Configured::Certify
        | Configured::Clean
        | Configured::Publish
        | Configured::Fetch => Ok(()),
    }
}

fn check_certification(options: &RawOptions) -> Result<(), CliError> {
    for (option, certification) in CERTIFICATION {
        let reason = match certification {
            Allowed => None,
            Refused(reason) => Some(reason.to_owned()),
            NoDraft => {
                let draft = options
                    .text(option)
                    .filter(|text| *text == Version::DRAFT.name());
                let released = Version::RELEASED;
                draft.map(|_| format!("a draft cannot be certified: use {released}"))
            }
        };
        if let (Some(origin), Some(reason)) = (options.given(option), reason) {
            return Err(CliError::usage(format!(
                "{origin} cannot be used in a certification: {reason}"
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::cli::config::options::Origin;

    fn given(names: &[&str]) -> RawOptions {
        let mut options = RawOptions::default();
        for name in names {
            let origin = Origin::Argument(format!("--{name}"));
            options.set(name, vec!["true".into()], origin);
        }
        options
    }

    #[test]
    fn every_option_of_a_run_is_decided_about_for_a_certification() {
        let command = crate::cli::command();
        let run = command.find_subcommand(Configured::Run.name()).unwrap();
        let mut flags: Vec<String> = run.get_arguments().map(name).collect();
        flags.sort();
        let mut decided: Vec<&str> = CERTIFICATION.iter().map(|(name, _)| *name).collect();
        decided.sort_unstable();
        assert_eq!(flags, decided);
        let known = |name: &&str| flags.iter().any(|flag| flag == name);
        assert!(
            EXCLUSIVE
                .iter()
                .all(|(one, other)| known(one) && known(other))
        );
        assert!(
            NEEDS
                .iter()
                .all(|(one, other, _)| known(one) && known(other))
        );
    }

    #[test]
    fn a_broken_constraint_names_the_options_and_the_way_out() {
        for (options, says) in [
            (
                given(&["verbose", "quiet"]),
                "--verbose and --quiet exclude",
            ),
            (given(&["no-push"]), "--no-push needs --seed"),
            (given(&["cert"]), "(or ASSAY_KEY, or `key` in assay.toml)"),
            (given(&["password-stdin"]), "needs --username"),
        ] {
            let error = check(Configured::Run, &options).unwrap_err();
            assert!(error.message.contains(says), "{}", error.message);
        }
        assert!(check(Configured::Run, &given(&["no-push", "seed"])).is_ok());
        assert!(check(Configured::Run, &given(&["only"])).is_ok());
        assert!(check(Configured::Certify, &given(&["only"])).is_err());
        assert!(check(Configured::Certify, &given(&["spec"])).is_ok());
    }
}
