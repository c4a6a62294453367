//! What a handler returns. Which format it is written in is decided once, after the handler.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tact_api::{ApiErrors, Document};

use super::format::Format;

/// A handler's result.
pub type Answer = Result<Reply, Refusal>;

/// A request that is fulfilled, or accepted.
pub enum Reply {
    /// 200 with a document.
    Document(Arc<dyn Render>),
    /// 206 with the part of a document that was asked for.
    Part(Arc<dyn Render>),
    /// 202: the outcome comes as an event.
    Accepted,
}

/// A request that is refused.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The status.
    pub status: StatusCode,
    /// The body.
    pub errors: ApiErrors,
    /// What the log says beyond the body; empty where the body says it all.
    pub detail: String,
}

/// A document in the format that the client prefers.
pub trait Render: Send + Sync {
    /// The document's text.
    fn render(&self, format: Format) -> String;
}

impl<D: Document + Send + Sync> Render for D {
    fn render(&self, format: Format) -> String {
        match format {
            Format::Xml => self.to_xml(),
            Format::Json => self.to_json(),
        }
    }
}

/// The document of an answer that is still to be written; an extension of the response.
#[derive(Clone)]
pub struct Unwritten(pub Arc<dyn Render>);

impl Reply {
    /// 200 with a document.
    pub fn document(document: impl Document + Send + Sync + 'static) -> Reply {
        Reply::Document(Arc::new(document))
    }

    /// 206 with a document.
    pub fn part(document: impl Document + Send + Sync + 'static) -> Reply {
        Reply::Part(Arc::new(document))
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let (status, document) = match self {
            Reply::Accepted => return StatusCode::ACCEPTED.into_response(),
            Reply::Document(document) => (StatusCode::OK, document),
            Reply::Part(document) => (StatusCode::PARTIAL_CONTENT, document),
        };
        let mut response = status.into_response();
        response.extensions_mut().insert(Unwritten(document));
        response
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        let document = Unwritten(Arc::new(self.errors.clone()));
        response.extensions_mut().insert(document);
        response.extensions_mut().insert(self);
        response
    }
}
