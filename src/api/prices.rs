//! Prices of one's own: kept, tried, and applied to past runs.

use super::{ApiClient, ApiError};
use fanlight_wire::price::{
    Price, PriceTest, PriceTested, PriceWrite, RepriceQuery, Repricing, ShippedPrices, UnpricedModels,
};
use gloo_net::http::Method;
use uuid::Uuid;

const PRICES: &str = "/api/v1/model-price-map";
const REPRICE: &str = "/api/fanlight/v1/prices/reprice";

impl ApiClient {
    /// Oldest first.
    pub async fn list_prices(&self) -> Result<Vec<Price>, ApiError> {
        self.get(PRICES).await
    }

    pub async fn create_price(&self, price: &PriceWrite) -> Result<Price, ApiError> {
        self.send(Method::POST, PRICES, price).await
    }

    pub async fn update_price(&self, id: Uuid, price: &PriceWrite) -> Result<Price, ApiError> {
        self.send(Method::PUT, &format!("{PRICES}/{id}"), price).await
    }

    pub async fn delete_price(&self, id: Uuid) -> Result<(), ApiError> {
        self.delete(&format!("{PRICES}/{id}")).await
    }

    /// Those that Fanlight comes with.
    pub async fn list_shipped_prices(&self) -> Result<ShippedPrices, ApiError> {
        self.get("/api/fanlight/v1/prices").await
    }

    /// Models of runs whose cost nobody knows.
    pub async fn list_unpriced_models(&self) -> Result<UnpricedModels, ApiError> {
        self.get("/api/fanlight/v1/prices/unpriced").await
    }

    /// What a price would make of the newest runs. Changes nothing.
    pub async fn test_price(&self, test: &PriceTest) -> Result<PriceTested, ApiError> {
        self.send(Method::POST, "/api/fanlight/v1/prices/test", test).await
    }

    /// The last one, if there ever was one.
    pub async fn find_repricing(&self) -> Result<Option<Repricing>, ApiError> {
        self.get(REPRICE).await
    }

    /// Fails with [`ApiError::Conflict`] while one is running.
    pub async fn start_repricing(&self, query: &RepriceQuery) -> Result<Repricing, ApiError> {
        self.send(Method::POST, REPRICE, query).await
    }

    pub async fn cancel_repricing(&self) -> Result<(), ApiError> {
        self.delete(REPRICE).await
    }
}
