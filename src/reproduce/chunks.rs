//! Chunks as shell: their lengths may depend on the minimum that the registry announces.

use std::collections::BTreeMap;

use super::builder::Builder;
use super::not_sayable::NotSayable;
use super::scope::Scope;
use super::value::Value;
use super::word::Word;
use crate::fixture::{Algorithm, BlobBytes, BlobRecipe, Chunking};
use crate::suite::Cut;
use crate::template::Template;

impl<'a> Builder<'a> {
    /// Makes a blob that is cut into chunks.
    ///
    /// # Errors
    /// When it cannot be said in shell.
    pub fn chunked(
        &mut self,
        name: &str,
        recipe: &BlobRecipe,
        size: Option<&Template>,
        cut: &Cut,
        algorithm: Algorithm,
        scope: &mut Scope<'a>,
    ) -> Result<Value, NotSayable> {
        let size = match (size, &recipe.bytes) {
            (Some(size), _) => self.text(scope, size)?,
            (None, BlobBytes::Random(size)) => Word::text(size.0.to_string()),
            (None, BlobBytes::Text(_) | BlobBytes::TarGzip(_)) => {
                return Err(NotSayable::beyond(
                    "a text or an archive is cut into chunks",
                ));
            }
        };
        let at_least = self.text(scope, &cut.at_least)?;
        let number = |word: &Word| word.literal().and_then(|text| text.parse::<usize>().ok());
        let dynamic = self.is_dynamic(&size) || self.is_dynamic(&at_least);
        let lengths = match (number(&size), number(&at_least)) {
            (Some(size), Some(at_least)) => {
                let chunking = Chunking {
                    count: cut.count,
                    at_least,
                    short_last: cut.short_last,
                    last: cut.last.map(|last| last.0),
                    equal: cut.equal,
                };
                chunking
                    .lengths(size)
                    .into_iter()
                    .map(|length| Word::text(length.to_string()))
                    .collect()
            }
            _ => self.lengths(name, &size, &at_least, cut, dynamic),
        };
        let total = self.sum(name, "total", &lengths, dynamic);
        let total = self.random_file(name, total);
        self.note_dynamic(name, scope);
        let file = format!("{name}.bytes");
        let media_type = recipe.media_type().into();
        let mut record = self.described(name, &file, algorithm, &media_type, total);
        record.insert("chunks".to_owned(), self.cut(name, &lengths));
        Ok(Value::Record(record))
    }

    /// A fixture's blob as the case sees it, cut into chunks of the same length.
    pub fn split(&mut self, name: &str, size: usize, count: usize) -> Value {
        let each = size / count.max(1);
        let last = size.saturating_sub(each.saturating_mul(count.saturating_sub(1)));
        let mut lengths = vec![each; count.saturating_sub(1)];
        lengths.push(last);
        let lengths: Vec<Word> = lengths
            .into_iter()
            .map(|length| Word::text(length.to_string()))
            .collect();
        self.cut(name, &lengths)
    }

    /// Lengths that the script computes, as [`Chunking::lengths`] does.
    fn lengths(
        &mut self,
        name: &str,
        size: &Word,
        at_least: &Word,
        cut: &Cut,
        dynamic: bool,
    ) -> Vec<Word> {
        let least = format!("{name}_least");
        self.assign(&least, &format!("$(larger {at_least} 1)"), dynamic);
        let base = format!("{name}_length");
        let share = match size.literal().and_then(|size| size.parse::<usize>().ok()) {
            Some(size) => (size / cut.count.max(1)).to_string(),
            None => format!("$(({} / {}))", arithmetic(size), cut.count),
        };
        self.assign(&base, &format!("$(larger \"${least}\" {share})"), dynamic);
        let mut lengths = Vec::new();
        for index in 0..cut.count.saturating_sub(1) {
            lengths.push(if cut.equal || index == 0 {
                Word::variable(&base)
            } else {
                let variable = format!("{name}_length{index}");
                self.assign(
                    &variable,
                    &format!("$(({base} + {index} * ({base} / 4 + 1)))"),
                    dynamic,
                );
                Word::variable(variable)
            });
        }
        lengths.push(match (cut.last, cut.equal) {
            (Some(last), _) => Word::text(last.0.to_string()),
            (None, true) => Word::variable(&base),
            (None, false) => {
                let variable = format!("{name}_last");
                let shorter = format!("$(({base} / 2 + 1))");
                let length = match cut.short_last {
                    true => shorter,
                    false => format!("$(larger \"${least}\" {shorter})"),
                };
                self.assign(&variable, &length, dynamic);
                Word::variable(variable)
            }
        });
        lengths
    }

    /// A variable of content.
    fn assign(&mut self, variable: &str, value: &str, dynamic: bool) {
        let line = format!("{variable}={value}");
        if dynamic {
            self.dynamic.insert(variable.to_owned());
            self.body.define(variable, line);
        } else {
            self.content.define(variable, line);
        }
    }

    /// The sum of numbers: computed here, or in a variable of the script.
    fn sum(&mut self, name: &str, suffix: &str, terms: &[Word], dynamic: bool) -> Word {
        let number = |word: &Word| word.literal().and_then(|text| text.parse::<usize>().ok());
        let numbers: Option<Vec<usize>> = terms.iter().map(number).collect();
        if let Some(numbers) = numbers {
            return Word::text(numbers.into_iter().sum::<usize>().to_string());
        }
        let variable = format!("{name}_{suffix}");
        let terms: Vec<String> = terms.iter().map(arithmetic).collect();
        self.assign(&variable, &format!("$(({}))", terms.join(" + ")), dynamic);
        Word::variable(variable)
    }

    /// The values of the chunks of a blob, as [`Chunking::cut`] makes them.
    fn cut(&mut self, name: &str, lengths: &[Word]) -> Value {
        let file = format!("{name}.bytes");
        let dynamic = self.dynamic.contains(&file);
        let mut chunks = Vec::new();
        for (index, length) in lengths.iter().enumerate() {
            let chunk = format!("{name}_chunk{index}");
            let one = |sign: &str| -> Word { Word::text(format!("{sign}1")) };
            let before = lengths.get(..index).unwrap_or_default();
            let start = self.sum(&chunk, "start", before, dynamic);
            let with = |word: &Word| [before, &[length.clone(), word.clone()]].concat();
            let end = self.offset(&chunk, "end", &with(&Word::text("-1")), dynamic);
            let earlier = self.offset(&chunk, "earlier", &[start.clone(), one("-")], dynamic);
            let earlier_end = self.offset(&chunk, "earlier_end", &with(&Word::text("-2")), dynamic);
            let later = self.offset(&chunk, "later", &[start.clone(), one("")], dynamic);
            let later_end = self.offset(&chunk, "later_end", &with(&Word::text("0")), dynamic);
            let bytes = format!("{chunk}.bytes");
            self.define(
                &bytes,
                format!("part {file} {start} {length} >{bytes}"),
                dynamic,
            );
            self.assign(
                &format!("{chunk}_digest"),
                &format!("sha256:$(sha256 {bytes})"),
                dynamic,
            );
            let range = |from: &Word, to: &Word| Value::Text(from.clone().and_text("-").and(to));
            let parts: [(&str, Value); 8] = [
                ("size", Value::Number(length.clone())),
                ("range", range(&start, &end)),
                ("earlier", range(&earlier, &earlier_end)),
                ("later", range(&later, &later_end)),
                ("start", Value::Number(start)),
                ("end", Value::Number(end)),
                (
                    "digest",
                    Value::Text(Word::variable(format!("{chunk}_digest"))),
                ),
                ("bytes", Value::Bytes(bytes)),
            ];
            let record: BTreeMap<String, Value> =
                parts.map(|(name, value)| (name.to_owned(), value)).into();
            chunks.push(Value::Record(record));
        }
        Value::List(chunks)
    }

    /// A sum that is never below 0.
    fn offset(&mut self, name: &str, suffix: &str, terms: &[Word], dynamic: bool) -> Word {
        let number = |word: &Word| word.literal().and_then(|text| text.parse::<i64>().ok());
        let numbers: Option<Vec<i64>> = terms.iter().map(number).collect();
        if let Some(numbers) = numbers {
            return Word::text(numbers.into_iter().sum::<i64>().max(0).to_string());
        }
        let variable = format!("{name}_{suffix}");
        let terms: Vec<String> = terms.iter().map(arithmetic).collect();
        let sum = terms.join(" + ");
        self.assign(&variable, &format!("$(larger 0 $(({sum})))"), dynamic);
        Word::variable(variable)
    }
}

/// A number in an arithmetic expansion.
fn arithmetic(word: &Word) -> String {
    match (word.literal(), word.variables().next()) {
        (Some(text), _) => text.to_owned(),
        (None, Some(variable)) => variable.to_owned(),
        (None, None) => "0".to_owned(),
    }
}
