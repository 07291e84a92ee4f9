//! The forms of a row: an id, the requirements that the fault violates, its title, and what it does.

use crate::registry::deviation::{
    AfterHandler, BeforeHandler, ChangeRequest, ChangeResponse, Deviation,
};
use crate::registry::fault::Fault;
use crate::registry::handler_switches::HandlerSwitches;
use crate::registry::response_edit::{Edit, On};

/// Makes one constructor of a form: the columns that only this form has, and the deviation that they describe.
macro_rules! forms {
    ($($form:ident($($column:ident: $type:ty),+) => $deviation:expr;)+) => {$(
        pub const fn $form(
            id: &'static str,
            violates: &'static [&'static str],
            title: &'static str,
            $($column: $type),+
        ) -> Fault {
            Fault { id, violates, title, deviation: $deviation }
        }
    )+};
}

forms! {
    status(on: On, status: u16) => Deviation::Row(on, Edit::Status(status));
    without(on: On, header: &'static str) => Deviation::Row(on, Edit::Without(header));
    header(on: On, name: &'static str, value: &'static str) => Deviation::Row(on, Edit::Header(name, value));
    error(on: On, status: u16, code: &'static str, message: &'static str)
        => Deviation::Row(on, Edit::Error(status, code, message));
    empty(on: On, status: u16) => Deviation::Row(on, Edit::Empty(status));
    without_length(on: On) => Deviation::Row(on, Edit::WithoutLength);
    closed(on: On) => Deviation::Row(on, Edit::Closed);
    response(change: ChangeResponse) => Deviation::EditResponse(change);
    request(change: ChangeRequest) => Deviation::EditRequest(change);
    before(act: BeforeHandler) => Deviation::Before(act);
    after(act: AfterHandler) => Deviation::After(act);
    switch(turn_on: fn(&mut HandlerSwitches)) => Deviation::Switch(turn_on);
}
