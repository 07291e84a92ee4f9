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
        let dynamic = self.is_dynamic(&size) || self.is_dynamic(&at_least);
        let lengths = match (size.number(), at_least.number()) {
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
        let total = self.sum(format!("{name}_total"), &lengths, dynamic);
        let total = self.random_file(name, total);
        self.note_dynamic(name, scope);
        let file = format!("{name}.bytes");
        let media_type = recipe.media_type().into();
        let mut record = self.described(name, &file, algorithm, &media_type, Some(total));
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
        let share = match size.number::<usize>() {
            Some(size) => (size / cut.count.max(1)).to_string(),
            None => format!("$(({} / {}))", self.arithmetic(size), cut.count),
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

    /// The sum of numbers, and 0 where it is below: computed here, or in a variable of the script.
    fn sum(&mut self, variable: String, terms: &[Word], dynamic: bool) -> Word {
        let numbers: Option<Vec<i64>> = terms.iter().map(Word::number).collect();
        if let Some(numbers) = numbers {
            return Word::text(numbers.into_iter().sum::<i64>().max(0).to_string());
        }
        let subtracts = terms
            .iter()
            .any(|term| term.number().is_some_and(|number: i64| number < 0));
        let terms: Vec<String> = terms.iter().map(|term| self.arithmetic(term)).collect();
        let sum = format!("$(({}))", terms.join(" + "));
        let value = match subtracts {
            true => format!("$(larger 0 {sum})"),
            false => sum,
        };
        self.assign(&variable, &value, dynamic);
        Word::variable(variable)
    }

    /// The values of the chunks of a blob, as [`Chunking::cut`] makes them.
    fn cut(&mut self, name: &str, lengths: &[Word]) -> Value {
        let file = format!("{name}.bytes");
        let dynamic = self.dynamic.contains(&file);
        let mut chunks = Vec::new();
        for (index, length) in lengths.iter().enumerate() {
            let chunk = format!("{name}_chunk{index}");
            let before = lengths.get(..index).unwrap_or_default();
            let start = self.sum(format!("{chunk}_start"), before, dynamic);
            let mut at = |name: &str, terms: &[Word], more: i64| {
                let terms = [terms, &[Word::text(more.to_string())]].concat();
                self.sum(format!("{chunk}_{name}"), &terms, dynamic)
            };
            let from = std::slice::from_ref(&start);
            let all = lengths.get(..=index).unwrap_or_default();
            let end = at("end", all, -1);
            let (earlier, earlier_end) = (at("earlier", from, -1), at("earlier_end", all, -2));
            let (later, later_end) = (at("later", from, 1), at("later_end", all, 0));
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

    /// A number in an arithmetic expansion, which runs the commands in a text of a response.
    fn arithmetic(&self, word: &Word) -> String {
        match (word.literal(), word.variables().next()) {
            (Some(text), _) => text.to_owned(),
            (None, Some(variable)) if self.captured.contains_key(variable) => {
                format!("$(larger \"${variable}\" 0)")
            }
            (None, Some(variable)) => variable.to_owned(),
            (None, None) => "0".to_owned(),
        }
    }
}
