//! One page for a person: a file without outside resources, for the screen, the phone and paper.

mod case;
mod comparisons;
mod donut;
mod evidence;
mod findings;
mod index;
mod link;
mod overview;
mod page;
mod problem;
mod render;
mod scripts;
mod tally;
mod topics;

pub(super) use link::anchor;
pub(super) use render::{render, render_page};
pub(super) use tally::{Tally, bar};
