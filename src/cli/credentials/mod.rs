//! Credentials for the target: options and environment, then the files that container clients keep.

mod config;
mod helper;
mod login;
mod places;

pub use login::LoginArgs;
