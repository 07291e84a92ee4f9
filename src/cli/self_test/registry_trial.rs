//! One registry to test: how it behaves, and which cases run against it.

use std::time::Duration;

use crate::catalogue::{Category, Version};
use crate::engine::{Pattern, Selection};
use crate::registry::{Fault, Options, Variant};

/// Cases that transfer megabytes. They take half of a run's time, and few faults and variants need them.
const HEAVY: [&str; 2] = ["*-large*", "*-size*"];

/// One registry to run against; it determines the expected verdict.
#[derive(Clone, Copy)]
pub enum RegistryTrial {
    Strict(Version),
    Permitted(&'static Variant, Version),
    Faulty(&'static Fault, Version),
}

impl RegistryTrial {
    pub fn id(self) -> &'static str {
        match self {
            Self::Strict(_) => "strict",
            Self::Permitted(variant, _) => variant.id,
            Self::Faulty(fault, _) => fault.id,
        }
    }

    pub fn version(self) -> Version {
        match self {
            Self::Strict(version) | Self::Permitted(_, version) | Self::Faulty(_, version) => {
                version
            }
        }
    }

    pub fn name(self) -> String {
        let kind = match self {
            Self::Strict(_) => "strict registry",
            Self::Permitted(..) => "permitted variant",
            Self::Faulty(..) => "fault",
        };
        format!("{kind} {} ({})", self.id(), self.version())
    }

    pub fn set(self, options: &mut Options) {
        match self {
            Self::Strict(_) => {}
            Self::Permitted(variant, _) => (variant.set)(options),
            Self::Faulty(fault, _) => options.faults.push(fault),
        }
    }

    /// The selections to try, smallest first. For a fault: the cases that test the violated requirements, then the cases
    /// that pull (for requirements that only an invariant tests), then all.
    pub fn selections(self, thorough: bool) -> Vec<Selection> {
        let all = Selection {
            categories: Category::every().collect(),
            ..Selection::default()
        };
        let light = |selection: &Selection| Selection {
            skip: HEAVY
                .iter()
                .filter_map(|name| name.parse::<Pattern>().ok())
                .collect(),
            ..selection.clone()
        };
        match self {
            Self::Strict(_) => vec![all],
            // There are no variants of the vendor extensions yet.
            Self::Permitted(..) if thorough => vec![Selection::default()],
            Self::Permitted(..) => vec![light(&Selection::default())],
            Self::Faulty(fault, _) => {
                let narrow = Selection {
                    requirements: fault.violates.iter().map(|id| (*id).to_owned()).collect(),
                    ..all.clone()
                };
                let pulls = Selection {
                    categories: vec![Category::Pull, Category::Everywhere],
                    ..Selection::default()
                };
                vec![light(&narrow), narrow, light(&pulls), all]
            }
        }
    }

    /// A fault is no delay: reads need not be repeated until they show a write.
    pub fn settle(self) -> Duration {
        match self {
            Self::Faulty(..) => Duration::ZERO,
            Self::Strict(_) | Self::Permitted(..) => Duration::from_secs(2),
        }
    }
}
