//! What the user claims of the target's features: `--require`, and the table `[claims]` of `assay.toml`.

use super::Refusal;
use super::config::Beside;
use super::sources::show;
use crate::data::{Mistakes, nearest};
use crate::engine::Claim;
use crate::suite::Suites;

/// The claims, each with the name of a feature that there is.
///
/// # Errors
/// A name that no feature has, with the nearest one, and the line where it stands in a file.
pub fn claims(
    required: &[String],
    beside: &Beside,
    suites: &Suites,
) -> Result<Vec<Claim>, Refusal> {
    let mut claims = Vec::new();
    let mut mistakes = Mistakes::default();
    for claim in &beside.claims {
        match unknown(&claim.feature, suites) {
            None => claims.push(Claim {
                feature: claim.feature.clone(),
                has: claim.claimed,
                by: "[claims]".to_owned(),
            }),
            Some((what, help)) => {
                let mistake = claim.place.mistake(what).help(help);
                mistakes.list.push(mistake);
            }
        }
    }
    mistakes
        .or(())
        .map_err(|mistakes| Refusal::usage(show(&mistakes)))?;
    for feature in required {
        if let Some((what, help)) = unknown(feature, suites) {
            return Err(Refusal::usage(format!("--require: {what}: {help}")));
        }
        // What is typed has the last word.
        claims.retain(|claim| claim.feature != *feature);
        claims.push(Claim {
            feature: feature.clone(),
            has: true,
            by: format!("--require {feature}"),
        });
    }
    Ok(claims)
}

/// What is wrong with a name, and the way out.
fn unknown(feature: &str, suites: &Suites) -> Option<(String, String)> {
    if suites.features.contains_key(feature) {
        return None;
    }
    let known = suites.features.keys().map(String::as_str);
    let help = nearest(feature, known).map_or_else(
        || "`assay list features` names them all".to_owned(),
        |meant| format!("did you mean `{meant}`?"),
    );
    Some((format!("there is no feature `{feature}`"), help))
}
