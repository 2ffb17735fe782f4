//! What the page asks the server, and the last answers.

use super::query::Opened;
use crate::api::ApiClient;
use crate::components::toast::{Toasts, use_toasts};
use crate::pages::fetched::{Fetched, fetched};
use crate::prices::{Draft, PriceLine};
use fanlight_wire::price::{PriceWrite, UnpricedModels};
use leptos::prelude::*;
use uuid::Uuid;

/// The prices and what is missing. Copy it freely.
#[derive(Clone, Copy)]
pub struct Data {
    api: StoredValue<ApiClient>,
    toasts: Toasts,
    /// Oldest first.
    pub own: Fetched<Vec<PriceLine>>,
    pub shipped: Fetched<Shipped>,
    pub unpriced: Fetched<UnpricedModels>,
}

/// What Fanlight comes with, in the order in which it is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shipped {
    pub as_of: String,
    pub sources: Vec<String>,
    pub lines: Vec<PriceLine>,
}

/// The price that the form is about: a new one, or one that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    pub id: Option<Uuid>,
    /// What it was, with all that the form has no field for.
    pub kept: PriceWrite,
    pub draft: Draft,
}

/// What an address opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    Nothing,
    Form(Box<Edited>),
    /// There is no such price.
    Gone,
}

impl Data {
    pub fn new() -> Self {
        let api = StoredValue::new(expect_context::<ApiClient>());
        let own = fetched(move || {
            let client = api.get_value();
            Some(Box::pin(async move { Ok(client.list_prices().await?.iter().map(PriceLine::of_own).collect()) }))
        });
        let shipped = fetched(move || {
            let client = api.get_value();
            Some(Box::pin(async move {
                let shipped = client.list_shipped_prices().await?;
                let lines = shipped.prices.iter().map(PriceLine::of_shipped).collect();
                Ok(Shipped { as_of: shipped.as_of, sources: shipped.sources, lines })
            }))
        });
        let unpriced = fetched(move || {
            let client = api.get_value();
            Some(Box::pin(async move { client.list_unpriced_models().await }))
        });
        Data { api, toasts: use_toasts(), own, shipped, unpriced }
    }

    /// What `opened` leads to, as far as answers are there.
    pub fn find(&self, opened: Option<&Opened>) -> Found {
        let form = |edited| Found::Form(Box::new(edited));
        match opened {
            None => Found::Nothing,
            Some(Opened::New(model)) if model.is_empty() => {
                form(Edited { id: None, kept: PriceWrite::default(), draft: Draft::default() })
            }
            Some(Opened::New(model)) => {
                form(Edited { id: None, kept: PriceWrite::default(), draft: Draft::for_model(model) })
            }
            Some(Opened::Copy(key)) => self.line(key).map_or_else(
                || self.nothing_yet(),
                |line| form(Edited { id: None, draft: Draft::of(&line.price), kept: line.price }),
            ),
            Some(Opened::Price(key)) => match self.line(key) {
                Some(PriceLine { own: Some(id), price, .. }) => {
                    form(Edited { id: Some(id), draft: Draft::of(&price), kept: price })
                }
                // Its row is marked.
                Some(_) => Found::Nothing,
                None => self.nothing_yet(),
            },
        }
    }

    fn line(&self, key: &str) -> Option<PriceLine> {
        let of = |lines: &[PriceLine]| lines.iter().find(|line| line.key == key).cloned();
        let own = self.own.value.with(|lines| of(lines.as_deref()?));
        own.or_else(|| self.shipped.value.with(|shipped| of(&shipped.as_ref()?.lines)))
    }

    fn nothing_yet(&self) -> Found {
        let is_known = self.own.value.with(Option::is_some) && self.shipped.value.with(Option::is_some);
        if is_known { Found::Gone } else { Found::Nothing }
    }

    pub fn say_saved(&self, name: &str) {
        self.toasts.show(format!("{name} counts for runs from now on"));
        self.refetch();
    }

    /// Deletes a price of one's own; it can be taken back.
    pub fn delete(&self, (id, price): (Uuid, PriceWrite)) {
        let data = *self;
        let client = self.api.get_value();
        leptos::task::spawn_local(async move {
            match client.delete_price(id).await {
                Ok(()) => {
                    let words = format!("{} was deleted; past runs keep what they cost", price.name);
                    // It may be taken back from another page: by then nothing of this one is there.
                    let undo = Callback::new(move |()| data.set_again(client.clone(), price.clone()));
                    data.toasts.show_with_undo(words, undo);
                }
                Err(error) => data.toasts.show_error(format!("{} was not deleted. {error}", price.name)),
            }
            data.refetch();
        });
    }

    fn set_again(&self, client: ApiClient, price: PriceWrite) {
        let data = *self;
        leptos::task::spawn_local(async move {
            if let Err(error) = client.create_price(&price).await {
                data.toasts.show_error(format!("{} is not back. {error}", price.name));
            }
            data.refetch();
        });
    }

    fn refetch(&self) {
        self.own.refetch();
        self.unpriced.refetch();
    }
}
