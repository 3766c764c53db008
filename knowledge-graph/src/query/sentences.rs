//! The words in which reasons are given.

use crate::{
    Bilingual, Facet, Graph, Language, Section,
    format::{
        Comorbidity, Disease, Evidence, Frequency, Mimics, PresentsWith, Provenance, RiskFor, TestedBy, TreatedBy,
    },
    topic_info::{lower_first, within_sentence},
};

/// Adds a sentence.
pub(super) fn append(text: &mut Bilingual, more: &Bilingual) {
    if !text.en.is_empty() {
        text.en.push(' ');
    }
    text.en.push_str(&more.en);
    text.zh.push_str(&more.zh);
}

/// Goes on in the same sentence.
fn add(text: &mut Bilingual, en: &str, zh: &str) {
    text.en.push_str(en);
    text.zh.push_str(zh);
}

fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// "(Klompas, 2002)", or that no source is named.
fn citation(graph: &Graph, provenance: &Provenance) -> Bilingual {
    let source = provenance.source.as_deref().and_then(|id| graph.source(id));
    match source {
        Some(source) if graph.evidence(provenance) != Evidence::Unverified => Bilingual {
            en: format!(" ({})", source.short_citation(Language::En)),
            zh: format!("（{}）", source.short_citation(Language::Zh)),
        },
        _ => Bilingual { en: " (not yet verified)".to_owned(), zh: "（尚未核实）".to_owned() },
    }
}

fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 1.0 { "<1%".to_owned() } else { format!("{percent:.0}%") }
}

/// "about 64%", "40–60%" or "31 of 100", in both languages.
fn how_often(graph: &Graph, edge: &PresentsWith) -> Option<Bilingual> {
    let (mut en, mut zh) = match edge.frequency.as_ref()? {
        Frequency::Point(share) => (format!("about {}", percent(*share)), format!("约 {}", percent(*share))),
        Frequency::Range([low, high]) => {
            let range = format!("{:.0}–{}", low * 100.0, percent(*high));
            (range.clone(), format!("约 {range}"))
        }
        frequency @ Frequency::Count(_) => {
            let (cases, patients) = frequency.count()?;
            let share = percent(f64::from(cases) / f64::from(patients));
            (format!("{share} ({cases} of {patients})"), format!("{share}（{cases}/{patients}）"))
        }
    };
    if edge.frequency_source.is_some() {
        let cited = citation(graph, &edge.frequency_provenance());
        en.push_str(&cited.en);
        zh.push_str(&cited.zh);
    }
    if edge.frequency_evidence == Some(Evidence::Unverified) {
        en.push_str(" (an estimate)");
        zh.push_str("（估计值）");
    }
    Some(Bilingual { en, zh })
}

fn finding_name(graph: &Graph, finding: &str) -> Bilingual {
    graph.finding(finding).map(|node| node.name.clone()).unwrap_or_default()
}

/// "Tearing chest pain is found in 40–60% of patients with aortic dissection, but in about 5% of
/// those with … . Its presence multiplies the odds by 10.8. (Klompas, 2002)"
pub(super) fn presents_with(
    graph: &Graph,
    disease: &Disease,
    edge: &PresentsWith,
    contrast: Option<&(&Disease, f64)>,
) -> Bilingual {
    let finding = finding_name(graph, &edge.finding);
    let name = within_sentence(&disease.name.en);
    let mut text = match how_often(graph, edge) {
        Some(often) => Bilingual {
            en: format!("{} is found in {} of patients with {name}", finding.en, often.en),
            zh: format!("{}患者中{}有{}", disease.name.zh, often.zh, finding.zh),
        },
        None if edge.excluded => Bilingual {
            en: format!("{} argues against {name}", finding.en),
            zh: format!("{}不支持{}", finding.zh, disease.name.zh),
        },
        None => Bilingual {
            en: format!("{} belongs to the picture of {name}", finding.en),
            zh: format!("{}是{}的表现之一", finding.zh, disease.name.zh),
        },
    };
    if let Some((other, share)) = contrast {
        let share = percent(*share);
        add(
            &mut text,
            &format!(", but in about {share} of those with {}", within_sentence(&other.name.en)),
            &format!("，而{}中约 {share}", other.name.zh),
        );
    }
    let ratio = ratios(edge, disease);
    let cited = citation(graph, &edge.provenance);
    add(&mut text, &format!("{}{}.", ratio.en, cited.en), &format!("{}{}。", ratio.zh, cited.zh));
    text
}

/// What the published ratios say.
fn ratios(edge: &PresentsWith, disease: &Disease) -> Bilingual {
    let name = &disease.name.zh;
    let (en, zh) = match (edge.lr_positive, edge.lr_negative) {
        (Some(positive), Some(negative)) => (
            format!("; its presence multiplies the odds by {positive}, its absence by {negative}"),
            format!("；有此表现时{name}的可能性比数乘以 {positive}，没有时乘以 {negative}"),
        ),
        (Some(positive), None) => (
            format!("; its presence multiplies the odds by {positive}"),
            format!("；有此表现时{name}的可能性比数乘以 {positive}"),
        ),
        (None, Some(negative)) => (
            format!("; its absence multiplies the odds by {negative}"),
            format!("；没有此表现时{name}的可能性比数乘以 {negative}"),
        ),
        (None, None) => (String::new(), String::new()),
    };
    Bilingual { en, zh }
}

/// "Fever would point to pneumonia instead …".
pub(super) fn points_elsewhere(graph: &Graph, disease: &Disease, other: &Disease, edge: &PresentsWith) -> Bilingual {
    let finding = finding_name(graph, &edge.finding);
    let cited = citation(graph, &edge.provenance);
    let often = how_often(graph, edge).map_or_else(Bilingual::default, |often| Bilingual {
        en: format!(", where it is found in {}", often.en),
        zh: format!("（其中{}有此表现）", often.zh),
    });
    Bilingual {
        en: format!(
            "{} would point to {} rather than {}{}{}.",
            finding.en,
            within_sentence(&other.name.en),
            within_sentence(&disease.name.en),
            often.en,
            cited.en
        ),
        zh: format!("若有{}，则更支持{}{}而不是{}{}。", finding.zh, other.name.zh, often.zh, disease.name.zh, cited.zh),
    }
}

/// What separates the disease from another.
pub(super) fn separates(graph: &Graph, disease: &Disease, edge: &Mimics) -> Bilingual {
    let other = graph.disease(&edge.disease).map(|other| other.name.clone()).unwrap_or_default();
    let cited = citation(graph, &edge.provenance);
    let end = |text: &str| text.trim().trim_end_matches(['.', '。']).to_owned();
    Bilingual {
        en: format!(
            "It separates {} from {}: {}{}.",
            within_sentence(&disease.name.en),
            within_sentence(&other.en),
            lower_first(&end(&edge.separates.en)),
            cited.en
        ),
        zh: format!("它有助于鉴别{}与{}：{}{}。", disease.name.zh, other.zh, end(&edge.separates.zh), cited.zh),
    }
}

/// What a patient with the disease typically says of a facet.
pub(super) fn typical(graph: &Graph, disease: &Disease, edge: &PresentsWith, facet: Facet) -> Option<Bilingual> {
    let said = edge.facets.get(&facet)?;
    let (en, zh) = (said.en.first()?, said.zh.first()?);
    let finding = finding_name(graph, &edge.finding);
    let facet = &graph.facet_phrases(facet)?.name;
    let cited = citation(graph, &edge.provenance);
    Some(Bilingual {
        en: format!(
            "In {}, a typical answer about the {} of {} is “{en}”{}.",
            within_sentence(&disease.name.en),
            within_sentence(&facet.en),
            within_sentence(&finding.en),
            cited.en
        ),
        zh: format!("{}患者谈到{}的{}时，典型的回答是“{zh}”{}。", disease.name.zh, finding.zh, facet.zh, cited.zh),
    })
}

/// A facet of a finding of the disease, when nothing more is known of it.
pub(super) fn facet_of(graph: &Graph, disease: &Disease, finding: &str, facet: Facet) -> Option<Bilingual> {
    let finding = finding_name(graph, finding);
    let facet = &graph.facet_phrases(facet)?.name;
    Some(Bilingual {
        en: format!(
            "The {} of {} helps to tell {} from what resembles it.",
            within_sentence(&facet.en),
            within_sentence(&finding.en),
            within_sentence(&disease.name.en)
        ),
        zh: format!("{}的{}有助于把{}与相似疾病区分开。", finding.zh, facet.zh, disease.name.zh),
    })
}

/// "Smoking multiplies the risk of … by 2.9; 50% of patients have it."
pub(super) fn risk(graph: &Graph, disease: &Disease, edge: &RiskFor) -> Option<Bilingual> {
    let factor = &graph.risk_factor(&edge.factor)?.name;
    let cited = citation(graph, &edge.provenance);
    let name = within_sentence(&disease.name.en);
    let mut text = match edge.strength {
        Some(strength) if strength < 1.0 => Bilingual {
            en: format!("{} lowers the risk of {name} (to {strength} of it)", factor.en),
            zh: format!("{}使{}的风险降低（降至 {strength} 倍）", factor.zh, disease.name.zh),
        },
        Some(strength) => Bilingual {
            en: format!("{} multiplies the risk of {name} by about {strength}", factor.en),
            zh: format!("{}使{}的风险增至约 {strength} 倍", factor.zh, disease.name.zh),
        },
        None => Bilingual {
            en: format!("{} is a risk factor for {name}", factor.en),
            zh: format!("{}是{}的危险因素", factor.zh, disease.name.zh),
        },
    };
    if let Some(share) = edge.prevalence.map(percent) {
        let estimated = edge.prevalence_evidence == Some(Evidence::Unverified);
        let (en, zh) = if estimated { (" (an estimate)", "（估计值）") } else { ("", "") };
        add(
            &mut text,
            &format!("; about {share} of its patients have it{en}"),
            &format!("；约 {share} 的患者有此因素{zh}"),
        );
    }
    add(&mut text, &format!("{}.", cited.en), &format!("{}。", cited.zh));
    Some(text)
}

/// What the test shows in the disease.
pub(super) fn tested_by(graph: &Graph, disease: &Disease, edge: &TestedBy) -> Option<Bilingual> {
    let test = &graph.test(&edge.test)?.name;
    let cited = citation(graph, &edge.provenance);
    let end = |text: &str| text.trim().trim_end_matches(['.', '。']).to_owned();
    let weight = if edge.decisive { ("decides on", "可确定或排除") } else { ("helps with", "有助于诊断") };
    Some(Bilingual {
        en: format!(
            "{} {} {}; it typically shows: {}{}.",
            upper_first(&test.en),
            weight.0,
            within_sentence(&disease.name.en),
            end(&edge.result.en),
            cited.en
        ),
        zh: format!("{}{}{}，典型结果：{}{}。", test.zh, weight.1, disease.name.zh, end(&edge.result.zh), cited.zh),
    })
}

/// That the treatment is one of the disease.
pub(super) fn treated_by(graph: &Graph, disease: &Disease, edge: &TreatedBy) -> Option<Bilingual> {
    let treatment = &graph.treatment(&edge.treatment)?.name;
    let cited = citation(graph, &edge.provenance);
    let (en, zh) = match edge.role.as_str() {
        "first-line" => ("first-line treatment", "一线治疗"),
        "acute" => ("acute treatment", "急性期治疗"),
        "long-term" => ("long-term treatment", "长期治疗"),
        _ => ("definitive treatment", "根治性治疗"),
    };
    Some(Bilingual {
        en: format!("{} is {en} of {}{}.", treatment.en, within_sentence(&disease.name.en), cited.en),
        zh: format!("{}是{}的{zh}{}。", treatment.zh, disease.name.zh, cited.zh),
    })
}

/// That two diseases occur together and what that changes.
pub(super) fn comorbid(graph: &Graph, disease: &Disease, edge: &Comorbidity) -> Option<Bilingual> {
    let other = &graph.disease(&edge.disease)?.name;
    let cited = citation(graph, &edge.provenance);
    let mut text = Bilingual {
        en: format!("{} often occurs together with {}{}.", other.en, within_sentence(&disease.name.en), cited.en),
        zh: format!("{}常与{}同时存在{}。", other.zh, disease.name.zh, cited.zh),
    };
    if let Some(note) = &edge.note {
        append(&mut text, note);
    }
    Some(text)
}

/// Why a section of the history is taken of every patient.
pub(super) fn section(section: Section) -> Bilingual {
    let (en, zh) = match section {
        Section::Opening => (
            "A clear opening makes sure of the right patient and earns the trust that honest answers need.",
            "清楚的开场能核对患者身份，并建立坦诚回答所需的信任。",
        ),
        Section::PresentingComplaint => {
            ("The patient's own complaint sets what the consultation is about.", "患者的主诉决定了本次问诊的重点。")
        }
        Section::PresentIllness => (
            "Analysing the symptom is what separates the diseases that share it.",
            "对症状的细致分析是区分具有相同症状的疾病的关键。",
        ),
        Section::AssociatedSymptoms => (
            "Accompanying symptoms, present or absent, narrow the differential and reveal danger signs.",
            "伴随症状的有无可缩小鉴别诊断范围，并提示危险征象。",
        ),
        Section::GeneralCondition => (
            "Appetite, sleep, bowels, urine and weight show how much the illness affects the whole body.",
            "饮食、睡眠、大小便和体重反映疾病对全身的影响。",
        ),
        Section::CourseOfCare => (
            "What was already done and how it worked saves repetition and is evidence in itself.",
            "既往诊疗及其效果可避免重复检查，本身也是诊断依据。",
        ),
        Section::PastHistory => (
            "Earlier illnesses and operations change what is likely and what is safe.",
            "既往疾病和手术会改变诊断的可能性和治疗的安全性。",
        ),
        Section::Drugs => (
            "Drugs cause symptoms, hide them, and interact with what will be prescribed.",
            "药物可引起或掩盖症状，并可能与将要使用的药物相互作用。",
        ),
        Section::Allergies => {
            ("Allergies must be known before anything is prescribed.", "开具任何药物之前都必须了解过敏史。")
        }
        Section::FamilyHistory => (
            "Illness in the family points to inherited risk and shared exposure.",
            "家族史提示遗传风险和共同的暴露因素。",
        ),
        Section::SocialHistory => (
            "Habits, work and home show what the patient is exposed to and what help there is.",
            "生活习惯、职业和家庭情况反映暴露因素与可获得的支持。",
        ),
        Section::MenstrualObstetric => (
            "Menstrual, pregnancy and sexual history open diagnoses that are missed without it and decide what is safe.",
            "月经、妊娠和性生活史可提示容易漏诊的疾病，并关系到用药和检查的安全。",
        ),
        Section::SystemsReview => (
            "A review of the other systems finds what neither side thought of.",
            "系统回顾可发现双方都没有想到的问题。",
        ),
        Section::Perspective => (
            "What the patient thinks, fears and hopes for decides whether the advice will be followed.",
            "了解患者的想法、担忧和期望，决定了医嘱能否被接受和执行。",
        ),
        Section::Closing => (
            "A summary lets the patient correct mistakes and know what comes next.",
            "小结能让患者纠正误解，并清楚下一步安排。",
        ),
    };
    Bilingual { en: en.to_owned(), zh: zh.to_owned() }
}
