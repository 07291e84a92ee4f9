//! What a case shows about the features that it probes. Other cases wait for it.

use super::context::RunContext;
use super::evidence::{Evidence, Stop};
use super::features::{Probed, ShownFeature};
use super::plan::{Instance, ProbeCases};
use crate::record::FeatureState;

/// A case and the features that it probes; most cases probe none.
pub struct FeatureProbe<'a> {
    context: &'a RunContext,
    instance: &'a Instance,
    features: Vec<&'a str>,
}

impl<'a> FeatureProbe<'a> {
    pub fn new(context: &'a RunContext, instance: &'a Instance, probes: &'a ProbeCases) -> Self {
        let own = probes.iter().filter(|(_, case)| **case == instance.id);
        Self {
            context,
            instance,
            features: own.map(|(feature, _)| feature.as_str()).collect(),
        }
    }

    /// The same for an attempt beside the case, which tells others nothing.
    pub fn silent(context: &'a RunContext, instance: &'a Instance) -> Self {
        Self {
            context,
            instance,
            features: Vec::new(),
        }
    }

    /// Whether other cases wait for this one.
    pub fn is_awaited(&self) -> bool {
        !self.features.is_empty()
    }

    /// Sets the features that the evidence shows while the case goes on.
    pub fn shows(&self, evidence: &Evidence) {
        for feature in &self.features {
            let state = state_of(feature, evidence);
            if state != FeatureState::Unknown {
                self.set(feature, state, evidence);
            }
        }
    }

    /// Sets all features that are not known yet: the case is over.
    pub fn finish(&self, evidence: &Evidence) {
        for feature in &self.features {
            self.set(feature, state_of(feature, evidence), evidence);
        }
    }

    fn set(&self, feature: &str, state: FeatureState, evidence: &Evidence) {
        let probed = Probed {
            state,
            case: self.instance.id.to_string(),
            skipped: evidence.stopped == Some(Stop::Skipped),
        };
        self.context.features.set(feature, probed);
    }
}

/// What the evidence of a probe says about its feature.
fn state_of(feature: &str, evidence: &Evidence) -> FeatureState {
    ShownFeature::by(feature, &evidence.declined, evidence.stopped.as_ref()).state()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::PUSHING;

    #[test]
    fn a_probe_decides_its_feature() {
        let declined = |features: &[&str], stopped| Evidence {
            declined: features.iter().map(|one| (*one).to_owned()).collect(),
            stopped,
            ..Evidence::default()
        };
        let stopped = Some(Stop::Declined);
        let state = |evidence: &Evidence| state_of("mount", evidence);
        assert_eq!(state(&declined(&[], None)), FeatureState::Supported);
        assert_eq!(
            state(&declined(&["mount"], None)),
            FeatureState::Unsupported
        );
        let other = declined(&["referrers"], stopped.clone());
        assert_eq!(state(&other), FeatureState::Unsupported);
        let other = declined(&["referrers"], None);
        assert_eq!(state(&other), FeatureState::Unknown);
        assert_eq!(state(&declined(&[PUSHING], stopped)), FeatureState::Unknown);
    }

    #[test]
    fn a_probe_that_is_in_error_decides_nothing() {
        let evidence = Evidence::stopped(Stop::Error("a panic".to_owned()), None);
        assert_eq!(state_of("mount", &evidence), FeatureState::Unknown);
    }
}
