//! Scopes of tokens (distribution project, "Token Scope Documentation").

use std::collections::{BTreeMap, BTreeSet};

use http::Method;
use url::Url;

use crate::endpoint::Endpoint;

/// The most resources that are read of a challenge.
const MAX_RESOURCES: usize = 32;

/// An action on a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    Pull,
    Push,
    Delete,
}

impl Action {
    const fn name(self) -> &'static str {
        match self {
            Self::Pull => "pull",
            Self::Push => "push",
            Self::Delete => "delete",
        }
    }
}

/// Resources (`repository:team/app`), each with its actions (`pull`). A challenge may name resources and actions that the client does not know.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Scopes(BTreeMap<String, BTreeSet<String>>);

impl Scopes {
    /// Actions on a repository.
    pub fn repository(name: &str, actions: &[Action]) -> Self {
        let actions = actions.iter().map(|action| action.name().to_owned());
        let actions = actions.collect();
        Self(BTreeMap::from([(format!("repository:{name}"), actions)]))
    }

    /// The scope that a request needs: `pull` for a read, `pull,push` for a write, `pull,delete` for a deletion. A mount needs
    /// `pull` on the source repository too.
    pub fn needed(method: &Method, url: &Url) -> Self {
        let endpoint = Endpoint::parse(url.path());
        let Some(name) = endpoint.repository() else {
            return match endpoint {
                Endpoint::Catalog => Self::registry("catalog"),
                _ => Self::default(),
            };
        };
        let session = matches!(endpoint, Endpoint::Uploads { .. } | Endpoint::Upload { .. });
        let actions: &[Action] = match *method {
            Method::GET | Method::HEAD if !session => &[Action::Pull],
            Method::DELETE => &[Action::Pull, Action::Delete],
            _ => &[Action::Pull, Action::Push],
        };
        let needed = Self::repository(name, actions);
        let mounts = *method == Method::POST && url.query_pairs().any(|(name, _)| name == "mount");
        match url.query_pairs().find(|(name, _)| name == "from") {
            Some((_, from)) if mounts && from != name => {
                needed.or(&Self::repository(&from, &[Action::Pull]))
            }
            _ => needed,
        }
    }

    fn registry(name: &str) -> Self {
        let actions = BTreeSet::from(["*".to_owned()]);
        Self(BTreeMap::from([(format!("registry:{name}"), actions)]))
    }

    /// The scope of a challenge: resources separated by spaces. Anything malformed is left out.
    pub fn read(text: &str) -> Self {
        let mut scopes = Self::default();
        for one in text.split_whitespace().take(MAX_RESOURCES) {
            // The actions follow the last colon, since a name may contain a port.
            if let Some((resource, actions)) = one.rsplit_once(':')
                && resource.contains(':')
            {
                let actions = actions.split(',').filter(|action| !action.is_empty());
                let known = scopes.0.entry(resource.to_owned()).or_default();
                known.extend(actions.map(str::to_owned));
            }
        }
        scopes
    }

    /// These resources, and those that only `other` names.
    #[must_use]
    pub fn or(mut self, other: &Self) -> Self {
        for (resource, actions) in &other.0 {
            let known = self.0.entry(resource.clone());
            known.or_insert_with(|| actions.clone());
        }
        self
    }

    /// The same resources without one action; those that have no other action are left out.
    #[must_use]
    pub fn without(&self, action: Action) -> Self {
        let mut scopes = self.clone();
        scopes.0.retain(|_, actions| {
            actions.remove(action.name());
            !actions.is_empty()
        });
        scopes
    }

    /// Adds the resources and actions of `other`.
    pub fn add(&mut self, other: &Self) {
        for (resource, actions) in &other.0 {
            let known = self.0.entry(resource.clone()).or_default();
            known.extend(actions.iter().cloned());
        }
    }

    /// The resources that are these repositories.
    #[must_use]
    pub fn only(&self, repositories: &[String]) -> Self {
        let own = |resource: &str| {
            let name = resource.strip_prefix("repository:");
            name.is_some_and(|name| repositories.iter().any(|own| own == name))
        };
        let kept = self.0.iter().filter(|(resource, _)| own(resource));
        Self(
            kept.map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
        )
    }

    /// Whether there is no resource.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn has(&self, resource: &str) -> bool {
        self.0.contains_key(resource)
    }

    pub fn allows(&self, resource: &str, action: Action) -> bool {
        let actions = self.0.get(resource);
        actions.is_some_and(|actions| actions.contains(action.name()))
    }

    pub fn resources(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Each resource as a `scope` parameter, with `pull` before `push`, which most clients send.
    pub fn parameters(&self) -> Vec<String> {
        let known = [Action::Pull, Action::Push];
        let order = |action: &&String| {
            let place = known.iter().position(|one| one.name() == *action);
            place.unwrap_or(known.len())
        };
        let one = |(resource, actions): (&String, &BTreeSet<String>)| {
            let mut actions: Vec<&String> = actions.iter().collect();
            actions.sort_by_key(order);
            let actions: Vec<&str> = actions.into_iter().map(String::as_str).collect();
            format!("{resource}:{}", actions.join(","))
        };
        self.0.iter().map(one).collect()
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.is_empty() {
            true => f.write_str("without scope"),
            false => write!(f, "for the scope `{}`", self.parameters().join(" ")),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn needed(method: Method, path: &str) -> String {
        let url = Url::parse("https://r").unwrap().join(path).unwrap();
        Scopes::needed(&method, &url).parameters().join(" ")
    }

    #[test]
    fn the_scope_depends_on_method_and_path() {
        let pull = "repository:a/b:pull";
        assert_eq!(needed(Method::GET, "/v2/a/b/manifests/t"), pull);
        assert_eq!(needed(Method::HEAD, "/v2/a/b/blobs/sha256:0"), pull);
        assert_eq!(needed(Method::GET, "/v2/a/b/tags/list?n=1"), pull);
        assert_eq!(needed(Method::GET, "/v2/a/b/referrers/sha256:0"), pull);
        let push = "repository:a/b:pull,push";
        assert_eq!(needed(Method::PUT, "/v2/a/b/manifests/t"), push);
        assert_eq!(needed(Method::POST, "/v2/a/b/blobs/uploads/"), push);
        assert_eq!(needed(Method::GET, "/v2/a/b/blobs/uploads/x"), push);
        let delete = "repository:a/b:pull,delete";
        assert_eq!(needed(Method::DELETE, "/v2/a/b/manifests/t"), delete);
        assert_eq!(needed(Method::GET, "/v2/"), "");
        assert_eq!(needed(Method::GET, "/elsewhere/x"), "");
        assert_eq!(needed(Method::GET, "/v2/_catalog"), "registry:catalog:*");
        assert_eq!(
            needed(Method::GET, "/v2/blobs/manifests/manifests/t"),
            "repository:blobs/manifests:pull"
        );
    }

    #[test]
    fn a_mount_needs_two_repositories() {
        assert_eq!(
            needed(Method::POST, "/v2/b/blobs/uploads/?mount=sha256:0&from=a/x"),
            "repository:a/x:pull repository:b:pull,push"
        );
        assert_eq!(
            needed(Method::POST, "/v2/b/blobs/uploads/?mount=sha256:0"),
            "repository:b:pull,push"
        );
    }

    #[test]
    fn a_challenge_overrides_the_expected_scope() {
        let asked = Scopes::read("repository:b:pull,push  registry:catalog:* nonsense a:");
        assert_eq!(
            asked.parameters(),
            ["registry:catalog:*", "repository:b:pull,push"]
        );
        let need = Scopes::repository("b", &[Action::Delete])
            .or(&Scopes::repository("a", &[Action::Pull]));
        assert_eq!(
            Scopes::read("repository:b:push").or(&need).parameters(),
            ["repository:a:pull", "repository:b:push"]
        );
        let both = Scopes::read("repository:a:delete repository:b:delete,pull");
        assert_eq!(
            both.without(Action::Delete).parameters(),
            ["repository:b:pull"]
        );
        let with_port = Scopes::read("repository:host:5000/a:pull");
        assert_eq!(with_port.parameters(), ["repository:host:5000/a:pull"]);
    }
}
