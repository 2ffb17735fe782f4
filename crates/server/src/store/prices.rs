//! Prices that people set: the part of a [`super::Store`] that keeps them and prices past runs again.

use super::StoreResult;
use async_trait::async_trait;
use fanlight_wire::price::{
    Price, PriceTest, PriceTested, PriceWrite, RepriceQuery, Repricing, ShippedPrices, UnpricedModels,
};
use uuid::Uuid;

/// A price that is set, changed or deleted counts for runs from then on. Past runs keep what they cost until they are
/// priced again.
#[async_trait]
pub trait PriceStore {
    /// Oldest first.
    async fn list_prices(&self) -> StoreResult<Vec<Price>>;
    /// `Invalid` when the pattern is none, or when there are too many.
    async fn create_price(&self, price: PriceWrite) -> StoreResult<Price>;
    /// Replaces it as a whole.
    async fn update_price(&self, id: Uuid, price: PriceWrite) -> StoreResult<Price>;
    async fn delete_price(&self, id: Uuid) -> StoreResult<()>;
    /// What a price would make of runs that are there. Changes nothing.
    async fn test_price(&self, test: PriceTest) -> StoreResult<PriceTested>;
    /// Those that the program comes with.
    fn shipped_prices(&self) -> ShippedPrices;
    /// Models of runs that have no cost though they could have one.
    async fn list_unpriced_models(&self) -> StoreResult<UnpricedModels>;
    /// `Conflict` while another one is running. Goes on in the background, over restarts.
    async fn start_repricing(&self, query: RepriceQuery) -> StoreResult<Repricing>;
    /// The last one.
    async fn find_repricing(&self) -> StoreResult<Option<Repricing>>;
    /// `NotFound` when none is running.
    async fn cancel_repricing(&self) -> StoreResult<Repricing>;
}
