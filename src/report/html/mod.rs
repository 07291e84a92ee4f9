//! One page for a person: a file without outside resources, for the screen, the phone and paper.

mod beside;
mod case;
mod evidence;
mod findings;
mod overview;
mod page;
mod render;
mod wheel;

pub(super) use overview::{Tally, bar};
pub(super) use page::anchor;
pub(super) use render::{render, render_page};
