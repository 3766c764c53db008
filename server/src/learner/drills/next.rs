//! Which question next: the one whose answer is expected to tell most.

use std::collections::BTreeSet;

use knowledge_graph::{
    Bilingual,
    format::{Disease, Finding},
    query::{Differential, NextQuestion, Presence, differential, next_questions},
};

use super::{
    VIEWS,
    dice::Dice,
    item::{Choice, Draft, Key, both},
    stock::{Stock, constitutional, topic},
    vignette::{Vignette, typical},
    wording::{self, cited, how_often, percent, sentence},
};

/// The key must tell this many times as much as any other option, in both views.
const LEAD: f64 = 1.6;
/// And at least this much, in bits, with all that is known.
const TELLING: f64 = 0.08;
/// Its answers must part the probability of some disease by this much, and another option's by less.
const MOVES: f64 = 0.25;
/// Options.
const OPTIONS: usize = 4;
/// The vignette's disease is among this many of the most probable, and at least this probable.
const AHEAD: usize = 2;
const BELIEVED: f64 = 0.15;
/// The key's answers change the odds between the two most probable diseases at least this many times.
const BETWEEN: f64 = 4.0;
/// From here on nothing is left to narrow.
const SETTLED: f64 = 0.85;
/// The least share of the probability that the disease and its rivals have together.
const NAMED: f64 = 0.5;
/// Rivals there are at least; a differential of one asks no question.
const LEAST_RIVALS: usize = 2;
/// A distractor is brought by one of this many of the most likely, or by two of them all.
const CLOSE: usize = 3;
/// Rivals that a question may be asked for.
const RIVALS: usize = 6;

pub(super) fn draft<'g>(stock: &Stock<'g>, disease: &'g Disease, dice: &mut Dice) -> Option<Draft> {
    let mut vignette = typical(stock, disease, false, dice)?;
    vignette.tell_more(stock).then_some(())?;
    let now = vignette.differential(stock, &VIEWS[1]);
    let place = now.posteriors.iter().position(|one| one.disease == disease.id)?;
    if place >= AHEAD || !(BELIEVED..SETTLED).contains(&now.posteriors.get(place)?.probability) {
        return None;
    }
    let mut rivals = vignette.rivals(stock, disease, &now);
    rivals.retain(|(other, probability)| *probability >= stock.thought_of(other, disease));
    rivals.truncate(RIVALS);
    if rivals.len() < LEAST_RIVALS {
        return None;
    }
    let likely: Vec<&Disease> = std::iter::once(disease).chain(rivals.into_iter().map(|(one, _)| one)).collect();
    let named = |id: &str| likely.iter().any(|one| one.id == id);
    let share: f64 = now.posteriors.iter().filter(|one| named(&one.disease)).map(|one| one.probability).sum();
    if share < NAMED || !now.posteriors.first().is_some_and(|first| named(&first.disease)) {
        return None;
    }
    let patient = Some(vignette.patient);
    let full = next_questions(stock.graph, &vignette.evidence(), patient, &VIEWS[1]);
    let key = key(stock, &full, &likely, &vignette)?;
    let solid = next_questions(stock.graph, &vignette.evidence(), patient, &VIEWS[0]);
    let weighed = Weighed { stock, vignette: &vignette, now: &now, likely: &likely };
    let shift = weighed.shift(key);
    if shift.between() < MOVES || !shift.parts() || !weighed.parts_the_first(key) {
        return None;
    }
    let mut options = vec![(key, shift)];
    for question in &full {
        let Some(finding) = stock.graph.finding(question.topic.name()) else { continue };
        let clear = gain(&full, key) >= LEAD * question.information_gain_bits
            && gain(&solid, key) >= LEAD * gain(&solid, finding);
        let apart = options.iter().all(|(other, _)| !stock.alike(other, finding));
        // One may always want to ask for a red flag first.
        if options.len() < OPTIONS
            && clear
            && apart
            && !finding.red_flag
            && at_hand(finding, key, &vignette)
            && fits(stock, finding, &likely, &vignette)
        {
            let shift = weighed.shift(finding);
            if shift.parts() && LEAD * shift.between() <= options[0].1.between() {
                options.push((finding, shift));
            }
        }
    }
    if options.len() < OPTIONS {
        return None;
    }
    dice.shuffle(&mut options);
    weighed.written(key, &options)
}

fn gain(questions: &[NextQuestion], finding: &Finding) -> f64 {
    let topic = topic(finding);
    questions.iter().find(|question| question.topic == topic).map_or(0.0, |question| question.information_gain_bits)
}

/// The most telling question, when it is more than a general sign of illness and what is said of
/// it for the vignette's disease, and for the rivals that have it, has a source.
fn key<'g>(
    stock: &Stock<'g>,
    questions: &[NextQuestion],
    likely: &[&Disease],
    vignette: &Vignette<'g>,
) -> Option<&'g Finding> {
    let best = questions.first().filter(|best| best.information_gain_bits >= TELLING)?;
    let key = stock.graph.finding(best.topic.name())?;
    let having: Vec<&&Disease> =
        likely.iter().filter(|one| one.presents_with.iter().any(|edge| edge.finding == key.id)).collect();
    // A question for this disease: one for a rival alone would pass over what the patient came with.
    if !having.iter().any(|one| likely.first().is_some_and(|own| own.id == one.id)) {
        return None;
    }
    let sourced =
        having.iter().all(|one| stock.verified(one, key).is_some_and(|edge| edge.provenance.source.is_some()));
    (sourced && !constitutional(key) && fits(stock, key, likely, vignette)).then_some(key)
}

/// Whether one of the likely diseases brings the finding, such a patient can have it, and it can be
/// asked for with a yes or no.
fn fits(stock: &Stock<'_>, finding: &Finding, likely: &[&Disease], vignette: &Vignette<'_>) -> bool {
    let brought = |one: &&Disease| one.presents_with.iter().any(|edge| edge.finding == finding.id && !edge.excluded);
    let bringing = likely.iter().filter(|one| brought(one)).count();
    (bringing >= 2 || likely.iter().take(CLOSE).any(brought))
        && stock.can_have(vignette.patient, finding)
        && question(finding).is_some()
        && vignette.known().all(|known| !stock.alike(known, finding))
}

/// Whether one would ask for it in such a patient: of the complaint's system, the key's, or of general
/// illness.
fn at_hand(finding: &Finding, key: &Finding, vignette: &Vignette<'_>) -> bool {
    [&vignette.complaint.system, &key.system].contains(&&finding.system) || constitutional(finding)
}

/// A question that yes and no answer.
fn question(finding: &Finding) -> Option<Bilingual> {
    const OPEN_ZH: [&str; 9] = ["什么", "哪", "怎么", "怎样", "多久", "几", "多少", "多大", "的时候"];
    const CLOSED_EN: [&str; 9] = ["Do ", "Does ", "Have ", "Has ", "Are ", "Is ", "Any ", "Had ", "Did you ever "];
    // Yes must mean the finding in both languages, and nothing may have been said before.
    const ELSE_EN: [&str; 8] =
        [" the pain", " able to", " still ", "normal", " as usual", " regular?", " with it", "passing wind"];
    const ELSE_ZH: [&str; 17] = [
        "当时",
        "正常",
        "规律",
        "得住",
        "得出",
        "得到味",
        "得开",
        "能集中",
        "能躺平",
        "能踩",
        "有没有力气",
        "稳不稳",
        "清不清楚",
        "清楚吗",
        "还放屁",
        "还有兴趣",
        "自己",
    ];
    let asks_en = |text: &&String| {
        CLOSED_EN.iter().any(|word| text.starts_with(word))
            && text.ends_with('?')
            && ELSE_EN.iter().all(|word| !text.contains(word))
    };
    let asks_zh =
        |text: &&String| text.ends_with('？') && OPEN_ZH.iter().chain(&ELSE_ZH).all(|word| !text.contains(word));
    let (all_en, all_zh) = (&finding.questions.en, &finding.questions.zh);
    // Questions at the same place of both lists are most often the same question.
    let pair = all_en.iter().zip(all_zh).find(|(en, zh)| asks_en(en) && asks_zh(zh));
    let (en, zh) = pair.or_else(|| all_en.iter().find(asks_en).zip(all_zh.iter().find(asks_zh)))?;
    Some(both(en, zh))
}

/// What having the finding or not would make of the disease that it parts most. Not "yes" and "no": some
/// questions ask for the opposite of their finding.
struct Shift<'g> {
    disease: &'g Disease,
    now: f64,
    yes: f64,
    no: f64,
}

impl Shift<'_> {
    fn between(&self) -> f64 {
        (self.yes - self.no).abs()
    }

    /// Whether the two move it to different sides. Where both move it to one, the model took broader
    /// findings along, and the figures would puzzle the reader.
    fn parts(&self) -> bool {
        (self.yes - self.now) * (self.no - self.now) <= 0.0
    }
}

/// What the answers do, in words.
fn told(finding: &Finding, shift: &Shift<'_>, key: bool) -> Bilingual {
    let name = &finding.name;
    let disease = wording::disease(shift.disease);
    let (now, yes, no) = (percent(shift.now), percent(shift.yes), percent(shift.no));
    let (verdict_en, verdict_zh) =
        if key { ("tells most", "信息量最大") } else { ("tells less", "信息量较小") };
    both(
        format!("{} {verdict_en}: {} {now} now, {yes} with it, {no} without.", name.en, disease.en),
        format!("{}（{verdict_zh}）：{}目前{now}，有则{yes}，无则{no}。", name.zh, disease.zh),
    )
}

struct Weighed<'a, 'g> {
    stock: &'a Stock<'g>,
    vignette: &'a Vignette<'g>,
    now: &'a Differential,
    likely: &'a [&'g Disease],
}

impl<'g> Weighed<'_, 'g> {
    fn with(&self, finding: &Finding, presence: Presence) -> Differential {
        let evidence: Vec<_> = self.vignette.evidence().into_iter().chain([(topic(finding), presence)]).collect();
        differential(self.stock.graph, &evidence, Some(self.vignette.patient), &VIEWS[1])
    }

    fn shift(&self, finding: &Finding) -> Shift<'g> {
        let (yes, no) = (self.with(finding, Presence::Present), self.with(finding, Presence::Absent));
        let of = |view: &Differential, one: &Disease| view.of(&one.id).map_or(0.0, |one| one.probability);
        let shifts = self.likely.iter().map(|one| Shift {
            disease: one,
            now: of(self.now, one),
            yes: of(&yes, one),
            no: of(&no, one),
        });
        let most = shifts.max_by(|a, b| a.between().total_cmp(&b.between()));
        most.unwrap_or(Shift { disease: self.likely[0], now: 0.0, yes: 0.0, no: 0.0 })
    }

    /// Whether the answers move the two most probable of the differential against each other: what both
    /// bring alike narrows nothing.
    fn parts_the_first(&self, key: &Finding) -> bool {
        let mut first: Vec<&&Disease> = self.likely.iter().collect();
        let of = |view: &Differential, one: &Disease| view.of(&one.id).map_or(0.0, |one| one.probability);
        first.sort_by(|a, b| of(self.now, b).total_cmp(&of(self.now, a)));
        let [one, other, ..] = first.as_slice() else { return false };
        let odds = |view: &Differential| of(view, one) / of(view, other).max(f64::MIN_POSITIVE);
        let ratio = odds(&self.with(key, Presence::Present)) / odds(&self.with(key, Presence::Absent));
        ratio >= BETWEEN || ratio <= 1.0 / BETWEEN
    }

    fn written(&self, key: &Finding, options: &[(&'g Finding, Shift<'g>)]) -> Option<Draft> {
        let choices: Option<Vec<Choice>> = options
            .iter()
            .map(|(finding, shift)| {
                let why = told(finding, shift, finding.id == key.id);
                Some(Choice { text: question(finding)?, why })
            })
            .collect();
        let at = options.iter().position(|(option, _)| option.id == key.id)?;
        let (have, sources) = self.having(key);
        let (before, yes, no) = (
            self.leading(self.now),
            self.leading(&self.with(key, Presence::Present)),
            self.leading(&self.with(key, Presence::Absent)),
        );
        Some(Draft {
            stem: self.vignette.text(),
            question: both(
                "Which question should be asked next to narrow the differential most?",
                "为缩小鉴别诊断范围，下一步最有价值的提问是",
            ),
            choices: choices?,
            key: Key::One(at),
            explanation: both(
                format!("{}: {}. Now: {}. With it: {}. Without: {}.", key.name.en, have.en, before.en, yes.en, no.en),
                format!("{}：{}。目前：{}。若有：{}。若无：{}。", key.name.zh, have.zh, before.zh, yes.zh, no.zh),
            ),
            prompts: Vec::new(),
            sources: self.vignette.sources.iter().cloned().chain(sources).collect(),
            topics: vec![topic(key)],
        })
    }

    /// Which of the likely diseases have the finding, how often, and who says so.
    fn having(&self, key: &Finding) -> (Bilingual, BTreeSet<String>) {
        let mut sources = BTreeSet::new();
        let mut parts = Vec::new();
        let mut without = Vec::new();
        for one in self.likely.iter().take(4) {
            let name = wording::disease(one);
            let Some(edge) = self.stock.verified(one, key) else {
                without.push(name);
                continue;
            };
            let by = cited(self.stock.graph, &edge.provenance).unwrap_or_default();
            sources.extend(edge.provenance.source.clone());
            parts.push(match (edge.excluded, how_often(edge)) {
                (true, _) => {
                    both(format!("speaks against {} ({})", name.en, by.en), format!("不支持{}（{}）", name.zh, by.zh))
                }
                (false, Some(share)) => both(
                    format!("{share} of patients with {} ({})", name.en, by.en),
                    format!("{share}的{}患者（{}）", name.zh, by.zh),
                ),
                (false, None) => {
                    both(format!("known in {} ({})", name.en, by.en), format!("可见于{}（{}）", name.zh, by.zh))
                }
            });
        }
        if !without.is_empty() {
            let names = wording::list(&without);
            parts.push(both(format!("not listed for {}", wording::list_or(&without)), format!("{}条目未列", names.zh)));
        }
        let en: Vec<&str> = parts.iter().map(|part| part.en.as_str()).collect();
        let zh: Vec<&str> = parts.iter().map(|part| part.zh.as_str()).collect();
        (both(en.join("; "), zh.join("；")), sources)
    }

    /// The three most probable of the differential, in words.
    fn leading(&self, view: &Differential) -> Bilingual {
        let mut first: Vec<(&Disease, f64)> =
            self.likely.iter().map(|one| (*one, view.of(&one.id).map_or(0.0, |one| one.probability))).collect();
        first.sort_by(|a, b| b.1.total_cmp(&a.1));
        let parts: Vec<Bilingual> = first
            .into_iter()
            .take(3)
            .map(|(one, share)| {
                let (name, share) = (wording::disease(one), percent(share));
                both(format!("{} {share}", name.en), format!("{}{share}", name.zh))
            })
            .collect();
        let en: Vec<&str> = parts.iter().map(|part| part.en.as_str()).collect();
        both(sentence(&en.join(", ")), parts.iter().map(|part| part.zh.as_str()).collect::<Vec<_>>().join("、"))
    }
}
