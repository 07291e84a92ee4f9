//! The answer to a step: one response, or the pages of a list; and what it shows of the writes before it.

use super::evaluate::Evaluation;
use super::page_request::PageRequest;
use super::state::Runner;
use crate::client::Request;
use crate::endpoint::{Endpoint, EndpointKind};
use crate::engine::consistency::{BeforeRead, ReadKind, Shows, Sight};
use crate::engine::evidence::Stop;
use crate::engine::matching::{Pages, ParsedResponse, Settling, Subject};
use crate::engine::scope::Scope;
use crate::suite::Step;

/// The answer to a step.
pub enum Answer {
    Response(Box<ParsedResponse>),
    Pages(Pages),
}

/// An answer, compared with the expectations of its step.
pub struct Judged<'w> {
    pub answer: Answer,
    pub evaluation: Evaluation<'w>,
    pub sight: Sight,
}

impl Answer {
    pub const fn subject(&self) -> Subject<'_> {
        match self {
            Self::Response(response) => Subject::Response(response),
            Self::Pages(pages) => Subject::Pages(pages),
        }
    }

    /// The status of the response, or of the last page.
    fn status(&self) -> Option<u16> {
        match self {
            Self::Response(response) => Some(response.http.status),
            Self::Pages(pages) => pages.pages.last().map(|page| page.http.status),
        }
    }

    /// Whether it is a success.
    pub fn succeeded(&self) -> bool {
        self.status()
            .is_some_and(|status| (200..300).contains(&status))
    }
}

impl<'w> Runner<'w> {
    /// Sends the request of a step once, or asks for the pages of its list, and evaluates the answer. There is none where the
    /// connection is closed instead of a response each time.
    ///
    /// # Errors
    /// When no response comes, or it cannot be compared.
    pub async fn ask(
        &mut self,
        step: &'w Step,
        request: &Request,
        pages: Option<PageRequest<'w>>,
        before: Option<BeforeRead>,
        scope: &mut Scope<'w>,
    ) -> Result<Option<Judged<'w>>, Stop> {
        let answer = match pages {
            Some(pages) => {
                let pages = self.paginate(step, request.clone(), pages).await?;
                pages.map(Answer::Pages)
            }
            None => match self.send_step(step, request).await? {
                Some(exchanged) => {
                    let response = self.parse_response(request, exchanged)?;
                    Some(Answer::Response(Box::new(response)))
                }
                None => None,
            },
        };
        let Some(answer) = answer else {
            return Ok(None);
        };
        let evaluation = self.evaluate(step, answer.subject(), scope)?;
        let sight = self.sight(request, &answer, &evaluation, before);
        Ok(Some(Judged {
            answer,
            evaluation,
            sight,
        }))
    }

    /// What an answer shows of the writes before it.
    fn sight(
        &self,
        request: &Request,
        answer: &Answer,
        evaluation: &Evaluation<'_>,
        before: Option<BeforeRead>,
    ) -> Sight {
        let endpoint = Endpoint::parse(request.url.path());
        let kind = |shows| ReadKind {
            endpoint: endpoint.kind(),
            shows,
            cached: before.is_some_and(|before| before.cached),
        };
        // Bytes under a digest cannot be older ones.
        let names_bytes = endpoint.content_digest().is_some();
        // The registry chooses the URLs of uploads.
        let upload = endpoint.kind() == EndpointKind::Other;
        let removed = self.deleted || (self.closed_upload && upload);
        match evaluation.settling(names_bytes) {
            Settling::Arrival if answer.succeeded() && !endpoint.kind().is_list() => {
                Sight::Missing(kind(Shows::Replacement))
            }
            Settling::Arrival => Sight::Missing(kind(Shows::Arrival)),
            Settling::Removal if removed => Sight::Missing(kind(Shows::Removal)),
            Settling::Removal | Settling::Never if !evaluation.conforms() => Sight::Final,
            Settling::Removal | Settling::Never => match answer.status() {
                Some(404 | 410) if removed => Sight::Shown(kind(Shows::Removal)),
                Some(200..=299) => Sight::Shown(kind(Shows::Arrival)),
                _ => Sight::Final,
            },
        }
    }
}
