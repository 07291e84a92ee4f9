//! The states of the target's features, as cases find them out.

use std::collections::HashMap;

use tokio::sync::watch;

use crate::record::FeatureState;

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
