//! Prices that people set, as they are kept.

use super::SqliteStore;
use super::codes::blob;
use super::read::{price_test, unpriced};
use super::write::reprice;
use super::write::thread::{Job, Writer};
use super::write::transaction::Transaction;
use crate::pricing::{OwnPrice, PriceList};
use crate::store::prices::PriceStore;
use crate::store::{StoreError, StoreResult};
use anyhow::{Context, Result};
use async_trait::async_trait;
use fanlight_wire::Timestamp;
use fanlight_wire::price::{
    Price, PriceTest, PriceTested, PriceWrite, RepriceQuery, Repricing, ShippedPrices, UnpricedModels,
};
use rusqlite::{Connection, OptionalExtension, Row, params};
use tokio::sync::oneshot;
use uuid::Uuid;

/// Each is tried on every new model name: enough for any list that people keep by hand.
const MAX_PRICES: i64 = 500;

const SELECT: &str = "SELECT id, json, created_ns, modified_ns FROM prices";

#[async_trait]
impl PriceStore for SqliteStore {
    async fn list_prices(&self) -> StoreResult<Vec<Price>> {
        self.reader.read(move |reading| Ok(list(reading.db)?)).await
    }

    async fn create_price(&self, price: PriceWrite) -> StoreResult<Price> {
        self.change_prices(move |transaction| create(transaction, &price)).await
    }

    async fn update_price(&self, id: Uuid, price: PriceWrite) -> StoreResult<Price> {
        self.change_prices(move |transaction| update(transaction, id, &price)).await
    }

    async fn delete_price(&self, id: Uuid) -> StoreResult<()> {
        self.change_prices(move |transaction| delete(transaction, id)).await
    }

    async fn test_price(&self, test: PriceTest) -> StoreResult<PriceTested> {
        let prices = self.prices.get();
        self.reader.read(move |reading| price_test::test(reading, &prices, &test)).await
    }

    fn shipped_prices(&self) -> ShippedPrices {
        self.prices.get().shipped()
    }

    async fn list_unpriced_models(&self) -> StoreResult<UnpricedModels> {
        let prices = self.prices.get();
        self.reader.read(move |reading| unpriced::unpriced(reading, &prices)).await
    }

    async fn start_repricing(&self, query: RepriceQuery) -> StoreResult<Repricing> {
        self.change(move |transaction| reprice::start(transaction, &query)).await
    }

    async fn find_repricing(&self) -> StoreResult<Option<Repricing>> {
        self.reader.read(move |reading| Ok(reprice::find(reading.db)?)).await
    }

    async fn cancel_repricing(&self) -> StoreResult<Repricing> {
        self.change(reprice::cancel).await
    }
}

impl SqliteStore {
    /// Runs `work` in a transaction of its own; from its commit on, and not before, runs are priced by what it left.
    async fn change_prices<T, F>(&self, work: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Transaction) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = move |writer: &mut Writer| {
            let shipped = writer.prices.get();
            let done = writer.transact(|transaction| {
                let value = work(transaction)?;
                Ok((value, with_stored(&shipped, transaction.db)?))
            });
            let done = done.map(|(value, prices)| {
                writer.prices.set(prices);
                value
            });
            // Whoever asked may have gone; the change is stored all the same.
            let _ = reply.send(done.map_err(StoreError::from_any));
        };
        self.push(0, Job::Other(Box::new(job)))?;
        answer.await.unwrap_or_else(|_| Err(super::writer_gone()))
    }
}

/// The prices in force: those of the database over those that Fanlight comes with.
pub fn with_stored(shipped: &PriceList, db: &Connection) -> Result<PriceList> {
    let own = list(db)?.into_iter().map(|price| OwnPrice::new(price.id, &price.price, price.created_at));
    Ok(shipped.with_own(own.collect::<Result<_, _>>()?))
}

fn list(db: &Connection) -> Result<Vec<Price>> {
    let mut statement = db.prepare_cached(&format!("{SELECT} ORDER BY pk"))?;
    let mut rows = statement.query([])?;
    let mut prices = Vec::new();
    while let Some(row) = rows.next()? {
        prices.push(from_row(row)?);
    }
    Ok(prices)
}

pub fn find(db: &Connection, id: Uuid) -> Result<Option<Price>> {
    let found = db.query_row(&format!("{SELECT} WHERE id = ?1"), [blob(id)], |row| Ok(from_row(row)));
    found.optional()?.transpose()
}

fn from_row(row: &Row) -> Result<Price> {
    Ok(Price {
        id: Uuid::from_bytes(row.get(0)?),
        price: serde_json::from_str(row.get_ref(1)?.as_str()?)?,
        created_at: Timestamp(row.get(2)?),
        modified_at: Timestamp(row.get(3)?),
    })
}

/// As it is kept; refused when it could not be used.
fn checked(transaction: &Transaction, price: &PriceWrite) -> Result<String> {
    let invalid = |error: crate::pricing::PriceTableError| StoreError::Invalid(format!("match_pattern: {error}"));
    OwnPrice::new(Uuid::nil(), price, Timestamp(transaction.received_ns)).map_err(invalid)?;
    Ok(serde_json::to_string(price)?)
}

fn create(transaction: &mut Transaction, price: &PriceWrite) -> Result<Price> {
    let json = checked(transaction, price)?;
    let db = transaction.db;
    let n_prices: i64 = db.query_row("SELECT count(*) FROM prices", [], |row| row.get(0))?;
    if n_prices >= MAX_PRICES {
        return Err(StoreError::Invalid(format!("there are at most {MAX_PRICES} prices; delete some")).into());
    }
    let id = Uuid::new_v4();
    db.execute(
        "INSERT INTO prices (id, json, created_ns, modified_ns) VALUES (?1, ?2, ?3, ?3)",
        params![blob(id), json, transaction.received_ns],
    )?;
    find(db, id)?.context("the price was written just now")
}

fn update(transaction: &mut Transaction, id: Uuid, price: &PriceWrite) -> Result<Price> {
    let json = checked(transaction, price)?;
    let db = transaction.db;
    let values = params![blob(id), json, transaction.received_ns];
    if db.execute("UPDATE prices SET json = ?2, modified_ns = ?3 WHERE id = ?1", values)? == 0 {
        return Err(no_price(id).into());
    }
    find(db, id)?.context("the price was written just now")
}

fn delete(transaction: &mut Transaction, id: Uuid) -> Result<()> {
    match transaction.db.execute("DELETE FROM prices WHERE id = ?1", [blob(id)])? {
        0 => Err(no_price(id).into()),
        _ => Ok(()),
    }
}

fn no_price(id: Uuid) -> StoreError {
    StoreError::NotFound(format!("there is no price {id}"))
}
