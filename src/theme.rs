//! Light and dark: sets the page's theme, and reads colour tokens for canvases, which CSS cannot reach.

use crate::components::erased::memo;
use crate::preferences::{ThemeChoice, use_preferences};
use crate::waterfall::marks::Fill;
use fanlight_wire::RunType;
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// How runs of one type look on a canvas. Chains are drawn hollow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunColors {
    pub fill: String,
    /// Text on `fill`.
    pub text: String,
}

/// The tokens of `style/tokens.css` that canvases draw with, each a CSS colour that a canvas understands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CanvasTokens {
    pub surface: String,
    pub surface_sunken: String,
    pub surface_selected: String,
    pub text: String,
    pub text_muted: String,
    pub text_faint: String,
    pub line: String,
    pub grid: String,
    pub accent: String,
    pub focus: String,
    pub error: String,
    pub warning: String,
    pub bar_success: String,
    pub critical: String,
    pub critical_halo: String,
    /// In the order of [`RunType::ALL`]; see [`CanvasTokens::run`].
    pub runs: Vec<RunColors>,
    /// In the order of [`Fill::all`]: what bars are painted in, whatever their colour stands for.
    pub fills: Vec<RunColors>,
    /// Font families, for `context.font`.
    pub font_sans: String,
    pub font_mono: String,
}

impl CanvasTokens {
    pub fn run(&self, run_type: RunType) -> &RunColors {
        &self.runs[run_type as usize]
    }
}

/// The canvas tokens of the theme on screen; changes when the theme does. From context.
pub fn use_canvas_tokens() -> Signal<Arc<CanvasTokens>> {
    expect_context()
}

/// Keeps `data-theme` on the page in step with the preference, and provides `Signal<Arc<CanvasTokens>>`.
pub fn provide_theme() {
    let preferences = use_preferences();
    let choice = memo(move || preferences.with(|preferences| preferences.theme));
    let tokens = RwSignal::new(Arc::new(CanvasTokens::default()));

    // The first paint already has the right colours: this runs before anything is mounted.
    apply(choice.get_untracked());
    tokens.set(Arc::new(read_tokens()));
    Effect::watch(
        move || choice.get(),
        move |choice, _, _| {
            apply(*choice);
            tokens.set(Arc::new(read_tokens()));
        },
        false,
    );
    for query in ["(prefers-color-scheme: dark)", "(forced-colors: active)", "(prefers-contrast: more)"] {
        if let Ok(Some(media)) = window().match_media(query) {
            let on_change = Closure::<dyn Fn()>::new(move || tokens.set(Arc::new(read_tokens())));
            media.set_onchange(Some(on_change.as_ref().unchecked_ref()));
            // The listener lives as long as the page; browsers keep a media query alive while it has one.
            on_change.forget();
        }
    }
    provide_context::<Signal<Arc<CanvasTokens>>>(tokens.into());
}

fn apply(choice: ThemeChoice) {
    let Some(root) = document().document_element() else { return };
    let _ = match choice {
        ThemeChoice::System => root.remove_attribute("data-theme"),
        ThemeChoice::Light => root.set_attribute("data-theme", "light"),
        ThemeChoice::Dark => root.set_attribute("data-theme", "dark"),
    };
}

/// Lets a hidden element compute each token: the value of a custom property itself would still say `light-dark(…)`.
fn read_tokens() -> CanvasTokens {
    let Some(probe) = document().create_element("span").ok().and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok())
    else {
        return CanvasTokens::default();
    };
    probe.set_hidden(true);
    let _ = document().body().map(|body| body.append_child(&probe));
    let Ok(Some(computed)) = window().get_computed_style(&probe) else { return CanvasTokens::default() };
    let property = |property: &str, token: &str| {
        let _ = probe.style().set_property(property, &format!("var(--{token})"));
        computed.get_property_value(property).unwrap_or_default()
    };
    let color = |token: &str| property("color", token);
    let tokens = CanvasTokens {
        surface: color("surface"),
        surface_sunken: color("surface-sunken"),
        surface_selected: color("surface-selected"),
        text: color("text"),
        text_muted: color("text-muted"),
        text_faint: color("text-faint"),
        line: color("line"),
        grid: color("grid"),
        accent: color("accent"),
        focus: color("focus"),
        error: color("error"),
        warning: color("warning"),
        bar_success: color("bar-success"),
        critical: color("critical"),
        critical_halo: color("critical-halo"),
        runs: RunType::ALL
            .iter()
            .map(|run_type| RunColors {
                fill: color(&format!("run-{run_type}")),
                text: color(&format!("run-{run_type}-text")),
            })
            .collect(),
        fills: Fill::all()
            .map(|fill| RunColors { fill: color(&fill.token()), text: color(&format!("{}-text", fill.token())) })
            .collect(),
        font_sans: property("font-family", "font-sans"),
        font_mono: property("font-family", "font-mono"),
    };
    probe.remove();
    tokens
}
