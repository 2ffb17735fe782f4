//! The feedback of the run on screen: loads it, changes it, takes back what the server refuses.

use crate::api::{ApiClient, ApiError};
use crate::components::clock;
use crate::components::erased::effect;
use crate::components::toast::{Toasts, use_toasts};
use crate::feedback::{Draft, FeedbackList, THUMBS_KEY, Thumb, own_thumb};
use fanlight_wire::feedback::{Feedback, FeedbackCreate, FeedbackSource, FeedbackUpdate};
use fanlight_wire::{FeedbackId, ProjectId, RunId, TraceId};
use leptos::prelude::*;
use std::collections::HashMap;
use std::future::Future;

/// What is being typed about each run, kept while the reader looks at others.
#[derive(Clone, Copy)]
pub struct Drafts(StoredValue<HashMap<RunId, Draft>>);

impl Drafts {
    pub fn provide() {
        provide_context(Drafts(StoredValue::new(HashMap::new())));
    }
}

/// The feedback of one run. Copy it freely.
#[derive(Clone, Copy)]
pub struct FeedbackStore {
    api: StoredValue<ApiClient>,
    project_id: ProjectId,
    trace_id: TraceId,
    pub run_id: RunId,
    list: RwSignal<FeedbackList>,
    pub is_loaded: RwSignal<bool>,
    /// Why the list could not be loaded.
    pub failure: RwSignal<Option<String>>,
    is_loading: StoredValue<bool>,
    is_outdated: StoredValue<bool>,
    toasts: Toasts,
    /// New feedback being typed.
    pub draft: RwSignal<Draft>,
    /// Feedback being changed, with what is typed.
    pub editing: RwSignal<Option<(FeedbackId, Draft)>>,
}

impl FeedbackStore {
    /// Loads the feedback, and again whenever `refresh` changes.
    pub fn new(api: ApiClient, project_id: ProjectId, trace_id: TraceId, run_id: RunId, refresh: Signal<u64>) -> Self {
        let store = Self::unloaded(api, project_id, trace_id, run_id);
        effect(move || {
            refresh.track();
            store.load();
        });
        store
    }

    /// Knows of nothing until [`FeedbackStore::load`] is called.
    pub fn unloaded(api: ApiClient, project_id: ProjectId, trace_id: TraceId, run_id: RunId) -> Self {
        let Drafts(drafts) = expect_context();
        let draft = RwSignal::new(drafts.with_value(|drafts| drafts.get(&run_id).cloned()).unwrap_or_default());
        effect(move || {
            let draft = draft.get();
            drafts.update_value(|drafts| drop(drafts.insert(run_id, draft)));
        });
        FeedbackStore {
            api: StoredValue::new(api),
            project_id,
            trace_id,
            run_id,
            list: RwSignal::new(FeedbackList::default()),
            is_loaded: RwSignal::new(false),
            failure: RwSignal::new(None),
            is_loading: StoredValue::new(false),
            is_outdated: StoredValue::new(false),
            toasts: use_toasts(),
            draft,
            editing: RwSignal::new(None),
        }
    }

    /// The newest first.
    pub fn shown(&self) -> Vec<Feedback> {
        self.list.with(FeedbackList::shown)
    }

    pub fn n_shown(&self) -> usize {
        self.list.with(|list| list.shown().len())
    }

    /// Deleted here, the latest first; each can be brought back.
    pub fn deleted(&self) -> Vec<Feedback> {
        self.list.with(|list| list.deleted().iter().rev().cloned().collect())
    }

    pub fn is_pending(&self, id: FeedbackId) -> bool {
        self.list.with(|list| list.is_pending(id))
    }

    /// The thumb given in this dashboard.
    pub fn thumb(&self) -> Option<Thumb> {
        own_thumb(&self.shown())?.score.and_then(Thumb::from_score)
    }

    /// Fetches the list again.
    pub fn load(&self) {
        if self.is_loading.get_value() {
            self.is_outdated.set_value(true);
            return;
        }
        self.is_loading.set_value(true);
        let (store, api) = (*self, self.api.get_value());
        leptos::task::spawn_local(async move {
            let answer = api.list_feedback(store.run_id).await;
            // The reader may be looking at another run by now.
            if store.is_loading.try_set_value(false).is_some() {
                return;
            }
            match answer {
                Ok(feedback) => {
                    store.list.update(|list| list.refresh(feedback));
                    store.is_loaded.set(true);
                    store.failure.set(None);
                }
                Err(error) => store.failure.set(Some(error.to_string())),
            }
            if store.is_outdated.get_value() {
                store.is_outdated.set_value(false);
                store.load();
            }
        });
    }

    /// Gives `thumb`; the same again takes it back.
    pub fn press_thumb(&self, thumb: Thumb) {
        let given = own_thumb(&untrack(|| self.shown())).cloned();
        match given {
            // What is on its way is waited for: the server could not follow.
            Some(feedback) if untrack(|| self.is_pending(feedback.id)) => {}
            Some(feedback) if feedback.score == Some(thumb.score()) => self.delete(feedback),
            Some(feedback) => {
                let update = FeedbackUpdate { score: Some(Some(thumb.score())), ..FeedbackUpdate::default() };
                self.update(feedback, update, |_| {});
            }
            None => {
                let create = FeedbackCreate {
                    key: Some(THUMBS_KEY.into()),
                    score: Some(thumb.score()),
                    ..FeedbackCreate::default()
                };
                self.create(create, |_| {});
            }
        }
    }

    /// Sends new feedback on this run and shows it at once. `on_answer` hears whether the server took it.
    pub fn create(&self, create: FeedbackCreate, on_answer: impl FnOnce(bool) + 'static) {
        let id = create.id.unwrap_or_else(new_id);
        let source = || FeedbackSource { kind: "app".into(), metadata: None, user_id: None, user_name: None };
        let create = FeedbackCreate {
            id: Some(id),
            run_id: Some(self.run_id),
            trace_id: Some(self.trace_id),
            project_id: Some(self.project_id),
            source: Some(create.source.clone().unwrap_or_else(source)),
            ..create
        };
        let expected = as_feedback(id, &create);
        self.list.update(|list| list.put(expected.clone()));
        let api = self.api.get_value();
        let request = async move {
            match api.create_feedback(&create).await {
                // Other servers answer with another shape, or nothing: what counts is that they took it.
                Ok(_) | Err(ApiError::Decode(_)) => Ok(Some(expected)),
                Err(error) => Err(error),
            }
        };
        self.send(id, "Not saved", request, on_answer);
    }

    /// Sends a change of `old` and shows it at once.
    pub fn update(&self, old: Feedback, update: FeedbackUpdate, on_answer: impl FnOnce(bool) + 'static) {
        let id = old.id;
        let mut expected = old;
        expected.modified_at = clock::now();
        if let Some(score) = update.score {
            expected.score = score;
        }
        if let Some(value) = &update.value {
            expected.value.clone_from(value);
        }
        if let Some(comment) = &update.comment {
            expected.comment.clone_from(comment);
        }
        if let Some(correction) = &update.correction {
            expected.correction.clone_from(correction);
        }
        self.list.update(|list| list.put(expected.clone()));
        let api = self.api.get_value();
        let request = async move {
            match api.update_feedback(id, &update).await {
                Ok(_) | Err(ApiError::Decode(_)) => Ok(Some(expected)),
                Err(error) => Err(error),
            }
        };
        self.send(id, "Not changed", request, on_answer);
    }

    /// Deletes at once; a toast, and a line in the list, bring it back.
    pub fn delete(&self, feedback: Feedback) {
        let (store, id) = (*self, feedback.id);
        self.list.update(|list| list.delete(id));
        let api = self.api.get_value();
        let request = async move {
            match api.delete_feedback(id).await {
                // Somebody else was faster.
                Ok(()) | Err(ApiError::NotFound) => Ok(None),
                Err(error) => Err(error),
            }
        };
        let api = self.api.get_value();
        self.send(id, "Not deleted", request, move |is_done| {
            if is_done {
                // Looking at another run does not take the way back away.
                let undo = Callback::new(move |()| {
                    if store.list.try_with_untracked(|_| ()).is_some() {
                        store.restore(feedback.clone());
                    } else {
                        restore_unseen(api.clone(), store.toasts, feedback.clone());
                    }
                });
                store.toasts.show_with_undo("Feedback deleted", undo);
            }
        });
    }

    /// Brings deleted feedback back under its old id, with its old date.
    pub fn restore(&self, feedback: Feedback) {
        self.create(as_create(feedback), |_| {});
    }

    fn send(
        &self,
        id: FeedbackId,
        failure_words: &'static str,
        request: impl Future<Output = Result<Option<Feedback>, ApiError>> + 'static,
        on_answer: impl FnOnce(bool) + 'static,
    ) {
        let store = *self;
        leptos::task::spawn_local(async move {
            match request.await {
                Ok(feedback) => {
                    store.list.try_update(|list| list.confirm(id, feedback));
                    on_answer(true);
                }
                Err(error) => {
                    store.list.try_update(|list| list.take_back(id));
                    store.toasts.show_error(format!("{failure_words}: {error}"));
                    on_answer(false);
                }
            }
        });
    }
}

/// Brings feedback back on a run that is no longer on screen.
fn restore_unseen(api: ApiClient, toasts: Toasts, feedback: Feedback) {
    leptos::task::spawn_local(async move {
        match api.create_feedback(&as_create(feedback)).await {
            Ok(_) | Err(ApiError::Decode(_)) => toasts.show("Feedback is back"),
            Err(error) => toasts.show_error(format!("Not brought back: {error}")),
        }
    });
}

/// What creates `feedback` again, its id and date included.
fn as_create(feedback: Feedback) -> FeedbackCreate {
    FeedbackCreate {
        id: Some(feedback.id),
        key: Some(feedback.key),
        run_id: feedback.run_id,
        trace_id: feedback.trace_id,
        project_id: feedback.project_id,
        start_time: feedback.start_time,
        score: feedback.score,
        value: feedback.value,
        comment: feedback.comment,
        correction: feedback.correction,
        source: feedback.source,
        group_id: feedback.group_id,
        comparative_experiment_id: feedback.comparative_experiment_id,
        extra: feedback.extra,
        created_at: Some(feedback.created_at),
        ..FeedbackCreate::default()
    }
}

fn as_feedback(id: FeedbackId, create: &FeedbackCreate) -> Feedback {
    let now = clock::now();
    Feedback {
        id,
        key: create.key.clone().unwrap_or_default(),
        created_at: create.created_at.unwrap_or(now),
        modified_at: now,
        run_id: create.run_id,
        trace_id: create.trace_id,
        project_id: create.project_id,
        start_time: create.start_time,
        score: create.score,
        value: create.value.clone(),
        comment: create.comment.clone(),
        correction: create.correction.clone(),
        source: create.source.clone(),
        group_id: create.group_id,
        comparative_experiment_id: create.comparative_experiment_id,
        is_root: false,
        extra: create.extra.clone(),
    }
}

/// A new id, made here so that sending twice creates once.
fn new_id() -> FeedbackId {
    let mut bytes = [0u8; 16];
    let filled = window().crypto().and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    if filled.is_err() {
        bytes.fill_with(|| (js_sys::Math::random() * 256.0) as u8);
    }
    FeedbackId(uuid::Builder::from_random_bytes(bytes).into_uuid())
}
