//! The states of the target's features, as cases find them out.

use std::collections::HashMap;

use tokio::sync::watch;

use crate::record::{FeatureState, Stop};
use crate::suite::PUSHING;

/// What a case shows about a feature. Of several cases, the greatest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ShownFeature {
    /// Nothing.
    Nothing,
    /// The target declines another feature, without which this one cannot be asked for.
    DeclinedWithAnother,
    /// The target supports it.
    Supported,
    /// The target declines it.
    Declined,
}

impl ShownFeature {
    /// What a case about the feature shows that declined these features, and stopped for this reason.
    ///
    /// Where pushes are declined, a feature that only a push shows may still be supported. A case that reached its end
    /// although another feature was declined may have left out the steps about this one.
    pub fn by(feature: &str, declined: &[String], stopped: Option<&Stop>) -> Self {
        if declined.iter().any(|one| one == feature) {
            return Self::Declined;
        }
        match stopped {
            None if declined.is_empty() => Self::Supported,
            Some(Stop::Declined) if declined.iter().any(|one| one != PUSHING) => {
                Self::DeclinedWithAnother
            }
            _ => Self::Nothing,
        }
    }

    /// The state of the feature.
    pub const fn state(self) -> FeatureState {
        match self {
            Self::Nothing => FeatureState::Unknown,
            Self::Supported => FeatureState::Supported,
            Self::DeclinedWithAnother | Self::Declined => FeatureState::Unsupported,
        }
    }
}

/// A feature, as its probe found it out; absent until that case is over.
type Known = Option<Probed>;

/// The result of a case about a feature that it probes.
#[derive(Debug, Clone)]
pub struct Probed {
    pub state: FeatureState,
    /// The id of the case.
    pub case: String,
    /// Whether the case was skipped: then nothing was asked.
    pub skipped: bool,
}

/// The features that a case of the run probes.
#[derive(Debug, Default)]
pub struct FeatureStates {
    states: HashMap<String, watch::Sender<Known>>,
}

impl FeatureStates {
    /// States of these features, all of them not known yet.
    pub fn new(features: impl IntoIterator<Item = String>) -> Self {
        Self {
            states: features
                .into_iter()
                .map(|feature| (feature, watch::Sender::new(None)))
                .collect(),
        }
    }

    /// Sets a feature's state; the first one stays.
    pub fn set(&self, feature: &str, probed: Probed) {
        if let Some(sender) = self.states.get(feature) {
            sender.send_if_modified(|known| {
                let first = known.is_none();
                if first {
                    *known = Some(probed);
                }
                first
            });
        }
    }

    /// Waits until the state is known. Nothing where no case probes the feature.
    pub async fn wait(&self, feature: &str) -> Option<Probed> {
        let mut receiver = self.states.get(feature)?.subscribe();
        let known = receiver.wait_for(Option::is_some).await.ok()?;
        known.clone()
    }
}
