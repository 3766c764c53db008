//! What the patient says when nothing of the case is told: a few words, in the patient's language.

mod impossible;
mod lines;
mod naming;
mod own_words;
mod unknown;

use cases::format::{Case, Fact, Mood};
use knowledge_graph::{Graph, Language, Section, TopicId, TopicKind};

use naming::noun;
use own_words::in_own_tone;
pub use own_words::in_own_words;

use super::policy::{Decision, Denial, Length, Policy, Telling};

/// A turn in words: what the model may phrase, and what stands as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Said before the facts, word for word.
    pub before: String,
    /// The facts' own sentences, in order: what the model phrases, and the reply without it.
    pub facts: Vec<String>,
    /// Said after the facts, word for word.
    pub after: String,
}

impl Script {
    /// The whole reply without a model.
    pub fn plain(&self, language: Language) -> String {
        let parts = [self.before.as_str()]
            .into_iter()
            .chain(self.facts.iter().map(String::as_str))
            .chain([self.after.as_str()]);
        join(parts, language)
    }
}

/// Joins sentences the way the language does.
pub fn join<'a>(parts: impl Iterator<Item = &'a str>, language: Language) -> String {
    let separator = match language {
        Language::En => " ",
        Language::Zh => "",
    };
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(separator)
}

/// What the words depend on besides the decision.
pub struct Voice<'a> {
    /// Who speaks.
    pub case: &'a Case,
    /// Names of things.
    pub graph: &'a Graph,
    /// Language spoken.
    pub language: Language,
    /// Chooses among ways to say the same.
    pub pick: u64,
    /// What the patient has said so far, oldest first: nobody uses the same excuse twice.
    pub spoken: &'a [String],
}

/// Puts a decision into words.
pub fn script(decision: &Decision, voice: &Voice<'_>) -> Script {
    let language = voice.language;
    let facts =
        without_repeated_no(decision.tellings.iter().map(|telling| voice.own_words(telling, decision.tellings.len())));
    let before = if decision.greeted { voice.choose(lines::greetings(language)) } else { String::new() };
    let lead = decision.lead.map(|lead| voice.choose(lines::lead(lead, language))).unwrap_or_default();
    let led = join([before.as_str(), lead.as_str()].into_iter(), language);
    let around = |after: String| Script { before: led.clone(), facts: facts.clone(), after };
    match decision.policy {
        // An opening that addresses the doctor is a greeting already.
        Policy::Opening => {
            let opening = in_own_words(voice.case, voice.case.opening.get(language));
            let before = if addresses_doctor(&opening) { String::new() } else { before };
            let asked = decision.tellings.iter().filter(|telling| telling.fact.topic != voice.case.complaint);
            let mut said: Vec<String> = asked.map(|telling| voice.own_words(telling, 1)).collect();
            said.push(opening);
            Script { before, facts: said, after: String::new() }
        }
        Policy::Answer => {
            let meaning = decision.jargon.as_deref().map(|word| voice.ask_meaning(word));
            let denial = voice.denial(decision);
            around(join([denial.as_str(), meaning.as_deref().unwrap_or_default()].into_iter(), language))
        }
        Policy::AskMeaning => around(voice.ask_meaning(decision.jargon.as_deref().unwrap_or_default())),
        Policy::Greet => Script { before: voice.choose(lines::greetings(language)), ..around(String::new()) },
        Policy::Correct => {
            // "No, I've no fever." corrects by itself.
            let corrects = facts.first().is_some_and(|fact| fact.starts_with("No") || fact.starts_with('没'));
            let before = match decision.denial {
                Denial::Affirmed => voice.choose(lines::affirmations(language)),
                _ if corrects || facts.is_empty() => String::new(),
                _ => voice.choose(lines::corrections(language)),
            };
            Script { before, ..around(voice.denial(decision)) }
        }
        Policy::Confirm if decision.denial == Denial::Agreed => around(voice.choose(lines::agreements(language))),
        Policy::Volunteer => around(String::new()),
        policy => around(voice.choose(lines::of_policy(policy, voice.case.persona.style, language))),
    }
}

fn addresses_doctor(opening: &str) -> bool {
    ["doctor", "Doctor", "大夫", "医生"].iter().any(|word| opening.contains(word))
}

impl Voice<'_> {
    /// The fact's own sentence, one of its variants or its few words.
    fn own_words(&self, telling: &Telling, of: usize) -> String {
        let fact = &telling.fact;
        if let (Length::Brief, Some(brief)) = (telling.length, &fact.brief) {
            return in_own_words(self.case, &self.affirmed(fact, brief.get(self.language)));
        }
        let variants = fact.variants.get(self.language);
        let count = variants.len() as u64 + 1;
        let words = match usize::try_from(self.pick % count) {
            Ok(n) if n > 0 => variants[n - 1].as_str(),
            _ => fact.tells.get(self.language),
        };
        let words = in_own_words(self.case, words);
        let denies = ["No", "不", "没"].iter().any(|no| words.starts_with(no));
        if !telling.again || denies || of > 1 {
            return words;
        }
        let again = self.choose(lines::again(self.language));
        if again.is_empty() { words } else { format!("{again}{}", uncapitalised(&words)) }
    }

    /// "Yes" before the few words about something the patient has.
    fn affirmed(&self, fact: &Fact, brief: &str) -> String {
        let is_condition = match fact.topic.kind() {
            TopicKind::Finding => fact.topic.facet().is_none(),
            TopicKind::History => {
                let topic = self.graph.history_topic(&fact.topic);
                topic.is_some_and(|topic| matches!(topic.section, Section::PastHistory | Section::Allergies))
            }
            TopicKind::RiskFactor | TopicKind::Disease => true,
            _ => false,
        };
        let answers = match self.language {
            Language::En => ["Yes", "No", "I ", "I'"].iter().any(|word| brief.starts_with(word)),
            Language::Zh => brief.starts_with([
                '有', '没', '无', '不', '对', '是', '会', '嗯', '能', '喘', '肿', '疼', '痛', '咳', '累',
            ]),
        };
        match self.language {
            _ if !is_condition || answers => brief.to_owned(),
            Language::En => format!("Yes, {}", uncapitalised(brief)),
            Language::Zh => format!("有，{brief}"),
        }
    }

    /// A line not said before in this consultation; once all are used, the one said longest ago.
    fn choose<L: AsRef<str>>(&self, lines: &[L]) -> String {
        let lines: Vec<String> =
            lines.iter().map(|line| in_own_tone(self.case, line.as_ref(), self.language)).collect();
        let last_said =
            |line: &String| self.spoken.iter().rposition(|said| !line.is_empty() && said.contains(line.as_str()));
        let count = lines.len().max(1);
        let start = usize::try_from(self.pick % count as u64).unwrap_or(0);
        let turned = (0..lines.len()).map(|n| &lines[(start + n) % count]);
        turned.min_by_key(|line| last_said(line).map_or(0, |at| at + 1)).cloned().unwrap_or_default()
    }

    /// What is said of the parts of a question that the case has nothing on. A patient does not claim
    /// what nobody wrote: a symptom was not noticed, an illness not heard of, the rest not worth a word.
    fn denial(&self, decision: &Decision) -> String {
        let is_symptom = |topic: &&TopicId| topic.kind() == TopicKind::Finding;
        let symptoms: Vec<&TopicId> = decision.absent.iter().filter(is_symptom).collect();
        if !decision.tellings.is_empty() {
            return if decision.denial == Denial::Normal { String::new() } else { self.not_noticed(&symptoms) };
        }
        let asked = decision.absent.iter().chain(&decision.unknown);
        let cannot_be =
            |topic: &TopicId| impossible::lines(self.case, topic, cases::only_sex(topic, self.graph), self.language);
        if let Some(lines) = asked.into_iter().find_map(cannot_be) {
            return self.choose(&lines);
        }
        let named = decision.denial == Denial::Named || decision.policy == Policy::Correct;
        match (symptoms.as_slice(), decision.absent.first().or(decision.unknown.first())) {
            (_, None) => String::new(),
            ([_, ..], _) if decision.denial == Denial::Normal => self.choose(unknown::nothing_wrong(self.language)),
            ([_], _) if named && !self.names(&symptoms).is_empty() => self.not_noticed(&symptoms),
            ([_], _) => self.choose(unknown::not_noticed(self.language)),
            ([_, _, ..], _) => self.choose(unknown::none_noticed(self.language)),
            ([], Some(topic)) => {
                let section = self.graph.topic(&topic.node()).and_then(|info| info.section);
                self.choose(unknown::nothing_known(topic, section, self.language))
            }
        }
    }

    /// "No rash or itching that I've noticed."
    fn not_noticed(&self, symptoms: &[&TopicId]) -> String {
        let names = self.names(symptoms);
        match self.language {
            _ if symptoms.is_empty() => String::new(),
            Language::En if names.is_empty() => "Nothing else like that.".to_owned(),
            Language::En => format!("No {} that I've noticed.", names.join(" or ")),
            Language::Zh => format!("没觉得有{}。", names.join("、")),
        }
    }

    /// What a lay person calls each topic, where they have a noun for it.
    fn names(&self, topics: &[&TopicId]) -> Vec<String> {
        let infos = topics.iter().filter_map(|topic| self.graph.topic(&topic.node()));
        infos.filter_map(|info| noun(&info, self.language)).collect()
    }

    fn ask_meaning(&self, word: &str) -> String {
        let ways = lines::ask_meaning(self.language);
        let said = |(before, after): &&(&str, &str)| {
            let way = format!("{before}{word}{after}");
            self.spoken.iter().filter(|spoken| spoken.contains(&way)).count()
        };
        let (before, after) = ways.iter().min_by_key(said).copied().unwrap_or_default();
        format!("{before}{word}{after}")
    }
}

/// "No, no fever. No, I've not felt sick." says no once too often.
fn without_repeated_no(facts: impl Iterator<Item = String>) -> Vec<String> {
    let mut said_no = false;
    let once = |fact: String| match fact.strip_prefix("No, ") {
        Some(rest) if said_no => {
            let (first, others) = rest.split_at(rest.chars().next().map_or(0, char::len_utf8));
            first.to_uppercase() + others
        }
        denial => {
            said_no |= denial.is_some();
            fact
        }
    };
    facts.map(once).collect()
}

/// Without its capital, to follow other words; "I" and names of one letter keep theirs.
fn uncapitalised(words: &str) -> String {
    let mut characters = words.chars();
    let (first, second) = (characters.next(), characters.next());
    match (first, second) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(words.chars().skip(1)).collect()
        }
        (Some('A'), Some(' ')) => format!("a{}", &words[1..]),
        _ => words.to_owned(),
    }
}

/// A quiet stage direction when mood changes.
pub fn cue(before: Mood, after: Mood, language: Language) -> Option<&'static str> {
    if before == after {
        return None;
    }
    Some(match (after, language) {
        (Mood::Calm, Language::En) => "breathes out and looks at you",
        (Mood::Calm, Language::Zh) => "松了口气，看着你",
        (Mood::Worried, Language::En) => "frowns",
        (Mood::Worried, Language::Zh) => "皱起眉头",
        (Mood::Sad, Language::En) => "looks down",
        (Mood::Sad, Language::Zh) => "低下了头",
        (Mood::Irritated, Language::En) => "looks away, arms crossed",
        (Mood::Irritated, Language::Zh) => "别过脸去，抱起胳膊",
        (Mood::Distressed, Language::En) => "winces",
        (Mood::Distressed, Language::Zh) => "疼得皱了一下眉",
    })
}
