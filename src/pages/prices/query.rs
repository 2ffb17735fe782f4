//! What the Prices page shows, as its address says it: which prices of those that come with Fanlight, and what is open. Pure.
//!
//! ```text
//! ?q=openai           found by words
//! ?price=KEY          one price: of one's own, to change it
//! ?new=MODEL          a new one, for a model or for none in particular
//! ?copy=KEY           a new one that begins as another is
//! ```

use crate::routes;
use std::fmt;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PricesQuery {
    pub sought: String,
    pub opened: Option<Opened>,
}

/// What is shown of the prices; keys are those of `fanlight_core::prices::PriceLine`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    Price(String),
    New(String),
    Copy(String),
}

impl PricesQuery {
    /// Reads the query of an address; what cannot be understood is as if it were not there.
    pub fn read(search: &str) -> Self {
        let mut query = PricesQuery::default();
        for (key, value) in routes::query_pairs(search) {
            match &*key {
                "q" => query.sought = value,
                "price" => query.opened = Some(Opened::Price(value)),
                "new" => query.opened = Some(Opened::New(value)),
                "copy" => query.opened = Some(Opened::Copy(value)),
                _ => {}
            }
        }
        query
    }

    pub fn address(&self) -> String {
        let query = self.to_string();
        if query.is_empty() { routes::prices() } else { format!("{}?{query}", routes::prices()) }
    }

    /// The same with something opened, or nothing.
    pub fn with(&self, opened: Option<Opened>) -> Self {
        PricesQuery { opened, ..self.clone() }
    }
}

/// The query without `?`; empty when all is as usual.
impl fmt::Display for PricesQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        if !self.sought.is_empty() {
            pairs.push(("q", self.sought.clone()));
        }
        pairs.extend(self.opened.clone().map(|opened| match opened {
            Opened::Price(key) => ("price", key),
            Opened::New(model) => ("new", model),
            Opened::Copy(key) => ("copy", key),
        }));
        f.write_str(&routes::query_of(&pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_all_of_the_state() {
        for search in ["", "q=open%20ai", "price=gpt-6-sol", "q=a&new=me/llama%20(q4)", "new=", "copy=gpt-4o"] {
            assert_eq!(PricesQuery::read(&format!("?{search}")).to_string(), search);
        }
        assert_eq!(PricesQuery::read("?x=1").address(), routes::prices());
    }

    #[test]
    fn links_from_elsewhere_are_understood() {
        let opened = |address: String| PricesQuery::read(address.split_once('?').unwrap().1).opened;
        assert_eq!(opened(routes::price("gpt-6-sol")), Some(Opened::Price("gpt-6-sol".into())));
        assert_eq!(opened(routes::new_price("a&b=c")), Some(Opened::New("a&b=c".into())));
    }
}
