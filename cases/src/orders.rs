//! What examining and testing show.

use knowledge_graph::{Bilingual, Graph};

use crate::format::Case;

/// What ordering `test` (name part of a `test:` node) shows in `case`: the case's own finding or
/// report, else the test's normal result; none when the graph has no such test either.
pub fn shown<'a>(case: &'a Case, graph: &'a Graph, test: &str) -> Option<&'a Bilingual> {
    let found = case.examinations.iter().find(|examination| examination.test == test).map(|found| &found.finding);
    let reported = || case.results.iter().find(|result| result.test == test).map(|result| &result.report);
    found.or_else(reported).or_else(|| graph.test(test).map(|test| &test.normal))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library;

    #[test]
    fn a_case_shows_its_own_result_and_what_is_normal_otherwise() {
        let graph = Graph::embedded().unwrap();
        let case = &library().unwrap()[0];
        let result = &case.results[0];
        let own = |test: &str| {
            case.examinations.iter().any(|one| one.test == test) || case.results.iter().any(|one| one.test == test)
        };
        let other = graph.tests().find(|test| !own(&test.id)).unwrap();

        assert_eq!(shown(case, graph, &result.test), Some(&result.report));
        assert_eq!(shown(case, graph, &other.id), Some(&other.normal));
        assert_eq!(shown(case, graph, "no-such-test"), None);
    }
}
