//! The projects there are, without statistics: fetched once, shared by the switcher and every page's heading.

use crate::api::{ApiClient, ApiError};
use fanlight_wire::ProjectId;
use fanlight_wire::project::Project;
use leptos::prelude::*;

/// Newest first. From context ([`use_project_list`]).
#[derive(Clone, Copy)]
pub struct ProjectList {
    projects: RwSignal<Vec<Project>>,
    failure: RwSignal<Option<ApiError>>,
    is_loaded: RwSignal<bool>,
}

impl ProjectList {
    /// Provides the list and fetches it. Called once, by the application.
    pub fn provide() {
        let list = ProjectList {
            projects: RwSignal::new(Vec::new()),
            failure: RwSignal::new(None),
            is_loaded: RwSignal::new(false),
        };
        provide_context(list);
        list.refetch();
    }

    /// Asks the server again: after creating, renaming or deleting, and when an unknown project turns up.
    pub fn refetch(self) {
        let api: ApiClient = expect_context();
        leptos::task::spawn_local(async move {
            match api.list_projects(false).await {
                Ok(projects) => {
                    self.projects.set(projects);
                    self.failure.set(None);
                    self.is_loaded.set(true);
                }
                Err(error) => self.failure.set(Some(error)),
            }
        });
    }

    pub fn all(&self) -> ReadSignal<Vec<Project>> {
        self.projects.read_only()
    }

    /// Why the last fetch failed.
    pub fn failure(&self) -> Signal<Option<ApiError>> {
        self.failure.into()
    }

    /// The project's name; `None` while unknown.
    pub fn name_of(&self, project: ProjectId) -> Option<String> {
        self.projects.with(|projects| projects.iter().find(|it| it.id == project).map(|it| it.name.clone()))
    }

    /// Whether the list has come and `project` is not on it.
    pub fn is_missing(&self, project: ProjectId) -> bool {
        self.is_loaded.get() && self.projects.with(|projects| projects.iter().all(|it| it.id != project))
    }
}

/// The project list, from context.
pub fn use_project_list() -> ProjectList {
    expect_context()
}
