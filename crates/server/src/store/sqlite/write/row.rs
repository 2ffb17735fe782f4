//! A run's narrow row while a transaction works on it: reading and writing it.

use super::ranks::Ranks;
use crate::model::usage::{Details, KnownSum};
use crate::model::{OwnUsage, Totals};
use crate::store::sqlite::codes::{
    blob, blob_opt, code_from_run_type, code_from_status, column_from_own_usage, own_usage_from_column,
    run_type_from_code, status_from_code,
};
use crate::store::sqlite::payload::Locator;
use crate::store::sqlite::payload::locator::{decode_locators, encode_locators};
use anyhow::Result;
use fanlight_wire::{RunStatus, RunType};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

/// What indexes and trace sums depend on, as it is in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    pub project: i64,
    pub trace: i64,
    pub parent_pk: Option<i64>,
    pub waiting_parent: Option<Uuid>,
    pub start_ns: i64,
    pub end_ns: Option<i64>,
    pub is_error: bool,
    pub is_llm: bool,
    pub is_streamed: bool,
    pub reference_example_id: Option<Uuid>,
    pub error_text: Option<i64>,
}

impl Stored {
    fn has_same_index_entries(&self, other: &Stored) -> bool {
        let indexed = |stored: &Stored| {
            (
                stored.project,
                stored.trace,
                stored.parent_pk,
                stored.waiting_parent,
                stored.start_ns,
                stored.reference_example_id,
            )
        };
        indexed(self) == indexed(other)
    }
}

#[derive(Clone, Debug)]
pub struct RunRow {
    pub pk: i64,
    pub id: Uuid,
    pub project: i64,
    pub trace: i64,
    pub parent_pk: Option<i64>,
    pub waiting_parent: Option<Uuid>,
    pub ranks: Ranks,
    pub name: Option<String>,
    pub run_type: Option<RunType>,
    pub status: RunStatus,
    pub status_sent: Option<RunStatus>,
    pub start_ns: i64,
    pub end_ns: Option<i64>,
    /// Where siblings sort; `None` sorts by the start.
    pub order_us: Option<i64>,
    pub dotted_prefix: Option<String>,
    pub own_first_token_ns: Option<i64>,
    pub first_token_ns: Option<i64>,
    pub error_preview: Option<String>,
    /// A JSON array.
    pub tags: Option<String>,
    pub thread_id: Option<String>,
    pub model: Option<String>,
    pub provider: Option<String>,
    pub reference_example_id: Option<Uuid>,
    pub own_usage: OwnUsage,
    pub totals: Totals,
    pub fragments: Vec<Locator>,
    pub inputs_preview: Option<String>,
    pub outputs_preview: Option<String>,
    /// The row of `metadata_sets`.
    pub metadata_set: Option<i64>,
    /// What the error is called.
    pub error_kind: Option<String>,
    /// The row of `error_texts`.
    pub error_text: Option<i64>,
    /// `None`: not in the database yet.
    pub stored: Option<Stored>,
    pub is_dirty: bool,
    /// Its words are to be indexed, or indexed again.
    pub has_new_text: bool,
    /// Another run may have this one as parent.
    pub may_have_children: bool,
}

impl RunRow {
    /// A run of which nothing is known but that it was mentioned.
    pub fn new(pk: i64, id: Uuid, received_ns: i64) -> Self {
        RunRow {
            pk,
            id,
            project: 0,
            trace: 0,
            parent_pk: None,
            waiting_parent: None,
            ranks: Ranks::default(),
            name: None,
            run_type: None,
            status: RunStatus::Pending,
            status_sent: None,
            start_ns: received_ns,
            end_ns: None,
            order_us: None,
            dotted_prefix: None,
            own_first_token_ns: None,
            first_token_ns: None,
            error_preview: None,
            tags: None,
            thread_id: None,
            model: None,
            provider: None,
            reference_example_id: None,
            own_usage: OwnUsage::default(),
            totals: Totals::default(),
            fragments: Vec::new(),
            inputs_preview: None,
            outputs_preview: None,
            metadata_set: None,
            error_kind: None,
            error_text: None,
            stored: None,
            is_dirty: true,
            has_new_text: false,
            may_have_children: false,
        }
    }

    pub fn is_root(&self) -> bool {
        self.parent_pk.is_none() && self.waiting_parent.is_none()
    }

    pub fn run_type(&self) -> RunType {
        self.run_type.unwrap_or(RunType::Chain)
    }

    pub fn is_error(&self) -> bool {
        self.status == RunStatus::Error || self.error_preview.is_some()
    }

    /// First tokens count where a model streamed.
    pub fn counted_first_token_ns(&self) -> Option<i64> {
        self.own_first_token_ns.filter(|_| self.run_type() == RunType::Llm)
    }

    fn to_stored(&self) -> Stored {
        Stored {
            project: self.project,
            trace: self.trace,
            parent_pk: self.parent_pk,
            waiting_parent: self.waiting_parent,
            start_ns: self.start_ns,
            end_ns: self.end_ns,
            is_error: self.is_error(),
            is_llm: self.run_type() == RunType::Llm,
            is_streamed: self.counted_first_token_ns().is_some(),
            reference_example_id: self.reference_example_id,
            error_text: self.error_text,
        }
    }
}

pub fn load_by_id(db: &Connection, id: Uuid) -> Result<Option<RunRow>> {
    let mut statement = db.prepare_cached("SELECT * FROM runs WHERE id = ?1")?;
    statement.query_row([blob(id)], |row| Ok(from_columns(row))).optional()?.transpose()
}

pub fn load(db: &Connection, pk: i64) -> Result<Option<RunRow>> {
    let mut statement = db.prepare_cached("SELECT * FROM runs WHERE pk = ?1")?;
    statement.query_row([pk], |row| Ok(from_columns(row))).optional()?.transpose()
}

pub fn find_pk(db: &Connection, id: Uuid) -> Result<Option<i64>> {
    Ok(db.prepare_cached("SELECT pk FROM runs WHERE id = ?1")?.query_row([blob(id)], |row| row.get(0)).optional()?)
}

/// Columns in the order of the table's definition.
fn from_columns(row: &Row) -> Result<RunRow> {
    let uuid = |idx: usize| -> rusqlite::Result<Option<Uuid>> {
        Ok(row.get::<_, Option<[u8; 16]>>(idx)?.map(Uuid::from_bytes))
    };
    let number = |idx: usize| -> rusqlite::Result<i64> { Ok(row.get::<_, Option<i64>>(idx)?.unwrap_or(0)) };
    let details: Option<Details> = row.get_ref(33)?.as_str_or_null()?.map(serde_json::from_str).transpose()?;
    let mut run = RunRow {
        pk: row.get(0)?,
        id: Uuid::from_bytes(row.get(1)?),
        project: row.get(2)?,
        trace: row.get(3)?,
        parent_pk: row.get(4)?,
        waiting_parent: uuid(5)?,
        ranks: Ranks::from_column(row.get(6)?),
        name: row.get(7)?,
        run_type: row.get::<_, Option<i64>>(8)?.map(|code| run_type_from_code(Some(code))),
        status: status_from_code(row.get(9)?),
        status_sent: row.get::<_, Option<i64>>(10)?.map(status_from_code),
        start_ns: row.get(11)?,
        end_ns: row.get(12)?,
        order_us: row.get(13)?,
        dotted_prefix: row.get(14)?,
        own_first_token_ns: row.get(15)?,
        first_token_ns: row.get(16)?,
        error_preview: row.get(17)?,
        tags: row.get(18)?,
        thread_id: row.get(19)?,
        model: row.get(20)?,
        provider: row.get(21)?,
        reference_example_id: uuid(22)?,
        own_usage: own_usage_from_column(row.get_ref(23)?.as_str_or_null()?)?,
        totals: Totals {
            prompt_tokens: number(24)?,
            completion_tokens: number(25)?,
            total_tokens: number(26)?,
            prompt_cost: KnownSum { picodollars: number(27)?, n_known: number(30)? },
            completion_cost: KnownSum { picodollars: number(28)?, n_known: number(31)? },
            total_cost: KnownSum { picodollars: number(29)?, n_known: number(32)? },
            n_model_runs: number(34)?,
            details: details.unwrap_or_default(),
        },
        fragments: decode_locators(row.get_ref(35)?.as_blob_or_null()?)?,
        inputs_preview: row.get(36)?,
        outputs_preview: row.get(37)?,
        metadata_set: row.get(38)?,
        error_kind: row.get(39)?,
        error_text: row.get(40)?,
        stored: None,
        is_dirty: false,
        has_new_text: false,
        may_have_children: true,
    };
    run.stored = Some(run.to_stored());
    Ok(run)
}

/// Inserts or updates the row and remembers what is stored now.
pub fn save(db: &Connection, run: &mut RunRow) -> Result<()> {
    if run.stored.is_none() {
        insert(db, run)?;
    } else {
        update(db, run)?;
    }
    run.stored = Some(run.to_stored());
    run.is_dirty = false;
    Ok(())
}

/// Zero takes a byte less as null, on many columns of many rows.
fn or_null(number: i64) -> Option<i64> {
    (number != 0).then_some(number)
}

fn details_column(run: &RunRow) -> Option<String> {
    let details = &run.totals.details;
    (!details.is_empty()).then(|| serde_json::to_string(details).expect("numbers and strings are JSON"))
}

fn insert(db: &Connection, run: &RunRow) -> Result<()> {
    let totals = &run.totals;
    let mut statement = db.prepare_cached(
        "INSERT INTO runs VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
         ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40, ?41)",
    )?;
    statement.execute(params![
        run.pk,
        blob(run.id),
        run.project,
        run.trace,
        run.parent_pk,
        blob_opt(run.waiting_parent),
        run.ranks.to_column(),
        run.name,
        run.run_type.map(code_from_run_type),
        code_from_status(run.status),
        run.status_sent.map(code_from_status),
        run.start_ns,
        run.end_ns,
        run.order_us,
        run.dotted_prefix,
        run.own_first_token_ns,
        run.first_token_ns,
        run.error_preview,
        run.tags,
        run.thread_id,
        run.model,
        run.provider,
        blob_opt(run.reference_example_id),
        column_from_own_usage(&run.own_usage),
        or_null(totals.prompt_tokens),
        or_null(totals.completion_tokens),
        or_null(totals.total_tokens),
        or_null(totals.prompt_cost.picodollars),
        or_null(totals.completion_cost.picodollars),
        or_null(totals.total_cost.picodollars),
        or_null(totals.prompt_cost.n_known),
        or_null(totals.completion_cost.n_known),
        or_null(totals.total_cost.n_known),
        details_column(run),
        or_null(totals.n_model_runs),
        encode_locators(&run.fragments),
        run.inputs_preview,
        run.outputs_preview,
        run.metadata_set,
        run.error_kind,
        run.error_text,
    ])?;
    Ok(())
}

fn update(db: &Connection, run: &RunRow) -> Result<()> {
    let now = run.to_stored();
    // SQLite rewrites the entries of every index whose column an UPDATE names, changed or not.
    let is_index_changed = run.stored.is_none_or(|stored| !stored.has_same_index_entries(&now));
    if is_index_changed {
        db.prepare_cached(
            "UPDATE runs SET project = ?2, trace = ?3, parent_pk = ?4, waiting_parent = ?5, start_ns = ?6,
             reference_example_id = ?7 WHERE pk = ?1",
        )?
        .execute(params![
            run.pk,
            run.project,
            run.trace,
            run.parent_pk,
            blob_opt(run.waiting_parent),
            run.start_ns,
            blob_opt(run.reference_example_id)
        ])?;
    }
    let totals = &run.totals;
    db.prepare_cached(
        "UPDATE runs SET ranks = ?2, name = ?3, run_type = ?4, status = ?5, status_sent = ?6, end_ns = ?7, order_us = ?8,
         dotted_prefix = ?9, own_first_token_ns = ?10, first_token_ns = ?11, error_preview = ?12, tags = ?13,
         thread_id = ?14, model = ?15, provider = ?16, own_usage = ?17, prompt_tokens = ?18, completion_tokens = ?19,
         total_tokens = ?20, prompt_cost = ?21, completion_cost = ?22, total_cost = ?23, n_prompt_costs = ?24,
         n_completion_costs = ?25, n_total_costs = ?26, usage_details = ?27, n_model_runs = ?28, fragments = ?29,
         inputs_preview = ?30, outputs_preview = ?31, metadata_set = ?32, error_kind = ?33,
         error_text = ?34 WHERE pk = ?1",
    )?
    .execute(params![
        run.pk,
        run.ranks.to_column(),
        run.name,
        run.run_type.map(code_from_run_type),
        code_from_status(run.status),
        run.status_sent.map(code_from_status),
        run.end_ns,
        run.order_us,
        run.dotted_prefix,
        run.own_first_token_ns,
        run.first_token_ns,
        run.error_preview,
        run.tags,
        run.thread_id,
        run.model,
        run.provider,
        column_from_own_usage(&run.own_usage),
        or_null(totals.prompt_tokens),
        or_null(totals.completion_tokens),
        or_null(totals.total_tokens),
        or_null(totals.prompt_cost.picodollars),
        or_null(totals.completion_cost.picodollars),
        or_null(totals.total_cost.picodollars),
        or_null(totals.prompt_cost.n_known),
        or_null(totals.completion_cost.n_known),
        or_null(totals.total_cost.n_known),
        details_column(run),
        or_null(totals.n_model_runs),
        encode_locators(&run.fragments),
        run.inputs_preview,
        run.outputs_preview,
        run.metadata_set,
        run.error_kind,
        run.error_text,
    ])?;
    Ok(())
}
