//! What is known about a topic: its names, how it is asked, where it belongs.

use crate::{
    Bilingual, BilingualList, Facet, Graph, Language, Node, Section, TopicId, TopicKind,
    format::{FacetPhrases, Finding, FindingKind},
};

/// A topic with all that a matcher, a rubric or a debrief needs to know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicInfo {
    /// The topic.
    pub id: TopicId,
    /// Its name; of a facet topic "Chest pain: onset".
    pub name: Bilingual,
    /// Lay words of the node, diseases' synonyms included.
    pub lay: BilingualList,
    /// Ways a doctor asks it; of a facet topic the facet's templates that name the node.
    pub questions: BilingualList,
    /// Cue words of the facet, such as "how long"; empty without a facet.
    pub cues: BilingualList,
    /// Section in which it is asked; `None` for what is not asked (signs, results).
    pub section: Option<Section>,
    /// Facets worth asking; empty for a facet topic.
    pub facets: Vec<Facet>,
    /// The next broader topic.
    pub parent: Option<TopicId>,
    /// Whether its presence must never be missed.
    pub red_flag: bool,
}

/// How many names of a node are put into a facet's templates.
const NAMES_IN_TEMPLATES: usize = 2;

impl Graph {
    /// Whether the node exists; with a facet, whether that facet can be asked at all.
    pub fn topic_exists(&self, topic: &TopicId) -> bool {
        self.index(topic).is_some() && topic.facet().is_none_or(|facet| self.facets.contains_key(&facet))
    }

    /// What is known about `topic`.
    pub fn topic(&self, topic: &TopicId) -> Option<TopicInfo> {
        let info = self.node_info(topic)?;
        match topic.facet() {
            None => Some(info),
            Some(facet) => Some(facet_info(info, self.facet_phrases(facet)?)),
        }
    }

    /// Every topic: each node, and each node with each of its facets, by id.
    pub fn topics(&self) -> impl Iterator<Item = TopicInfo> {
        self.topics.keys().filter_map(|id| self.topic(id)).flat_map(|info| {
            let facets: Vec<TopicInfo> =
                info.facets.iter().filter_map(|facet| self.topic(&info.id.with_facet(*facet))).collect();
            std::iter::once(info).chain(facets)
        })
    }

    /// The node's part; `id` and `parent` keep the facet, all else is without.
    fn node_info(&self, topic: &TopicId) -> Option<TopicInfo> {
        let mut info = TopicInfo {
            id: topic.clone(),
            name: Bilingual::default(),
            lay: BilingualList::default(),
            questions: BilingualList::default(),
            cues: BilingualList::default(),
            section: None,
            facets: Vec::new(),
            parent: self.parent(topic),
            red_flag: false,
        };
        match self.node(topic)? {
            Node::Finding(node) => {
                info.section = section_of(node);
                info.facets.clone_from(&node.facets);
                info.red_flag = node.red_flag;
                info.fill(&node.name, &node.lay, &node.questions);
            }
            Node::HistoryTopic(node) => {
                info.section = Some(node.section);
                info.facets.clone_from(&node.facets);
                info.fill(&node.name, &node.lay, &node.questions);
            }
            Node::RiskFactor(node) => {
                let asked = node.asked_as.as_ref().and_then(|topic| self.history_topic(topic));
                info.section = Some(asked.map_or(Section::SocialHistory, |topic| topic.section));
                info.fill(&node.name, &node.lay, &node.questions);
            }
            Node::Disease(node) => {
                info.section = Some(Section::PastHistory);
                info.fill(&node.name, &node.synonyms, &BilingualList::default());
                info.lay.en.extend(node.lay.en.iter().cloned());
                info.lay.zh.extend(node.lay.zh.iter().cloned());
            }
            Node::Test(node) => {
                info.section = Some(Section::CourseOfCare);
                info.fill(&node.name, &node.lay, &BilingualList::default());
            }
            Node::Treatment(node) => {
                let section = if node.drug { Section::Drugs } else { Section::CourseOfCare };
                info.section = Some(section);
                info.fill(&node.name, &node.lay, &BilingualList::default());
            }
            Node::Anatomy(_) | Node::Source(_) => return None,
        }
        Some(info)
    }
}

impl TopicInfo {
    fn fill(&mut self, name: &Bilingual, lay: &BilingualList, questions: &BilingualList) {
        self.name.clone_from(name);
        self.lay.clone_from(lay);
        self.questions.clone_from(questions);
    }

    /// What the node is called in a question: lay words first, then its name.
    fn called(&self, language: Language) -> Vec<String> {
        let name = match language {
            Language::En => lower_first(self.name.get(language)),
            Language::Zh => self.name.get(language).to_owned(),
        };
        let lay = self.lay.get(language).iter().cloned();
        let mut names: Vec<String> = lay.take(NAMES_IN_TEMPLATES - 1).collect();
        if !names.contains(&name) {
            names.push(name);
        }
        names
    }

    fn templates(&self, facet: &FacetPhrases, language: Language) -> Vec<String> {
        let names = self.called(language);
        // The others ("How did it begin?") mean the facet of whatever is being talked about.
        let templates = facet.templates.get(language).iter();
        let templates = templates.filter(|template| template.contains("{finding}"));
        templates.flat_map(|template| names.iter().map(|name| template.replace("{finding}", name))).collect()
    }
}

/// "Chest pain" → "chest pain" and "A tear" → "a tear", but "ECG" stays.
pub fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second))
            if first.is_uppercase() && (second.is_lowercase() || (first == 'A' && second == ' ')) =>
        {
            first.to_lowercase().chain(text.chars().skip(1)).collect()
        }
        _ => text.to_owned(),
    }
}

/// A name within an English sentence: "acute gout", but "Fabry disease" and "Murphy's sign".
pub fn within_sentence(name: &str) -> String {
    let first = name.split([' ', '-']).next().unwrap_or_default();
    let eponym = first.contains(['\'', '’']) || EPONYMS.contains(&first);
    if eponym { name.to_owned() } else { lower_first(name) }
}

/// First words of names that keep their capital.
const EPONYMS: [&str; 18] = [
    "Kawasaki",
    "Raynaud",
    "Cushing",
    "Graves",
    "Parkinson",
    "Wernicke",
    "Guillain",
    "Mallory",
    "Wolff",
    "Henoch",
    "Marfan",
    "Horner",
    "Murphy",
    "Kernig",
    "Brudzinski",
    "Babinski",
    "Fabry",
    "Kayser",
];

fn section_of(finding: &Finding) -> Option<Section> {
    finding.section.or(match finding.kind {
        FindingKind::Symptom => Some(Section::AssociatedSymptoms),
        FindingKind::Sign | FindingKind::Laboratory | FindingKind::Imaging => None,
    })
}

fn facet_info(node: TopicInfo, facet: &FacetPhrases) -> TopicInfo {
    let questions = BilingualList { en: node.templates(facet, Language::En), zh: node.templates(facet, Language::Zh) };
    let symptom = node.id.kind() == TopicKind::Finding;
    let section = match node.section {
        // Analysing a symptom is the history of the present illness.
        Some(Section::AssociatedSymptoms | Section::PresentingComplaint) if symptom => Some(Section::PresentIllness),
        section => section,
    };
    TopicInfo {
        name: Bilingual {
            en: format!("{}: {}", node.name.en, lower_first(&facet.name.en)),
            zh: format!("{}：{}", node.name.zh, facet.name.zh),
        },
        questions,
        cues: facet.cues.clone(),
        section,
        facets: Vec::new(),
        ..node
    }
}
