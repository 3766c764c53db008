//! Which finding speaks for one disease rather than the one it is confused with.

use std::collections::BTreeSet;

use knowledge_graph::{
    Bilingual,
    format::{Disease, Evidence, Finding, FindingKind, Mimics, PresentsWith},
    query::compare,
};

use super::{
    VIEWS,
    dice::Dice,
    item::{Choice, Draft, Key, both},
    stock::{Stock, constitutional, topic},
    wording::{self, cited, how_often, sentence, significant},
};

/// The key's presence changes the odds against the rival by at least this, in both views.
const SEPARATES: f64 = 4.0;
/// And by this where the rival's entry is silent and neither says that it separates them.
const CARDINAL: f64 = 8.0;
/// A distractor's by at most this.
const SHARED: f64 = 1.5;
/// A factor above this is only said to be above: what a disease does not mention is an assumption.
const STRONG: f64 = 20.0;
/// Options.
const OPTIONS: usize = 4;

pub(super) fn draft<'g>(stock: &Stock<'g>, disease: &'g Disease, dice: &mut Dice) -> Option<Draft> {
    let mut rivals: Vec<(&Disease, &Mimics)> = disease
        .differential
        .iter()
        .filter_map(|edge| stock.graph.disease(&edge.disease))
        .filter(|rival| !stock.related(disease, rival))
        .filter_map(|rival| Some((rival, stock.separates(disease, rival)?)))
        .collect();
    dice.shuffle(&mut rivals);
    rivals.into_iter().find_map(|(rival, told)| Pair { stock, disease, rival, told }.draft(dice))
}

/// A disease, the one it is confused with, and what its entry says separates it.
struct Pair<'a, 'g> {
    stock: &'a Stock<'g>,
    disease: &'g Disease,
    rival: &'g Disease,
    told: &'g Mimics,
}

impl<'g> Pair<'_, 'g> {
    fn draft(&self, dice: &mut Dice) -> Option<Draft> {
        let complaint = self.complaint(dice)?;
        let mut findings = self.findings(complaint);
        dice.shuffle(&mut findings);
        let named = |finding: &Finding| self.told.topics.iter().any(|asked| asked.node() == topic(finding));
        let (key, factor) = *findings.iter().find(|(one, ratios)| {
            ratios.iter().all(|ratio| *ratio >= SEPARATES)
                // What the entry says separates them, what both entries speak of, or what brings one alone.
                && (named(one) || self.stock.verified(self.rival, one).is_some() || self.is_cardinal(one, *ratios))
                && has(self.disease, one)
                // What many illnesses bring speaks for one only where the other's entry says something of it.
                && (!(constitutional(one) || self.stock.is_common(one)) || self.rival.presents_with.iter().any(|edge| edge.finding == one.id))
        })?;
        let mut options = vec![(key, factor)];
        // What both have is the better distractor; what only the rival has comes after.
        findings.sort_by_key(|(finding, _)| !has(self.disease, finding));
        for (finding, ratios) in findings {
            // What the rival's entry does not list speaks for it only by the model's assumption.
            let lowest = ratios.iter().copied().fold(f64::INFINITY, f64::min);
            let shared =
                ratios.iter().all(|ratio| *ratio <= SHARED) && (has(self.rival, finding) || lowest >= 1.0 / SHARED);
            let apart = options.iter().all(|(one, _)| !self.stock.alike(one, finding));
            if options.len() < OPTIONS && shared && apart && comparable(finding, key) {
                options.push((finding, ratios));
            }
        }
        let shared = options.iter().any(|(one, _)| one.id != key.id && has(self.disease, one));
        if options.len() < OPTIONS || !shared {
            return None;
        }
        dice.shuffle(&mut options);
        self.written(complaint, key, &options)
    }

    /// Whether it is why patients with the disease come, and speaks strongly, of another body system than
    /// the rival, whose entry would list it if it were so there.
    fn is_cardinal(&self, finding: &Finding, ratios: [f64; 2]) -> bool {
        let brings = self.stock.verified(self.disease, finding).is_some_and(|edge| edge.presenting);
        brings && finding.system != self.rival.system && ratios.iter().all(|ratio| *ratio >= CARDINAL)
    }

    /// A symptom that brings patients with either.
    fn complaint(&self, dice: &mut Dice) -> Option<&'g Finding> {
        let shared: Vec<&Finding> = self
            .disease
            .presents_with
            .iter()
            .filter(|edge| {
                edge.presenting
                    && self.rival.presents_with.iter().any(|one| one.presenting && one.finding == edge.finding)
            })
            .filter_map(|edge| self.stock.graph.finding(&edge.finding))
            .filter(|finding| finding.kind == FindingKind::Symptom)
            .filter(|finding| !self.stock.hints(finding, self.disease) && !self.stock.hints(finding, self.rival))
            .collect();
        dice.pick(&shared).copied()
    }

    /// What either brings, with the factor by which its presence favours the disease, in each view.
    fn findings(&self, complaint: &Finding) -> Vec<(&'g Finding, [f64; 2])> {
        let compared = VIEWS.map(|view| {
            compare(self.stock.graph, &self.disease.id, &self.rival.id, None, &view).map(|one| one.findings)
        });
        let [Some(solid), Some(full)] = compared else { return Vec::new() };
        let of = |id: &str, all: &[knowledge_graph::query::Separation]| {
            all.iter().find(|one| one.finding == id).map(|one| one.present)
        };
        full.iter()
            .filter_map(|one| Some((self.stock.graph.finding(&one.finding)?, [of(&one.finding, &solid)?, one.present])))
            // What is named only to say that a disease does not bring it speaks for neither.
            .filter(|(finding, _)| has(self.disease, finding) || has(self.rival, finding))
            .filter(|(finding, _)| self.settled(finding) && !self.stock.alike(finding, complaint))
            .filter(|(finding, _)| !self.stock.hints(finding, self.disease) && !self.stock.hints(finding, self.rival))
            .collect()
    }

    /// Whether all that is said of the finding, or of one like it, in either disease is verified. What a
    /// rival has by an unverified claim would otherwise count as if it had it not.
    fn settled(&self, finding: &Finding) -> bool {
        [self.disease, self.rival].into_iter().all(|one| {
            one.presents_with.iter().all(|edge| {
                let like = edge.finding == finding.id
                    || self.stock.graph.finding(&edge.finding).is_some_and(|other| self.stock.alike(other, finding));
                let elsewhere = like && edge.finding != finding.id && one.id != self.disease.id;
                !like || (self.stock.graph.evidence(&edge.provenance) != Evidence::Unverified && !elsewhere)
            })
        })
    }

    /// "about 40% of acute pericarditis and no feature of acute coronary syndrome: odds between them ×7.1".
    fn rates(&self, finding: &Finding, ratios: [f64; 2]) -> Bilingual {
        let of = |one: &Disease| {
            let name = wording::disease(one);
            let edge = self.stock.verified(one, finding);
            match edge.map(|edge| (edge.excluded, how_often(edge))) {
                None => both(format!("not listed for {}", name.en), format!("{}条目未列", name.zh)),
                Some((true, _)) => both(format!("argues against {}", name.en), format!("不支持{}", name.zh)),
                Some((false, Some(share))) => both(format!("{share} in {}", name.en), format!("{}中{share}", name.zh)),
                Some((false, None)) => both(format!("found in {}", name.en), format!("见于{}", name.zh)),
            }
        };
        let (own, theirs) = (of(self.disease), of(self.rival));
        let sign = if own.en.contains('≈') || theirs.en.contains('≈') { "≈" } else { "" };
        let stronger = ratios[1].max(1.0 / ratios[1]);
        let factor =
            if stronger > STRONG { format!(">{STRONG:.0}") } else { format!("{sign}{}", significant(stronger, 2)) };
        both(
            format!("{}; {}; odds between them ×{factor}", own.en, theirs.en),
            format!("{}；{}；两病概率之比×{factor}", own.zh, theirs.zh),
        )
    }

    fn why(&self, finding: &Finding, ratios: [f64; 2], key: &Finding) -> Bilingual {
        let (own, theirs) = (wording::disease(self.disease), wording::disease(self.rival));
        let rates = self.rates(finding, ratios);
        let verdict = if finding.id == key.id {
            both(format!("Favours {}", own.en), format!("支持{}", own.zh))
        } else if ratios[1] < 1.0 / SHARED {
            both(format!("Favours {}", theirs.en), format!("更支持{}", theirs.zh))
        } else {
            both("Separates them too little".to_owned(), "鉴别价值不足".to_owned())
        };
        both(format!("{}: {}.", verdict.en, rates.en), format!("{}：{}。", verdict.zh, rates.zh))
    }

    fn written(&self, complaint: &Finding, key: &Finding, options: &[(&Finding, [f64; 2])]) -> Option<Draft> {
        let (own, theirs) = (wording::disease(self.disease), wording::disease(self.rival));
        let at = options.iter().position(|(option, _)| option.id == key.id)?;
        let (_, ratios) = options.get(at)?;
        let mut sources: BTreeSet<String> = self.told.provenance.source.clone().into_iter().collect();
        let edge = self.stock.verified(self.disease, key)?;
        sources.extend(edge.provenance.source.clone());
        let by = cited(self.stock.graph, &edge.provenance)?;
        let (rates, brings) = (self.rates(key, *ratios), wording::finding(complaint));
        Some(Draft {
            stem: both(
                format!("A patient presents with {}. You are weighing {} against {}.", brings.en, own.en, theirs.en),
                format!("患者因{}就诊，鉴别诊断包括{}、{}。", brings.zh, own.zh, theirs.zh),
            ),
            question: both(
                format!("Which additional finding would most favour {}?", own.en),
                format!("下列哪项最支持{}的诊断？", own.zh),
            ),
            choices: options
                .iter()
                .map(|(finding, ratios)| Choice { text: finding.name.clone(), why: self.why(finding, *ratios, key) })
                .collect(),
            key: Key::One(at),
            explanation: both(
                format!("{}: {} ({}). {}", key.name.en, rates.en, by.en, sentence(&self.told.separates.en)),
                format!("{}：{}（{}）。{}", key.name.zh, rates.zh, by.zh, self.told.separates.zh),
            ),
            prompts: Vec::new(),
            sources,
            topics: vec![topic(key)],
        })
    }
}

fn has(disease: &Disease, finding: &Finding) -> bool {
    disease.presents_with.iter().any(|edge| edge.finding == finding.id && !edge.excluded && of_everybody(edge))
}

/// Whether the edge holds of all adults with the disease: nobody's age and sex are given.
fn of_everybody(edge: &PresentsWith) -> bool {
    edge.sex.is_none() && edge.min_age.is_none_or(|age| age <= 18) && edge.max_age.is_none()
}

/// Whether two findings are learned in the same way, so that neither stands out among the options.
fn comparable(a: &Finding, b: &Finding) -> bool {
    let way = |finding: &Finding| match finding.kind {
        FindingKind::Symptom => 0,
        FindingKind::Sign => 1,
        FindingKind::Laboratory | FindingKind::Imaging => 2,
    };
    way(a) == way(b)
}
