//! One page for a person: a file without outside resources, for the screen, the phone and paper.

mod case;
mod context;
mod donut;
mod evidence;
mod findings;
mod overview;
mod page;
mod render;

pub(super) use overview::{Tally, bar};
pub(super) use page::anchor;
pub(super) use render::{render, render_page};
