//! The texts around the facts: title, door note, appearance, manner, teaching note.

use knowledge_graph::{Bilingual, lower_first};

use super::{
    Request,
    dice::{Dice, capital},
    person::Person,
    picture::Picture,
    vitals,
};
use crate::{
    format::{Level, Literacy, Mood, Persona, Setting, Sex, Style, Vitals},
    problem::both,
};

/// Age from which every fourth patient of a harder case is hard of hearing: disabling hearing loss
/// is found in about a quarter of people above 60 (World Report on Hearing, WHO 2021).
const OFTEN_DEAF: u8 = 65;

pub(super) fn id(picture: &Picture<'_>, person: &Person, seed: u64) -> String {
    let age = person.age;
    let tail = format!("{}-{age}-{seed}", person.family);
    let complaint: String = picture.complaint.finding.id.chars().take(78_usize.saturating_sub(tail.len())).collect();
    format!("{}-{tail}", complaint.trim_end_matches('-'))
}

pub(super) fn title(picture: &Picture<'_>, person: &Person) -> Bilingual {
    let (name, old) = (picture.complaint_name(), person.old());
    let article = article(&old.en);
    both(format!("{} in {article} {}", capital(&name.en), old.en), format!("{}，{}", name.zh, old.zh))
}

/// "an" before eight, eleven, eighteen and eighty, "a" before other ages.
fn article(old: &str) -> &'static str {
    let number = old.split('-').next().unwrap_or_default();
    if number.starts_with('8') || matches!(number, "11" | "18") { "an" } else { "a" }
}

/// Dangerous diseases come to the emergency department.
pub(super) fn setting(picture: &Picture<'_>) -> Setting {
    if picture.disease.dangerous { Setting::Emergency } else { Setting::Clinic }
}

pub(super) fn minutes(level: Level) -> u16 {
    match level {
        Level::Introductory => 10,
        Level::Intermediate => 12,
        Level::Advanced => 15,
    }
}

pub(super) fn door_note(picture: &Picture<'_>, person: &Person, setting: Setting) -> Bilingual {
    let (place_en, place_zh) = match setting {
        Setting::Emergency => ("the emergency department", "急诊科"),
        Setting::Clinic => ("the clinic", "门诊"),
        Setting::Ward => ("the ward", "病房"),
        Setting::Home => ("a home visit", "出诊"),
    };
    let (sex_en, sex_zh) = if person.sex == Sex::Female { ("woman", "女") } else { ("man", "男") };
    let (name, old) = (picture.complaint_name(), person.old());
    let (work_en, work_zh) = (lower_first(&person.occupation.en), &person.occupation.zh);
    let (who_en, comes_zh) = match &person.carer {
        Some(carer) => (
            format!("{} brought by the {}", carer.child_en(), lower_first(&carer.who.en)),
            format!("由{}带来，因{}就诊", carer.who.zh, name.zh),
        ),
        None if person.is_adult() => (format!("{sex_en} ({work_en})"), format!("{work_zh}，因{}来诊", name.zh)),
        None => (format!("young person ({work_en})"), format!("{work_zh}，因{}来诊", name.zh)),
    };
    both(
        format!(
            "You are the doctor in {place_en}. {}, {} {} {who_en}, has come because of {}. Take a focused history; you may then examine the patient and ask for tests.",
            person.name.en,
            article(&old.en),
            old.en,
            lower_first(&name.en),
        ),
        format!(
            "您是{place_zh}医生。{}，{sex_zh}，{}，{comes_zh}。请重点询问病史，之后可进行体格检查并申请辅助检查。",
            person.name.zh, old.zh,
        ),
    )
}

/// What is seen from the door.
pub(super) fn appearance(picture: &Picture<'_>, person: &Person, vitals: &Vitals, mood: Mood) -> Bilingual {
    if let Some(carer) = &person.carer {
        return carer.appearance(seen(picture, vitals, vitals::fast_breathing(person)), mood);
    }
    let (mut en, mut zh) = match mood {
        Mood::Distressed => (vec!["looks unwell and in discomfort"], vec!["看上去不适，表情痛苦"]),
        Mood::Worried => (vec!["looks worried"], vec!["神情担忧"]),
        Mood::Sad => (vec!["looks downcast"], vec!["情绪低落"]),
        Mood::Irritated => (vec!["looks impatient"], vec!["有些不耐烦"]),
        Mood::Calm => (vec!["looks at ease"], vec!["神态平静"]),
    };
    for (seen_en, seen_zh) in seen(picture, vitals, vitals::fast_breathing(person)) {
        en.push(seen_en);
        zh.push(seen_zh);
    }
    let last = en.pop().unwrap_or_default();
    let en = if en.is_empty() { last.to_owned() } else { format!("{} and {last}", en.join(", ")) };
    both(format!("The patient {en}."), format!("患者{}。", zh.join("，")))
}

/// What of the illness is plain to see; `fast` is the rate of breathing that strikes the eye.
fn seen(picture: &Picture<'_>, vitals: &Vitals, fast: u16) -> Vec<(&'static str, &'static str)> {
    let signs = [
        (vitals.respiratory_rate_per_min >= fast, ("is breathing fast", "呼吸急促")),
        (vitals.temperature_c >= 38.0, ("has a flushed face", "面色潮红")),
        (picture.has(&["pallor", "conjunctival-pallor", "tachycardia-and-hypotension"]), ("is pale", "面色苍白")),
        (picture.has(&["sweating"]), ("is sweating", "出汗")),
        (picture.has(&["jaundice", "scleral-icterus"]), ("has yellow eyes", "眼白发黄")),
        (picture.has(&["cyanosis"]), ("has bluish lips", "口唇发紫")),
    ];
    signs.into_iter().filter(|(is_seen, _)| *is_seen).map(|(_, words)| words).collect()
}

pub(super) fn persona(request: &Request, picture: &Picture<'_>, person: &Person, dice: &mut Dice) -> Persona {
    let choices: &[Style] = match request.level {
        _ if person.carer.is_some() => &[Style::Proxy],
        Level::Intermediate | Level::Advanced if person.age >= OFTEN_DEAF => {
            &[Style::HardOfHearing, Style::Plain, Style::Terse, Style::Anxious]
        }
        Level::Introductory => &[Style::Plain, Style::Plain, Style::Talkative],
        Level::Intermediate => &[Style::Plain, Style::Anxious, Style::Terse, Style::Talkative],
        Level::Advanced => &[Style::Distrustful, Style::Terse, Style::Anxious],
    };
    let drawn = dice.pick(choices).copied().unwrap_or(Style::Plain);
    let style = request.style.unwrap_or(drawn);
    Persona {
        style,
        mood: mood(style, picture),
        voice: voice(style),
        understands: Vec::new(),
        literacy: Literacy::Ordinary,
        dialect: None,
    }
}

fn mood(style: Style, picture: &Picture<'_>) -> Mood {
    match style {
        _ if picture.suffers() => Mood::Distressed,
        Style::Distrustful => Mood::Irritated,
        Style::Anxious => Mood::Worried,
        _ if picture.has(&["low-mood"]) => Mood::Sad,
        _ if picture.disease.dangerous => Mood::Worried,
        _ => Mood::Calm,
    }
}

fn voice(style: Style) -> Bilingual {
    match style {
        Style::Plain => {
            both("Answers simply and to the point, in everyday words.", "说话直白，问什么答什么，用大白话。")
        }
        Style::Talkative => {
            both("Friendly and chatty; tends to add a little from daily life.", "热情健谈，爱顺口说两句家常。")
        }
        Style::Terse => {
            both("Gives a few words at a time and waits for the next question.", "话很少，答几个字就等下一个问题。")
        }
        Style::Anxious => {
            both("Speaks quickly, and now and then asks whether it is serious.", "语速快，不时问一句要不要紧。")
        }
        Style::Distrustful => both(
            "Guarded at first; opens up to someone who is kind and explains the reason for asking.",
            "起初有戒心，对方和气并说明为什么问，才肯多讲。",
        ),
        Style::HardOfHearing => {
            both("Hard of hearing: sometimes asks to repeat, and answers slowly.", "耳背，常请对方再说一遍，回答慢。")
        }
        Style::Proxy => both("Speaks on behalf of the patient, careful to be exact.", "替患者说话，尽量说得准确。"),
    }
}

/// For the teacher: the disease in short, and what separates it from the first differentials.
pub(super) fn teaching_note(picture: &Picture<'_>) -> Bilingual {
    let separates: Vec<&Bilingual> = picture.differential().take(3).map(|(edge, _)| &edge.separates).collect();
    let en: Vec<&str> = separates.iter().map(|text| text.en.as_str()).collect();
    let zh: Vec<&str> = separates.iter().map(|text| text.zh.as_str()).collect();
    let altered = picture
        .disease
        .comorbidity
        .iter()
        .filter(|edge| picture.comorbidities.iter().any(|other| other.id == edge.disease));
    let notes: Vec<&Bilingual> = altered.filter_map(|edge| edge.note.as_ref()).collect();
    let notes_en: Vec<&str> = notes.iter().map(|note| note.en.as_str()).collect();
    let notes_zh: Vec<&str> = notes.iter().map(|note| note.zh.as_str()).collect();
    let summary = &picture.disease.summary;
    let join_en = [vec![summary.en.as_str()], notes_en, en].concat().join(" ");
    let join_zh = [vec![summary.zh.as_str()], notes_zh, zh].concat().join("");
    both(join_en, join_zh)
}
