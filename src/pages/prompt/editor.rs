//! The prompt being edited: its draft with undo, kept in the browser, and what it was opened with.

use super::load::{Opened, PromptLoad};
use super::stored::{self, StoredDraft};
use crate::components::erased::effect;
use crate::prompt::render::Values;
use crate::prompt::undo::Undo;
use crate::prompt::{Draft, manifest};
use leptos::ev;
use leptos::prelude::*;

/// Copy it freely.
#[derive(Clone, Copy)]
pub struct Editor {
    undo: RwSignal<Undo<Draft>>,
    /// As it was opened.
    base: RwSignal<Draft>,
    opened: RwSignal<Option<Opened>>,
    /// The newest version when the first edit was made.
    seen_newest: RwSignal<Option<String>>,
    /// The browser would not keep the draft.
    is_unkept: RwSignal<bool>,
    pub samples: RwSignal<Values>,
}

impl Editor {
    /// Opens what `load` opens, and the draft that was left of it.
    pub fn new(load: PromptLoad) -> Self {
        let editor = Editor {
            undo: RwSignal::new(Undo::new(Draft::default())),
            base: RwSignal::new(Draft::default()),
            opened: RwSignal::new(None),
            seen_newest: RwSignal::new(None),
            is_unkept: RwSignal::new(false),
            samples: RwSignal::new(Values::new()),
        };
        effect(move || {
            if let Some(opened) = load.opened.get() {
                editor.open(
                    opened,
                    load.commits.with_untracked(|commits| commits.first().map(|it| it.commit_hash.clone())),
                );
            }
        });
        editor.warn_before_leaving();
        editor
    }

    fn open(self, opened: Opened, newest: Option<String>) {
        let base = opened.manifest.as_deref().map_or_else(Draft::first, manifest::read);
        let left = stored::draft(&opened.name, opened.hash.as_deref());
        let mut undo = Undo::new(base.clone());
        self.seen_newest.set(newest);
        if let Some(left) = left {
            undo.edit(left.draft, None);
            self.seen_newest.set(left.newest);
        }
        self.samples.set(stored::samples(&opened.name));
        self.base.set(base);
        self.undo.set(undo);
        self.opened.set(Some(opened));
    }

    /// One of its texts.
    pub fn draft_text(self, place: fn(&mut Draft) -> &mut String) -> String {
        let mut draft = self.with(Draft::clone);
        std::mem::take(place(&mut draft))
    }

    /// Reads the draft without making a copy of it.
    pub fn with<T>(self, read: impl FnOnce(&Draft) -> T) -> T {
        self.undo.with(|undo| read(undo.now()))
    }

    /// Whether something differs from the version that was opened, or there is none yet.
    pub fn is_changed(self) -> bool {
        self.base.with(|base| self.undo.with(|undo| undo.now() != base))
    }

    /// `place`: what is edited; edits of one place in a row are undone at once.
    pub fn edit(self, place: Option<&str>, change: impl FnOnce(&mut Draft)) {
        let mut next = self.undo.with_untracked(|undo| undo.now().clone());
        change(&mut next);
        self.undo.update(|undo| undo.edit(next, place));
        self.keep();
    }

    pub fn undo(self) {
        self.undo.update(|undo| {
            undo.undo();
        });
        self.keep();
    }

    pub fn redo(self) {
        self.undo.update(|undo| {
            undo.redo();
        });
        self.keep();
    }

    pub fn can_undo(self) -> bool {
        self.undo.with(Undo::can_undo)
    }

    pub fn can_redo(self) -> bool {
        self.undo.with(Undo::can_redo)
    }

    /// Back to the version as it was opened; can be undone.
    pub fn discard(self) {
        let base = self.base.get_untracked();
        self.edit(None, |draft| *draft = base);
    }

    pub fn set_sample(self, variable: &str, value: String) {
        self.samples.update(|samples| {
            samples.insert(variable.to_owned(), value);
        });
        if let Some(name) = self.opened.with_untracked(|opened| opened.as_ref().map(|opened| opened.name.clone())) {
            self.samples.with_untracked(|samples| stored::keep_samples(&name, samples));
        }
    }

    /// What a save must come after.
    pub fn parent(self) -> Option<String> {
        self.seen_newest.get_untracked()
    }

    /// The newest version was looked at: a save may come after it.
    pub fn saw(self, newest: String) {
        self.seen_newest.set(Some(newest));
        self.keep();
    }

    /// The manifest of what is written, or why there is none.
    pub fn manifest(self) -> Result<serde_json::Value, Vec<String>> {
        let original = self.opened.with_untracked(|opened| opened.as_ref().and_then(|opened| opened.manifest.clone()));
        self.undo.with_untracked(|undo| crate::prompt::write::write(undo.now(), original.as_deref()))
    }

    /// It was saved: nothing is left to keep.
    pub fn forget(self) {
        self.opened.with_untracked(|opened| {
            if let Some(opened) = opened {
                stored::forget_draft(&opened.name, opened.hash.as_deref());
            }
        });
        let now = self.undo.with_untracked(|undo| undo.now().clone());
        self.base.set(now);
        self.is_unkept.set(false);
    }

    fn keep(self) {
        let Some(opened) = self.opened.get_untracked() else { return };
        let hash = opened.hash.as_deref();
        let draft = self.undo.with_untracked(|undo| undo.now().clone());
        if self.base.with_untracked(|base| *base == draft) {
            stored::forget_draft(&opened.name, hash);
            self.is_unkept.set(false);
            return;
        }
        let is_kept = stored::keep_draft(&opened.name, hash, &StoredDraft { draft, newest: self.parent() });
        self.is_unkept.set(!is_kept);
    }

    /// The browser asks before it leaves a draft that it could not keep.
    fn warn_before_leaving(self) {
        let listener = window_event_listener(ev::beforeunload, move |event| {
            if self.is_unkept.try_get_untracked() == Some(true) {
                event.prevent_default();
            }
        });
        on_cleanup(move || listener.remove());
    }
}
