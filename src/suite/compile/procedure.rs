//! Procedures and features.

use super::Compiler;
use super::names::{Kind, Names};
use super::step::Path;
use crate::data::Place;
use crate::suite::format::{FeatureText, ProcedureText};
use crate::suite::model::{Feature, Procedure};

/// Compiles a procedure; its mistakes are left with the compiler.
pub fn compile_procedure(
    compiler: &mut Compiler<'_>,
    name: &str,
    text: &ProcedureText,
    place: &Place,
) -> Procedure {
    let mut names = Names::everywhere();
    let mut takes = Vec::new();
    for (taken, default) in &text.takes {
        let at = place.at("takes").at(taken);
        let default = default
            .as_ref()
            .map(|default| compiler.template(default, &names, &at));
        takes.push((taken.clone(), default));
    }
    for (taken, _) in &takes {
        names.add(taken, Kind::Open);
    }
    let path = Path::new(place.at("steps"));
    let steps = compiler.steps(&text.steps, &mut names, &path);
    for (index, given) in text.gives.iter().enumerate() {
        if !names.has(given) {
            let at = place.at("gives").at(index);
            compiler.mistake(at.mistake(format!("no step saves `{given}`")));
        }
    }
    Procedure {
        name: name.to_owned(),
        title: text.title.clone(),
        checks: text.checks,
        takes,
        steps,
        gives: text.gives.clone(),
        place: place.clone(),
    }
}

/// Compiles a feature; its mistakes are left with the compiler.
pub fn compile_feature(
    compiler: &mut Compiler<'_>,
    id: &str,
    text: &FeatureText,
    place: &Place,
) -> Feature {
    if let Some(should) = &text.should {
        compiler.check_requirement(should, &place.at("should"));
    }
    Feature {
        id: id.to_owned(),
        title: text.title.clone(),
        section: text.section.clone(),
        always: text.always,
        should: text.should.clone(),
        place: place.clone(),
    }
}
