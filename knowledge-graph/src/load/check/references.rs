//! Ids that must exist.

use crate::{
    TopicId, TopicKind,
    load::content::{Content, DiseaseFile, Ids},
    problem::{Place, Problems},
};

struct References<'a> {
    ids: &'a Ids,
    problems: &'a mut Problems,
}

pub(super) fn check(content: &Content, ids: &Ids, problems: &mut Problems) {
    let mut references = References { ids, problems };
    references.nodes(content);
    for file in &content.diseases {
        references.clinical_edges(file);
        references.disease_edges(file);
        references.test_values(file, content);
    }
}

impl References<'_> {
    fn name(&mut self, kind: TopicKind, name: &str, place: &Place, key: &str) {
        if self.ids.has(kind, name) {
            return;
        }
        let noun = kind.as_str();
        let mend = match self.ids.nearest(kind, name) {
            Some(near) => format!("did you mean `{near}`? otherwise add the {noun}"),
            None => format!("add the {noun} or correct the id"),
        };
        self.problems.error(place, key, format!("there is no {noun} `{name}`; {mend}"));
    }

    fn topic(&mut self, topic: &TopicId, place: &Place, key: &str) {
        if !self.ids.has_topic(topic) {
            self.name(topic.kind(), topic.name(), place, key);
        }
    }

    fn nodes(&mut self, content: &Content) {
        for node in &content.findings {
            if let Some(parent) = &node.value.parent {
                self.name(TopicKind::Finding, parent, &node.place, "parent");
            }
            if let Some(test) = &node.value.test {
                self.name(TopicKind::Test, test, &node.place, "test");
            }
        }
        for node in &content.topics {
            if let Some(parent) = &node.value.parent {
                self.topic(parent, &node.place, "parent");
            }
        }
        for node in &content.risk_factors {
            if let Some(topic) = &node.value.asked_as {
                self.topic(topic, &node.place, "asked_as");
            }
        }
    }

    fn clinical_edges(&mut self, file: &DiseaseFile) {
        for edge in &file.edges.presents_with {
            self.name(TopicKind::Finding, &edge.value.finding, &edge.place, "finding");
        }
        for edge in &file.edges.risk_factor {
            self.name(TopicKind::RiskFactor, &edge.value.factor, &edge.place, "factor");
        }
        for edge in &file.edges.tested_by {
            self.name(TopicKind::Test, &edge.value.test, &edge.place, "test");
        }
        for edge in &file.edges.treated_by {
            self.name(TopicKind::Treatment, &edge.value.treatment, &edge.place, "treatment");
        }
    }

    fn disease_edges(&mut self, file: &DiseaseFile) {
        for edge in &file.edges.differential {
            self.name(TopicKind::Disease, &edge.value.disease, &edge.place, "disease");
            for (index, topic) in edge.value.topics.iter().enumerate() {
                self.topic(topic, &edge.place, &format!("topics.{index}"));
            }
        }
        for edge in &file.edges.complication {
            if let Some(disease) = &edge.value.disease {
                self.name(TopicKind::Disease, disease, &edge.place, "disease");
            }
        }
        for edge in &file.edges.comorbidity {
            self.name(TopicKind::Disease, &edge.value.disease, &edge.place, "disease");
            for finding in edge.value.alters.keys() {
                self.name(TopicKind::Finding, finding, &edge.place, &format!("alters.{finding}"));
            }
        }
    }

    /// Values must be of quantities that the test reports.
    fn test_values(&mut self, file: &DiseaseFile, content: &Content) {
        for edge in &file.edges.tested_by {
            let test = content.tests.iter().find(|test| test.value.id == edge.value.test);
            let Some(test) = test.map(|test| &test.value) else { continue };
            for quantity in edge.value.values.keys() {
                if !test.quantities.iter().any(|known| known.id == *quantity) {
                    let known: Vec<&str> = test.quantities.iter().map(|q| q.id.as_str()).collect();
                    let message = format!(
                        "the test `{}` reports no `{quantity}`; it reports {}",
                        test.id,
                        if known.is_empty() { "no numbers".to_owned() } else { known.join(", ") }
                    );
                    self.problems.error(&edge.place, &format!("values.{quantity}"), message);
                }
            }
        }
    }
}
