//! URLs of another host, port or scheme where nothing answers. Nobody can pull from such a `Location` or follow such a
//! `Link`: the check of such a step fails. A host that is slow, or whose certificate is not trusted, may be reached by others.

use super::state::Runner;
use crate::client::{Exchanged, Request, origin};
use crate::engine::evidence::Stop;
use crate::engine::unanswered::shows_desertion;
use crate::suite::Expectation;

impl Runner<'_> {
    /// What a check shows of a request whose expectation is a 200: that nothing answers at the other origin that it leads
    /// to, while the registry answers other requests.
    pub(super) async fn unreachable_location(
        &self,
        request: &Request,
        expectation: &Expectation,
        sent: &Result<Exchanged, Stop>,
    ) -> Result<Option<String>, Stop> {
        let expects_content = expectation.matcher.status.as_ref();
        match expects_content.is_some_and(|expected| expected.has(200)) {
            true => {
                let sent = sent.as_ref().ok();
                self.unreachable_origin(request, sent).await
            }
            false => Ok(None),
        }
    }

    /// That nothing answers at the origin of a request, if it is another than the registry's and the registry answers other
    /// requests. `sent` is what came of the request; none where it was not sent.
    pub(super) async fn unreachable_origin(
        &self,
        request: &Request,
        sent: Option<&Exchanged>,
    ) -> Result<Option<String>, Stop> {
        let (target, unanswered) = (self.context.target.base(), &self.context.unanswered);
        // After a redirect, the error is another host's.
        let sent = sent.filter(|exchanged| exchanged.url.origin() == request.url.origin());
        let error = sent.and_then(|exchanged| exchanged.response.as_ref().err());
        let deserted = unanswered.is_deserted(target, &request.url)
            || error.is_some_and(|error| shows_desertion(target, &request.url, error));
        Ok(match deserted && self.answers_others(request).await? {
            true => Some(format!("nothing answers at {}", origin(&request.url))),
            false => None,
        })
    }
}
