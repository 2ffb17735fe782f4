//! The side navigation: the project, what can be seen of it, and at the bottom what concerns the whole page.

use super::project_switcher::ProjectSwitcher;
use super::theme_switch::ThemeSwitch;
use crate::components::erased::{dynamic, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::key_sheet::KeySheet;
use crate::components::keyboard::is_mac;
use crate::components::palette::Palette;
use crate::routes;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use web_sys::KeyboardEvent;

/// Only sections that work are listed. On narrow screens this slides over the page; Esc calls `on_close`.
#[component]
pub fn Navigation(#[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let (sheet, palette): (KeySheet, Palette) = (expect_context(), expect_context());
    let pathname = use_location().pathname;
    let project = memo(move || pathname.with(|path| routes::project_of(path)));
    let on_keydown = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !event.default_prevented() {
            on_close.run(());
        }
    };
    view! {
        <nav id="navigation" class="navigation" aria-label="Main" on:keydown=on_keydown>
            <a class="brand" href=routes::projects()>
                <IconView icon=Icon::Logo />
                "Fanlight"
            </a>
            <ProjectSwitcher project />
            <ul class="navigation-links">
                {dynamic(move || {
                    project
                        .get()
                        .map(|project| {
                            view! {
                                <NavigationLink
                                    href=routes::traces(project)
                                    icon=Icon::List
                                    label="Traces"
                                    is_section=true
                                />
                                <NavigationLink
                                    href=routes::threads(project)
                                    icon=Icon::Thread
                                    label="Threads"
                                    is_section=true
                                />
                                <NavigationLink href=routes::monitor(project) icon=Icon::Chart label="Monitor" />
                            }
                        })
                })} <NavigationLink href=routes::projects() icon=Icon::Folder label="Projects" />
            </ul>
            <div class="navigation-section">
                <span class="navigation-title" id="navigation-build">
                    "Build"
                </span>
                <ul class="navigation-links" aria-labelledby="navigation-build">
                    <NavigationLink href=routes::prompts() icon=Icon::Prompt label="Prompts" is_section=true />
                </ul>
            </div>
            <div class="navigation-foot">
                <ul class="navigation-links">
                    <NavigationLink href=routes::prices() icon=Icon::Price label="Prices" />
                    <NavigationLink href=routes::storage() icon=Icon::Storage label="Storage" />
                </ul>
                <button type="button" class="navigation-link" on:click=move |_| palette.is_open.set(true)>
                    <IconView icon=Icon::Search />
                    <span class="navigation-label">"Search"</span>
                    <kbd>{if is_mac() { "⌘K" } else { "Ctrl K" }}</kbd>
                </button>
                <button type="button" class="navigation-link" on:click=move |_| sheet.is_open.set(true)>
                    <IconView icon=Icon::Keyboard />
                    <span class="navigation-label">"Shortcuts"</span>
                    <kbd>"?"</kbd>
                </button>
                <ThemeSwitch />
            </div>
        </nav>
    }
}

/// A link that knows whether the page on screen is its own, or lies below it when it `is_section`.
#[component]
fn NavigationLink(
    #[prop(into)] href: String,
    icon: Icon,
    label: &'static str,
    #[prop(optional)] is_section: bool,
) -> impl IntoView {
    let pathname = use_location().pathname;
    let target = href.clone();
    let is_current =
        memo(move || pathname.with(|path| if is_section { path.starts_with(&target) } else { *path == target }));
    view! {
        <li>
            <a class="navigation-link" href=href aria-current=live(move || is_current.get().then_some("page"))>
                <IconView icon />
                <span class="navigation-label">{label}</span>
            </a>
        </li>
    }
}
