//! What is asked of the server, from the state of the page: the same for the list, the facets, the histogram, exports.

use super::address::{History, PageState};
use super::filter::bar_text::Committed;
use super::filter::language::{Language, language};
use super::query::{ListSort, Scope};
use super::time_range::TimeRange;
use crate::components::clock::now;
use crate::components::erased::{effect, memo};
use crate::components::part::MISSING;
use crate::components::toast::{Toasts, use_toasts};
use fanlight_wire::ProjectId;
use fanlight_wire::filter::Filter;
use fanlight_wire::filter::edit::Mark;
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::run_stats::FacetKey;
use leptos::prelude::*;

/// Which runs, in what order. Copy it freely.
#[derive(Clone, Copy)]
pub struct Question {
    pub project: ProjectId,
    pub page: PageState,
    pub committed: Memo<Committed>,
    pub scope: Memo<Scope>,
    pub time: Memo<TimeRange>,
    pub sort: Memo<ListSort>,
    language: RwSignal<Option<Language>>,
    /// The code for filters was asked for and did not come.
    pub lacks_language: RwSignal<bool>,
    toasts: Toasts,
}

impl Question {
    pub fn new(project: ProjectId, page: PageState) -> Self {
        let text = memo(move || page.with(|query| query.filter.clone()));
        let language = RwSignal::new(None::<Language>);
        let committed = memo(move || {
            text.with(|text| match (text.trim().is_empty(), language.get()) {
                (true, _) => Committed::default(),
                (false, Some(language)) => (language.read)(text),
                (false, None) => Committed::Unread,
            })
        });
        let question = Question {
            project,
            page,
            committed,
            scope: memo(move || page.with(|query| query.scope)),
            time: memo(move || page.with(|query| query.time)),
            sort: memo(move || page.with(|query| query.sort)),
            language,
            lacks_language: RwSignal::new(false),
            toasts: use_toasts(),
        };
        effect(move || {
            if committed.with(|committed| *committed == Committed::Unread) {
                question.fetch_language();
            }
        });
        question
    }

    /// What can be done with filters, once the code for it is there.
    pub fn language(&self) -> Option<Language> {
        self.language.get()
    }

    /// Fetches the code for filters, unless it is there.
    pub fn fetch_language(self) {
        if self.language.with_untracked(Option::is_some) {
            return;
        }
        self.lacks_language.set(false);
        leptos::task::spawn_local(async move {
            match language().await {
                // The page may be gone by then.
                Ok(language) => drop(self.language.try_set(Some(language))),
                Err(_) => drop(self.lacks_language.try_set(true)),
            }
        });
    }

    /// Does `work` as soon as the code for filters is there; says so when it does not come.
    pub fn with_language(self, work: impl FnOnce(Language) + 'static) {
        if let Some(language) = self.language.get_untracked() {
            return work(language);
        }
        leptos::task::spawn_local(async move {
            match language().await {
                Ok(language) => {
                    if self.language.try_set(Some(language)).is_none() {
                        work(language);
                    }
                }
                Err(_) => self.toasts.show_error(MISSING),
            }
        });
    }

    /// Makes the list's what `change` makes of its filter, as one step for Back.
    pub fn change_filter(self, change: impl FnOnce(Language, Filter) -> Filter + 'static) {
        self.with_language(move |language| {
            let text = (language.words)(&change(language, self.filter_untracked()));
            self.page.change(History::Push, |query| query.filter = text);
        });
    }

    /// What the filter says about a facet's value.
    pub fn mark(&self, key: &FacetKey, value: &str) -> Mark {
        self.language.get().map_or(Mark::Off, |language| (language.is_on)(&self.filter(), key, value))
    }

    /// The filter without what it says about a facet.
    pub fn without_facet(&self, key: &FacetKey) -> Filter {
        self.language.get().map_or(Filter::ALL, |language| (language.without_facet)(&self.filter(), key))
    }

    /// The filter; everything while it cannot be read.
    pub fn filter(&self) -> Filter {
        self.committed.with(|committed| committed.filter().cloned().unwrap_or(Filter::ALL))
    }

    /// The same, without tracking it.
    pub fn filter_untracked(&self) -> Filter {
        self.committed.with_untracked(|committed| committed.filter().cloned().unwrap_or(Filter::ALL))
    }

    /// The query as of now, `None` while the filter cannot be read, or is not yet: then nothing is asked. Tracks scope, filter and time.
    pub fn run_query(&self) -> Option<RunQuery> {
        let filter = self.committed.with(|committed| committed.filter().cloned())?;
        self.scope.track();
        self.time.track();
        Some(self.with_filter(&filter))
    }

    /// The same question with another filter.
    pub fn with_filter(&self, filter: &Filter) -> RunQuery {
        let print = || self.language.get_untracked().expect("filters are made by it").print;
        let filter = (*filter != Filter::ALL).then(|| print()(filter));
        self.page.with_untracked(|query| query.run_query(self.project, filter, now()))
    }

    /// Whether the filter searches text, so that matches can be shown.
    pub fn searches(&self) -> bool {
        self.committed.with(|committed| committed.filter().is_some_and(searches))
    }
}

fn searches(filter: &Filter) -> bool {
    match filter {
        Filter::Search { .. } => true,
        Filter::And(all) | Filter::Or(all) => all.iter().any(searches),
        _ => false,
    }
}
