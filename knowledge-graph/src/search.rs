//! Topics by what people call them, and those that somebody may have meant.

use crate::{
    DiseaseMatch, Graph, Language, TopicId, TopicInfo, TopicKind,
    fit::{Fit, best_fit},
    normalise,
};

/// Least likeness, 0–1, at which an id is offered in place of one that does not exist.
const LIKE: f64 = 0.6;

impl Graph {
    /// Nodes whose id, name or lay words in either language hold `text`, and diseases that it may
    /// name, abbreviations and slips of the pen included. What is called just that comes first, then
    /// names that begin with it, names that hold it, lay words, and guesses; diseases before others,
    /// shorter names before longer.
    pub fn search(&self, text: &str) -> Vec<TopicId> {
        let wanted = normalise(text);
        if wanted.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<((bool, Fit), bool, usize, TopicId)> = self
            .topics()
            .filter(|info| info.id.facet().is_none())
            .filter_map(|info| {
                let fit = fit_of(&info, &wanted)?;
                Some((fit, info.id.kind() != TopicKind::Disease, info.name.en.len(), info.id))
            })
            .collect();
        found.sort();
        let mut found: Vec<TopicId> = found.into_iter().map(|(.., id)| id).collect();
        let mut guesses: Vec<DiseaseMatch<'_>> =
            Language::ALL.into_iter().flat_map(|language| self.disease_by_text(text, language)).collect();
        guesses.sort_by(|a, b| b.score.total_cmp(&a.score));
        for guess in guesses {
            let id = TopicId::new(TopicKind::Disease, &guess.disease.id);
            if !found.contains(&id) {
                found.push(id);
            }
        }
        found
    }

    /// At most `count` nodes of `kind` that somebody may have meant by `text`, an id or a name that
    /// does not exist: what a search finds, then ids spelt alike.
    pub fn near(&self, text: &str, kind: TopicKind, count: usize) -> Vec<TopicId> {
        let mut found: Vec<TopicId> =
            self.search(&text.replace('-', " ")).into_iter().filter(|id| id.kind() == kind).collect();
        let mut alike: Vec<(f64, TopicId)> = self
            .topics
            .keys()
            .filter(|id| id.kind() == kind)
            .map(|id| (strsim::normalized_damerau_levenshtein(id.name(), &text.to_lowercase()), id.clone()))
            .filter(|(likeness, _)| *likeness >= LIKE)
            .collect();
        alike.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (_, id) in alike {
            if !found.contains(&id) {
                found.push(id);
            }
        }
        found.truncate(count);
        found
    }
}

/// Whether only part of a lay word fits, and how well the best of all that a node is called fits:
/// its names, its id in full and without kind, and lay words.
fn fit_of(info: &TopicInfo, wanted: &str) -> Option<(bool, Fit)> {
    let id = info.id.to_string();
    let names = [&info.name.en, &info.name.zh, id.as_str(), info.id.name()];
    let words = Language::ALL.into_iter().flat_map(|language| info.lay.get(language));
    let (name, lay) = (best_fit(names.into_iter(), wanted), best_fit(words.map(String::as_str), wanted));
    match (name, lay) {
        (_, Some(Fit::Whole)) => Some((false, Fit::Whole)),
        (Some(fit), _) => Some((false, fit)),
        (None, fit) => Some((true, fit?)),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::fixture::graph;

    #[rstest]
    #[case("chest pain", "finding:chest-pain")]
    #[case("finding:chest-pain", "finding:chest-pain")]
    #[case("pulse-difference", "finding:pulse-difference")]
    #[case("胸口", "finding:chest-pain")]
    #[case("ripping", "finding:tearing-pain")]
    #[case("STEMI", "disease:infarction")]
    #[case("myocardial infraction", "disease:infarction")]
    #[case("抽烟", "history:smoking")]
    fn a_search_finds_names_lay_words_ids_and_misspelt_diseases(#[case] text: &str, #[case] first: &str) {
        let found = graph().search(text);
        assert_eq!(found.first().map(ToString::to_string).as_deref(), Some(first), "{found:?}");
    }

    #[test]
    fn nothing_is_found_for_nothing() {
        assert!(graph().search(" ?! ").is_empty());
        assert!(graph().search("zebra").is_empty());
    }

    #[test]
    fn an_id_spelt_wrongly_leads_to_the_one_meant() {
        let graph = graph();
        let near = |text, kind| graph.near(text, kind, 3).first().map(ToString::to_string);

        assert_eq!(near("disection", TopicKind::Disease).as_deref(), Some("disease:dissection"));
        assert_eq!(near("chestpain", TopicKind::Finding).as_deref(), Some("finding:chest-pain"));
        assert_eq!(near("zebra", TopicKind::Finding), None);
    }
}
