//! Content as shell: random bytes, texts, manifests of them, chunks.

use std::collections::BTreeMap;

use super::builder::{Builder, LookUp};
use super::not_sayable::NotSayable;
use super::printing::print_command;
use super::scope::Scope;
use super::value::Value;
use super::word::Word;
use crate::fixture::{Algorithm, SMALL_BLOB};
use crate::suite::Content;
use crate::template::Template;

impl<'a> Builder<'a> {
    /// Makes content of the case.
    ///
    /// # Errors
    /// When it cannot be said in shell.
    pub fn make(
        &mut self,
        name: &str,
        content: &'a Content,
        scope: &mut Scope<'a>,
    ) -> Result<Value, NotSayable> {
        match content {
            Content::Fixture {
                fixture,
                algorithm,
                padded,
            } => {
                let algorithm = self.algorithm(algorithm, scope)?;
                let value = self.fixture(name, fixture, algorithm)?.value;
                Ok(match padded {
                    Some(size) => self.padded(name, value, size.0, algorithm),
                    None => value,
                })
            }
            Content::Blob {
                recipe,
                size,
                algorithm,
                chunks,
            } => {
                let algorithm = self.algorithm(algorithm, scope)?;
                if let Some(cut) = chunks {
                    return self.chunked(name, recipe, size.as_ref(), cut, algorithm, scope);
                }
                let size = size.as_ref().map(|size| self.text(scope, size));
                let size = size.transpose()?;
                let value =
                    self.blob(name, recipe, size, algorithm, &mut |builder, reference| {
                        builder.look_up(scope, reference)
                    })?;
                self.note_dynamic(name, scope);
                Ok(value)
            }
        }
    }

    /// A manifest with white space after it, up to a size in bytes.
    fn padded(&mut self, name: &str, value: Value, size: usize, algorithm: Algorithm) -> Value {
        let (Value::Record(record), Some(file)) = (&value, value.file()) else {
            return value;
        };
        let name = format!("{name}_padded");
        let padded = format!("{name}.bytes");
        self.content.define(
            &padded,
            format!("cp {file} {padded} && pad {padded} {size}"),
        );
        let media_type = record.get("media_type").and_then(Value::word);
        let media_type = media_type.unwrap_or_default();
        let mut record = record.clone();
        record.append(&mut self.described(&name, &padded, algorithm, &media_type, None));
        Value::Record(record)
    }

    /// Remembers that content depends on responses.
    pub fn note_dynamic(&self, name: &str, scope: &mut Scope<'a>) {
        if self.dynamic.contains(&format!("{name}.bytes")) {
            scope.dynamic.push(name.to_owned());
        }
    }

    /// The algorithm of a template.
    ///
    /// # Errors
    /// When it is none that the script can compute.
    pub fn algorithm(
        &mut self,
        template: &Template,
        scope: &mut Scope<'a>,
    ) -> Result<Algorithm, NotSayable> {
        let name = self.literal(scope, template)?;
        let unknown = |_| NotSayable::beyond(format!("the digest algorithm {name} has no command"));
        name.parse().map_err(unknown)
    }

    /// Makes a file of random bytes; returns its size in bytes.
    pub fn random_file(&mut self, name: &str, size: Word) -> Word {
        let file = format!("{name}.bytes");
        let size = match size.literal().and_then(bytes_of) {
            Some(bytes) => Word::text(bytes.to_string()),
            None => size,
        };
        let command = format!("random {file} {size}");
        self.define(&file, command, self.is_dynamic(&size));
        if size.number().is_some_and(|size: usize| size < SMALL_BLOB) {
            self.constant.insert(file);
        }
        size
    }

    /// Makes a compressed archive of one file of random bytes.
    pub fn archive(&mut self, file: &str, size: usize) {
        self.define(file, format!("tar_gzip {file} {size}"), false);
    }

    /// Adds a variable of content.
    pub fn assign(&mut self, variable: &str, value: &str, dynamic: bool) {
        let line = format!("{variable}={value}");
        if dynamic {
            self.dynamic.insert(variable.to_owned());
            self.body.define(variable, line);
        } else {
            self.content.define(variable, line);
        }
    }

    /// Adds a command that makes a file: where it needs a response, at this place and at most once.
    pub fn define(&mut self, file: &str, command: String, dynamic: bool) {
        if dynamic {
            self.dynamic.insert(file.to_owned());
            self.body
                .define(file, format!("[ -f {file} ] || {command}"));
        } else {
            self.content.define(file, command);
        }
    }

    /// Writes a text to a file.
    pub fn write_file(&mut self, file: &str, text: &Word) {
        let command = print_command(text);
        self.define(file, format!("{command} >{file}"), self.is_dynamic(text));
    }

    /// A text of content: `{unique}` is another in each piece of content.
    pub fn content_text(
        &mut self,
        template: &Template,
        name: &str,
        look_up: &mut LookUp<'_, Self>,
    ) -> Result<Word, NotSayable> {
        self.filled(template, &mut |builder, reference| match reference.root() {
            "unique" => Ok(Value::Text(builder.unique().and_text(format!("-{name}")))),
            _ => look_up(builder, reference),
        })
    }

    /// The value of content in a file: its digests, its size, its descriptor. Each variable is defined where it is used.
    pub fn described(
        &mut self,
        name: &str,
        file: &str,
        algorithm: Algorithm,
        media_type: &Word,
        size: Option<Word>,
    ) -> BTreeMap<String, Value> {
        let dynamic = self.dynamic.contains(file);
        let mut define = |suffix: &str, command: &str| {
            let variable = format!("{name}_{suffix}");
            self.assign(&variable, command, dynamic);
            Word::variable(variable)
        };
        let own = algorithm.name();
        let digest = define("digest", &format!("{own}:$({own} {file})"));
        let other = |name: &str| format!("{name}:$({name} {file})");
        let (sha256, sha512) = match algorithm {
            Algorithm::Sha256 => (digest.clone(), define("sha512", &other("sha512"))),
            Algorithm::Sha512 => (define("sha256", &other("sha256")), digest.clone()),
        };
        let encoded = define("encoded", &format!("${{{name}_digest#*:}}"));
        let size = size.unwrap_or_else(|| define("size", &format!("$(size_of {file})")));
        if self.constant.contains(file) {
            let line = format!("constant \"${name}_digest\"");
            match dynamic {
                true => self.body.define(&format!("{name}_digest"), line),
                false => self.content.define(&format!("{name}_digest"), line),
            }
        }
        let descriptor = Word::text("{\"mediaType\":\"")
            .and(media_type)
            .and_text("\",\"digest\":\"")
            .and(&digest)
            .and_text("\",\"size\":")
            .and(&size)
            .and_text("}");
        let declared = match algorithm {
            Algorithm::Sha256 => "",
            Algorithm::Sha512 => "sha512",
        };
        let parts = [
            ("encoded", Value::Text(encoded)),
            ("digest", Value::Text(digest)),
            ("sha256", Value::Text(sha256)),
            ("sha512", Value::Text(sha512)),
            ("declared_algorithm", Value::text(declared)),
            ("size", Value::Number(size)),
            ("bytes", Value::Bytes(file.to_owned())),
            ("media_type", Value::Text(media_type.clone())),
            ("descriptor", Value::Text(descriptor)),
        ];
        parts.map(|(name, value)| (name.to_owned(), value)).into()
    }
}

/// A size as the suites write it, in bytes.
fn bytes_of(size: &str) -> Option<usize> {
    let text = crate::template::SizeText::Unit(size.to_owned());
    crate::template::Size::read(&text).ok().map(|size| size.0)
}
