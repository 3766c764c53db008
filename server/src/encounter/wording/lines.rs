//! The patient's fixed lines: several ways to say the same, in both languages.

use cases::format::Style;
use knowledge_graph::Language;

use crate::encounter::policy::{Lead, Policy};

/// Ways to say one thing.
pub(super) type Lines = &'static [&'static str];

pub(super) fn greetings(language: Language) -> Lines {
    match language {
        Language::En => &["Hello, doctor.", "Hi, doctor.", "Good to see you, doctor."],
        Language::Zh => &["医生您好。", "您好，大夫。", "医生好。"],
    }
}

pub(super) fn corrections(language: Language) -> Lines {
    match language {
        Language::En => &["Not quite.", "Not exactly.", "That's not quite right."],
        Language::Zh => &["不太对。", "不是这样。", "不完全是。"],
    }
}

/// Before a fact that was written for another question.
pub(super) fn lead(lead: Lead, language: Language) -> Lines {
    match (lead, language) {
        (Lead::NotThatKnown, Language::En) => &["Not that I know of.", "Not as far as I know."],
        (Lead::NotThatKnown, Language::Zh) => &["这个没听说有。", "这个据我所知没有。"],
        (Lead::Yes, Language::En) => &["Yes.", "Yes, there is."],
        (Lead::Yes, Language::Zh) => &["有。", "有的。"],
        (Lead::NotExactly, Language::En) => &["Not exactly that.", "Not quite that."],
        (Lead::NotExactly, Language::Zh) => &["倒不完全是。", "也不全是。"],
    }
}

/// When something was denied for a patient who indeed does not have it.
pub(super) fn agreements(language: Language) -> Lines {
    match language {
        Language::En => &["No, that's right.", "No, none.", "No, I haven't."],
        Language::Zh => &["对，没有。", "嗯，没有。", "是的，没有。"],
    }
}

/// When something was denied for a patient who has it.
pub(super) fn affirmations(language: Language) -> Lines {
    match language {
        Language::En => &["I have, actually.", "Well, yes, I have.", "Actually, yes."],
        Language::Zh => &["有的。", "其实有。", "不，有的。"],
    }
}

/// Before something that has been said already.
pub(super) fn again(language: Language) -> Lines {
    match language {
        Language::En => &["As I said, ", "Like I said, ", ""],
        Language::Zh => &["刚才说过，", "就像我说的，", ""],
    }
}

/// Before and after a technical word that the patient asks about.
pub(super) fn ask_meaning(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::En => &[
            ("Sorry, what do you mean by “", "”?"),
            ("I don't know what “", "” means, sorry."),
            ("“", "”? What's that?"),
        ],
        Language::Zh => &[("“", "”是什么意思？"), ("我不懂，“", "”是啥？"), ("您说的“", "”，我听不懂。")],
    }
}

pub(super) fn of_policy(policy: Policy, style: Style, language: Language) -> Lines {
    match language {
        _ if policy == Policy::Unsure => unsure(language),
        Language::En => english(policy, style),
        Language::Zh => chinese(policy, style),
    }
}

/// When they have asked back often enough.
fn unsure(language: Language) -> Lines {
    match language {
        Language::En => &[
            "I couldn't tell you, doctor.",
            "I wouldn't know what to say to that.",
            "I'm not sure about that one.",
            "I really don't know.",
        ],
        Language::Zh => &["这个我也说不好。", "这我就不清楚了，大夫。", "这个我还真答不上来。", "我也不太懂这个。"],
    }
}

fn english(policy: Policy, style: Style) -> Lines {
    match policy {
        Policy::NothingMore => &[
            "No, I think that's everything.",
            "That's about it, really.",
            "Nothing else I can think of.",
            "No, that's all, doctor.",
        ],
        Policy::Guarded => &[
            "I'd rather not go into that.",
            "Is that really important? I don't like to talk about it.",
            "Do we have to talk about that?",
            "I'm not comfortable talking about that yet.",
        ],
        Policy::Confirm => &["Yes, that's right.", "Yes, that's it.", "That's right, doctor.", "Yes, exactly."],
        Policy::React if style == Style::Anxious => &[
            "All right… is it serious, doctor?",
            "Okay. Should I be worried?",
            "If you think that's best. I just want to know what's wrong.",
            "Oh… okay. I'm a bit scared, to be honest.",
        ],
        Policy::React if style == Style::Distrustful => {
            &["Hm. If you say so.", "Do I really have to?", "And what good will that do?", "I'll think about it."]
        }
        Policy::React => &[
            "Okay, I see.",
            "All right, if you think so, doctor.",
            "Easier said than done, but I see what you mean.",
            "Okay. Thank you for explaining.",
            "If that's what it takes, all right.",
        ],
        Policy::Comforted if style == Style::Distrustful => {
            &["Thanks.", "I appreciate you saying that.", "Well… thank you.", "It's good to be listened to, I suppose."]
        }
        Policy::Comforted => &[
            "Thank you, doctor.",
            "Thanks. It helps to hear that.",
            "Thank you for saying that.",
            "It hasn't been easy, no. Thank you.",
            "I'm glad somebody listens.",
        ],
        Policy::Comply => &["Of course, go ahead.", "Of course.", "Yes, that's fine.", "All right, doctor.", "Sure."],
        Policy::Agree if style == Style::HardOfHearing => {
            &["Yes, if you speak up a bit.", "Go on, but slowly, my hearing's poor.", "All right, a bit louder please."]
        }
        Policy::Agree if style == Style::Terse => &["Fine.", "Go on.", "Yes."],
        Policy::Agree if style == Style::Distrustful => &["If you must.", "Go on, then.", "If it helps."],
        Policy::Agree => {
            &["Yes, of course.", "Yes, that's fine.", "Yes, go ahead.", "That's all right, ask away.", "Sure."]
        }
        Policy::Deflect => &[
            "Sorry, can we talk about why I came?",
            "I'd rather talk about what's bothering me.",
            "I can't think about that just now, doctor.",
            "What's that got to do with how I feel?",
            "I just want to get this sorted out.",
            "Could we get back to why I'm here?",
        ],
        Policy::Offended => &[
            "There's no need to talk to me like that.",
            "I came here for help, you know.",
            "Please don't speak to me that way.",
            "I don't have to put up with that.",
        ],
        Policy::Puzzled => &[
            "I'm sorry, I don't follow you.",
            "I don't know what you mean. I just came because I'm unwell.",
            "What are you talking about, doctor?",
            "I'm only a patient, doctor. I don't understand that.",
            "Sorry, that makes no sense to me.",
            "I don't know what you want me to say.",
        ],
        Policy::Wonder if style == Style::Anxious => {
            &["Is it something serious, doctor?", "Will I be all right?", "What happens now?"]
        }
        Policy::Wonder => &["What happens next?", "When will I know what it is?", "Do you know what's wrong with me?"],
        Policy::Farewell => {
            &["Thank you, doctor. Goodbye.", "All right, thanks for your time, doctor.", "Okay. Thank you, doctor."]
        }
        Policy::Listen => &["Mm.", "Right.", "Okay.", "I see.", "Mm-hm.", "Yes, doctor."],
        _ if style == Style::HardOfHearing => &[
            "Sorry, could you say that again? My hearing's not good.",
            "You'll have to speak up, doctor.",
            "Sorry, could you ask that another way?",
            "I don't quite follow, doctor.",
            "Could you put that more simply?",
        ],
        _ => &[
            "Sorry, could you ask that another way?",
            "Sorry, I don't quite follow.",
            "I'm not sure what you're asking, doctor.",
            "Could you put that more simply?",
            "Sorry, what do you mean?",
            "I didn't quite catch that.",
            "You've lost me there, doctor.",
            "What exactly would you like to know?",
        ],
    }
}

fn chinese(policy: Policy, style: Style) -> Lines {
    match policy {
        Policy::NothingMore => &["没别的了。", "就这些吧。", "想不起别的了。", "差不多就这些，大夫。"],
        Policy::Guarded => &["这个我不太想说。", "这个有必要说吗？", "能不能先不说这个？", "这事儿我不方便讲。"],
        Policy::Confirm => &["对，是这样。", "嗯，对的。", "是的，医生。", "对，没错。"],
        Policy::React if style == Style::Anxious => {
            &["好……医生，这严重吗？", "那我要不要紧啊？", "行，听您的，我就是有点怕。", "哦……那好吧。"]
        }
        Policy::React if style == Style::Distrustful => &["您说是就是吧。", "非得这样吗？", "这有用吗？", "我再想想。"],
        Policy::React => {
            &["好，我知道了。", "行，听您的。", "说起来容易，我尽量吧。", "嗯，谢谢您跟我讲。", "那好吧，您看着办。"]
        }
        Policy::Comforted if style == Style::Distrustful => &["谢谢。", "嗯，您能这么说，谢谢。", "唉，谢谢您。"],
        Policy::Comforted => &[
            "谢谢您，医生。",
            "谢谢，听您这么说好多了。",
            "嗯，谢谢大夫。",
            "唉，是不容易，谢谢您。",
            "有人听我说说就好。",
        ],
        Policy::Comply => &["好的，您查吧。", "好的。", "行，没问题。", "可以的。", "好，听您的。"],
        Policy::Agree if style == Style::HardOfHearing => {
            &["行，您大点声。", "您说慢点，我耳朵背。", "可以，声音大点啊。"]
        }
        Policy::Agree if style == Style::Terse => &["行。", "问吧。", "嗯。"],
        Policy::Agree if style == Style::Distrustful => &["要问就问吧。", "问吧，有用就行。", "行吧。"],
        Policy::Agree => &["可以，您问吧。", "行，您说。", "好的，没事。", "嗯，您问。", "没问题。"],
        Policy::Deflect => &[
            "医生，咱们还是说说我这病吧。",
            "我就想先把这个病看好。",
            "我现在哪有心思想这个。",
            "这跟我不舒服有关系吗？",
            "先看病吧，大夫。",
            "咱们说正事儿吧，大夫。",
        ],
        Policy::Offended => {
            &["您怎么这么说话呢？", "我是来看病的，您别这样。", "请您好好说话。", "您这态度我可受不了。"]
        }
        Policy::Puzzled => &[
            "啊？我没听懂您说什么。",
            "您说的我不明白，我就是身体不舒服来看看。",
            "医生，您在说什么呀？",
            "我就是个病人，这些我不懂。",
            "您这话我听不明白。",
            "您到底想让我说什么呀？",
        ],
        Policy::Wonder if style == Style::Anxious => &["医生，这严重吗？", "我不会有事吧？", "接下来怎么办呢？"],
        Policy::Wonder => &["接下来怎么办呢？", "什么时候能知道是怎么回事？", "医生，我这到底是怎么了？"],
        Policy::Farewell => &["谢谢医生，再见。", "好，谢谢大夫。", "好的，那我等着，谢谢您。"],
        Policy::Listen => &["嗯。", "哦。", "嗯嗯。", "好。", "是。"],
        _ if style == Style::HardOfHearing => &[
            "啊？您再说一遍，我耳朵不好使。",
            "您大点声，我没听清。",
            "没太听明白，您换个说法？",
            "您能说得简单点吗？",
            "您问的是哪方面？",
        ],
        _ => &[
            "没太听明白，您换个说法？",
            "您说的是什么意思？",
            "这个……您是想问什么？",
            "您能说得简单点吗？",
            "不好意思，我没听懂。",
            "您再说一遍？",
            "您问的是哪方面？",
            "啊？您说什么？",
        ],
    }
}
