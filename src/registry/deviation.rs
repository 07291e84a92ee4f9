//! How a fault or a permitted variant changes the registry.

use super::api_request::ApiRequest;
use super::api_response::ApiResponse;
use super::handler_switches::HandlerSwitches;
use super::response_edit::{Edit, On};
use super::store::Store;

/// Changes a finished response.
pub type ChangeResponse = fn(&ApiRequest, &mut ApiResponse);

/// Changes a request before it is handled.
pub type ChangeRequest = fn(&mut ApiRequest);

/// Runs before a request is handled: may change the stored content and the request, or answer in place of the handler.
pub type BeforeHandler = fn(&mut Store, &mut ApiRequest) -> Option<ApiResponse>;

/// Runs after a request was handled: may change the stored content and the response.
pub type AfterHandler = fn(&mut Store, &ApiRequest, &mut ApiResponse);

/// One change to what the registry does.
#[derive(Debug, Clone, Copy)]
pub enum Deviation {
    /// Changes the status or a header of the responses that match.
    EditWhere(On, Edit),
    /// Changes a finished response.
    EditResponse(ChangeResponse),
    /// Changes a request before it is handled.
    EditRequest(ChangeRequest),
    /// Runs before the handler, with the stored content.
    Before(BeforeHandler),
    /// Runs after the handler, with the stored content.
    After(AfterHandler),
    /// Turns on a switch inside the handlers, once, when the registry is made.
    Switch(fn(&mut HandlerSwitches)),
}

impl Deviation {
    /// Changes a finished response, if the deviation concerns responses alone.
    pub fn edit_response(&self, request: &ApiRequest, response: &mut ApiResponse) {
        match self {
            Self::EditWhere(on, edit) if on.matches(request, response) => edit.apply(response),
            Self::EditResponse(change) => change(request, response),
            _ => {}
        }
    }
}
