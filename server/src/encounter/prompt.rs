//! What the model sees: persona, the student's words and the facts that may be told now.
//!
//! The diagnosis, the rubric and closed facts are not arguments of any function here. Earlier
//! exchanges are not shown: code has already resolved what the question is about, and fewer new
//! tokens mean a quicker reply.

use cases::format::{Patient, Persona, Sex, Style};
use knowledge_graph::Language;
use models::SpeechRequest;

/// Version of these prompts, stored with every reply.
pub const PROMPT_VERSION: &str = "4";

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
            format!(
                "You play {name}, a {}-year-old {sex} ({work}), at the doctor's. {voice} {}\n\
                 You get the doctor's question and a note. Say what the note says, as yourself, with \"I\", in \
                 one short spoken sentence. Keep every number, place and time of the note. Add nothing that \
                 is not in the note.\n\
                 Example\nDoctor: Any trouble sleeping?\nNote: I wake at four most nights.\n\
                 Patient: Yeah, I'm awake by four, most nights.\n\
                 Example\nDoctor: What is it like?\nNote: It is a dull ache, and it comes and goes.\n\
                 Patient: Sort of a dull ache, it comes and goes.",
                patient.age,
                manner_en(persona.style)
            )
        }
        Language::Zh => {
            let sex = if patient.sex == Sex::Female { "女" } else { "男" };
            format!(
                "你演{name}，{sex}，{}岁，{work}，正在看医生。{voice}{}\n\
                 每次给你医生的问题和一条“情况”。用“我”的口气，像平时说话那样，用一句短话把情况说出来。\
                 数字、部位、时间要照说，情况里没有的不许说。\n\
                 例子\n医生问：睡得好吗？\n情况：我每天四点就醒。\n你说：不好，天天四点就醒了。\n\
                 例子\n医生问：怎么个疼法？\n情况：隐隐作痛，一阵一阵的。\n你说：隐隐地疼，一阵一阵的。",
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
