//! What is asked beside a query, in the same object: taken out, so that the query does not see it.

use crate::error::{AppError, AppResult};
use fanlight_wire::run_stats::FacetKey;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Longest name of a metadata key that is counted.
const MAX_KEY_BYTES: usize = 512;

/// 422 names the field that is wrong.
pub fn take<T: DeserializeOwned>(fields: &mut Map<String, Value>, name: &str) -> AppResult<Option<T>> {
    let read =
        |value| serde_json::from_value(value).map_err(|error| AppError::invalid("body", name, error.to_string()));
    fields.remove(name).map(read).transpose()
}

/// 1 to `most`: what is beyond is taken as the nearest.
pub fn take_count(fields: &mut Map<String, Value>, name: &str, most: usize) -> AppResult<Option<usize>> {
    let asked: Option<f64> = take(fields, name)?;
    Ok(asked.map(|n| n.clamp(1.0, most as f64) as usize))
}

/// Whatever names a facet names one that can be looked up.
pub fn check_facet(name: &str, facet: &FacetKey) -> AppResult<()> {
    match facet {
        FacetKey::Metadata(key) if key.len() > MAX_KEY_BYTES => {
            let message = format!("a metadata key of {} bytes; at most {MAX_KEY_BYTES}", key.len());
            Err(AppError::invalid("body", name, message))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn counts_of_any_size_are_taken_as_the_nearest_possible() {
        for (asked, expected) in [(json!(1e30), 200), (json!(0), 1), (json!(-3), 1), (json!(7), 7)] {
            let mut fields = Map::from_iter([("max_values".to_owned(), asked)]);
            assert_eq!(take_count(&mut fields, "max_values", 200).unwrap(), Some(expected));
            assert!(fields.is_empty());
        }
    }
}
