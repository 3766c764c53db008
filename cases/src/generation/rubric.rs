//! What a student should ask: weights follow how much the answer separates the diagnoses.

use knowledge_graph::{
    Bilingual, Facet, Section, TopicId, TopicKind,
    format::{Disease, Evidence, Finding, PresentsWith},
    lower_first,
};

use super::{
    picture::{BACKGROUND, Picture, share, topic},
    symptoms::{section, telling_absences},
};
use crate::{
    format::{Fact, RubricItem},
    problem::both,
};

/// Items of a generated rubric at most.
const MOST_ITEMS: usize = 34;
/// Critical items at most: a station fails on one.
const MOST_CRITICAL: usize = 6;
/// An item's weight, least and greatest.
const WEIGHTS: (f64, f64) = (0.5, 2.5);

/// A line of the rubric that every case has: id, section, topics any of which earns it, weight,
/// whether it is critical, English and Chinese text.
pub(super) type Line = (&'static str, Section, &'static [&'static str], f64, bool, &'static str, &'static str);

pub(super) const GENERAL: &[Line] = &[
    (
        "general-condition",
        Section::GeneralCondition,
        &[
            "history:general-condition",
            "history:appetite",
            "history:sleep",
            "history:bowel-habit",
            "history:urination",
            "history:weight",
        ],
        1.0,
        false,
        "Asks about appetite, sleep, bowels, urine or weight",
        "询问饮食、睡眠、二便、体重",
    ),
    (
        "course-of-care",
        Section::CourseOfCare,
        &[
            "course:previous-consultation",
            "course:previous-tests",
            "course:previous-treatment",
            "course:self-medication",
            "course:treatment-effect",
        ],
        1.0,
        false,
        "Asks what has been done or taken for it so far, and its effect",
        "询问发病后诊治、用药及效果",
    ),
    (
        "past-conditions",
        Section::PastHistory,
        &["history:past-conditions"],
        1.0,
        false,
        "Asks about long-term illnesses",
        "询问既往疾病",
    ),
    ("surgery", Section::PastHistory, &["history:surgery"], 0.5, false, "Asks about operations", "询问手术史"),
    (
        "current-drugs",
        Section::Drugs,
        &["history:current-drugs"],
        1.0,
        false,
        "Asks which medicines the patient takes",
        "询问目前用药",
    ),
    (
        "drug-allergy",
        Section::Allergies,
        &["history:drug-allergy"],
        1.0,
        true,
        "Asks about drug allergies",
        "询问药物过敏史",
    ),
    (
        "family-history",
        Section::FamilyHistory,
        &["history:family-history"],
        1.0,
        false,
        "Asks about illness in the family",
        "询问家族史",
    ),
    ("smoking", Section::SocialHistory, &["history:smoking"], 1.0, false, "Asks about smoking", "询问吸烟史"),
    ("alcohol", Section::SocialHistory, &["history:alcohol"], 0.5, false, "Asks about alcohol", "询问饮酒史"),
    (
        "home-and-work",
        Section::SocialHistory,
        &["history:living-situation", "history:occupation", "identity:occupation"],
        0.5,
        false,
        "Asks about work or home",
        "询问职业或居住情况",
    ),
    (
        "last-period",
        Section::MenstrualObstetric,
        &["history:lmp"],
        1.0,
        false,
        "Asks about the last menstrual period",
        "询问末次月经",
    ),
    (
        "idea-concern",
        Section::Perspective,
        &["perspective:idea", "perspective:concern"],
        1.0,
        false,
        "Asks what the patient thinks it is or worries about",
        "询问患者的想法与担忧",
    ),
    (
        "expectation-impact",
        Section::Perspective,
        &["perspective:expectation", "perspective:impact"],
        0.5,
        false,
        "Asks what the patient hopes for or how life is affected",
        "询问患者的期望及疾病影响",
    ),
];

/// What differs and what is added where a carer speaks for a small child: id of the line.
const CHILD: &[Line] = &[
    (
        "general-condition",
        Section::GeneralCondition,
        &["history:appetite", "history:sleep", "history:bowel-habit", "history:urination", "history:weight"],
        1.0,
        true,
        "Asks about feeding, wet nappies, bowels, sleep or growth",
        "询问进食、尿量、大便、睡眠、生长",
    ),
    (
        "birth",
        Section::PastHistory,
        &["history:childhood-illness"],
        1.0,
        false,
        "Asks about the birth and the first weeks",
        "询问出生史",
    ),
    (
        "vaccination",
        Section::PastHistory,
        &["history:vaccination"],
        1.0,
        false,
        "Asks whether vaccinations are up to date",
        "询问预防接种史",
    ),
    ("feeding", Section::PastHistory, &["history:diet"], 0.5, false, "Asks what the child is fed", "询问喂养史"),
    (
        "smoking",
        Section::SocialHistory,
        &["history:smoking"],
        0.5,
        false,
        "Asks whether anyone smokes at home",
        "询问家中有无人吸烟",
    ),
    (
        "contact",
        Section::SocialHistory,
        &["history:sick-contact"],
        1.0,
        false,
        "Asks whether anyone around the child is ill",
        "询问周围有无人生病",
    ),
    (
        "home-and-work",
        Section::SocialHistory,
        &["history:living-situation", "identity:occupation"],
        0.5,
        false,
        "Asks who looks after the child",
        "询问由谁照看、家庭情况",
    ),
    (
        "idea-concern",
        Section::Perspective,
        &["perspective:idea", "perspective:concern"],
        1.0,
        false,
        "Asks what the carer thinks it is or worries about",
        "询问家长的想法与担忧",
    ),
    (
        "expectation-impact",
        Section::Perspective,
        &["perspective:expectation", "perspective:impact"],
        0.5,
        false,
        "Asks what the carer hopes for or how the family is affected",
        "询问家长的期望及对家庭的影响",
    ),
];

/// The lines every rubric has, for who speaks.
fn lines(picture: &Picture<'_>) -> impl Iterator<Item = Line> {
    let child: &[Line] = if picture.by_carer() { CHILD } else { &[] };
    let changed = |line: &Line| child.iter().find(|other| other.0 == line.0).copied();
    let added = child.iter().filter(|line| GENERAL.iter().all(|other| other.0 != line.0)).copied();
    GENERAL.iter().map(move |line| changed(line).unwrap_or(*line)).chain(added)
}

/// The rubric: attributes of the complaint, accompanying symptoms, then what every history holds.
pub(super) fn items(picture: &Picture<'_>, facts: &[Fact]) -> Vec<RubricItem> {
    let mut rubric = Rubric { picture, facts, items: Vec::new() };
    rubric.attributes();
    let general: Vec<RubricItem> = lines(picture).filter_map(|line| rubric.general(&line)).collect();
    let room = MOST_ITEMS.saturating_sub(rubric.items.len() + general.len());
    let accompanying = rubric.accompanying();
    let factors = rubric.risk_factors();
    let kept_factors = factors.len().min(room / 3);
    rubric.items.extend(accompanying.into_iter().take(room - kept_factors));
    rubric.items.extend(factors.into_iter().take(kept_factors));
    rubric.items.extend(general);
    rubric.limit_critical();
    rubric.items
}

struct Rubric<'p, 'g> {
    picture: &'p Picture<'g>,
    facts: &'p [Fact],
    items: Vec<RubricItem>,
}

impl<'g> Rubric<'_, 'g> {
    fn is_answered(&self, topic: &TopicId) -> bool {
        self.facts.iter().any(|fact| fact.topic == *topic || fact.also.contains(topic))
    }

    /// One item for each attribute of the complaint that the patient can tell.
    fn attributes(&mut self) {
        let complaint = self.picture.complaint_topic();
        let name = &self.picture.complaint.finding.name;
        let separating: Vec<&TopicId> =
            self.picture.disease.differential.iter().flat_map(|edge| &edge.topics).collect();
        for facet in Facet::ALL {
            let topic = complaint.with_facet(*facet);
            if !self.is_answered(&topic) {
                continue;
            }
            let separates = separating.contains(&&topic);
            self.items.push(RubricItem {
                id: format!("{}-{facet}", complaint.name()),
                text: facet_text(*facet, name),
                section: Section::PresentIllness,
                critical: *facet == Facet::Onset,
                weight: if separates { 1.5 } else { 1.0 },
                topics: vec![topic],
                why: None,
            });
        }
    }

    /// Symptoms present and symptoms denied, the most telling first.
    fn accompanying(&self) -> Vec<RubricItem> {
        let disease = self.picture.disease;
        let present = self.picture.symptoms.iter().map(|shown| (shown.finding, self.power(disease, shown.edge)));
        let absent = telling_absences(self.picture).into_iter().filter_map(|absence| {
            let edge = absence.would_show.presents_with.iter().find(|edge| edge.finding == absence.finding.id)?;
            Some((absence.finding, self.power(absence.would_show, edge)))
        });
        let mut ranked: Vec<(&'g Finding, f64)> =
            present.chain(absent).filter(|(finding, _)| self.is_answered(&topic(finding))).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.id.cmp(&b.0.id)));
        ranked.into_iter().map(|(finding, power)| accompanying_item(finding, power)).collect()
    }

    /// |ln LR| of the finding's presence: published, else derived from how often the disease and
    /// the ones it is confused with show it. 0 when the evidence is unverified, so that a claim
    /// nobody can check never decides a grade.
    fn power(&self, disease: &Disease, edge: &PresentsWith) -> f64 {
        let graph = self.picture.graph;
        if graph.evidence(&edge.provenance) == Evidence::Unverified {
            return 0.0;
        }
        if let Some(ratio) = edge.lr_positive.filter(|ratio| *ratio > 0.0) {
            return ratio.ln().abs();
        }
        if edge.frequency_evidence == Some(Evidence::Unverified) {
            return 0.0;
        }
        let others: Vec<f64> = std::iter::once(self.picture.disease)
            .chain(self.picture.mimics())
            .filter(|other| other.id != disease.id)
            .map(|other| self.picture.share_in(other, &edge.finding).unwrap_or(BACKGROUND))
            .collect();
        let mean = others.iter().sum::<f64>() / others.len().max(1) as f64;
        (share(edge).max(0.02) / mean.max(0.02)).ln().abs()
    }

    fn risk_factors(&self) -> Vec<RubricItem> {
        let told = self.facts.iter().filter(|fact| fact.topic.kind() == TopicKind::RiskFactor);
        told.filter_map(|fact| {
            let factor = self.picture.graph.risk_factor(fact.topic.name())?;
            let covered =
                fact.also.iter().any(|topic| GENERAL.iter().any(|line| line.2.contains(&topic.to_string().as_str())));
            if covered {
                return None;
            }
            let section = self.picture.graph.topic(&fact.topic).and_then(|info| info.section);
            Some(RubricItem {
                id: format!("risk-{}", factor.id),
                text: about(&factor.name),
                section: section.unwrap_or(Section::PastHistory),
                topics: std::iter::once(fact.topic.clone()).chain(factor.asked_as.clone()).collect(),
                critical: false,
                weight: 1.0,
                why: None,
            })
        })
        .collect()
    }

    fn general(&self, line: &Line) -> Option<RubricItem> {
        let (id, section, topics, weight, critical, en, zh) = *line;
        let mut topics: Vec<TopicId> = topics
            .iter()
            .filter_map(|text| text.parse().ok())
            .filter(|topic| self.picture.graph.topic_exists(topic))
            .collect();
        // "Do you have diabetes?" earns "long-term illnesses" in somebody who has it.
        let particular: Vec<TopicId> = self
            .facts
            .iter()
            .filter(|fact| {
                fact.topic.kind() != TopicKind::Finding && fact.also.iter().any(|topic| topics.contains(topic))
            })
            .flat_map(|fact| std::iter::once(&fact.topic).chain(&fact.also))
            .filter(|topic| !topics.contains(topic))
            .cloned()
            .collect();
        topics.extend(particular);
        topics.dedup();
        let answered = topics.iter().any(|topic| self.is_answered(topic));
        answered.then(|| RubricItem {
            id: id.to_owned(),
            text: both(en, zh),
            section,
            topics,
            critical,
            weight,
            why: None,
        })
    }

    fn limit_critical(&mut self) {
        let mut left = MOST_CRITICAL;
        // From the end: the general ones are few and always due.
        for item in self.items.iter_mut().rev().filter(|item| item.critical) {
            item.critical = left > 0;
            left = left.saturating_sub(1);
        }
    }
}

fn accompanying_item(finding: &Finding, power: f64) -> RubricItem {
    let weight = if power > 0.0 { 0.5 + power / 2.0 } else { 1.0 };
    RubricItem {
        id: format!("asks-{}", finding.id),
        text: about(&finding.name),
        section: section(finding),
        topics: vec![topic(finding)],
        critical: finding.red_flag && power > 0.0,
        weight: (weight.clamp(WEIGHTS.0, WEIGHTS.1) * 2.0).round() / 2.0,
        why: None,
    }
}

pub(super) fn about(name: &Bilingual) -> Bilingual {
    both(format!("Asks about {}", lower_first(&name.en)), format!("询问有无{}", name.zh))
}

pub(super) fn facet_text(facet: Facet, name: &Bilingual) -> Bilingual {
    let (en, zh) = (lower_first(&name.en), &name.zh);
    let (asks, ask) = match facet {
        Facet::Site => (format!("Asks where the {en} is"), format!("询问{zh}的部位")),
        Facet::Onset => (format!("Asks when and how the {en} began"), format!("询问{zh}的起病时间与方式")),
        Facet::Duration => (format!("Asks how long the {en} lasts"), format!("询问{zh}的持续时间")),
        Facet::Character => (format!("Asks what the {en} is like"), format!("询问{zh}的性质")),
        Facet::Radiation => (format!("Asks whether the {en} spreads"), format!("询问{zh}有无放射")),
        Facet::TimeCourse => (format!("Asks how the {en} has changed over time"), format!("询问{zh}的时间规律与变化")),
        Facet::Frequency => (format!("Asks how often the {en} comes"), format!("询问{zh}的频率")),
        Facet::Trigger => (format!("Asks what brought on the {en}"), format!("询问{zh}的诱因")),
        Facet::Aggravating => (format!("Asks what makes the {en} worse"), format!("询问{zh}的加重因素")),
        Facet::Relieving => (format!("Asks what makes the {en} better"), format!("询问{zh}的缓解因素")),
        Facet::Severity => (format!("Asks how bad the {en} is"), format!("询问{zh}的程度")),
        Facet::Amount => (format!("Asks how much there is of the {en}"), format!("询问{zh}的量")),
        Facet::Appearance => (format!("Asks what the {en} looks like"), format!("询问{zh}的颜色性状")),
        Facet::Previous => (format!("Asks whether the {en} happened before"), format!("询问既往有无类似{zh}")),
        Facet::Impact => (format!("Asks what the {en} keeps the patient from doing"), format!("询问{zh}对生活的影响")),
        Facet::Reaction => (format!("Asks what reaction there was to the {en}"), format!("询问{zh}的反应表现")),
        Facet::Dose => (format!("Asks about dose and regularity of the {en}"), format!("询问{zh}的用法用量")),
        Facet::Detail => (format!("Asks for particulars of the {en}"), format!("询问{zh}的具体情况")),
    };
    both(asks, ask)
}
