//! What a likelihood ratio does to a probability.

use knowledge_graph::{
    Bilingual,
    format::{Disease, Finding, FindingKind, PresentsWith},
};

use super::{
    dice::Dice,
    item::{Choice, Draft, Key, both},
    stock::{Stock, topic},
    wording::{self, cited, percent, sentence, significant},
};

/// Pre-test probabilities.
const BEFORE: [f64; 8] = [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6];
/// A ratio nearer to 1 than this teaches nothing.
const TELLING: f64 = 1.5;
/// Answers outside are no numbers to reckon with.
const RECKONED: std::ops::RangeInclusive<f64> = 0.015..=0.97;
/// Two options are at least this far apart, and the greater at least so many times the smaller.
const APART: f64 = 0.03;
const TIMES: f64 = 1.25;
/// Options, at most and at least.
const OPTIONS: std::ops::RangeInclusive<usize> = 4..=5;

pub(super) fn draft(stock: &Stock<'_>, dice: &mut Dice) -> Option<Draft> {
    let (disease, edge) = *dice.pick(&stock.ratios)?;
    let finding = stock.graph.finding(&edge.finding)?;
    if stock.hints(finding, disease) {
        return None;
    }
    let ratios: Vec<(bool, f64)> = [(true, edge.lr_positive), (false, edge.lr_negative)]
        .into_iter()
        .filter_map(|(is, lr)| Some((is, three_digits(lr?))))
        .collect();
    let (present, lr) = *dice.pick(&ratios)?;
    if lr <= 0.0 || (1.0 / TELLING < lr && lr < TELLING) {
        return None;
    }
    let case = Case { present, lr, before: *dice.pick(&BEFORE)? };
    let answers = case.answers(dice)?;
    case.written(stock, disease, finding, edge, &answers)
}

/// As it is printed, so that what is reckoned is what the reader can reckon.
fn three_digits(ratio: f64) -> f64 {
    significant(ratio, 3).parse().unwrap_or(ratio)
}

fn odds(probability: f64) -> f64 {
    probability / (1.0 - probability)
}

fn probability(odds: f64) -> f64 {
    odds / (1.0 + odds)
}

struct Case {
    present: bool,
    lr: f64,
    before: f64,
}

/// How somebody comes to a number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Post-test odds = pre-test odds × likelihood ratio, then back to a probability.
    Right,
    /// The probability itself was multiplied.
    TimesProbability,
    /// The odds were taken for the probability.
    OddsForProbability,
    /// The probability was taken for the odds.
    ProbabilityForOdds,
    /// The ratio alone was taken for the odds.
    RatioForOdds,
    /// The ratio was divided by.
    Divided,
    /// The ratio was added as per cent.
    Added,
    /// Nothing was changed.
    Unchanged,
}

impl Way {
    /// The mistakes, the commonest first.
    const MISTAKES: [Self; 7] = [
        Self::TimesProbability,
        Self::OddsForProbability,
        Self::RatioForOdds,
        Self::ProbabilityForOdds,
        Self::Divided,
        Self::Added,
        Self::Unchanged,
    ];

    fn result(self, case: &Case) -> f64 {
        let Case { lr, before, .. } = *case;
        match self {
            Self::Right => probability(odds(before) * lr),
            Self::TimesProbability => before * lr,
            Self::OddsForProbability => odds(before) * lr,
            Self::ProbabilityForOdds => probability(before * lr),
            Self::RatioForOdds => probability(lr),
            Self::Divided => probability(odds(before) / lr),
            Self::Added => before + lr / 100.0,
            Self::Unchanged => before,
        }
    }

    fn why(self, case: &Case) -> Bilingual {
        let Case { lr, before, .. } = *case;
        let (ratio, share, odds) = (significant(lr, 3), percent(before), significant(odds(before), 3));
        let (en, zh) = match self {
            Self::Right => (
                "Right: odds before × ratio, back to a probability.".to_owned(),
                "正确：验前比×似然比，再换算为概率。".to_owned(),
            ),
            Self::TimesProbability => (
                format!("Multiplies the probability itself: {share} × {ratio}. The ratio multiplies odds."),
                format!("误将概率直接乘以似然比：{share}×{ratio}。应以验前比（odds）相乘。"),
            ),
            Self::OddsForProbability => (
                format!("Stops at the odds after the finding, {odds} × {ratio}, and reads them as a probability."),
                format!("算出验后比{odds}×{ratio}后，未换算回概率。"),
            ),
            Self::ProbabilityForOdds => (
                format!("Takes {share} for the odds: they are {odds}."),
                format!("误将{share}当作验前比；验前比应为{odds}。"),
            ),
            Self::RatioForOdds => (
                format!("Takes the ratio {ratio} for the odds afterwards and forgets the {share} one started from."),
                format!("误将似然比{ratio}当作验后比，忽略了验前概率{share}。"),
            ),
            Self::Divided => (
                format!("Divides the odds by {ratio} instead of multiplying them."),
                format!("误将验前比除以{ratio}，应为相乘。"),
            ),
            Self::Added => (
                format!("Adds the ratio to the percentage: {share} + {ratio}%."),
                format!("误将似然比当作百分点相加：{share}＋{ratio}%。"),
            ),
            Self::Unchanged => (
                format!("Leaves the probability as it was; a ratio of {ratio} changes it."),
                format!("概率未作更新；似然比{ratio}会改变概率。"),
            ),
        };
        both(en, zh)
    }
}

fn far_apart(a: f64, b: f64) -> bool {
    (a - b).abs() >= APART && a.max(b) >= TIMES * a.min(b) - 1e-9 || (a - b).abs() >= 0.1
}

impl Case {
    /// The right answer among those that mistakes lead to, the smallest first; `None` when too few lie
    /// apart.
    fn answers(&self, dice: &mut Dice) -> Option<Vec<(f64, Way)>> {
        let right = Way::Right.result(self);
        if !RECKONED.contains(&right) {
            return None;
        }
        let mut answers = vec![(right, Way::Right)];
        // Whether "unchanged" is offered is left to chance; it is the weakest distractor.
        let most = *OPTIONS.end() - dice.index(2);
        for way in Way::MISTAKES {
            let result = way.result(self);
            if answers.len() < most
                && RECKONED.contains(&result)
                && answers.iter().all(|(other, _)| far_apart(*other, result))
            {
                answers.push((result, way));
            }
        }
        answers.sort_by(|a, b| a.0.total_cmp(&b.0));
        (answers.len() >= *OPTIONS.start()).then_some(answers)
    }

    fn written(
        &self,
        stock: &Stock<'_>,
        disease: &Disease,
        finding: &Finding,
        edge: &PresentsWith,
        answers: &[(f64, Way)],
    ) -> Option<Draft> {
        let by = cited(stock.graph, &edge.provenance)?;
        Some(Draft {
            stem: self.stem(disease, edge, finding),
            question: both("What is the probability now?", "此时的概率约为"),
            choices: answers
                .iter()
                .map(|(result, way)| {
                    let text = percent(*result);
                    Choice { text: both(text.clone(), text), why: way.why(self) }
                })
                .collect(),
            key: Key::One(answers.iter().position(|(_, way)| *way == Way::Right)?),
            explanation: self.reckoned(finding, &by),
            prompts: Vec::new(),
            sources: edge.provenance.source.clone().into_iter().collect(),
            topics: vec![topic(finding)],
        })
    }

    fn stem(&self, disease: &Disease, edge: &PresentsWith, finding: &Finding) -> Bilingual {
        let what = wording::finding(finding);
        let named = wording::disease(disease);
        let of = edge.lr_of.clone().unwrap_or_else(|| both(named.en, format!("患{}", named.zh)));
        let (ratio, before) = (significant(self.lr, 3), percent(self.before));
        let tested = matches!(finding.kind, FindingKind::Laboratory | FindingKind::Imaging);
        let (is_en, is_zh, name_en, name_zh) = match (self.present, tested) {
            (true, false) => ("The patient has", "患者有", "positive likelihood ratio", "阳性似然比"),
            (false, false) => ("The patient does not have", "患者无", "negative likelihood ratio", "阴性似然比"),
            (true, true) => ("Tests show", "检查示", "positive likelihood ratio", "阳性似然比"),
            (false, true) => ("Tests do not show", "检查未见", "negative likelihood ratio", "阴性似然比"),
        };
        both(
            format!(
                "You put the probability of {} at {before}. {is_en} this finding: {} ({name_en} {ratio}).",
                of.en, what.en
            ),
            format!("估计某患者{}的概率为{before}。{is_zh}{}（{name_zh}{ratio}）。", of.zh, what.zh),
        )
    }

    fn reckoned(&self, finding: &Finding, by: &Bilingual) -> Bilingual {
        let (ratio, before) = (significant(self.lr, 3), odds(self.before));
        let after = before * self.lr;
        let number = |value: f64| significant(value, 3);
        let share = percent(probability(after));
        let sign = if self.present { ("", "有") } else { ("no ", "无") };
        both(
            format!(
                "{}: ratio {ratio} ({}). Odds before: {} ÷ {} = {}. Times {ratio}: {}. As a probability: {} ÷ {} = \
                 {share}. The ratio holds for patients like those studied.",
                sentence(&format!("{}{}", sign.0, wording::finding(finding).en)),
                by.en,
                number(self.before),
                number(1.0 - self.before),
                number(before),
                number(after),
                number(after),
                number(1.0 + after),
            ),
            format!(
                "{}{}：似然比{ratio}（{}）。验前比：{}÷{}＝{}；乘以{ratio}得验后比{}；换算为概率：{}÷{}＝{share}。该似然比适用于与研究人群相似的患者。",
                sign.1,
                finding.name.zh,
                by.zh,
                number(self.before),
                number(1.0 - self.before),
                number(before),
                number(after),
                number(after),
                number(1.0 + after),
            ),
        )
    }
}
