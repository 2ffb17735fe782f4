//! One recycled row: its place in the tree, its triangle, glyph and name; the cells after them are the caller's.

use super::focus::RowFocus;
use super::rows::RowSlot;
use crate::components::erased::{dynamic, live, memo};
use crate::format::run_type::run_type_letter;
use fanlight_wire::RunType;
use leptos::ev::MouseEvent;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::tachys::html::attribute::custom::custom_attribute;
use wasm_bindgen::JsCast;

/// What every row says; equal labels need no change on screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowLabel {
    /// No glyph without one.
    pub run_type: Option<RunType>,
    pub name: String,
    /// Beside the name, and the first to give way.
    pub aside: String,
    pub badges: Vec<RowBadge>,
    /// 0 for a root.
    pub depth: u32,
    /// Position among its siblings, from 1, and how many they are.
    pub position: u32,
    pub n_siblings: u32,
    /// `None` for a leaf.
    pub is_expanded: Option<bool>,
    /// The whole row in words.
    pub spoken: String,
}

/// A few letters behind a name.
#[derive(Clone, Debug, PartialEq)]
pub struct RowBadge {
    /// The style: `is-error` and the like, or nothing.
    pub class: &'static str,
    /// On hover; empty where the text says it.
    pub title: &'static str,
    pub text: String,
}

impl RowBadge {
    pub fn new(class: &'static str, title: &'static str, text: impl Into<String>) -> Self {
        RowBadge { class, title, text: text.into() }
    }
}

/// How a row looks now.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RowLook {
    pub is_selected: bool,
    pub is_hovered: bool,
    pub is_faded: bool,
    pub has_error: bool,
    /// A further style: `is-group` and the like, or nothing.
    pub class: &'static str,
}

impl RowLook {
    fn classes(self) -> String {
        let mut classes = String::from("tree-row");
        let named = [
            (self.is_selected, "is-selected"),
            (self.is_hovered, "is-hovered"),
            (self.is_faded, "is-faded"),
            (self.has_error, "has-error"),
            (!self.class.is_empty(), self.class),
        ];
        for (_, class) in named.into_iter().filter(|(is_on, _)| *is_on) {
            classes.push(' ');
            classes.push_str(class);
        }
        classes
    }
}

/// See the module. `label` is `None` while the slot shows no row.
#[component]
pub fn TreeRow(
    at: RowSlot,
    focus: RowFocus,
    label: Memo<Option<RowLabel>>,
    look: Memo<RowLook>,
    /// Levels that are indented; deeper ones stand as far right as these, and say how many more.
    #[prop(into)]
    max_indent: Signal<u32>,
    /// Stands in the cell of the name, behind it.
    #[prop(optional)]
    behind_name: Option<AnyView>,
    /// The other cells.
    children: Children,
) -> impl IntoView {
    let element = NodeRef::<Div>::new();
    focus.keep(element, at.is_active);
    let of_label = move |read: fn(&RowLabel) -> String| memo(move || label.with(|label| label.as_ref().map(read)));
    let depth = memo(move || label.with(|label| label.as_ref().map_or(0, |label| label.depth)));
    let indent = memo(move || depth.get().min(max_indent.get()));
    let expanded = memo(move || {
        let is_expanded = label.with(|label| label.as_ref().and_then(|label| label.is_expanded));
        is_expanded.map(|is| if is { "true" } else { "false" })
    });
    let run_type = memo(move || label.with(|label| label.as_ref().and_then(|label| label.run_type)));
    let badges = memo(move || label.with(|label| label.as_ref().map(|label| label.badges.clone()).unwrap_or_default()));
    // Leptos knows no `aria-level`.
    let level = custom_attribute("aria-level", of_label(|label| (label.depth + 1).to_string()));
    let is_selected = memo(move || look.get().is_selected);
    view! {
        <div
            node_ref=element
            class=live(move || look.get().classes())
            hidden=live(move || at.row.get().is_none())
            role="row"
            tabindex=live(move || if at.is_active.get() { "0" } else { "-1" })
            aria-label=of_label(|label| label.spoken.clone())
            aria-rowindex=live(move || at.index().map(|index| index.to_string()))
            {..level}
            aria-posinset=of_label(|label| label.position.to_string())
            aria-setsize=of_label(|label| label.n_siblings.to_string())
            aria-expanded=expanded
            aria-selected=live(move || if is_selected.get() { "true" } else { "false" })
            style:--row-y=live(move || at.y.get())
            style:--row-depth=live(move || indent.get().to_string())
        >
            <span class="tree-row-name" role="gridcell">
                <span class="tree-row-twist" aria-hidden="true"></span>
                {dynamic(move || {
                    run_type.get().map(|run_type| {
                        view! {
                            <span class=format!("run-type-glyph is-{run_type}") aria-hidden="true">
                                {run_type_letter(run_type)}
                            </span>
                        }
                    })
                })}
                <bdi class="tree-row-text">{of_label(|label| label.name.clone())}</bdi>
                <bdi class="tree-row-aside">{of_label(|label| label.aside.clone())}</bdi>
                {dynamic(move || badge_views(depth.get() - indent.get(), badges.get()))}
                {behind_name}
            </span>
            {children()}
        </div>
    }
}

fn badge_views(n_levels_more: u32, badges: Vec<RowBadge>) -> impl IntoView {
    let levels = (n_levels_more > 0)
        .then(|| RowBadge::new("", "Levels that are not indented", format!("+{n_levels_more}")))
        .into_iter();
    levels
        .chain(badges)
        .map(|RowBadge { class, title, text }| {
            let title = (!title.is_empty()).then_some(title);
            view! { <span class=format!("tree-row-badge {class}") title=title>{text}</span> }
        })
        .collect_view()
}

/// Whether a click hit the triangle of a row.
pub fn is_on_twist(event: &MouseEvent) -> bool {
    is_on(event, ".tree-row-twist")
}

/// Whether a click hit a badge of this style.
pub fn is_on_badge(event: &MouseEvent, class: &str) -> bool {
    is_on(event, &format!(".tree-row-badge.{class}"))
}

fn is_on(event: &MouseEvent, selector: &str) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| target.closest(selector).is_ok_and(|part| part.is_some()))
}
