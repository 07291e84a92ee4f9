//! The adapters inside the binary.

use super::load_adapter::{LoadedAdapter, load_adapter};
use crate::data::{Diagnostic, File};

const ADAPTERS: [(&str, &str); 8] = [
    ("buildah.toml", include_str!("../../adapters/buildah.toml")),
    ("crane.toml", include_str!("../../adapters/crane.toml")),
    ("ctr.toml", include_str!("../../adapters/ctr.toml")),
    ("docker.toml", include_str!("../../adapters/docker.toml")),
    ("oras.toml", include_str!("../../adapters/oras.toml")),
    ("podman.toml", include_str!("../../adapters/podman.toml")),
    ("regctl.toml", include_str!("../../adapters/regctl.toml")),
    ("skopeo.toml", include_str!("../../adapters/skopeo.toml")),
];

/// The bundled adapters, by name.
///
/// # Errors
/// Their mistakes, which a test excludes.
pub fn adapters() -> Result<Vec<LoadedAdapter>, Vec<Diagnostic>> {
    let files = ADAPTERS.map(|(name, text)| File::new(format!("adapters/{name}"), text));
    let mut loaded = files
        .iter()
        .map(load_adapter)
        .collect::<Result<Vec<_>, _>>()?;
    loaded.sort_by(|a, b| a.text.name.cmp(&b.text.name));
    Ok(loaded)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_bundled_adapters_are_right() {
        let adapters = adapters().unwrap();
        for adapter in &adapters {
            let file = format!("adapters/{}.toml", adapter.text.name);
            assert_eq!(adapter.file, file);
        }
        assert!(adapters.len() == ADAPTERS.len());
    }
}
