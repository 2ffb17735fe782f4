//! The filter: the bar that is typed in, and the facets that are clicked. Both change one text in the address.
//!
//! [`edit`] knows what a filter says about a facet, [`bar_text`] how it is typed; [`language`] is the file that has all of
//! that, [`entry`] what stands in for it until it is fetched. The rest draws them.

pub mod bar;
mod bar_keys;
pub mod bar_text;
mod draft;
pub mod edit;
pub mod entry;
mod facet_list;
mod facet_view;
pub mod facets;
pub mod language;

pub use bar_keys::KEYS;
pub use facet_list::FacetPlan;
