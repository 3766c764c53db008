//! Which of the patient's facts a question aims at.
//!
//! The whole graph has some thousand things that may be asked, a patient has forty: a question that
//! no phrase recognises is far easier to place among those. Each fact is known by four kinds of text:
//! its own sentence, the rubric items that it answers, how its topics are asked, and what they are
//! called. How near the question is to each, and what the words alone made of it, goes into a logistic
//! regression whose weights `server/training/aims.py` makes from labelled questions.

mod closer;
mod hearing;
mod kept;

use std::{
    cell::RefCell,
    collections::HashMap,
    ops::Range,
    sync::{Arc, LazyLock},
};

use cases::format::{Case, Fact};
use knowledge_graph::{Graph, Language};

pub(super) use kept::AimsOfCases;

use self::{
    closer::Readings,
    hearing::{Ears, HEARD},
};
use super::{knowledge::Knowledge, refine::is_brief, state::State};
use crate::{
    linear::Linear,
    understanding::{DialogueAct, MatchMethod, Matcher, TopicHit, Understood, cosine},
};

/// Names of the features of a question and a fact, in order; those of `hearing` follow.
pub const AIM_FEATURES: [&str; 20] = [
    "to_sentence",
    "to_rubric",
    "to_questions",
    "to_names",
    "mean",
    "standardised",
    "lead",
    "first",
    "first_of_whole",
    "among_three",
    "answers",
    "answers_by_words",
    "node",
    "exact",
    "other_facet",
    "others",
    "in_focus",
    "in_focus_briefly",
    "told",
    "chinese",
];

/// Kinds of text that a fact is known by.
const KINDS: usize = 4;
/// Questions of one topic that are embedded.
const MOST_QUESTIONS: usize = 5;
/// Stands in for a kind of text that a fact does not have.
const NO_TEXT: f32 = -0.1;
/// Clauses of an utterance that are embedded beside the whole.
const MOST_CLAUSES: usize = 4;

static WEIGHTS: LazyLock<Option<Linear>> = LazyLock::new(|| {
    let weights: Result<Linear, _> = serde_json::from_str(include_str!("aim/weights.json"));
    weights.ok().filter(|weights| weights.is_sound() && weights.features.iter().eq(AIM_FEATURES.iter().chain(&HEARD)))
});

/// A fact, and how likely a question aims at it.
#[derive(Clone, Debug, PartialEq)]
pub struct Aim {
    /// Id of the fact.
    pub fact: String,
    /// Probability 0–1.
    pub probability: f64,
    /// Where in the utterance it is asked.
    pub span: Range<usize>,
    /// The values of [`AIM_FEATURES`] and of what was heard.
    pub features: Vec<f64>,
    /// What stands for the fact when question and fact are read together.
    pub item: Arc<str>,
    /// Log-odds of the reader, where they were.
    pub read: Option<f64>,
}

/// The facts of one patient as vectors, in one language.
pub(super) struct Aims {
    facts: Vec<FactVectors>,
    /// Mean of how the facts are asked; what all questions share says nothing.
    asking: Vec<f32>,
    /// How the facts are asked, by the examiner's measures.
    ears: Option<Ears>,
    /// What a question is read together with.
    items: Vec<Arc<str>>,
    readings: Readings,
}

/// The vectors of each kind of text, of length one around the kind's mean.
struct FactVectors {
    id: String,
    kinds: [Vec<Vec<f32>>; KINDS],
}

/// The texts a fact is known by, by kind.
type Texts = [Vec<String>; KINDS];

/// A question and where it is asked.
struct Asked<'a> {
    understood: &'a Understood,
    knowledge: &'a Knowledge<'a>,
    state: &'a State,
    brief: bool,
    chinese: bool,
}

/// The texts of every fact, in order.
pub(super) fn texts(case: &Case, knowledge: &Knowledge<'_>, graph: &Graph, language: Language) -> Vec<(String, Texts)> {
    knowledge.facts().iter().map(|fact| (fact.id.clone(), texts_of(case, fact, graph, language))).collect()
}

fn texts_of(case: &Case, fact: &Fact, graph: &Graph, language: Language) -> Texts {
    let topics = || std::iter::once(&fact.topic).chain(&fact.also);
    let earned = case.rubric.iter().filter(|item| topics().any(|topic| item.topics.contains(topic)));
    let (mut questions, mut names) = (Vec::new(), Vec::new());
    for info in topics().filter_map(|topic| graph.topic(topic)) {
        let all = info.questions.get(language);
        // Those of a facet come by template and name: the spread shows each template.
        questions.extend(all.iter().step_by(all.len().div_ceil(MOST_QUESTIONS).max(1)).cloned());
        names.push(info.name.get(language).to_owned());
    }
    let rubric = earned.map(|item| item.text.get(language).to_owned()).collect();
    [vec![fact.tells.get(language).to_owned()], rubric, questions, names]
}

impl Aims {
    /// The facts with the vectors of their `texts`, which stand in `vectors` in the same order.
    fn new(texts: &[(String, Texts)], vectors: &[Arc<[f32]>], (ears, items): (Option<Ears>, Vec<Arc<str>>)) -> Self {
        let mut vectors = vectors.iter().map(|vector| vector.to_vec());
        let mut facts: Vec<FactVectors> = texts
            .iter()
            .map(|(id, kinds)| FactVectors {
                id: id.clone(),
                kinds: std::array::from_fn(|kind| vectors.by_ref().take(kinds[kind].len()).collect()),
            })
            .collect();
        let means: [Vec<f32>; KINDS] =
            std::array::from_fn(|kind| mean(facts.iter().flat_map(|fact| &fact.kinds[kind])));
        for fact in &mut facts {
            for (rows, mean) in fact.kinds.iter_mut().zip(&means) {
                for row in rows {
                    centre(row, mean);
                }
            }
        }
        let [_, _, asking, _] = means;
        Self { facts, asking, ears, items, readings: Readings::default() }
    }

    /// The stretches of `said` to be embedded: all of it, and each clause that may ask.
    pub(super) fn stretches(said: &str, understood: &Understood) -> Vec<Range<usize>> {
        let asks =
            |act: DialogueAct| !matches!(act, DialogueAct::Greeting | DialogueAct::Empathy | DialogueAct::Backchannel);
        let clauses = understood.clauses.iter().filter(|clause| asks(clause.act)).map(|clause| clause.span.clone());
        let whole = 0..said.len();
        let mut spans = Vec::from([whole]);
        for span in clauses.take(MOST_CLAUSES) {
            if said.get(span.clone()).is_some_and(|words| words.trim() != said.trim()) {
                spans.push(span);
            }
        }
        spans
    }

    /// How likely each fact is asked for by what was `said`; none when it cannot be embedded.
    pub(super) fn aims(
        &self,
        (said, understood): (&str, &Understood),
        (knowledge, state): (&Knowledge<'_>, &State),
        (matcher, language): (&Matcher, Language),
        vector: Vec<f32>,
    ) -> Option<Vec<Aim>> {
        let embed = once_each(matcher, (said, vector));
        let spans = Self::stretches(said, understood);
        let stretches: Vec<&str> = spans.iter().filter_map(|span| said.get(span.clone())).collect();
        let near: Vec<Near> = embed(&stretches)?.into_iter().map(|vector| self.near(vector)).collect();
        let heard = self.ears.as_ref().map(|ears| ears.hear((said, language), state, matcher, &embed));
        let brief = is_brief(said, language);
        let asked = Asked { understood, knowledge, state, brief, chinese: language == Language::Zh };
        let aim = |(at, fact): (usize, &FactVectors)| {
            let best = (0..near.len()).max_by(|a, b| near[*a].mean[at].total_cmp(&near[*b].mean[at])).unwrap_or(0);
            let mut features = features(&near, (at, best), knowledge.fact(&fact.id)?, &asked);
            features.extend(heard.as_ref()?.get(at)?);
            let probability = WEIGHTS.as_ref()?.probability(&features);
            let item = Arc::clone(self.items.get(at)?);
            Some(Aim { fact: fact.id.clone(), probability, span: spans.get(best)?.clone(), features, item, read: None })
        };
        let mut aims: Vec<Aim> = self.facts.iter().enumerate().filter_map(aim).collect();
        closer::look((&mut aims, &self.readings), (said, state), (matcher, language));
        Some(aims)
    }

    fn near(&self, mut vector: Vec<f32>) -> Near {
        centre(&mut vector, &self.asking);
        let nearest = |rows: &Vec<Vec<f32>>| {
            rows.iter().map(|row| cosine(row, &vector)).max_by(f32::total_cmp).unwrap_or(NO_TEXT)
        };
        let kinds: Vec<[f32; KINDS]> =
            self.facts.iter().map(|fact| std::array::from_fn(|kind| nearest(&fact.kinds[kind]))).collect();
        let mean: Vec<f32> = kinds.iter().map(|kinds| kinds.iter().sum::<f32>() / KINDS as f32).collect();
        Near { kinds, mean }
    }
}

/// Embeds with `matcher`, each text once; of one the vector is known.
fn once_each(matcher: &Matcher, (said, vector): (&str, Vec<f32>)) -> impl Fn(&[&str]) -> Option<Vec<Vec<f32>>> {
    let known = RefCell::new(HashMap::from([(said.to_owned(), vector)]));
    move |texts| {
        let mut new: Vec<&str> = texts.iter().copied().filter(|text| !known.borrow().contains_key(*text)).collect();
        new.sort_unstable();
        new.dedup();
        let vectors = if new.is_empty() { Vec::new() } else { matcher.embed(&new)? };
        known.borrow_mut().extend(new.into_iter().map(str::to_owned).zip(vectors));
        texts.iter().map(|text| known.borrow().get(*text).cloned()).collect()
    }
}

/// How near one stretch of words is to each fact.
struct Near {
    kinds: Vec<[f32; KINDS]>,
    mean: Vec<f32>,
}

impl Near {
    /// How many facts are nearer than the one at `at`.
    fn rank(&self, at: usize) -> usize {
        self.mean.iter().filter(|other| **other > self.mean[at]).count()
    }

    /// How far the fact is ahead of the next, or behind the first.
    fn lead(&self, at: usize) -> f32 {
        let others = self.mean.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, mean)| *mean);
        self.mean[at] - others.max_by(f32::total_cmp).unwrap_or(0.0)
    }

    fn standardised(&self, at: usize) -> f32 {
        let count = self.mean.len().max(1) as f32;
        let centre = self.mean.iter().sum::<f32>() / count;
        let deviation = (self.mean.iter().map(|mean| (mean - centre).powi(2)).sum::<f32>() / count).sqrt();
        (self.mean[at] - centre) / deviation.max(1e-3)
    }
}

/// The values of [`AIM_FEATURES`].
fn features(near: &[Near], (at, best): (usize, usize), fact: &Fact, asked: &Asked<'_>) -> Vec<f64> {
    let most = |value: fn(&Near, usize) -> f32| near.iter().map(|near| value(near, at)).fold(f32::MIN, f32::max);
    let flag = |holds: bool| if holds { 1.0 } else { 0.0 };
    let kinds = near[best].kinds[at].map(f64::from);
    let ranks: Vec<usize> = near.iter().map(|near| near.rank(at)).collect();
    let hits: Vec<&TopicHit> = asked.understood.clauses.iter().flat_map(|clause| &clause.topics).collect();
    let score = |holds: &dyn Fn(&TopicHit) -> bool| {
        hits.iter().filter(|hit| holds(hit)).map(|hit| hit.score).fold(0.0, f64::max)
    };
    let answers = |hit: &TopicHit| asked.knowledge.answering(&hit.topic).iter().any(|other| other.id == fact.id);
    let of_node = |hit: &TopicHit| {
        let node = hit.topic.node();
        fact.topic.node() == node || fact.also.iter().any(|also| also.node() == node)
    };
    let answering = score(&answers);
    let node = score(&of_node);
    let in_focus = asked.state.context.focus.first().is_some_and(|focus| focus.node() == fact.topic.node());
    let mut values = kinds.to_vec();
    values.extend([
        f64::from(near[best].mean[at]),
        f64::from(most(Near::standardised)),
        f64::from(most(Near::lead)),
        flag(ranks.contains(&0)),
        flag(ranks.first() == Some(&0)),
        flag(ranks.iter().any(|rank| *rank < 3)),
        answering,
        score(&|hit| hit.method == MatchMethod::Lexicon && answers(hit)),
        node,
        score(&|hit| hit.topic == fact.topic),
        (node - answering).max(0.0),
        score(&|hit| hit.topic.kind() != knowledge_graph::TopicKind::Consultation && !of_node(hit) && !answers(hit)),
        flag(in_focus),
        flag(in_focus && asked.brief),
        flag(asked.state.told.contains(&fact.id)),
        flag(asked.chinese),
    ]);
    values
}

fn mean<'v>(rows: impl Iterator<Item = &'v Vec<f32>>) -> Vec<f32> {
    let mut sum: Vec<f32> = Vec::new();
    let mut count = 0.0_f32;
    for row in rows {
        sum.resize(row.len(), 0.0);
        sum.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
        count += 1.0;
    }
    for x in &mut sum {
        *x /= count.max(1.0);
    }
    sum
}

/// Moves `row` by minus `mean` and gives it the length one.
fn centre(row: &mut [f32], mean: &[f32]) {
    for (x, mean) in row.iter_mut().zip(mean) {
        *x -= mean;
    }
    let length = row.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-6);
    for x in row {
        *x /= length;
    }
}
