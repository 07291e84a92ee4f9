//! What is known of the target's features while the run finds out.

use std::collections::HashMap;

use tokio::sync::watch;

use crate::record::FeatureState;

/// A feature's state, once the case that finds out is over.
type Known = Option<(FeatureState, String)>;

/// For each feature, what is known and who found out.
#[derive(Debug, Default)]
pub struct FeatureStates {
    slots: HashMap<String, watch::Sender<Known>>,
}

impl FeatureStates {
    /// A board for features that a case of the run will find out about.
    pub fn new(features: impl IntoIterator<Item = String>) -> Self {
        Self {
            slots: features
                .into_iter()
                .map(|feature| (feature, watch::Sender::new(None)))
                .collect(),
        }
    }

    /// Says what was found out, and by which case.
    pub fn tell(&self, feature: &str, state: FeatureState, case: &str) {
        if let Some(slot) = self.slots.get(feature) {
            slot.send_if_modified(|known| {
                let first = known.is_none();
                if first {
                    *known = Some((state, case.to_owned()));
                }
                first
            });
        }
    }

    /// Waits until it is known. Nothing where no case finds out.
    pub async fn wait(&self, feature: &str) -> Option<(FeatureState, String)> {
        let mut receiver = self.slots.get(feature)?.subscribe();
        let known = receiver.wait_for(Option::is_some).await.ok()?;
        known.clone()
    }
}
