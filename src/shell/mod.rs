//! What stays on screen while pages change: navigation, project switcher, theme, the banner of a lost connection.
//!
//! A page is drawn inside `<main id="main">` and fills it (`class="page"`, see `style/layout.css`).

mod commands;
mod connection_banner;
mod navigation;
mod project_switcher;
mod theme_switch;

use crate::components::erased::live;
use crate::components::icon::{Icon, IconView};
use crate::components::key_sheet::KeySheetDialog;
use crate::components::palette::PaletteDialog;
use crate::components::toast::ToastRegion;
use crate::routes;
use commands::use_shell_commands;
use connection_banner::ConnectionBanner;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use navigation::Navigation;
use wasm_bindgen::JsCast;

/// The frame around `children`, the page on screen.
#[component]
pub fn Shell(children: Children) -> impl IntoView {
    let is_nav_open = RwSignal::new(false);
    use_shell_commands();

    let pathname = use_location().pathname;
    Effect::watch(
        move || pathname.get(),
        move |_, _, _| {
            is_nav_open.set(false);
            request_animation_frame(focus_page);
        },
        false,
    );
    view! {
        <a class="skip-link" href="#main" on:click=skip_to_main>
            "Skip to content"
        </a>
        <div class="shell" class:is-nav-open=live(move || is_nav_open.get())>
            <header class="shell-bar">
                <button
                    type="button"
                    class="button is-quiet is-icon"
                    aria-label="Navigation"
                    aria-controls="navigation"
                    aria-expanded=live(move || is_nav_open.get().to_string())
                    on:click=move |_| is_nav_open.update(|is_open| *is_open = !*is_open)
                >
                    <IconView icon=Icon::Menu />
                </button>
                <a class="brand" href=routes::projects()>
                    <IconView icon=Icon::Logo />
                    "Fanlight"
                </a>
            </header>
            <Navigation on_close=move |()| is_nav_open.set(false) />
            <div class="shell-backdrop" on:click=move |_| is_nav_open.set(false)></div>
            <div class="shell-content">
                <ConnectionBanner />
                <main id="main" class="shell-main" tabindex="-1">
                    {children()}
                </main>
            </div>
        </div>
        <KeySheetDialog />
        <PaletteDialog />
        <ToastRegion />
    }
}

/// The router would take `#main` for an address of its own.
fn skip_to_main(event: web_sys::MouseEvent) {
    event.prevent_default();
    focus_main();
}

/// After a change of page the focus starts at the page, unless the page has put it somewhere already.
fn focus_page() {
    let is_nowhere = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
    if is_nowhere {
        focus_main();
    }
}

fn focus_main() {
    let main = document().get_element_by_id("main").and_then(|main| main.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(main) = main {
        let _ = main.focus();
    }
}
