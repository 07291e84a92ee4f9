//! `lists`, `lists_only`: the parts of a header with commas.

use serde_json::Value as Json;

use super::check::{Check, ValueVerdict};

/// Has each of these parts.
pub struct Lists(pub Vec<String>);

/// Has no other parts than these.
pub struct ListsOnly(pub Vec<String>);

impl Check for Lists {
    fn expected(&self) -> String {
        format!("with {}", quoted(&self.0, " and "))
    }

    fn check(&self, value: &Json) -> ValueVerdict {
        let parts: Vec<&str> = parts(value).collect();
        ValueVerdict::of(self.0.iter().all(|one| parts.contains(&one.as_str())))
    }
}

impl Check for ListsOnly {
    fn expected(&self) -> String {
        format!("with only {}", quoted(&self.0, ", "))
    }

    fn check(&self, value: &Json) -> ValueVerdict {
        let mut parts = parts(value).filter(|part| !part.is_empty());
        let other = parts.find(|part| !self.0.iter().any(|one| one == part));
        ValueVerdict::wrong_if(other.map(|part| format!("with `{part}`")))
    }
}

fn parts(value: &Json) -> impl Iterator<Item = &str> {
    let text = value.as_str().unwrap_or_default();
    text.split(',').map(str::trim)
}

fn quoted(parts: &[String], between: &str) -> String {
    let parts = parts.iter().map(|part| format!("`{part}`"));
    parts.collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::engine::matching::rules::check::testing::wrong;

    fn both() -> Vec<String> {
        vec!["a".to_owned(), "b".to_owned()]
    }

    #[test]
    fn each_part_is_listed_whole() {
        let rule = Lists(both());
        assert_eq!(rule.expected(), "with `a` and `b`");
        assert_eq!(wrong(&rule, &json!("c, b,a")), None);
        for other in [json!("a, bc"), json!(""), json!(["a", "b"])] {
            assert_eq!(wrong(&rule, &other), Some(String::new()), "{other}");
        }
    }

    #[test]
    fn another_part_is_named() {
        let rule = ListsOnly(both());
        assert_eq!(rule.expected(), "with only `a`, `b`");
        assert_eq!(wrong(&rule, &json!("b, ,")), None);
        assert_eq!(wrong(&rule, &json!("b, bc")), Some("with `bc`".to_owned()));
        assert_eq!(wrong(&rule, &json!(7)), None, "another type");
    }
}
