//! `GET /api/fanlight/v1/live`: server-sent events that say what changed.

use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::params::Params;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, HeaderName};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use fanlight_wire::ProjectId;
use fanlight_wire::live::Change;
use futures_util::{Stream, StreamExt, stream};
use std::convert::Infallible;
use std::time::Duration;
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;

/// Silence after which a comment is sent, so that proxies keep the connection and lost ones are noticed.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Streams `event: change` with a [`Change`] as data, of one project or of all. A reader that fell behind gets
/// `event: lagged` and should fetch again from the start.
pub async fn stream_changes(State(app): State<App>, params: Params) -> AppResult<Response> {
    let project: Option<ProjectId> = params.id("session_id")?;
    let slot = app.live_readers.clone().try_acquire_owned();
    let slot = slot.map_err(|_| AppError::busy("too many readers of live changes", 10))?;
    let changes = BroadcastStream::new(app.store.changes());
    let events = changes.filter_map(move |change| {
        let event = match change {
            Ok(change) if project.is_none_or(|project| project == change.project_id) => Some(change_event(&change)),
            Ok(_) => None,
            Err(BroadcastStreamRecvError::Lagged(n_missed)) => {
                Some(Event::default().event("lagged").data(n_missed.to_string()))
            }
        };
        // The slot lives as long as the stream.
        let _slot = &slot;
        async move { event.map(Ok::<_, Infallible>) }
    });
    // A first comment opens the stream at once, through whatever buffers lie between.
    let opening = stream::once(async { Ok(Event::default().comment("open")) });
    let events = until_stopping(&app, opening.chain(events));
    let sse = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT).text("beat"));
    let headers = [(CACHE_CONTROL, "no-cache, no-transform"), (HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((headers, sse).into_response())
}

fn change_event(change: &Change) -> Event {
    let data = serde_json::to_string(change).expect("a change is plain data");
    Event::default().event("change").data(data)
}

fn until_stopping<S: Stream>(app: &App, events: S) -> impl Stream<Item = S::Item> + use<S> {
    events.take_until(app.is_stopping.clone().cancelled_owned())
}
