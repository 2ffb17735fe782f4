//! What the list of prompts shows, as its address says it.

use crate::routes;

/// In which order prompts are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PromptsSort {
    /// Changed last first.
    #[default]
    Changed,
    Name,
    /// Pulled most often first.
    Pulls,
}

impl PromptsSort {
    pub const ALL: [PromptsSort; 3] = [PromptsSort::Changed, PromptsSort::Name, PromptsSort::Pulls];

    /// As the API names it.
    pub fn field(self) -> &'static str {
        match self {
            PromptsSort::Changed => "updated_at",
            PromptsSort::Name => "name",
            PromptsSort::Pulls => "num_downloads",
        }
    }

    fn word(self) -> &'static str {
        match self {
            PromptsSort::Changed => "changed",
            PromptsSort::Name => "name",
            PromptsSort::Pulls => "pulls",
        }
    }
}

/// `?q=…&tag=…&sort=…`, defaults left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PromptsQuery {
    pub sought: String,
    /// Of prompts, not of versions. Empty: any.
    pub tag: String,
    pub sort: PromptsSort,
}

impl PromptsQuery {
    /// What is not understood counts as not said.
    pub fn read(search: &str) -> Self {
        let mut query = PromptsQuery::default();
        for (key, value) in routes::query_pairs(search) {
            match key.as_str() {
                "q" => query.sought = value,
                "tag" => query.tag = value,
                "sort" => {
                    let sort = PromptsSort::ALL.into_iter().find(|sort| sort.word() == value);
                    query.sort = sort.unwrap_or_default();
                }
                _ => {}
            }
        }
        query
    }

    pub fn address(&self) -> String {
        let sort = if self.sort == PromptsSort::default() { "" } else { self.sort.word() };
        let pairs = [("q", self.sought.clone()), ("tag", self.tag.clone()), ("sort", sort.to_owned())];
        let said: Vec<(&str, String)> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        match said.is_empty() {
            true => routes::prompts(),
            false => format!("{}?{}", routes::prompts(), routes::query_of(&said)),
        }
    }

    /// Whether it leaves prompts out.
    pub fn is_narrow(&self) -> bool {
        !self.sought.trim().is_empty() || !self.tag.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_what_differs_from_the_default() {
        assert_eq!(PromptsQuery::default().address(), "/prompts");
        for sort in PromptsSort::ALL {
            let query = PromptsQuery { sought: "a b&".into(), tag: "é".into(), sort };
            let address = query.address();
            assert_eq!(PromptsQuery::read(address.split_once('?').unwrap().1), query);
        }
        assert_eq!(PromptsQuery::read("?sort=colour&x=1"), PromptsQuery::default());
    }
}
