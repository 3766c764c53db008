//! Which disease a student's free text names.

use crate::{
    Graph, Language,
    format::Disease,
    normalise::{is_han, normalise},
};

/// A disease that a text may name.
#[derive(Clone, Debug)]
pub struct DiseaseMatch<'a> {
    /// The disease.
    pub disease: &'a Disease,
    /// 1 for its exact name or synonym, less for lay words, longer texts and misspellings; never
    /// below [`DiseaseMatch::LEAST`].
    pub score: f64,
}

impl DiseaseMatch<'_> {
    /// The least score reported.
    pub const LEAST: f64 = 0.6;
}

/// Score of an exact lay word: lay words are vaguer than names.
const LAY: f64 = 0.95;
/// What a name of the other language counts.
const OTHER_LANGUAGE: f64 = 0.99;
/// From this score on a text is a name as it stands.
const EXACT: f64 = LAY * OTHER_LANGUAGE;
/// Score of a name inside a longer text, from barely to almost all of it.
const INSIDE: [f64; 2] = [0.7, 0.92];
/// Score of a perfect fuzzy match; lower likeness scales it down.
const FUZZY: f64 = 0.9;
/// Least likeness of a fuzzy match.
const LIKENESS: f64 = 0.72;

impl Graph {
    /// Diseases that `text`, written by a student as a diagnosis in `language`, may name; best
    /// first, equals by id. Names, synonyms and lay words of both languages count (an English
    /// abbreviation in a Chinese text is common), those of `language` first. Exact matches beat
    /// names inside a longer text, which beat misspellings; names that differ in a word that
    /// turns the meaning (hypo- and hyper-, 亢 and 减, type 1 and type 2) never match.
    pub fn disease_by_text(&self, text: &str, language: Language) -> Vec<DiseaseMatch<'_>> {
        let text = Wording::new(text);
        if text.tokens.is_empty() {
            return Vec::new();
        }
        let spelled = self.spellings.get_or_init(|| self.diseases().map(spellings).collect());
        let mut matches: Vec<DiseaseMatch<'_>> = self
            .diseases()
            .zip(spelled)
            .map(|(disease, spelled)| DiseaseMatch { disease, score: score(disease, spelled, &text, language) })
            .filter(|found| found.score >= DiseaseMatch::LEAST)
            .collect();
        matches.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.disease.id.cmp(&b.disease.id)));
        matches
    }
}

/// A name of a disease, ready to be compared.
#[derive(Clone, Debug)]
pub(crate) struct Spelling {
    language: Language,
    wording: Wording,
    /// 1, or less for lay words.
    weight: f64,
}

fn spellings(disease: &Disease) -> Vec<Spelling> {
    let of = |language: Language| {
        let names = std::iter::once(disease.name.get(language))
            .chain(disease.synonyms.get(language).iter().map(String::as_str))
            .map(|name| (name, 1.0));
        let lay = disease.lay.get(language).iter().map(|name| (name.as_str(), LAY));
        let all = names.chain(lay);
        all.map(|(name, weight)| Spelling { language, wording: Wording::new(name), weight }).collect::<Vec<_>>()
    };
    Language::ALL.iter().flat_map(|language| of(*language)).collect()
}

fn score(disease: &Disease, spelled: &[Spelling], text: &Wording, language: Language) -> f64 {
    let factor = |spelling: &Spelling| if spelling.language == language { 1.0 } else { OTHER_LANGUAGE };
    let scores = spelled.iter().map(|one| likeness(text, &one.wording) * one.weight * factor(one));
    let best = scores.fold(0.0, f64::max);
    if best > 0.0 && best < EXACT && is_another(disease, text) { 0.0 } else { best }
}

/// Whether the text says the opposite of what the disease is: a viral meningitis is no bacterial
/// one, although "meningitis" alone may mean that. Read against the name in the text's own script.
fn is_another(disease: &Disease, text: &Wording) -> bool {
    let han = text.tokens.iter().any(|token| token.chars().any(is_han));
    let name = Wording::new(disease.name.get(if han { Language::Zh } else { Language::En }));
    contrasts(text, &name) || contrasts(&name, text)
}

/// A text as tokens: words of letters and digits, and single Chinese characters.
#[derive(Clone, Debug)]
pub(crate) struct Wording {
    tokens: Vec<String>,
}

impl Wording {
    fn new(text: &str) -> Self {
        let mut tokens: Vec<String> = Vec::new();
        let mut joined = false;
        for c in normalise(text).chars() {
            if c == ' ' {
                joined = false;
            } else if is_han(c) {
                tokens.push(as_meant(c).to_string());
                joined = false;
            } else if let (true, Some(last)) = (joined, tokens.last_mut()) {
                last.push(c);
            } else {
                tokens.push(c.to_string());
                joined = true;
            }
        }
        tokens.retain(|token| !FILLERS.contains(&token.as_str()));
        Self { tokens }
    }

    fn letters(&self) -> usize {
        self.tokens.iter().map(|token| token.chars().count()).sum()
    }

    /// Where `part` stands in this wording, as a run of tokens.
    fn find(&self, part: &Self) -> Option<usize> {
        self.tokens.windows(part.tokens.len()).position(|window| window == part.tokens)
    }
}

/// A Chinese character as it is meant: slips of the input method between characters that sound
/// alike, of which only one stands in names of diseases.
const fn as_meant(character: char) -> char {
    match character {
        '拴' => '栓',
        '埂' | '哽' => '梗',
        '颠' | '巅' => '癫',
        '浓' => '脓',
        '澜' | '栏' => '阑',
        '湍' => '喘',
        '珠' => '蛛',
        other => other,
    }
}

/// Words that carry no diagnosis.
const FILLERS: [&str; 12] =
    ["a", "an", "the", "of", "with", "and", "possible", "probable", "likely", "suspected", "的", "？"];

/// Tokens that turn the meaning of what follows.
const NEGATIONS: [&str; 8] = ["not", "no", "non", "without", "exclude", "不", "非", "无"];

fn likeness(text: &Wording, name: &Wording) -> f64 {
    if name.tokens.is_empty() {
        return 0.0;
    }
    if text.tokens == name.tokens {
        return 1.0;
    }
    if let Some(at) = text.find(name) {
        return inside(text, name, at);
    }
    let alike = fuzzy(text, name);
    if alike >= LIKENESS { FUZZY * alike } else { 0.0 }
}

/// The whole name inside a longer text, unless it is negated or too short to be sure of.
fn inside(text: &Wording, name: &Wording, at: usize) -> f64 {
    let negated = at > 0 && NEGATIONS.contains(&text.tokens[at - 1].as_str());
    let single_character = name.letters() < 2;
    if negated || single_character {
        return 0.0;
    }
    let covered = name.letters() as f64 / text.letters() as f64;
    (INSIDE[1] - INSIDE[0]).mul_add(covered, INSIDE[0])
}

/// Dice's coefficient over tokens, weighted by their letters; Chinese characters count by pairs.
fn fuzzy(text: &Wording, name: &Wording) -> f64 {
    if contrasts(text, name) || contrasts(name, text) {
        return 0.0;
    }
    let (a, b) = (text.units(), name.units());
    let mut free: Vec<&String> = b.iter().collect();
    let mut shared = 0;
    for unit in &a {
        if let Some(at) = free.iter().position(|other| same_word(unit, other)) {
            shared += unit.chars().count().min(free[at].chars().count());
            free.swap_remove(at);
        }
    }
    let letters = |units: &[String]| units.iter().map(|unit| unit.chars().count()).sum::<usize>();
    2.0 * shared as f64 / (letters(&a) + letters(&b)) as f64
}

impl Wording {
    /// Words as they are; runs of Chinese characters as overlapping pairs.
    fn units(&self) -> Vec<String> {
        let han = |token: &String| token.chars().all(is_han);
        let mut units: Vec<String> = self.tokens.iter().filter(|token| !han(token)).cloned().collect();
        let pairs = self.tokens.windows(2).filter(|pair| pair.iter().all(han));
        units.extend(pairs.map(<[String]>::concat));
        units
    }
}

/// Whether two words are one, allowing a slip of the pen in long ones.
fn same_word(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let letters = a.chars().count().min(b.chars().count());
    let allowed = match letters {
        0..=4 => return false,
        5..=8 => 1,
        _ => 2,
    };
    let same_start = a.chars().next() == b.chars().next();
    same_start && a.is_ascii() && b.is_ascii() && strsim::damerau_levenshtein(a, b) <= allowed
}

/// Pairs of beginnings or characters that make opposites of otherwise like names.
const OPPOSITES: [(&str, &str); 20] = [
    ("hypo", "hyper"),
    ("stable", "unstable"),
    ("upper", "lower"),
    ("left", "right"),
    ("acute", "chronic"),
    ("primary", "secondary"),
    ("tension", "hypertension"),
    ("bacterial", "viral"),
    ("diverticulosis", "diverticulitis"),
    ("nephritic", "nephrotic"),
    ("bronchitis", "bronchiolitis"),
    ("infectious", "autoimmune"),
    ("1", "2"),
    ("亢", "减"),
    ("高", "低"),
    ("急", "慢"),
    ("上", "下"),
    ("左", "右"),
    ("菌", "病毒"),
    ("缺血", "出血"),
];

/// Whether one text has a word whose opposite is in the other.
fn contrasts(a: &Wording, b: &Wording) -> bool {
    let has = |wording: &Wording, word: &str| {
        let whole = wording.tokens.concat();
        if word.is_ascii() { wording.tokens.iter().any(|token| token.starts_with(word)) } else { whole.contains(word) }
    };
    OPPOSITES.iter().any(|(one, two)| has(a, one) && !has(a, two) && has(b, two) && !has(b, one))
        || negates(a) != negates(b)
}

fn negates(wording: &Wording) -> bool {
    wording.tokens.iter().any(|token| NEGATIONS.contains(&token.as_str()))
}
