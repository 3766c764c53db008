//! What the patient says when nothing of the case is told: a few words, in the patient's language.

use cases::format::{Case, Fact, Mood, Style};
use knowledge_graph::{Graph, Language, TopicId, TopicKind};

use super::policy::{Decision, Policy};

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

/// Puts a decision into words. `turn` and `seed` choose among ways to say the same.
pub fn script(case: &Case, graph: &Graph, decision: &Decision, language: Language, pick: u64) -> Script {
    let facts: Vec<String> = decision.facts.iter().map(|fact| own_words(fact, language, pick)).collect();
    let before = if decision.greeted { choose(greetings(language), pick) } else { "" };
    let around = |after: String| Script { before: before.to_owned(), facts: facts.clone(), after };
    match decision.policy {
        // An opening that addresses the doctor is a greeting already.
        Policy::Opening => Script {
            before: if addresses_doctor(case.opening.get(language)) { String::new() } else { before.to_owned() },
            facts: vec![case.opening.get(language).to_owned()],
            after: String::new(),
        },
        Policy::Answer => around(denial(graph, decision, language, pick)),
        Policy::AskMeaning => around(ask_meaning(decision.jargon.as_deref().unwrap_or_default(), language)),
        Policy::Greet => Script { before: choose(greetings(language), pick).into(), facts, after: String::new() },
        Policy::Correct => Script { before: choose(corrections(language), pick).into(), facts, after: String::new() },
        Policy::Volunteer => around(String::new()),
        policy => around(choose(lines(policy, case.persona.style, language), pick).to_owned()),
    }
}

fn addresses_doctor(opening: &str) -> bool {
    ["doctor", "Doctor", "大夫", "医生"].iter().any(|word| opening.contains(word))
}

/// The fact's own sentence, or one of its variants.
fn own_words(fact: &Fact, language: Language, pick: u64) -> String {
    let variants = fact.variants.get(language);
    let count = variants.len() as u64 + 1;
    match usize::try_from(pick % count) {
        Ok(n) if n > 0 => variants[n - 1].clone(),
        _ => fact.tells.get(language).to_owned(),
    }
}

fn choose<'a>(lines: &'a [&'a str], pick: u64) -> &'a str {
    let count = lines.len().max(1) as u64;
    usize::try_from(pick % count).ok().and_then(|n| lines.get(n)).copied().unwrap_or("")
}

fn denial(graph: &Graph, decision: &Decision, language: Language, pick: u64) -> String {
    let told_something = !decision.facts.is_empty();
    match (decision.absent.as_slice(), decision.unknown.as_slice()) {
        ([], []) => String::new(),
        ([], _) => choose(cannot_say(language), pick).to_owned(),
        ([one], _) => deny_one(graph, one, told_something, language, pick),
        (several, _) if told_something => match language {
            Language::En => format!("No {}.", names(graph, several, language).join(" or ")),
            Language::Zh => format!("没有{}。", names(graph, several, language).join("、")),
        },
        _ => choose(deny_all(language), pick).to_owned(),
    }
}

/// "No." to the one thing asked; named when something else was answered in the same breath.
fn deny_one(graph: &Graph, topic: &TopicId, told_something: bool, language: Language, pick: u64) -> String {
    if let Some(absent) = graph.finding(topic.name()).and_then(|finding| finding.absent.as_ref()) {
        return absent.get(language).to_owned();
    }
    let name = names(graph, std::slice::from_ref(topic), language).pop();
    match (language, name) {
        (Language::En, Some(name)) if told_something && topic.kind() == TopicKind::Finding => format!("No {name}."),
        (Language::Zh, Some(name)) if told_something && topic.kind() == TopicKind::Finding => format!("没有{name}。"),
        _ => choose(deny(language), pick).to_owned(),
    }
}

/// What a lay person calls each topic.
fn names(graph: &Graph, topics: &[TopicId], language: Language) -> Vec<String> {
    topics
        .iter()
        .filter_map(|topic| graph.topic(&topic.node()))
        .map(|info| info.lay.get(language).first().cloned().unwrap_or_else(|| info.name.get(language).to_lowercase()))
        .collect()
}

fn ask_meaning(word: &str, language: Language) -> String {
    match language {
        Language::En => format!("Sorry, what do you mean by “{word}”?"),
        Language::Zh => format!("“{word}”是什么意思？"),
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

fn greetings(language: Language) -> &'static [&'static str] {
    match language {
        Language::En => &["Hello, doctor.", "Hi, doctor.", "Good to see you, doctor."],
        Language::Zh => &["医生您好。", "您好，大夫。", "医生好。"],
    }
}

fn corrections(language: Language) -> &'static [&'static str] {
    match language {
        Language::En => &["Not quite.", "No, not exactly."],
        Language::Zh => &["不太对。", "不是这样。"],
    }
}

fn cannot_say(language: Language) -> &'static [&'static str] {
    match language {
        Language::En => &["I couldn't really say.", "I'm not sure, to be honest.", "I haven't paid attention to that."],
        Language::Zh => &["这个我说不好。", "不太清楚。", "没太注意。"],
    }
}

fn deny(language: Language) -> &'static [&'static str] {
    match language {
        Language::En => &["No.", "No, not that I've noticed.", "No, nothing like that."],
        Language::Zh => &["没有。", "没有，没注意到。", "这个没有。"],
    }
}

fn deny_all(language: Language) -> &'static [&'static str] {
    match language {
        Language::En => &["No, none of those.", "No, nothing like that."],
        Language::Zh => &["都没有。", "这些都没有。"],
    }
}

fn lines(policy: Policy, style: Style, language: Language) -> &'static [&'static str] {
    match language {
        Language::En => lines_en(policy, style),
        Language::Zh => lines_zh(policy, style),
    }
}

fn lines_en(policy: Policy, style: Style) -> &'static [&'static str] {
    match policy {
        Policy::NothingMore => &["No, I think that's everything.", "That's about it, really."],
        Policy::Guarded => {
            &["I'd rather not go into that.", "Is that really important? I don't like to talk about it."]
        }
        Policy::Confirm => &["Yes, that's right.", "Yes, that's it."],
        Policy::React if style == Style::Anxious => {
            &["All right… is it serious, doctor?", "Okay. Should I be worried?"]
        }
        Policy::React => &["Okay, I see.", "All right, if you think so, doctor.", "Okay. I'll do that."],
        Policy::Comforted => &["Thank you, doctor.", "Thanks. It helps to hear that.", "Thank you for saying that."],
        Policy::Comply => &["Of course, go ahead.", "Yes, that's fine.", "All right."],
        Policy::Deflect => &["Sorry, can we talk about why I came?", "I'd rather talk about what's bothering me."],
        Policy::Offended => &["There's no need to talk to me like that.", "I came here for help, you know."],
        Policy::Puzzled => {
            &["I'm sorry, I don't follow you.", "I don't know what you mean. I just came because I'm unwell."]
        }
        Policy::Farewell => &["Thank you, doctor.", "Thanks, doctor. Goodbye."],
        Policy::Listen => &["Mm.", "Yes."],
        _ => &["Sorry, what do you mean?", "Sorry, could you ask that another way?"],
    }
}

fn lines_zh(policy: Policy, style: Style) -> &'static [&'static str] {
    match policy {
        Policy::NothingMore => &["没别的了。", "就这些吧。"],
        Policy::Guarded => &["这个我不太想说。", "这个有必要说吗？"],
        Policy::Confirm => &["对，是这样。", "嗯，对的。"],
        Policy::React if style == Style::Anxious => &["好……医生，这严重吗？", "那我要不要紧啊？"],
        Policy::React => &["好，我知道了。", "行，听您的。", "嗯，好的。"],
        Policy::Comforted => &["谢谢您，医生。", "谢谢，听您这么说好多了。", "嗯，谢谢大夫。"],
        Policy::Comply => &["好，您查吧。", "行，没问题。", "可以的。"],
        Policy::Deflect => &["医生，咱们还是说说我这病吧。", "我就想先把这个病看好。"],
        Policy::Offended => &["您怎么这么说话呢？", "我是来看病的，您别这样。"],
        Policy::Puzzled => &["啊？我没听懂您说什么。", "您说的我不明白，我就是身体不舒服来看看。"],
        Policy::Farewell => &["谢谢医生。", "好，谢谢大夫，再见。"],
        Policy::Listen => &["嗯。", "对。"],
        _ => &["您说的是什么意思？", "没太听明白，您换个说法？"],
    }
}
