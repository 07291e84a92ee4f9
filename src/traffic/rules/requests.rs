//! Rules for all requests.

use crate::traffic::finding::Finding;
use crate::traffic::wire_exchange::WireExchange;

pub fn user_agent(exchange: &WireExchange) -> Option<Finding> {
    if !exchange.request.complete {
        return None;
    }
    let agent = exchange.sent("user-agent");
    let holds = agent.as_ref().is_some_and(|agent| !agent.trim().is_empty());
    let actual = agent.map_or("no User-Agent".to_owned(), |it| format!("User-Agent: {it}"));
    Some(Finding::of(holds, "a User-Agent", actual))
}
