//! A small client, as a program: this test binary runs itself as one. `SMALL_CLIENT` has its words, or nothing, and
//! `SMALL_CLIENT_WRONG` the name of what it does wrong, or of a permitted habit.

mod challenge;
mod parts;
mod program;
mod pull;
mod push;
mod referrers;
mod transport;
mod upload;
