//! Ids: one newtype per entity, all UUIDs on the wire, in any case and with or without dashes when read.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text.trim()).map($name)
            }
        }
    };
}

id!(
    /// One run: an LLM call, a tool call, a chain.
    RunId
);
id!(
    /// A trace: the id of its root run.
    TraceId
);
id!(
    /// Where traces are kept; the API calls it a session.
    ProjectId
);
id!(
    /// One score, value or comment on a run.
    FeedbackId
);
id!(
    /// The workspace. A Fanlight server has exactly one.
    TenantId
);

impl From<RunId> for TraceId {
    /// The trace that `run` is the root of.
    fn from(run: RunId) -> Self {
        TraceId(run.0)
    }
}

impl From<TraceId> for RunId {
    /// The root run of `trace`.
    fn from(trace: TraceId) -> Self {
        RunId(trace.0)
    }
}
