//! Which tabs the details of a run have, and which one is open. Pure.

use crate::format::bytes::bytes;
use crate::routes::DetailsTab;
use fanlight_wire::{RunStatus, RunType};

/// What a run has to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contents {
    pub run_type: RunType,
    pub status: RunStatus,
    pub has_messages: bool,
    pub n_documents: usize,
    pub has_error: bool,
    /// Tokens or a cost, which can be explained.
    pub has_cost: bool,
    pub n_feedback: usize,
    pub n_events: usize,
    pub n_attachments: usize,
}

/// A tab in the strip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TabLabel {
    pub tab: DetailsTab,
    pub words: &'static str,
    /// Shown behind the words when it says something.
    pub count: Option<usize>,
}

/// The tabs that have something to show, in order: the error of a failed run first, a retriever's documents before
/// its messages.
pub fn available(contents: &Contents) -> Vec<TabLabel> {
    let label = |tab, words, count| Some(TabLabel { tab, words, count });
    let counted = |tab, words, n: usize| (n > 0).then_some(TabLabel { tab, words, count: Some(n) });
    let messages =
        contents.has_messages.then_some(TabLabel { tab: DetailsTab::Messages, words: "Messages", count: None });
    let documents = counted(DetailsTab::Documents, "Documents", contents.n_documents);
    let (first, second) = match contents.run_type {
        RunType::Retriever => (documents, messages),
        _ => (messages, documents),
    };
    let tabs = [
        contents.has_error.then_some(TabLabel { tab: DetailsTab::Error, words: "Error", count: None }),
        first,
        second,
        label(DetailsTab::Data, "Input/Output", None),
        contents.has_cost.then_some(TabLabel { tab: DetailsTab::Cost, words: "Cost", count: None }),
        label(DetailsTab::Metadata, "Metadata", None),
        label(DetailsTab::Feedback, "Feedback", (contents.n_feedback > 0).then_some(contents.n_feedback)),
        counted(DetailsTab::Events, "Events", contents.n_events),
        counted(DetailsTab::Attachments, "Attachments", contents.n_attachments),
        label(DetailsTab::Raw, "Raw", None),
    ];
    tabs.into_iter().flatten().collect()
}

/// The tab to show: what the address says, else the error of a failed run, else what the reader chose last, else the
/// first; never one that is not there.
pub fn open(
    tabs: &[TabLabel],
    status: RunStatus,
    in_address: Option<DetailsTab>,
    chosen_last: Option<DetailsTab>,
) -> DetailsTab {
    let is_there = |tab: &DetailsTab| tabs.iter().any(|label| label.tab == *tab);
    let error = (status == RunStatus::Error).then_some(DetailsTab::Error);
    in_address
        .filter(is_there)
        .or_else(|| error.filter(is_there))
        .or_else(|| chosen_last.filter(is_there))
        .or_else(|| tabs.first().map(|label| label.tab))
        .unwrap_or(DetailsTab::Data)
}

/// Larger payloads are only shown as JSON trees: reading them as messages or documents would hold the page up.
pub const MOST_READ_BYTES: usize = 6 * 1024 * 1024;

/// What of a run's payloads is shown as JSON only, given their sizes in bytes; `None` if all is read.
pub fn json_only_note(inputs: Option<usize>, outputs: Option<usize>) -> Option<String> {
    let large = |size: Option<usize>| size.filter(|&size| size > MOST_READ_BYTES).map(|size| bytes(size as u64));
    let what = match (large(inputs), large(outputs)) {
        (None, None) => return None,
        (Some(size), None) => format!("The input ({size}) is"),
        (None, Some(size)) => format!("The output ({size}) is"),
        (Some(one), Some(other)) => format!("The input ({one}) and the output ({other}) are"),
    };
    let limit = bytes(MOST_READ_BYTES as u64);
    Some(format!("{what} shown as JSON only: payloads above {limit} are not read as messages or documents."))
}

/// The tab that an arrow key leads to; the strip is a ring.
pub fn step(tabs: &[TabLabel], from: DetailsTab, key: &str) -> Option<DetailsTab> {
    let last = tabs.len().checked_sub(1)?;
    let here = tabs.iter().position(|label| label.tab == from).unwrap_or(0);
    let to = match key {
        "ArrowRight" if here == last => 0,
        "ArrowRight" => here + 1,
        "ArrowLeft" => here.checked_sub(1).unwrap_or(last),
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    Some(tabs[to].tab)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Contents = Contents {
        run_type: RunType::Llm,
        status: RunStatus::Success,
        has_messages: true,
        n_documents: 0,
        has_error: false,
        has_cost: false,
        n_feedback: 0,
        n_events: 0,
        n_attachments: 0,
    };

    #[track_caller]
    fn check(contents: Contents, in_address: Option<DetailsTab>, chosen_last: Option<DetailsTab>, expected: &str) {
        let tabs = available(&contents);
        let open = open(&tabs, contents.status, in_address, chosen_last);
        let draw = |label: &TabLabel| {
            let count = label.count.map_or(String::new(), |count| format!(" {count}"));
            if label.tab == open { format!("[{}{count}]", label.words) } else { format!("{}{count}", label.words) }
        };
        assert_eq!(tabs.iter().map(draw).collect::<Vec<_>>().join(" "), expected);
    }

    #[test]
    fn tabs_without_content_are_not_there() {
        check(PLAIN, None, None, "[Messages] Input/Output Metadata Feedback Raw");
        let full = Contents { n_documents: 5, has_cost: true, n_feedback: 2, n_events: 3, n_attachments: 1, ..PLAIN };
        check(
            full,
            None,
            None,
            "[Messages] Documents 5 Input/Output Cost Metadata Feedback 2 Events 3 Attachments 1 Raw",
        );
    }

    #[test]
    fn a_failed_run_opens_with_its_error_unless_the_address_says_otherwise() {
        let failed = Contents { status: RunStatus::Error, has_error: true, ..PLAIN };
        check(failed, None, Some(DetailsTab::Raw), "[Error] Messages Input/Output Metadata Feedback Raw");
        check(failed, Some(DetailsTab::Raw), None, "Error Messages Input/Output Metadata Feedback [Raw]");
    }

    #[test]
    fn a_retriever_opens_with_its_documents() {
        let retriever = Contents { run_type: RunType::Retriever, n_documents: 3, ..PLAIN };
        check(retriever, None, None, "[Documents 3] Messages Input/Output Metadata Feedback Raw");
    }

    #[test]
    fn a_remembered_tab_that_is_not_there_gives_way() {
        check(
            PLAIN,
            Some(DetailsTab::Documents),
            Some(DetailsTab::Metadata),
            "Messages Input/Output [Metadata] Feedback Raw",
        );
        let bare = Contents { has_messages: false, ..PLAIN };
        check(bare, None, Some(DetailsTab::Messages), "[Input/Output] Metadata Feedback Raw");
    }

    #[test]
    fn payloads_too_large_to_read_say_so_with_their_size() {
        assert_eq!(json_only_note(Some(MOST_READ_BYTES), None), None);
        let note = json_only_note(Some(7_000_000), Some(10)).unwrap_or_default();
        assert!(note.starts_with("The input (7.00 MB) is shown as JSON only: payloads above 6.29 MB"), "{note}");
        let note = json_only_note(Some(7_000_000), Some(8_000_000)).unwrap_or_default();
        assert!(note.starts_with("The input (7.00 MB) and the output (8.00 MB) are"), "{note}");
    }

    #[test]
    fn arrow_keys_go_round() {
        let tabs = available(&PLAIN);
        assert_eq!(step(&tabs, DetailsTab::Messages, "ArrowLeft"), Some(DetailsTab::Raw));
        assert_eq!(step(&tabs, DetailsTab::Raw, "ArrowRight"), Some(DetailsTab::Messages));
        assert_eq!(step(&tabs, DetailsTab::Data, "End"), Some(DetailsTab::Raw));
        assert_eq!(step(&tabs, DetailsTab::Data, "x"), None);
    }
}
