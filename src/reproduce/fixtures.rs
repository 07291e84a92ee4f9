//! Fixtures as shell: manifests with the blobs and parts that they refer to.

use std::collections::BTreeMap;

use super::builder::{Builder, LookUp};
use super::not_sayable::NotSayable;
use super::value::Value;
use super::word::Word;
use crate::fixture::{Algorithm, BlobBytes, BlobRecipe, FixtureKind, ManifestRecipe};
use crate::template::Reference;

/// A manifest of a fixture, and the tag that it is pushed to.
#[derive(Debug, Clone)]
pub struct ManifestPush {
    pub value: Value,
    pub tag: Option<Word>,
}

/// The content of a fixture.
#[derive(Debug)]
pub struct Made {
    pub value: Value,
    pub blobs: Vec<Value>,
    pub manifests: Vec<ManifestPush>,
}

/// Values by name, and the blobs and manifests to push.
type Parts = (BTreeMap<String, Value>, Vec<Value>, Vec<ManifestPush>);

impl Builder<'_> {
    /// Makes a fixture. `name` begins the names of its files and variables.
    ///
    /// # Errors
    /// When it does not exist, or cannot be said in shell.
    pub fn fixture(
        &mut self,
        name: &str,
        fixture: &str,
        algorithm: Algorithm,
    ) -> Result<Made, NotSayable> {
        let suites = self.suites;
        let found = suites.fixtures.get(fixture);
        let found =
            found.ok_or_else(|| NotSayable::beyond(format!("there is no fixture `{fixture}`")))?;
        match &found.kind {
            FixtureKind::Blob(recipe) => {
                let value = self.blob(name, recipe, None, algorithm, &mut nothing)?;
                Ok(Made {
                    blobs: vec![value.clone()],
                    value,
                    manifests: Vec::new(),
                })
            }
            FixtureKind::Manifest(recipe) => self.manifest(name, fixture, recipe, algorithm),
        }
    }

    fn manifest(
        &mut self,
        name: &str,
        fixture: &str,
        recipe: &ManifestRecipe,
        algorithm: Algorithm,
    ) -> Result<Made, NotSayable> {
        let (mut inside, blobs, mut manifests) = self.parts(name, recipe, algorithm)?;
        inside.insert("media_type".to_owned(), Value::text(&recipe.media_type));
        let text = self.content_text(&recipe.body, name, &mut |_, reference| {
            let root = inside.get(reference.root());
            let value = root.and_then(|root| root.follow(reference));
            value.cloned().ok_or_else(|| NotSayable::unknown(reference))
        })?;
        let file = format!("{name}.bytes");
        self.write_file(&file, &text);
        inside.append(&mut self.described(
            name,
            &file,
            algorithm,
            &recipe.media_type.as_str().into(),
            None,
        ));
        // The registry chooses the algorithm of a tagged manifest, so that one with another than sha256 has no tag.
        let tagged = recipe.tagged && algorithm == Algorithm::Sha256;
        let tag = tagged.then(|| {
            Word::text(format!("{fixture}-"))
                .and(&self.unique())
                .and_text(format!("-{name}"))
        });
        if let Some(tag) = &tag {
            inside.insert("tag".to_owned(), Value::Text(tag.clone()));
        }
        let value = Value::Record(inside);
        manifests.push(ManifestPush {
            value: value.clone(),
            tag,
        });
        Ok(Made {
            value,
            blobs,
            manifests,
        })
    }

    /// What a manifest refers to, by name, and the blobs and manifests of it that are pushed.
    fn parts(
        &mut self,
        name: &str,
        recipe: &ManifestRecipe,
        algorithm: Algorithm,
    ) -> Result<Parts, NotSayable> {
        let mut inside: BTreeMap<String, Value> = BTreeMap::new();
        let (mut blobs, mut manifests) = (Vec::new(), Vec::new());
        for (part, target) in &recipe.parts {
            let made = self.fixture(&format!("{name}_{part}"), &target.fixture, algorithm)?;
            if !target.absent {
                blobs.extend(made.blobs);
                manifests.extend(made.manifests);
            }
            inside.insert(part.clone(), made.value);
        }
        for (blob, recipe) in &recipe.blobs {
            let value = self.blob(
                &format!("{name}_{blob}"),
                recipe,
                None,
                algorithm,
                &mut nothing,
            )?;
            if !recipe.absent {
                blobs.push(value.clone());
            }
            inside.insert(blob.clone(), value);
        }
        Ok((inside, blobs, manifests))
    }

    /// Makes a blob; `size` is another one than the recipe's, for random bytes.
    ///
    /// # Errors
    /// When its text has an unknown reference.
    pub fn blob(
        &mut self,
        name: &str,
        recipe: &BlobRecipe,
        size: Option<Word>,
        algorithm: Algorithm,
        look_up: &mut LookUp<'_, Self>,
    ) -> Result<Value, NotSayable> {
        let file = format!("{name}.bytes");
        let size = match &recipe.bytes {
            BlobBytes::Random(own) => {
                let size = size.unwrap_or_else(|| Word::text(own.0.to_string()));
                Some(self.random_file(name, size))
            }
            BlobBytes::TarGzip(size) => {
                self.archive(&file, size.0);
                None
            }
            BlobBytes::Text(text) => {
                let text = self.content_text(text, name, look_up)?;
                self.write_file(&file, &text);
                if text.literal().is_some() {
                    self.constant.insert(file.clone());
                }
                None
            }
        };
        let media_type = recipe.media_type().into();
        Ok(Value::Record(self.described(
            name,
            &file,
            algorithm,
            &media_type,
            size,
        )))
    }
}

/// The blobs of fixtures refer to nothing.
fn nothing<B>(_: &mut B, reference: &Reference) -> Result<Value, NotSayable> {
    Err(NotSayable::unknown(reference))
}
