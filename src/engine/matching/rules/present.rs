//! `present`: whether there is a value.

use serde_json::Value as Json;

use super::check::{Check, ValueVerdict};

pub struct Present(pub bool);

impl Check for Present {
    fn expected(&self) -> String {
        match self.0 {
            true => "present".to_owned(),
            false => "absent".to_owned(),
        }
    }

    fn check(&self, _: &Json) -> ValueVerdict {
        ValueVerdict::of(self.0)
    }

    fn accepts_absence(&self) -> bool {
        !self.0
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::engine::matching::rules::check::testing::wrong;

    #[test]
    fn a_value_is_present_whatever_it_is() {
        assert_eq!(wrong(&Present(true), &json!("a")), None);
        assert_eq!(wrong(&Present(true), &json!(null)), None);
        assert!(!Present(true).accepts_absence());
    }

    #[test]
    fn an_absent_value_is_asked_for_too() {
        assert!(Present(false).accepts_absence());
        assert_eq!(wrong(&Present(false), &json!("a")), Some(String::new()));
    }
}
