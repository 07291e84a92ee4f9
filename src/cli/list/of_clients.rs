//! Clients and scenarios in the lists of `assay list` and `assay client list`.

use std::fmt::Write as _;

use indexmap::IndexMap;
use serde_json::{Value, json};

use crate::client_test::LoadedAdapter;
use crate::traffic::About;

/// A block for each suite of scenarios, with its title.
pub fn scenarios<'a>(
    list: impl IntoIterator<Item = &'a About>,
    titles: &IndexMap<String, String>,
) -> String {
    let mut text = String::new();
    let mut suite = "";
    for about in list {
        if suite != about.suite {
            suite = &about.suite;
            let title = titles.get(suite).map_or("", String::as_str);
            let _ = writeln!(text, "{suite}: {title}");
        }
        let _ = writeln!(text, "  {:<36} {}", about.id, about.title);
    }
    text
}

pub fn scenarios_as_json<'a>(list: impl IntoIterator<Item = &'a About>) -> Value {
    let one = |about: &About| json!({"id": about.id, "suite": about.suite, "title": about.title});
    list.into_iter().map(one).collect()
}

/// A line for each client; nothing where there is none.
pub fn clients<'a>(list: impl IntoIterator<Item = &'a LoadedAdapter>) -> String {
    let mut text = String::new();
    for adapter in list {
        let actions: Vec<&str> = adapter.text.actions.keys().map(|it| it.name()).collect();
        let (name, about) = (&adapter.text.name, &adapter.text.about);
        let _ = writeln!(text, "  {name:<12} {about} ({})", actions.join(", "));
    }
    match text.is_empty() {
        true => text,
        false => format!("clients (assay client run NAME)\n{text}"),
    }
}

pub fn clients_as_json<'a>(list: impl IntoIterator<Item = &'a LoadedAdapter>) -> Value {
    let one = |adapter: &LoadedAdapter| {
        let actions = adapter.text.actions.keys().map(|action| action.name());
        json!({
            "name": adapter.text.name, "about": adapter.text.about,
            "actions": actions.collect::<Vec<_>>(),
        })
    };
    list.into_iter().map(one).collect()
}
