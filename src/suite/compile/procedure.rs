//! Procedures and features.

use super::Compiler;
use super::names::{Kind, Names};
use super::step::Path;
use crate::data::SourceSpan;
use crate::suite::format::{FeatureText, ProcedureText};
use crate::suite::model::{Feature, Procedure};

/// Compiles a procedure; its mistakes are added to the compiler's diagnostics.
pub fn compile_procedure(
    compiler: &mut Compiler<'_>,
    name: &str,
    text: &ProcedureText,
    span: &SourceSpan,
) -> Procedure {
    let mut names = Names::everywhere();
    let mut inputs = Vec::new();
    for (taken, default) in &text.inputs {
        let at = span.at("inputs").at(taken);
        let default = default
            .as_ref()
            .map(|default| compiler.template(default, &names, &at));
        inputs.push((taken.clone(), default));
    }
    for (taken, _) in &inputs {
        names.add(taken, Kind::Open);
    }
    let path = Path::new(span.at("steps"));
    let steps = compiler.steps(&text.steps, &mut names, &path);
    for (index, given) in text.outputs.iter().enumerate() {
        if !names.has(given) {
            let at = span.at("outputs").at(index);
            compiler.diagnostic(at.diagnostic(format!("no step saves `{given}`")));
        }
    }
    Procedure {
        name: name.to_owned(),
        title: text.title.clone(),
        checks: text.checks,
        inputs,
        steps,
        outputs: text.outputs.clone(),
        span: span.clone(),
    }
}

/// Compiles a feature; its mistakes are added to the compiler's diagnostics.
pub fn compile_feature(
    compiler: &mut Compiler<'_>,
    id: &str,
    text: &FeatureText,
    span: &SourceSpan,
) -> Feature {
    if let Some(should) = &text.should {
        compiler.check_requirement(should, &span.at("should"));
    }
    Feature {
        id: id.to_owned(),
        title: text.title.clone(),
        section: text.section.clone(),
        always: text.always,
        should: text.should.clone(),
        span: span.clone(),
    }
}
