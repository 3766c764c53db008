//! The patient's past, drugs, family and life: comorbidities, risk factors, and what everyone knows.

use std::collections::BTreeSet;

use knowledge_graph::{
    Bilingual, BilingualList, TopicId, TopicKind,
    format::{Disease, RiskFactor, RiskFor, Treatment},
    lower_first,
};

use super::{
    carer::{self, Carer},
    dice::{Dice, capital},
    disease_edge,
    person::Person,
    picture::Picture,
    universal::{UNIVERSAL, Universal, Whom},
};
use crate::{
    format::{Disclosure, Fact, Sex},
    problem::both,
};

/// Risk factors told at most.
const MOST_FACTORS: usize = 6;
/// Drugs told of one comorbidity at most.
const MOST_DRUGS: usize = 2;
/// Diseases that stay for years though the graph lists no long-term treatment of them.
const LASTING: [&str; 24] = [
    "addisons-disease",
    "asthma",
    "b12-deficiency",
    "benign-prostatic-hyperplasia",
    "depression",
    "eczema",
    "epilepsy",
    "fabry-disease",
    "gerd",
    "generalised-anxiety-disorder",
    "hereditary-haemorrhagic-telangiectasia",
    "hiv-infection",
    "hyperthyroidism",
    "hypothyroidism",
    "iron-deficiency-anaemia",
    "multiple-sclerosis",
    "myasthenia-gravis",
    "osteoarthritis",
    "parkinsons-disease",
    "psoriasis",
    "systemic-lupus-erythematosus",
    "type-1-diabetes",
    "type-2-diabetes",
    "wilsons-disease",
];
/// Events, whatever is taken afterwards for the rest of one's life.
const EVENTS: [&str; 6] = [
    "acute-coronary-syndrome",
    "nephrotic-syndrome",
    "pre-eclampsia",
    "stroke",
    "pulmonary-embolism",
    "deep-vein-thrombosis",
];

/// Whether somebody who has had the disease for years has it still: a lupus, not a pneumonia.
pub(crate) fn is_lasting(disease: &Disease) -> bool {
    let treated = disease.treated_by.iter().any(|edge| edge.role == "long-term");
    let id = disease.id.as_str();
    (treated || LASTING.contains(&id)) && !EVENTS.contains(&id)
}

/// Risk factors only women of child-bearing age have.
const FEMALE_FACTORS: [&str; 10] = [
    "oral-contraceptive",
    "pregnancy",
    "intrauterine-device",
    "previous-pid",
    "previous-ectopic",
    "heavy-menstrual-loss",
    "family-pre-eclampsia",
    "nulliparity",
    "known-ovarian-cyst",
    "previous-miscarriage",
];
/// Risk factors that are not a matter of history in those who can speak for themselves.
const NOT_TOLD: [&str; 2] = ["older-age", "premature-birth"];
/// Risk factors a minor does not have.
const ADULT_FACTORS: [&str; 6] =
    ["smoking", "alcohol-excess", "illicit-drug-use", "occupational-dust", "new-sexual-partner", "unprotected-sex"];

/// Risk factors of student halls and barracks.
const STUDENT_FACTORS: [&str; 1] = ["crowded-living"];
/// Oldest age at which they are drawn.
const STUDENT: u8 = 29;

/// Risk factors drawn only in people under fifty.
const YOUNG_FACTORS: [&str; 3] = ["illicit-drug-use", "new-sexual-partner", "unprotected-sex"];

/// Facts of the background, in the order of the history.
///
/// A symptom in `told` that answers a general question (diarrhoea, the one about bowels) learns that
/// topic too.
pub(super) fn facts(picture: &Picture<'_>, person: &Person, told: &mut [Fact], dice: &mut Dice) -> Vec<Fact> {
    let mut history = History {
        picture,
        answered: topics_of(told),
        facts: Vec::new(),
        mentions_drugs: false,
        mentions_remedy: false,
    };
    for disease in &picture.comorbidities {
        history.comorbidity(disease, dice);
    }
    history.note_remedy(told);
    history.risk_factors(person, dice);
    let told_nodes = history.nodes(told);
    history.note_drugs(told);
    let statements = if person.carer.is_some() { carer::UNIVERSAL } else { UNIVERSAL };
    for universal in statements {
        if let Some((name, topic)) = history.universal(universal, person, &told_nodes, dice) {
            let mut known = told.iter_mut().chain(&mut history.facts);
            if let Some(fact) = known.find(|fact| fact.topic.name() == name && fact.topic.facet().is_none()) {
                fact.also.push(topic);
            }
        }
    }
    match &person.carer {
        Some(carer) => carer.identity(&person.name, &person.old()).into_iter().for_each(|fact| history.add(fact)),
        None => history.occupation(person),
    }
    history.facts
}

struct History<'p, 'g> {
    picture: &'p Picture<'g>,
    answered: BTreeSet<TopicId>,
    facts: Vec<Fact>,
    /// Whether something said implies a regular medicine.
    mentions_drugs: bool,
    /// Whether something said of the illness implies that something was taken for it.
    mentions_remedy: bool,
}

/// Symptoms of water kept in the body, and what the scales then say.
const SWELLING: [&str; 3] = ["leg-swelling", "abdominal-swelling", "periorbital-swelling"];
const HEAVIER: (&str, &str, &str, &str) =
    ("I've put on a few pounds since the swelling began.", "肿起来以后重了几斤。", "A few pounds more.", "重了几斤。");

/// Words that imply something taken for the complaint.
const REMEDY_WORDS: [&str; 14] = [
    "paracetamol",
    "ibuprofen",
    "painkiller",
    "antacid",
    "aspirin",
    "tablet",
    "medicine",
    "pills",
    "mixture",
    "syrup",
    "lozenge",
    "cream",
    "药",
    "糖浆",
];

/// Words that imply a regular medicine.
const DRUG_WORDS: [&str; 6] = ["tablet", "pill", "medicine", "inhaler", "insulin", "药"];

fn speaks_of(fact: &Fact, words: &[&str]) -> bool {
    let en = fact.tells.en.to_lowercase();
    words.iter().any(|word| en.contains(word) || fact.tells.zh.contains(word))
}

fn topics_of(facts: &[Fact]) -> BTreeSet<TopicId> {
    facts.iter().flat_map(|fact| std::iter::once(&fact.topic).chain(&fact.also)).cloned().collect()
}

impl History<'_, '_> {
    fn add(&mut self, fact: Fact) {
        self.answered.extend(std::iter::once(&fact.topic).chain(&fact.also).cloned());
        self.facts.push(fact);
    }

    /// Names of the findings and risk factors that are present.
    fn nodes(&self, told: &[Fact]) -> BTreeSet<String> {
        told.iter().chain(&self.facts).filter(|fact| fact.present).map(|fact| fact.topic.name().to_owned()).collect()
    }

    fn existing(&self, topics: impl IntoIterator<Item = TopicId>) -> Vec<TopicId> {
        topics.into_iter().filter(|topic| self.picture.graph.topic_exists(topic)).collect()
    }

    fn comorbidity(&mut self, disease: &Disease, dice: &mut Dice) {
        let years = dice.between(2, 12);
        let asked = [condition_topic(disease), Some(history("past-conditions"))];
        let also = self.existing(asked.into_iter().flatten());
        let (tells, brief) = if self.picture.by_carer() { Carer::has(disease) } else { has_had(disease, years) };
        let topic = TopicId::new(TopicKind::Disease, &disease.id);
        let source = format!("graph:{topic}");
        self.add(Fact {
            also,
            bother: 2,
            ..fact(format!("has-{}", disease.id), topic, true, tells, Some(brief), source)
        });
        if is_lasting(disease) || EVENTS.contains(&disease.id.as_str()) {
            self.drugs(disease);
        }
    }

    fn drugs(&mut self, disease: &Disease) {
        let drugs: Vec<&Treatment> = disease
            .treated_by
            .iter()
            .filter(|edge| matches!(edge.role.as_str(), "long-term" | "first-line"))
            .filter_map(|edge| self.picture.graph.treatment(&edge.treatment))
            .filter(|treatment| treatment.drug)
            .take(MOST_DRUGS)
            .collect();
        let Some(first) = drugs.first() else { return };
        let en: Vec<String> = drugs.iter().map(|drug| spoken(&drug.lay.en, &lower_first(&drug.name.en))).collect();
        let zh: Vec<String> = drugs.iter().map(|drug| spoken(&drug.lay.zh, &drug.name.zh)).collect();
        let who = if self.picture.by_carer() { "{he}'s" } else { "I'm" };
        let tells = both(format!("{who} on {} for that.", en.join(" and ")), format!("平时用着{}。", zh.join("和")));
        let brief = both(format!("{}.", capital(&en.join(" and "))), format!("{}。", zh.join("和")));
        let also = drugs[1..].iter().map(|drug| TopicId::new(TopicKind::Treatment, &drug.id));
        let also = self.existing(std::iter::once(history("current-drugs")).chain(also));
        let topic = TopicId::new(TopicKind::Treatment, &first.id);
        if self.answered.contains(&topic) {
            return;
        }
        let source = disease_edge(disease, TopicKind::Treatment, &first.id);
        self.add(Fact {
            also,
            bother: 2,
            ..fact(format!("drugs-{}", disease.id), topic, true, tells, Some(brief), source)
        });
    }

    fn risk_factors(&mut self, person: &Person, dice: &mut Dice) {
        let edges: Vec<&RiskFor> = self.picture.disease.risk_factor.iter().collect();
        for edge in edges {
            let draw = dice.unit();
            let Some(factor) = self.picture.graph.risk_factor(&edge.factor) else { continue };
            let full =
                self.facts.iter().filter(|fact| fact.topic.kind() == TopicKind::RiskFactor).count() >= MOST_FACTORS;
            let asked = factor.asked_as.clone();
            // One answer a question: a second smoker or a second diabetes would contradict the first.
            let taken = asked.as_ref().is_some_and(|topic| self.answered.contains(topic) && is_single(topic));
            if full || taken || !possible(factor, person) || draw >= prevalence(edge, factor) {
                continue;
            }
            let by_carer = person.carer.is_some();
            let said = if by_carer { carer::factor(&factor.id, &factor.tells) } else { Some(factor.tells.clone()) };
            let Some(said) = said else { continue };
            let also = self.existing(asked.into_iter().flat_map(|topic| self.with_past_conditions(topic)));
            let topic = TopicId::new(TopicKind::RiskFactor, &factor.id);
            let disclosure = if is_delicate(&factor.id) { Disclosure::NeedsTrust } else { Disclosure::Asked };
            let source = format!("graph:{topic}->disease:{}", self.picture.disease.id);
            let brief = Some(both("Yes.", "有。"));
            self.add(Fact { also, disclosure, bother: 2, ..fact(factor.id.clone(), topic, true, said, brief, source) });
        }
    }

    /// "A painkiller takes the edge off" answers what was taken for it, and nobody who says it took
    /// nothing.
    fn note_remedy(&mut self, told: &mut [Fact]) {
        let topic = TopicId::new(TopicKind::Course, "self-medication");
        let implied = |fact: &&mut Fact| fact.present && speaks_of(fact, &REMEDY_WORDS);
        let Some(fact) = told.iter_mut().find(implied) else { return };
        self.mentions_remedy = true;
        if self.picture.graph.topic_exists(&topic) && self.answered.insert(topic.clone()) {
            fact.also.push(topic);
        }
    }

    /// "I ran out of my water tablets" answers the question about medicines too, and nobody who says
    /// it takes none.
    fn note_drugs(&mut self, told: &mut [Fact]) {
        let topic = TopicId::new(TopicKind::History, "current-drugs");
        let implied = |fact: &&mut Fact| fact.present && speaks_of(fact, &DRUG_WORDS);
        let Some(fact) = told.iter_mut().chain(&mut self.facts).find(implied) else { return };
        self.mentions_drugs = true;
        if self.picture.graph.topic_exists(&topic) && self.answered.insert(topic.clone()) {
            fact.also.push(topic);
        }
    }

    /// Somebody with an old illness does not say "I've no illnesses" to the general question.
    fn with_past_conditions(&self, topic: TopicId) -> Vec<TopicId> {
        let general = TopicId::new(TopicKind::History, "past-conditions");
        let is_illness = topic != general && self.picture.graph.is_a(&topic, &general);
        if is_illness { vec![topic, general] } else { vec![topic] }
    }

    /// What everyone knows, unless something present says it better: that fact then answers the
    /// topic too.
    fn universal(
        &mut self,
        universal: &Universal,
        person: &Person,
        told: &BTreeSet<String>,
        dice: &mut Dice,
    ) -> Option<(&'static str, TopicId)> {
        let choice = dice.index(universal.says.len());
        let topic: TopicId = universal.topic.parse().ok()?;
        let is_known = self.answered.contains(&topic) || !self.picture.graph.topic_exists(&topic);
        if is_known || !fits(universal.whom, person) {
            return None;
        }
        let taken = universal.id == "no-drugs" && self.mentions_drugs
            || universal.id == "nothing-taken" && self.mentions_remedy;
        if taken {
            return None;
        }
        if let Some(name) = universal.unless.iter().find(|name| told.contains(**name)) {
            self.answered.insert(topic.clone());
            return Some((*name, topic));
        }
        let swollen =
            universal.id == "weight" && !self.picture.by_carer() && SWELLING.iter().any(|name| told.contains(*name));
        let said = if swollen { &HEAVIER } else { universal.says.get(choice)? };
        let (en, zh, brief_en, brief_zh) = *said;
        let also = universal.also.iter().filter_map(|text| text.parse().ok());
        let also = self.existing(also).into_iter().filter(|topic| !self.answered.contains(topic)).collect();
        let source = format!("graph:{topic}");
        self.add(Fact {
            also,
            disclosure: universal.disclosure,
            bother: universal.bother,
            ..fact(
                universal.id.to_owned(),
                topic,
                universal.present,
                both(en, zh),
                Some(both(brief_en, brief_zh)),
                source,
            )
        });
        None
    }

    fn occupation(&mut self, person: &Person) {
        let work = &person.occupation;
        let (en, zh) = (lower_first(&work.en), &work.zh);
        let article = if en.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        let tells = if person.retired {
            let former = en.trim_start_matches("retired ");
            let former_article = if former.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
            both(
                format!("I'm retired; I used to be {former_article} {former}."),
                format!("退休了，以前是{}。", zh.trim_start_matches("退休")),
            )
        } else {
            both(format!("I'm {article} {en}."), format!("我是{zh}。"))
        };
        let brief = both(format!("{}.", work.en), format!("{zh}。"));
        let topics = [TopicId::new(TopicKind::History, "occupation"), TopicId::new(TopicKind::Identity, "occupation")];
        let mut topics = self.existing(topics).into_iter();
        if let Some(topic) = topics.next() {
            let source = format!("graph:{topic}");
            let also = topics.filter(|topic| !self.answered.contains(topic)).collect();
            self.add(Fact { also, ..fact("occupation".to_owned(), topic, true, tells, Some(brief), source) });
        }
    }
}

/// What patients call a disease they live with, where its full name is the doctor's or names the
/// attack.
const CALLED: [(&str, &str, &str); 14] = [
    ("acute-coronary-syndrome", "a heart attack", "心梗"),
    ("addisons-disease", "Addison's disease", "艾迪生病"),
    ("benign-prostatic-hyperplasia", "an enlarged prostate", "前列腺增生"),
    ("copd-exacerbation", "COPD", "慢阻肺"),
    ("deep-vein-thrombosis", "a clot in the leg", "腿上的血栓"),
    ("eczema", "eczema", "湿疹"),
    ("generalised-anxiety-disorder", "anxiety", "焦虑症"),
    ("gerd", "acid reflux", "胃食管反流"),
    ("gout", "gout", "痛风"),
    ("inflammatory-bowel-disease", "inflammatory bowel disease", "炎症性肠病"),
    ("stroke", "a stroke", "脑中风"),
    ("tension-headache", "tension headaches", "紧张性头痛"),
    ("type-1-diabetes", "type 1 diabetes", "1型糖尿病"),
    ("type-2-diabetes", "type 2 diabetes", "2型糖尿病"),
];

/// What a patient says of another disease: that they have it, or had it once.
fn has_had(disease: &Disease, years: u16) -> (Bilingual, Bilingual) {
    let called = CALLED.iter().find(|(id, ..)| *id == disease.id).map(|(_, en, zh)| both(*en, *zh));
    let Bilingual { en, zh } = called.unwrap_or_else(|| both(lower_first(&disease.name.en), disease.name.zh.clone()));
    if is_lasting(disease) {
        let tells = both(format!("I've had {en} for {years} years."), format!("我有{zh}，{years}年了。"));
        return (tells, both(format!("Yes, {years} years."), format!("有，{years}年了。")));
    }
    let tells = both(format!("I had {en} {years} years ago."), format!("{years}年前得过{zh}。"));
    (tells, both(format!("Yes, {years} years ago."), format!("得过，{years}年前。")))
}

fn fact(id: String, topic: TopicId, present: bool, tells: Bilingual, brief: Option<Bilingual>, source: String) -> Fact {
    Fact {
        id,
        topic,
        also: Vec::new(),
        present,
        disclosure: Disclosure::Asked,
        bother: 1,
        tells,
        brief,
        variants: BilingualList::default(),
        source,
    }
}

fn history(name: &str) -> TopicId {
    TopicId::new(TopicKind::History, name)
}

/// Under which question a known disease comes up.
fn condition_topic(disease: &Disease) -> Option<TopicId> {
    let id = disease.id.as_str();
    let by_name = [
        ("diabetes", "diabetes"),
        ("asthma", "asthma"),
        ("tuberculosis", "tuberculosis"),
        ("cirrhosis", "liver-disease"),
        ("hepatitis", "liver-disease"),
        ("ulcer", "stomach-disease"),
        ("gerd", "stomach-disease"),
        ("kidney", "kidney-disease"),
        ("nephro", "kidney-disease"),
        ("thyroid", "thyroid-disease"),
        ("epilepsy", "epilepsy"),
        ("stroke", "stroke"),
        ("embolism", "thrombosis"),
        ("cancer", "cancer"),
    ];
    let named = by_name.iter().find(|(part, _)| id.contains(part)).map(|(_, topic)| *topic);
    let by_system = match disease.system.as_str() {
        "cardiovascular" => Some("heart-disease"),
        "respiratory" => Some("lung-disease"),
        "psychiatric" => Some("mental-health"),
        _ => None,
    };
    named.or(by_system).map(history)
}

/// Whether a topic can have one true answer only.
fn is_single(topic: &TopicId) -> bool {
    !matches!(
        topic.name(),
        "past-conditions"
            | "family-history"
            | "current-drugs"
            | "diet"
            | "occupational-exposure"
            | "stress"
            | "surgery"
    )
}

fn is_delicate(factor: &str) -> bool {
    ["alcohol", "drug-use", "sex", "pid", "depress"].iter().any(|part| factor.contains(part))
}

fn possible(factor: &RiskFactor, person: &Person) -> bool {
    let id = factor.id.as_str();
    if person.carer.is_some() {
        return id != "older-age" && !FEMALE_FACTORS.contains(&id);
    }
    let female = !FEMALE_FACTORS.contains(&id) || person.sex == Sex::Female && person.may_be_pregnant();
    let grown = person.is_adult() || !ADULT_FACTORS.contains(&id);
    let young = person.age < 50 || !YOUNG_FACTORS.contains(&id);
    let student = person.age <= STUDENT || !STUDENT_FACTORS.contains(&id);
    female && grown && young && student && !NOT_TOLD.contains(&id)
}

/// The share of patients with the disease who have the factor; from the background and the odds
/// ratio when no prevalence is given: p·r / (1 + p·(r − 1)).
fn prevalence(edge: &RiskFor, factor: &RiskFactor) -> f64 {
    edge.prevalence.unwrap_or_else(|| {
        let background = factor.background.unwrap_or(0.1);
        let ratio = edge.strength.unwrap_or(2.0);
        background * ratio / (1.0 + background * (ratio - 1.0))
    })
}

fn fits(whom: Whom, person: &Person) -> bool {
    match whom {
        Whom::Anyone => true,
        Whom::Adult => person.is_adult(),
        Whom::Minor => !person.is_adult(),
        Whom::Retired => person.retired,
        Whom::MayBePregnant => person.may_be_pregnant(),
        Whom::Baby => person.carer.as_ref().is_some_and(Carer::is_of_baby),
        Whom::Toddler => person.carer.as_ref().is_some_and(|carer| !carer.is_of_baby()),
        Whom::PastMenopause => person.sex == Sex::Female && person.age > 52,
    }
}

fn spoken(lay: &[String], name: &str) -> String {
    lay.first().cloned().unwrap_or_else(|| name.to_owned())
}
