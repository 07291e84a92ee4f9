//! The credential files of container clients, in the order in which the clients read them.

use std::path::PathBuf;

/// A location that may contain credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A file that may be missing.
    File(PathBuf),
    /// A file that a variable names. It must exist.
    Named(&'static str, PathBuf),
    /// The text of such a file, in a variable.
    Text(&'static str, String),
}

/// The variable in which `assay fleet run` names the credential helper of a target to the run of that target.
pub const FLEET_LOGIN: &str = "ASSAY_FLEET_LOGIN";

/// The locations. The first that knows the target is used; in the run of a target of a fleet that has a `login`, that alone:
///
/// 1. `REGISTRY_AUTH_FILE`, as for podman and skopeo: if it is set, no other location is read.
/// 2. `DOCKER_AUTH_CONFIG`, as for docker and GitLab's runners: not a file but its text.
/// 3. `DOCKER_CONFIG`, a folder with a `config.json`.
/// 4. podman's and skopeo's `auth.json`: below `XDG_RUNTIME_DIR`, and below `XDG_CONFIG_HOME` or `~/.config`.
/// 5. docker's `~/.docker/config.json`.
pub fn locations(variable: &dyn Fn(&str) -> Option<String>) -> Vec<Location> {
    let folder = |name: &str| variable(name).map(PathBuf::from);
    if let Some(text) = variable(FLEET_LOGIN) {
        return vec![Location::Text("`login` of the fleet's file", text)];
    }
    if let Some(file) = folder("REGISTRY_AUTH_FILE") {
        return vec![Location::Named("REGISTRY_AUTH_FILE", file)];
    }
    let mut locations = Vec::new();
    locations.extend(
        variable("DOCKER_AUTH_CONFIG").map(|text| Location::Text("DOCKER_AUTH_CONFIG", text)),
    );
    let home = folder("HOME").or_else(|| folder("USERPROFILE"));
    let below_home = |name: &str| home.as_ref().map(|home| home.join(name));
    let files = [
        folder("DOCKER_CONFIG").map(|folder| folder.join("config.json")),
        folder("XDG_RUNTIME_DIR").map(|folder| folder.join("containers/auth.json")),
        folder("XDG_CONFIG_HOME")
            .or_else(|| below_home(".config"))
            .map(|folder| folder.join("containers/auth.json")),
        below_home(".docker/config.json").filter(|_| folder("DOCKER_CONFIG").is_none()),
    ];
    locations.extend(files.into_iter().flatten().map(Location::File));
    locations
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(set: &[(&str, &str)]) -> Vec<String> {
        let variable = |name: &str| {
            let mut known = set.iter().filter(|(known, _)| *known == name);
            known.next().map(|(_, value)| (*value).to_owned())
        };
        locations(&variable)
            .into_iter()
            .map(|place| match place {
                Location::File(path) | Location::Named(_, path) => path.display().to_string(),
                Location::Text(name, _) => name.to_owned(),
            })
            .collect()
    }

    #[test]
    fn they_are_looked_at_in_the_order_of_docker_and_skopeo() {
        let home = ("HOME", "/h");
        assert_eq!(
            found(&[home]),
            ["/h/.config/containers/auth.json", "/h/.docker/config.json"]
        );
        assert_eq!(found(&[home, ("REGISTRY_AUTH_FILE", "/a")]), ["/a"]);
        let all = [
            home,
            ("DOCKER_AUTH_CONFIG", "{}"),
            ("DOCKER_CONFIG", "/d"),
            ("XDG_RUNTIME_DIR", "/r"),
            ("XDG_CONFIG_HOME", "/c"),
        ];
        assert_eq!(
            found(&all),
            [
                "DOCKER_AUTH_CONFIG",
                "/d/config.json",
                "/r/containers/auth.json",
                "/c/containers/auth.json"
            ]
        );
        assert!(found(&[]).is_empty());
    }
}
