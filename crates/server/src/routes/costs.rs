//! Costs as JSON numbers, where a contract wants numbers. Everywhere else they are decimal strings, which are exact.

use fanlight_wire::Usd;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Prints as the shortest number that means the same amount.
#[derive(Clone, Copy)]
pub struct Dollars(pub Usd);

impl Serialize for Dollars {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0.to_f64())
    }
}

pub fn dollars(cost: Option<Usd>) -> Option<Dollars> {
    cost.map(Dollars)
}

/// Costs by category.
pub fn dollars_by_category(costs: &BTreeMap<String, Usd>) -> BTreeMap<&str, Dollars> {
    costs.iter().map(|(category, cost)| (category.as_str(), Dollars(*cost))).collect()
}

/// Puts numbers where an object of the wire has decimal strings, in the fields named.
pub fn costs_as_numbers(object: &mut Map<String, Value>, fields: &[&str]) {
    for field in fields {
        let Some(value) = object.get_mut(*field) else { continue };
        if let Some(cost) = value.as_str().and_then(|text| text.parse::<Usd>().ok()) {
            *value = json!(cost.to_f64());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_amount_without_binary_noise() {
        for text in ["0.000001", "0.1", "12.3456789", "0", "0.000000000001"] {
            let cost: Usd = text.parse().unwrap();
            let printed = serde_json::to_string(&Dollars(cost)).unwrap();
            assert_eq!(printed.parse::<Usd>().unwrap(), cost, "{printed}");
        }
    }

    #[test]
    fn only_the_costs_named_become_numbers() {
        let mut object = Map::from_iter([("total_cost".into(), json!("0.5")), ("name".into(), json!("0.5"))]);
        object.insert("cost_p50".into(), Value::Null);
        costs_as_numbers(&mut object, &["total_cost", "cost_p50", "absent"]);
        assert_eq!(Value::Object(object), json!({"total_cost": 0.5, "name": "0.5", "cost_p50": null}));
    }
}
