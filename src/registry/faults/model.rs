//! A fault, and the ways in which it deviates from the specification.

use super::matching::{Edit, On};
use crate::registry::api_request::ApiRequest;
use crate::registry::api_response::ApiResponse;
use crate::registry::options::FaultSwitches;
use crate::registry::store::Store;

/// A deliberate violation.
#[derive(Debug)]
pub struct Fault {
    /// The name, which never changes.
    pub id: &'static str,
    /// The requirements that it violates: a run detects it when it reports one of them.
    pub breaks: &'static [&'static str],
    /// What the registry does, in one sentence.
    pub title: &'static str,
    /// How the registry does it.
    pub(in crate::registry) deviation: Deviation,
}

/// One way to deviate from the default behaviour of the registry.
#[derive(Debug, Clone, Copy)]
pub enum Deviation {
    /// Changes the status or a header of the responses that match: a row of a table.
    Row(On, Edit),
    /// Changes a finished response.
    ApiResponse(fn(&ApiRequest, &mut ApiResponse)),
    /// Changes a request before it is handled.
    ApiRequest(fn(&mut ApiRequest)),
    /// Sees the store before a request is handled: may change both, or answer in place of the handler.
    Before(fn(&mut Store, &mut ApiRequest) -> Option<ApiResponse>),
    /// Sees the store after a request was handled: may change the store and the response.
    After(fn(&mut Store, &ApiRequest, &mut ApiResponse)),
    /// Switches on a behaviour of a handler.
    Switch(fn(&mut FaultSwitches)),
}

impl Deviation {
    /// Changes a finished response, where this deviation is one of responses alone.
    pub fn edit_response(&self, request: &ApiRequest, response: &mut ApiResponse) {
        match self {
            Self::Row(on, edit) if on.matches(request, response) => edit.apply(response),
            Self::ApiResponse(change) => change(request, response),
            _ => {}
        }
    }
}
