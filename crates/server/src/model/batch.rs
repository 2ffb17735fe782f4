//! One request's worth of writing, normalised: whoever sent it, it looks like this.

use crate::model::{Metadata, Usage, metadata};
use bytes::Bytes;
use fanlight_wire::feedback::FeedbackCreate;
use fanlight_wire::{ProjectId, RawJson, RunId, RunStatus, RunType, Timestamp, TraceId};
use uuid::Uuid;

/// Everything one request asks to write. Applied in one transaction: `runs` in order, then the rest.
#[derive(Debug, Default)]
pub struct Batch {
    pub runs: Vec<RunOp>,
    pub attachments: Vec<AttachmentUpload>,
    pub feedback: Vec<FeedbackCreate>,
    /// Parts that could not be understood; recorded with their reason, never stored as runs.
    pub rejections: Vec<Rejection>,
}

impl Batch {
    /// Works out what can be known of each run alone, on the sender's thread: the one that writes has enough to do.
    pub fn prepare(&mut self) {
        for op in &mut self.runs {
            op.metadata = metadata::of_extra(&op.payload.extra);
        }
    }
}

/// Whether a run's arrival creates it or completes it. They may come in either order, and more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpKind {
    /// Fills what is not known yet; never overwrites what a patch has set.
    Post,
    /// Overwrites what it carries; the latest patch wins.
    Patch,
}

/// How an operation names its project. An id wins over a name; neither means `default`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectRef {
    pub id: Option<ProjectId>,
    pub name: Option<String>,
}

/// What one arrival says about one run. `None` is "not said": absent, null, or an empty container sent as placeholder.
#[derive(Clone, Debug)]
pub struct RunOp {
    pub kind: OpKind,
    pub id: RunId,
    pub trace_id: Option<TraceId>,
    pub parent_id: Option<RunId>,
    pub project: ProjectRef,
    pub name: Option<String>,
    pub run_type: Option<RunType>,
    pub start: Option<Timestamp>,
    pub end: Option<Timestamp>,
    /// The first `new_token` event's time.
    pub first_token: Option<Timestamp>,
    /// The time in the last segment of the dotted order: siblings sort by it, then by id.
    pub order: Option<Timestamp>,
    /// As sent; when nothing was sent the store derives it from error and end.
    pub status: Option<RunStatus>,
    /// First line of the error, at most 200 characters.
    pub error_preview: Option<String>,
    pub tags: Option<Vec<String>>,
    pub thread_id: Option<String>,
    pub model: Option<String>,
    pub provider: Option<String>,
    /// Tokens and explicit costs as sent, before pricing.
    pub usage: Option<Usage>,
    /// One line of plain text, at most 160 characters.
    pub inputs_preview: Option<String>,
    pub outputs_preview: Option<String>,
    pub reference_example_id: Option<Uuid>,
    /// Of `payload.extra`; see [`Batch::prepare`].
    pub metadata: Option<Metadata>,
    pub payload: Payload,
}

impl RunOp {
    /// An arrival that says nothing yet but which run it is about.
    pub fn empty(kind: OpKind, id: RunId, project: ProjectRef) -> Self {
        RunOp {
            kind,
            id,
            trace_id: None,
            parent_id: None,
            project,
            name: None,
            run_type: None,
            start: None,
            end: None,
            first_token: None,
            order: None,
            status: None,
            error_preview: None,
            tags: None,
            thread_id: None,
            model: None,
            provider: None,
            usage: None,
            inputs_preview: None,
            outputs_preview: None,
            reference_example_id: None,
            metadata: None,
            payload: Payload::default(),
        }
    }
}

/// The parts of a run that lists never read. JSON as sent, lone surrogates replaced.
#[derive(Clone, Debug, Default)]
pub struct Payload {
    pub inputs: Option<RawJson>,
    pub outputs: Option<RawJson>,
    pub events: Option<RawJson>,
    /// Always an object. Arrivals are merged at the top level and inside `metadata` and `runtime`.
    pub extra: Option<RawJson>,
    pub serialized: Option<RawJson>,
    pub error: Option<String>,
    /// As sent; the store makes one up when nobody sent it.
    pub dotted_order: Option<String>,
}

/// A file that belongs to a run. The same name again replaces.
#[derive(Clone, Debug)]
pub struct AttachmentUpload {
    pub run_id: RunId,
    pub name: String,
    /// Without parameters such as `length=`.
    pub mime_type: String,
    pub data: Bytes,
}

/// Something that was sent and refused, kept so that nobody has to guess where a run went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The part or run it concerned, such as `post.8f6c…` or `line 17`.
    pub item: String,
    /// A sentence for the person who sent it.
    pub reason: String,
    /// The HTTP status this alone deserves: 400 malformed, 413 too large, 422 well-formed but wrong.
    pub status: u16,
}
