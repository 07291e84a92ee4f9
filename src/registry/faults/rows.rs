//! The forms of a row: an id, the requirements that the fault violates, its title, and what it does.

use crate::registry::response_edit::{Edit, On};
use crate::registry::{deviation::Deviation, fault::Fault};
use crate::registry::api_request::ApiRequest;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault_switches::FaultSwitches;
use crate::registry::store::Store;

pub const fn status(
    id: &'static str,
    breaks: &'static [&'static str],
    title: &'static str,
    on: On,
    status: u16,
) -> Fault {
    fault(id, breaks, title, Deviation::Row(on, Edit::Status(status)))
}

pub const fn without(
    id: &'static str,
    breaks: &'static [&'static str],
    title: &'static str,
    on: On,
    header: &'static str,
) -> Fault {
    fault(id, breaks, title, Deviation::Row(on, Edit::Without(header)))
}

pub const fn header(
    id: &'static str,
    breaks: &'static [&'static str],
    title: &'static str,
    on: On,
    name: &'static str,
    value: &'static str,
) -> Fault {
    let edit = Edit::Header(name, value);
    fault(id, breaks, title, Deviation::Row(on, edit))
}

pub const fn error(
    id: &'static str,
    breaks: &'static [&'static str],
    title: &'static str,
    on: On,
    status: u16,
    code: &'static str,
    message: &'static str,
) -> Fault {
    let edit = Edit::Error(status, code, message);
    fault(id, breaks, title, Deviation::Row(on, edit))
}

pub const fn empty(
    id: &'static str,
    breaks: &'static [&'static str],
    title: &'static str,
    on: On,
    status: u16,
) -> Fault {
    fault(id, breaks, title, Deviation::Row(on, Edit::Empty(status)))
}

pub const fn response(
    id: &'static str,
    breaks: &'static [&'static str],
    title: &'static str,
    change: fn(&ApiRequest, &mut ApiResponse),
) -> Fault {
    fault(id, breaks, title, Deviation::ApiResponse(change))
}

pub const fn request(
    id: &'static str,
    breaks: &'static [&'static str],
    title: &'static str,
    change: fn(&mut ApiRequest),
) -> Fault {
    fault(id, breaks, title, Deviation::ApiRequest(change))
}

pub const fn before(
    id: &'static str,
    breaks: &'static [&'static str],
    title: &'static str,
    act: fn(&mut Store, &mut ApiRequest) -> Option<ApiResponse>,
) -> Fault {
    fault(id, breaks, title, Deviation::Before(act))
}

pub const fn after(
    id: &'static str,
    breaks: &'static [&'static str],
    title: &'static str,
    act: fn(&mut Store, &ApiRequest, &mut ApiResponse),
) -> Fault {
    fault(id, breaks, title, Deviation::After(act))
}

pub const fn switch(
    id: &'static str,
    breaks: &'static [&'static str],
    title: &'static str,
    on: fn(&mut FaultSwitches),
) -> Fault {
    fault(id, breaks, title, Deviation::Switch(on))
}

const fn fault(
    id: &'static str,
    breaks: &'static [&'static str],
    title: &'static str,
    deviation: Deviation,
) -> Fault {
    Fault {
        id,
        breaks,
        title,
        deviation,
    }
}
