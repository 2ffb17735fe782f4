//! Which of a run's costly fields a query wants. The others are always there: they cost nothing.

/// `true`: read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    pub inputs: bool,
    pub outputs: bool,
    pub events: bool,
    pub extra: bool,
    pub serialized: bool,
    pub error: bool,
    pub inputs_preview: bool,
    pub outputs_preview: bool,
    pub child_run_ids: bool,
    pub direct_child_run_ids: bool,
    /// `extra.metadata` alone, from its own table.
    pub metadata: bool,
    /// Where a searched word was found.
    pub snippet: bool,
    /// Which kinds of work a trace's runs did when.
    pub shape: bool,
}

impl Selection {
    /// What comes without a select list: whole runs, but no lists of children.
    pub const WHOLE: Selection = Selection {
        inputs: true,
        outputs: true,
        events: true,
        extra: true,
        serialized: true,
        error: true,
        inputs_preview: true,
        outputs_preview: true,
        child_run_ids: false,
        direct_child_run_ids: false,
        metadata: false,
        snippet: false,
        shape: false,
    };

    /// From the names of fields; unknown ones are ignored.
    pub fn from_names(names: Option<&[String]>) -> Self {
        let Some(names) = names else { return Selection::WHOLE };
        let has = |name: &str| names.iter().any(|other| other == name);
        Selection {
            inputs: has("inputs") || has("inputs_or_signed_url"),
            outputs: has("outputs") || has("outputs_or_signed_url"),
            events: has("events") || has("events_or_signed_url"),
            extra: has("extra") || has("extra_or_signed_url"),
            serialized: has("serialized") || has("manifest") || has("serialized_or_signed_url"),
            error: has("error") || has("error_or_signed_url"),
            inputs_preview: has("inputs_preview"),
            outputs_preview: has("outputs_preview"),
            child_run_ids: has("child_run_ids"),
            direct_child_run_ids: has("direct_child_run_ids"),
            metadata: has("metadata"),
            snippet: has("snippet"),
            shape: has("shape"),
        }
    }

    /// Whether a run's payload has to be read. Roots have their previews in their row, most runs have no error.
    pub fn needs_payload(&self, is_root: bool, has_error: bool) -> bool {
        let in_full = self.inputs || self.outputs || self.events || self.extra || self.serialized;
        let previews = self.inputs_preview || self.outputs_preview;
        in_full || (self.error && has_error) || (previews && !is_root)
    }
}
