//! The states of the target's features, as cases find them out.

use std::collections::HashMap;

use tokio::sync::watch;

use crate::record::FeatureState;

/// A feature's state and the case that found it out; absent until that case is over.
type Known = Option<(FeatureState, String)>;

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
    pub fn set(&self, feature: &str, state: FeatureState, case: &str) {
        if let Some(sender) = self.states.get(feature) {
            sender.send_if_modified(|known| {
                let first = known.is_none();
                if first {
                    *known = Some((state, case.to_owned()));
                }
                first
            });
        }
    }

    /// Waits until the state is known. Nothing where no case probes the feature.
    pub async fn wait(&self, feature: &str) -> Option<(FeatureState, String)> {
        let mut receiver = self.states.get(feature)?.subscribe();
        let known = receiver.wait_for(Option::is_some).await.ok()?;
        known.clone()
    }
}
