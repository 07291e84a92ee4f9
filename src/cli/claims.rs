//! The claims about the target's features: `--require`, and the table `[claims]` of `assay.toml`.

use super::CliError;
use super::config::SideInputs;
use super::sources::show;
use crate::data::{Diagnostics, did_you_mean};
use crate::engine::Claim;
use crate::suite::Suites;

/// The claims, each with the name of an existing feature.
///
/// # Errors
/// An unknown feature, with the nearest name, and its line in a file.
pub fn claims(
    required: &[String],
    side_inputs: &SideInputs,
    suites: &Suites,
) -> Result<Vec<Claim>, CliError> {
    let mut claims = Vec::new();
    let mut diagnostics = Diagnostics::default();
    for claim in &side_inputs.claims {
        match unknown(&claim.feature, suites) {
            None => claims.push(Claim {
                feature: claim.feature.clone(),
                has: claim.claimed,
                by: "[claims]".to_owned(),
            }),
            Some((what, help)) => {
                let diagnostic = claim.span.key_diagnostic(what).help(help);
                diagnostics.list.push(diagnostic);
            }
        }
    }
    diagnostics
        .or(())
        .map_err(|diagnostics| CliError::usage(show(&diagnostics)))?;
    for feature in required {
        if let Some((what, help)) = unknown(feature, suites) {
            return Err(CliError::of_option("require", format!("{what}: {help}")));
        }
        // `--require` overrides the file.
        claims.retain(|claim| claim.feature != *feature);
        claims.push(Claim {
            feature: feature.clone(),
            has: true,
            by: format!("--require {feature}"),
        });
    }
    Ok(claims)
}

/// The message for an unknown feature, and a hint.
pub fn unknown(feature: &str, suites: &Suites) -> Option<(String, String)> {
    if suites.features.contains_key(feature) {
        return None;
    }
    let known = suites.features.keys().map(String::as_str);
    let help = did_you_mean(feature, known)
        .unwrap_or_else(|| "`assay list features` lists all features".to_owned());
    Some((format!("there is no feature `{feature}`"), help))
}
