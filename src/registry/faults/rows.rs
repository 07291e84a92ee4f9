//! A row in a list of faults: `fault(id).violates(requirements).title(sentence)`, and then what the fault does.

use crate::registry::deviation::{
    AfterHandler, BeforeHandler, ChangeRequest, ChangeResponse, Deviation,
};
use crate::registry::fault::Fault;
use crate::registry::handler_switches::HandlerSwitches;
use crate::registry::response_edit::{Edit, On};

/// A fault that does nothing yet.
pub struct Row {
    id: &'static str,
    violates: &'static [&'static str],
    title: &'static str,
}

/// Begins the row of the fault with this permanent name.
pub const fn fault(id: &'static str) -> Row {
    Row {
        id,
        violates: &[],
        title: "",
    }
}

/// Makes the methods that end a row: each with its parameters, and the deviation that they describe.
macro_rules! deviations {
    ($($name:ident($($parameter:ident: $type:ty),+) => $deviation:expr;)+) => {$(
        pub const fn $name(self, $($parameter: $type),+) -> Fault {
            let Self { id, violates, title } = self;
            Fault { id, violates, title, deviation: $deviation }
        }
    )+};
}

impl Row {
    /// The requirements that the fault violates: a run that tests one of them must report it.
    pub const fn violates(self, violates: &'static [&'static str]) -> Self {
        Self { violates, ..self }
    }

    /// What the fault does, in a sentence.
    pub const fn title(self, title: &'static str) -> Self {
        Self { title, ..self }
    }

    deviations! {
        status(on: On, status: u16) => Deviation::EditWhere(on, Edit::Status(status));
        without(on: On, header: &'static str) => Deviation::EditWhere(on, Edit::Without(header));
        header(on: On, name: &'static str, value: &'static str)
            => Deviation::EditWhere(on, Edit::Header(name, value));
        error(on: On, status: u16, code: &'static str, message: &'static str)
            => Deviation::EditWhere(on, Edit::Error(status, code, message));
        empty(on: On, status: u16) => Deviation::EditWhere(on, Edit::Empty(status));
        without_length(on: On) => Deviation::EditWhere(on, Edit::WithoutLength);
        closed(on: On) => Deviation::EditWhere(on, Edit::Closed);
        response(change: ChangeResponse) => Deviation::EditResponse(change);
        request(change: ChangeRequest) => Deviation::EditRequest(change);
        before(act: BeforeHandler) => Deviation::Before(act);
        after(act: AfterHandler) => Deviation::After(act);
        switch(turn_on: fn(&mut HandlerSwitches)) => Deviation::Switch(turn_on);
    }
}
