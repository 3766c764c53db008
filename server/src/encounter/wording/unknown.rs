//! What a patient says of something nobody wrote into the case: neither yes nor a firm no.
//!
//! A case denies in so many words what its author made a pertinent negative. Of anything else the
//! patient can only say what a person says who has not paid attention to it.

use knowledge_graph::{Facet, Language, Section, TopicId, TopicKind};

use super::lines::Lines;

/// Asked whether they have a symptom.
pub(super) fn not_noticed(language: Language) -> Lines {
    match language {
        Language::En => {
            &["No, not that I've noticed.", "Not that I've noticed.", "I don't think so.", "Not really, no."]
        }
        Language::Zh => &["没觉得有。", "好像没有。", "没注意到有。", "应该没有吧。"],
    }
}

/// Asked whether they have any of several symptoms.
pub(super) fn none_noticed(language: Language) -> Lines {
    match language {
        Language::En => {
            &["No, none that I've noticed.", "Not that I've noticed, any of that.", "I don't think so, none of them."]
        }
        Language::Zh => &["这些好像都没有。", "都没觉得有。", "没注意到有这些。"],
    }
}

/// Asked whether something is as it should be.
pub(super) fn nothing_wrong(language: Language) -> Lines {
    match language {
        Language::En => {
            &["I haven't noticed anything wrong.", "No problems that I've noticed.", "Nothing I've noticed."]
        }
        Language::Zh => &["没觉得有什么不对。", "没注意到有什么问题。", "好像没什么不一样。"],
    }
}

/// Asked about `topic`, which belongs to `section` of the history.
pub(super) fn nothing_known(topic: &TopicId, section: Option<Section>, language: Language) -> Lines {
    match (topic.kind(), section) {
        (TopicKind::Finding, _) if topic.facet() == Some(Facet::Trigger) => no_cause(language),
        (TopicKind::Perspective, _) => perspective(topic.name(), language),
        (TopicKind::Identity, _) => why_asked(language),
        (TopicKind::Finding, _) => cannot_say(language),
        (_, Some(Section::PastHistory | Section::FamilyHistory | Section::Allergies)) => not_told(language),
        (_, Some(Section::GeneralCondition)) => no_different(language),
        (_, Some(Section::Drugs | Section::CourseOfCare)) => nothing_comes_to_mind(language),
        (_, Some(Section::SocialHistory | Section::MenstrualObstetric)) => ordinary(language),
        _ => cannot_say(language),
    }
}

/// A part of something the patient has, such as its colour.
fn cannot_say(language: Language) -> Lines {
    match language {
        Language::En => &[
            "I couldn't really say.",
            "I'm not sure, to be honest.",
            "Hard to say, doctor.",
            "I haven't really thought about that.",
            "I don't know, sorry.",
            "I've not paid it much attention.",
            "I can't say for certain.",
        ],
        Language::Zh => &[
            "这个我说不好。",
            "不太清楚。",
            "没太注意。",
            "这我还真没留意。",
            "说不上来。",
            "这个不好说。",
            "我也说不准。",
        ],
    }
}

/// What set something off.
fn no_cause(language: Language) -> Lines {
    match language {
        Language::En => &[
            "Nothing that I can think of.",
            "Nothing comes to mind.",
            "No, I can't think of anything.",
            "Nothing I could put my finger on.",
        ],
        Language::Zh => &["想不起有什么原因。", "没想到什么由头。", "好像没什么特别的原因。", "说不出是什么引起的。"],
    }
}

/// An illness or an allergy, one's own or a relative's: nobody can deny what they may not know of.
fn not_told(language: Language) -> Lines {
    match language {
        Language::En => &["Not that I know of.", "Not as far as I know.", "None that I know of."],
        Language::Zh => &["据我所知没有。", "没听说有。", "没查出过。"],
    }
}

/// Appetite, sleep, bowels.
fn no_different(language: Language) -> Lines {
    match language {
        Language::En => &[
            "I haven't noticed any change.",
            "No different from usual, as far as I can tell.",
            "Nothing I've noticed.",
        ],
        Language::Zh => &["没觉得跟平时有什么不一样。", "没注意到有什么变化。", "没太留意，好像跟平时差不多。"],
    }
}

/// Medicines and what was done so far.
fn nothing_comes_to_mind(language: Language) -> Lines {
    match language {
        Language::En => &["Nothing that comes to mind.", "Not that I can think of.", "Nothing I can remember."],
        Language::Zh => &["想不起来有什么。", "好像没有，记不太清了。", "没有印象。"],
    }
}

/// Habits, work, home, travel.
fn ordinary(language: Language) -> Lines {
    match language {
        Language::En => {
            &["Nothing out of the ordinary.", "Nothing worth mentioning, really.", "Nothing special there."]
        }
        Language::Zh => &["这方面没什么特别的。", "没什么可说的，挺普通的。", "没什么特殊的。"],
    }
}

/// Who they are, beyond what the case says.
fn why_asked(language: Language) -> Lines {
    match language {
        Language::En => {
            &["Does that matter for this?", "Why do you need to know that?", "I'd rather stick to why I came."]
        }
        Language::Zh => &["这个跟看病有关系吗？", "问这个做什么呀？", "还是先说我这病吧。"],
    }
}

/// What they think, fear, hope for, and how they bear it.
fn perspective(name: &str, language: Language) -> Lines {
    match (name, language) {
        ("idea", Language::En) => &["I've no idea, that's why I came.", "I don't know. I was hoping you'd tell me."],
        ("idea", Language::Zh) => &["我也不知道，这不是来问您嘛。", "我不懂这些，您给看看。"],
        ("concern", Language::En) => &["I just want to know what it is.", "I'd just like to know what's going on."],
        ("concern", Language::Zh) => &["就想弄明白是怎么回事。", "就想知道到底是什么问题。"],
        ("expectation", Language::En) => &["I'd just like to feel better.", "Whatever you think is best, doctor."],
        ("expectation", Language::Zh) => &["能好起来就行。", "听您的，怎么好怎么来。"],
        ("coping", Language::En) => &["I'm getting by, I suppose.", "One day at a time."],
        ("coping", Language::Zh) => &["就这么撑着呗。", "过一天算一天吧。"],
        (_, Language::En) => &["I couldn't really say.", "I haven't thought about it like that."],
        (_, Language::Zh) => &["这个说不好。", "没这么想过。"],
    }
}
