//! The filter language, in a file of its own: fetched when a filter is in the address, or is about to be typed.
//!
//! One function gives all of it: each split function waits for the file by itself. Whoever needs it before it is there goes through [`Language`]: naming the functions themselves would put them into
//! the code that every reader of the list downloads.

use super::bar::FilterBar;
use super::bar_text::{self, Committed};
use super::edit::chosen;
use super::entry::Typed;
use crate::components::virtual_list::ListState;
use crate::pages::traces::cell_filter;
use crate::pages::traces::columns::ColumnId;
use crate::pages::traces::nothing_found::NothingFound;
use crate::pages::traces::question::Question;
use crate::pages::traces::row::TraceRow;
use fanlight_wire::filter::edit::{Mark, is_on, without_facet};
use fanlight_wire::filter::{Filter, print};
use fanlight_wire::run_stats::FacetKey;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

/// What can be done with filters once the code is there.
#[derive(Clone, Copy)]
pub struct Language {
    /// Reads either form.
    pub read: fn(&str) -> Committed,
    /// As it is typed, and kept in the address.
    pub words: fn(&Filter) -> String,
    /// As the server reads it.
    pub print: fn(&Filter) -> String,
    pub is_on: fn(&Filter, &FacetKey, &str) -> Mark,
    pub chosen: fn(Filter, &FacetKey, &str, Mark) -> Filter,
    pub without_facet: fn(&Filter, &FacetKey) -> Filter,
    pub condition_of_cell: fn(&TraceRow, &ColumnId) -> Option<Filter>,
    pub narrowed: fn(&Filter, Filter, bool) -> Filter,
    pub bar: fn(Question, NodeRef<html::Input>, ListState, Typed) -> AnyView,
    pub nothing_found: fn(Question) -> AnyView,
}

#[wasm_split(filters, fallible, wasm_split_path = leptos::wasm_split)]
pub fn language() -> Result<Language, SplitLoaderError> {
    Ok(Language {
        read: bar_text::read,
        words: bar_text::words,
        print,
        is_on,
        chosen,
        without_facet,
        condition_of_cell: cell_filter::condition,
        narrowed: cell_filter::narrowed,
        bar,
        nothing_found,
    })
}

/// The bar, with what was typed before its code was there.
fn bar(question: Question, field: NodeRef<html::Input>, state: ListState, typed: Typed) -> AnyView {
    view! { <FilterBar question field state typed /> }.into_any()
}

/// Why there is nothing, and the ways back.
fn nothing_found(question: Question) -> AnyView {
    view! { <NothingFound question /> }.into_any()
}
