//! Credentials for the target: options and environment, then the files that container clients keep.

mod config;
mod helper;
mod locations;
mod login;

pub use locations::FLEET_LOGIN;
pub use login::LoginArgs;
