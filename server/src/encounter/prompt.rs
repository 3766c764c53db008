//! What the model sees: persona, the student's words and the facts that may be told now.
//!
//! The diagnosis, the rubric and closed facts are not arguments of any function here. Earlier
//! exchanges are not shown: code has already resolved what the question is about, and fewer new
//! tokens mean a quicker reply.

use cases::format::{Patient, Persona, Sex, Style};
use knowledge_graph::Language;
use models::SpeechRequest;

/// Version of these prompts, stored with every reply.
pub const PROMPT_VERSION: &str = "5";

/// What the English prompt shows as an example: note, then patient. Nothing here may turn up in a
/// reply.
const EXAMPLES_EN: [&str; 4] = [
    "I wake at four most nights. I nap on the tram.",
    "I wake at four most nights, and I nap on the tram.",
    "Two of my hens have stopped laying.",
    "Well, two of my hens have stopped laying.",
];
/// What the Chinese prompt shows as an example.
const EXAMPLES_ZH: [&str; 4] = [
    "我每天四点就醒。坐电车老打盹。",
    "我每天四点就醒，坐电车老打盹。",
    "家里两只母鸡不下蛋了。",
    "家里啊，两只母鸡不下蛋了。",
];

/// The example sentences the model sees in `language`.
pub const fn examples(language: Language) -> &'static [&'static str] {
    match language {
        Language::En => &EXAMPLES_EN,
        Language::Zh => &EXAMPLES_ZH,
    }
}

/// Longest stretch of the student's words that the model sees, in characters.
const LONGEST_QUESTION: usize = 240;

/// The part shared by everyone on one case in one language: evaluated once.
pub fn shared_prefix(patient: &Patient, persona: &Persona, language: Language) -> String {
    let name = patient.name.get(language);
    let work = patient.occupation.get(language);
    let voice = persona.voice.get(language);
    match language {
        Language::En => {
            let sex = if patient.sex == Sex::Female { "woman" } else { "man" };
            let [two, two_said, one, one_said] = EXAMPLES_EN;
            format!(
                "You play {name}, a {}-year-old {sex} ({work}), at the doctor's. {voice} {}\n\
                 You get the doctor's question and a note. Say the note aloud as the answer, in its own words and \
                 in one short sentence; join two sentences with \"and\". Change no number, place, time or tense. \
                 Add nothing.\n\
                 Example\nDoctor: How are your nights and days?\nNote: {two}\nPatient: {two_said}\n\
                 Example\nDoctor: What's new at home?\nNote: {one}\nPatient: {one_said}",
                patient.age,
                manner_en(persona.style)
            )
        }
        Language::Zh => {
            let sex = if patient.sex == Sex::Female { "女" } else { "男" };
            let [two, two_said, one, one_said] = EXAMPLES_ZH;
            format!(
                "你演{name}，{sex}，{}岁，{work}，正在看医生。{voice}{}\n\
                 每次给你医生的问题和一条“情况”。用情况里原来的词，像平时说话那样，用一句短话把情况说出来回答医生；\
                 有两句就连成一句。数字、部位、时间不许改，情况里没有的不许说。\n\
                 例子\n医生问：白天晚上怎么样？\n情况：{two}\n你说：{two_said}\n\
                 例子\n医生问：家里怎么样？\n情况：{one}\n你说：{one_said}",
                patient.age,
                manner_zh(persona.style)
            )
        }
    }
}

fn manner_en(style: Style) -> &'static str {
    match style {
        Style::Plain => "You speak plainly.",
        Style::Talkative => "You like to talk.",
        Style::Terse => "You use as few words as you can.",
        Style::Anxious => "You sound worried.",
        Style::Distrustful => "You sound guarded.",
        Style::HardOfHearing => "You are elderly and a little hard of hearing.",
        Style::Proxy => "You speak for the patient.",
    }
}

fn manner_zh(style: Style) -> &'static str {
    match style {
        Style::Plain => "你说话实在。",
        Style::Talkative => "你爱说话。",
        Style::Terse => "你话很少。",
        Style::Anxious => "你有点担心。",
        Style::Distrustful => "你有戒心。",
        Style::HardOfHearing => "你年纪大了，耳朵有点背。",
        Style::Proxy => "你替病人说话。",
    }
}

/// One utterance to be phrased.
pub struct Utterance<'a> {
    /// From [`shared_prefix`].
    pub shared_prefix: String,
    /// The student's words.
    pub said: &'a str,
    /// The facts' own sentences that may be told now.
    pub facts: &'a [String],
    /// Language spoken.
    pub language: Language,
    /// Seed of the sampler.
    pub seed: u64,
}

/// The request that has the engine evaluate `shared_prefix` and say next to nothing.
pub fn preparation(shared_prefix: String) -> SpeechRequest {
    SpeechRequest {
        shared_prefix,
        history: Vec::new(),
        prompt: String::new(),
        max_tokens: 1,
        temperature: 0.0,
        seed: 0,
        fallback: String::new(),
    }
}

/// The request that has the model phrase `utterance`.
pub fn request(utterance: &Utterance<'_>) -> SpeechRequest {
    let said: String = utterance.said.chars().take(LONGEST_QUESTION).collect();
    let facts = utterance.facts.join(" ");
    let prompt = match utterance.language {
        Language::En => format!("Doctor: {said}\nNote: {facts}\nPatient:"),
        Language::Zh => format!("医生问：{said}\n情况：{facts}\n你说："),
    };
    SpeechRequest {
        shared_prefix: utterance.shared_prefix.clone(),
        history: Vec::new(),
        prompt,
        max_tokens: 24 + 40 * u32::try_from(utterance.facts.len()).unwrap_or(4).min(4),
        temperature: 0.5,
        seed: utterance.seed,
        fallback: facts,
    }
}
