//! The state of a script while it is written, and how references become words.

use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;

use super::checks::Checks;
use super::lines::Lines;
use super::not_sayable::NotSayable;
use super::scope::Scope;
use super::value::Value;
use super::word::{Piece, Word};
use crate::catalogue::Version;
use crate::fixture::Seed;
use crate::suite::Suites;
use crate::template::{Reference, Template, TemplatePart};

/// Finds what a template refers to.
pub type LookUp<'l, B> = dyn FnMut(&mut B, &Reference) -> Result<Value, NotSayable> + 'l;

/// A script while it is written.
pub struct Builder<'a> {
    pub suites: &'a Suites,
    pub spec: Version,
    /// What it judges.
    pub checks: Checks,
    /// Whether it judges a response.
    pub judges: bool,
    /// Content that depends on no response.
    pub content: Lines,
    /// What the script does.
    pub body: Lines,
    /// The variables of values that responses give, with words for them.
    pub captured: HashMap<String, String>,
    /// Variables and files of content that depends on responses.
    pub dynamic: HashSet<String>,
    /// Files whose content is the same in every run: it may exist already.
    pub constant: HashSet<String>,
    /// The run's names of the case: the script's names begin alike.
    seed: Seed,
    defined: HashSet<&'static str>,
    functions: usize,
}

impl<'a> Builder<'a> {
    pub fn new(suites: &'a Suites, spec: Version, seed: Seed, checks: Checks) -> Self {
        Self {
            suites,
            spec,
            checks,
            judges: false,
            content: Lines::default(),
            body: Lines::default(),
            captured: HashMap::new(),
            dynamic: HashSet::new(),
            constant: HashSet::new(),
            seed,
            defined: HashSet::new(),
            functions: 0,
        }
    }

    /// A name for a function that no other function of the script has.
    pub fn function(&mut self, kind: &str) -> String {
        self.functions += 1;
        format!("{kind}_{}", self.functions)
    }

    /// The value of a reference.
    ///
    /// # Errors
    /// When the script has none.
    pub fn look_up(
        &mut self,
        scope: &mut Scope<'a>,
        reference: &Reference,
    ) -> Result<Value, NotSayable> {
        let unknown = || NotSayable::unknown(reference);
        let root = reference.root();
        if !scope.values.contains_key(root)
            && let Some(content) = scope.content.and_then(|content| content.get(root))
        {
            let value = self.make(root, content, scope)?;
            scope.set(root, value);
        }
        let value = match (scope.values.get(root), root) {
            (Some(value), _) => value.clone(),
            (None, "unique") => Value::Text(self.unique()),
            (None, "number") => Value::Text(self.number()),
            (None, "letter") => Value::Text(self.letter()),
            (None, "tags") => {
                let name = reference.rest().next().ok_or_else(unknown)?;
                return Ok(Value::Text(self.unique().and_text(format!("-{name}"))));
            }
            (None, _) => return Err(unknown()),
        };
        value.follow(reference).cloned().ok_or_else(unknown)
    }

    /// Ten hexadecimal digits that no other run of the script has. The first are those of the run: a registry may treat a name
    /// by its first character.
    pub fn unique(&mut self) -> Word {
        let token = self.seed.token();
        let (known, _) = token.split_at_checked(4).unwrap_or_default();
        self.name("UNIQUE", format!("UNIQUE={known}$(token 6)"))
    }

    fn number(&mut self) -> Word {
        let number = self.seed.number();
        let (known, _) = number.split_at_checked(4).unwrap_or_default();
        self.name("NUMBER", format!("NUMBER={known}$(digits 6)"))
    }

    fn letter(&mut self) -> Word {
        let line = format!("LETTER={}", self.seed.letter());
        self.name("LETTER", line)
    }

    fn name(&mut self, name: &'static str, line: String) -> Word {
        if self.defined.insert(name) {
            self.content.define(name, line);
        }
        Word::variable(name)
    }

    /// The value of a template.
    ///
    /// # Errors
    /// When the script has no value for a reference.
    pub fn value(
        &mut self,
        scope: &mut Scope<'a>,
        template: &Template,
    ) -> Result<Value, NotSayable> {
        let mut parts = template.parts();
        if let (Some(TemplatePart::Reference(reference)), None) = (parts.next(), parts.next()) {
            return self.look_up(scope, reference);
        }
        self.word(scope, template).map(Value::Text)
    }

    /// The text of a template, which may contain the bytes of files.
    ///
    /// # Errors
    /// As [`Self::value`].
    pub fn word(&mut self, scope: &mut Scope<'a>, template: &Template) -> Result<Word, NotSayable> {
        self.filled(template, &mut |builder, reference| {
            builder.look_up(scope, reference)
        })
    }

    /// The text of a template, with the values that `look_up` finds.
    ///
    /// # Errors
    /// Those of `look_up`, and for a value that is no text.
    pub fn filled(
        &mut self,
        template: &Template,
        look_up: &mut LookUp<'_, Self>,
    ) -> Result<Word, NotSayable> {
        let mut word = Word::default();
        for part in template.parts() {
            word = match part {
                TemplatePart::Text(text) => word.and_text(text),
                TemplatePart::Reference(reference) => {
                    let value = look_up(self, reference)?;
                    let inner = value.word().ok_or_else(|| NotSayable::unknown(reference))?;
                    word.and(&inner)
                }
            };
        }
        Ok(word)
    }

    /// The text of a template without bytes of files.
    ///
    /// # Errors
    /// As [`Self::value`].
    pub fn text(&mut self, scope: &mut Scope<'a>, template: &Template) -> Result<Word, NotSayable> {
        let word = self.word(scope, template)?;
        let has_file = |piece: &Piece| matches!(piece, Piece::File(_));
        match word.pieces().iter().any(has_file) {
            true => Err(NotSayable::beyond(format!(
                "`{}` is the content of a file inside a text",
                template.source()
            ))),
            false => Ok(word),
        }
    }

    /// The text of a template that the script need not run to know.
    ///
    /// # Errors
    /// As [`Self::value`], and when it depends on a response.
    pub fn literal(
        &mut self,
        scope: &mut Scope<'a>,
        template: &Template,
    ) -> Result<String, NotSayable> {
        let word = self.word(scope, template)?;
        let literal = word.literal().map(str::to_owned);
        literal.ok_or_else(|| {
            NotSayable::beyond(format!("`{}` depends on a response", template.source()))
        })
    }

    /// The file that has the bytes of a template.
    ///
    /// # Errors
    /// As [`Self::value`].
    pub fn file(
        &mut self,
        scope: &mut Scope<'a>,
        template: &Template,
    ) -> Result<String, NotSayable> {
        let value = self.value(scope, template)?;
        if let Some(file) = value.file() {
            return Ok(file.to_owned());
        }
        let text = value
            .word()
            .ok_or_else(|| NotSayable::beyond(format!("`{}` has no bytes", template.source())))?;
        let file = format!("{}.bytes", self.function("text"));
        self.write_file(&file, &text);
        Ok(file)
    }

    /// A scalar of a JSON template: its type and its text.
    ///
    /// # Errors
    /// As [`Self::value`], and for a list or an object.
    pub fn scalar(
        &mut self,
        scope: &mut Scope<'a>,
        json: &Json,
    ) -> Result<(&'static str, Word), NotSayable> {
        Ok(match json {
            Json::Null => ("null", "null".into()),
            Json::Bool(flag) => ("boolean", Word::text(flag.to_string())),
            Json::Number(number) => ("number", Word::text(number.to_string())),
            Json::String(text) => match self.value(scope, &Template::parse(text))? {
                Value::Number(word) => ("number", word),
                other => {
                    let word = other
                        .word()
                        .ok_or_else(|| NotSayable::Unknown(text.clone()))?;
                    ("string", word.map_text(canonical))
                }
            },
            Json::Array(_) | Json::Object(_) => {
                return Err(NotSayable::beyond(
                    "a list or an object is compared with a value",
                ));
            }
        })
    }

    /// Whether a word depends on a response.
    pub fn is_dynamic(&self, word: &Word) -> bool {
        word.pieces().iter().any(|piece| match piece {
            Piece::Text(_) | Piece::Command(_) => false,
            Piece::Variable(name) => {
                self.captured.contains_key(name) || self.dynamic.contains(name)
            }
            Piece::File(name) => self.dynamic.contains(name),
        })
    }
}

/// A text as the script's JSON reader prints it: line ends, tabs and backslashes are escaped.
fn canonical(text: &str) -> String {
    let mut canonical = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => canonical.push_str(r"\\"),
            '\n' => canonical.push_str(r"\n"),
            '\r' => canonical.push_str(r"\r"),
            '\t' => canonical.push_str(r"\t"),
            '\u{8}' => canonical.push_str(r"\b"),
            '\u{c}' => canonical.push_str(r"\f"),
            c if u32::from(c) < 32 => canonical.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => canonical.push(c),
        }
    }
    canonical
}
