//! Providing some content in the way of the run: pushed, or looked for.

use super::content::may_lack;
use super::look::look_for;
use super::push::push;
use crate::engine::context::RunContext;
use crate::engine::evidence::Evidence;
use crate::engine::provisioning::Provisioning;
use crate::engine::runner::Caller;
use crate::fixture::Made;

/// Pushes content, or looks for it. `refusable`: a registry may refuse it, and then lacks it.
pub async fn push_or_look_for(
    context: &RunContext,
    caller: &Caller,
    (made, repo): (&Made, &str),
    how: Provisioning,
    refusable: bool,
) -> Evidence {
    match how {
        Provisioning::Push => push(context, caller, made, repo).await,
        Provisioning::LookFor => {
            look_for(context, caller, made, repo, refusable || may_lack(made)).await
        }
    }
}
