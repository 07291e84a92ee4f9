//! Content whose `Location` leads to another host to which there is no connection. The check of such a step fails: nobody can
//! pull from this URL. A host that is slow, or whose certificate is not trusted, may be reached by others.

use super::state::Runner;
use crate::client::{Exchanged, Request};
use crate::engine::evidence::Stop;
use crate::suite::Expectation;

impl Runner<'_> {
    /// What a check shows of a request whose expectation is a 200: that there is no connection to the other host that it
    /// leads to, while the registry answers other requests.
    pub(super) async fn unreachable_location(
        &self,
        request: &Request,
        expectation: &Expectation,
        sent: &Result<Exchanged, Stop>,
    ) -> Result<Option<String>, Stop> {
        let (target, unanswered) = (self.context.target.base(), &self.context.unanswered);
        let expects_content = expectation.matcher.status.as_ref();
        if request.url.origin() == target.origin()
            || !expects_content.is_some_and(|expected| expected.has(200))
        {
            return Ok(None);
        }
        let deserted = unanswered.is_deserted(target, &request.url)
            || sent.as_ref().is_ok_and(|exchanged| {
                let response = exchanged.response.as_ref();
                response.is_err_and(|error| error.is_deserted())
            });
        Ok(match deserted && self.answers_others(request).await? {
            true => Some(format!(
                "nothing answers at {}",
                request.url.origin().ascii_serialization()
            )),
            false => None,
        })
    }
}
