//! The adapters inside the binary.

use super::load_adapter::{LoadedAdapter, load_adapter};
use crate::data::{Diagnostic, File};

// `ADAPTERS`: the files of the folder `adapters`, written by build.rs.
include!(concat!(env!("OUT_DIR"), "/adapters.rs"));

/// The bundled adapters, by name.
///
/// # Errors
/// Their mistakes, which a test excludes.
pub fn adapters() -> Result<Vec<LoadedAdapter>, Vec<Diagnostic>> {
    let files = ADAPTERS
        .iter()
        .map(|(name, text)| File::new(format!("adapters/{name}"), *text));
    let mut loaded = files
        .map(|file| load_adapter(&file))
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
