//! How a permitted variant or a deployment adds to what the registry does.

use super::deviation::{AfterHandler, BeforeHandler, ChangeRequest, ChangeResponse, Deviation};
use super::options::Options;

pub fn on_response(options: &mut Options, change: ChangeResponse) {
    options.quirks.push(Deviation::EditResponse(change));
}

pub fn on_request(options: &mut Options, change: ChangeRequest) {
    options.quirks.push(Deviation::EditRequest(change));
}

pub fn before(options: &mut Options, act: BeforeHandler) {
    options.quirks.push(Deviation::Before(act));
}

pub fn after(options: &mut Options, act: AfterHandler) {
    options.quirks.push(Deviation::After(act));
}
