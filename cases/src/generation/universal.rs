//! What every patient knows whatever the illness, in their own words. Written to go with any
//! diagnosis: nothing here argues for or against one.

use crate::format::Disclosure::{self, Asked, NeedsTrust};

/// For whom a statement is fit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whom {
    Anyone,
    Adult,
    Minor,
    Retired,
    MayBePregnant,
    PastMenopause,
    /// Below a year; a carer speaks.
    Baby,
    /// From a year on; a carer speaks.
    Toddler,
}

/// One thing every patient can say.
#[derive(Clone, Copy)]
pub(super) struct Universal {
    pub(super) id: &'static str,
    pub(super) topic: &'static str,
    pub(super) also: &'static [&'static str],
    pub(super) whom: Whom,
    pub(super) present: bool,
    pub(super) disclosure: Disclosure,
    pub(super) bother: u8,
    /// Findings and risk factors (name parts) which, when present, answer the topic instead.
    pub(super) unless: &'static [&'static str],
    /// Ways to say it: English, Chinese, and their short forms.
    pub(super) says: &'static [(&'static str, &'static str, &'static str, &'static str)],
}

pub(super) const fn asked(
    id: &'static str,
    topic: &'static str,
    says: &'static [(&'static str, &'static str, &'static str, &'static str)],
) -> Universal {
    Universal {
        id,
        topic,
        also: &[],
        whom: Whom::Anyone,
        present: true,
        disclosure: Asked,
        bother: 1,
        unless: &[],
        says,
    }
}

pub(super) const fn no(universal: Universal) -> Universal {
    Universal { present: false, ..universal }
}

/// Statements in the order of the history; the first fit one for a topic is taken.
pub(super) const UNIVERSAL: &[Universal] = &[
    Universal {
        unless: &[
            "loss-of-appetite",
            "nausea",
            "vomiting",
            "increased-appetite",
            "early-satiety",
            "poor-feeding",
            "dysphagia",
        ],
        ..asked(
            "appetite",
            "history:appetite",
            &[
                ("I'm eating as usual.", "吃饭跟平时一样。", "As usual.", "跟平时一样。"),
                ("My appetite's fine.", "胃口还行。", "Fine.", "还行。"),
            ],
        )
    },
    Universal {
        unless: &["sleep-disturbance", "paroxysmal-nocturnal-dyspnoea", "night-sweats", "nocturia", "snoring"],
        ..asked(
            "sleep",
            "history:sleep",
            &[
                ("I sleep well enough.", "睡得还可以。", "Well enough.", "还可以。"),
                ("I've slept a little worse with worry.", "心里有事，睡得差一点。", "A little worse.", "差一点。"),
            ],
        )
    },
    Universal {
        unless: &[
            "diarrhoea",
            "constipation",
            "obstipation",
            "change-in-bowel-habit",
            "melaena",
            "rectal-bleeding",
            "mucus-in-stool",
            "tenesmus",
            "bowel-urgency",
            "steatorrhoea",
            "pale-stools",
            "faecal-incontinence",
        ],
        ..asked(
            "bowels",
            "history:bowel-habit",
            &[
                ("My bowels are regular.", "大便正常。", "Regular.", "正常。"),
                ("No change there, once a day.", "大便没变化，一天一次。", "No change.", "没变化。"),
            ],
        )
    },
    Universal {
        unless: &[
            "dysuria",
            "urinary-frequency",
            "urinary-urgency",
            "nocturia",
            "haematuria",
            "cloudy-urine",
            "foamy-urine",
            "urinary-hesitancy",
            "urinary-retention",
            "urinary-incontinence",
            "oliguria",
            "polyuria",
            "dark-urine",
        ],
        ..asked("urine", "history:urination", &[("My waterworks are normal.", "小便正常。", "Normal.", "正常。")])
    },
    Universal {
        unless: &["weight-loss", "weight-gain"],
        ..asked(
            "weight",
            "history:weight",
            &[
                ("My weight hasn't changed.", "体重没什么变化。", "No change.", "没变化。"),
                ("I weigh what I always have.", "体重跟以前一样。", "The same.", "跟以前一样。"),
            ],
        )
    },
    no(Universal {
        also: &["course:previous-tests"],
        ..asked(
            "not-seen",
            "course:previous-consultation",
            &[
                (
                    "No, this is the first time I've seen anyone about it.",
                    "没有，这是头一次来看。",
                    "No, not yet.",
                    "没看过。",
                ),
                ("I haven't seen a doctor or had any tests for it.", "还没看过医生，也没查过。", "No.", "没有。"),
            ],
        )
    }),
    no(Universal {
        also: &["course:previous-treatment", "course:treatment-effect"],
        bother: 2,
        unless: &["medication-overuse", "recent-antibiotics"],
        ..asked(
            "nothing-taken",
            "course:self-medication",
            &[
                (
                    "I've only rested and drunk water; I've taken nothing for it.",
                    "就歇着多喝水，没吃药。",
                    "Nothing.",
                    "没吃药。",
                ),
                ("I haven't tried anything for it.", "什么都没用过。", "Nothing.", "没用过。"),
            ],
        )
    }),
    no(Universal {
        unless: &["anticoagulant-use", "immunosuppression"],
        ..asked(
            "no-conditions",
            "history:past-conditions",
            &[
                ("I've no long-term illnesses that I know of.", "没什么慢性病。", "None.", "没有。"),
                ("Nothing that I see a doctor for.", "没有什么要长期看病的。", "No.", "没有。"),
            ],
        )
    }),
    no(Universal {
        unless: &["recent-surgery", "gastric-surgery", "known-coronary-disease"],
        ..asked(
            "no-operations",
            "history:surgery",
            &[
                ("I've never had an operation.", "没开过刀。", "Never.", "没有。"),
                ("No operations, no.", "没做过手术。", "No.", "没有。"),
            ],
        )
    }),
    no(Universal {
        unless: &[
            "oral-contraceptive",
            "nsaid-use",
            "anticoagulant-use",
            "medication-overuse",
            "missed-medication",
            "immunosuppression",
        ],
        ..asked(
            "no-drugs",
            "history:current-drugs",
            &[
                ("I don't take any regular medicine.", "平时不吃药。", "None.", "没有。"),
                ("No tablets, nothing from the chemist either.", "没有，药店买的也没吃。", "None.", "没有。"),
            ],
        )
    }),
    Universal {
        unless: &["known-allergy"],
        present: false,
        ..asked(
            "allergy",
            "history:drug-allergy",
            &[
                ("I'm not allergic to any medicine.", "没有药物过敏。", "No.", "没有。"),
                ("None that I know of.", "没发现对什么药过敏。", "None.", "没有。"),
            ],
        )
    },
    no(Universal {
        unless: &[
            "family-history-premature-cad",
            "family-ibd",
            "family-migraine",
            "family-sah",
            "family-history-diabetes",
            "thrombophilia",
        ],
        ..asked(
            "family",
            "history:family-history",
            &[
                ("Nothing that runs in the family.", "家里没什么遗传的病。", "No.", "没有。"),
                ("Nobody in the family has had anything like this.", "家里人没得过这样的病。", "Nobody.", "没有。"),
            ],
        )
    }),
    no(Universal {
        unless: &["smoking"],
        bother: 2,
        ..asked(
            "smoking",
            "history:smoking",
            &[
                ("I've never smoked.", "从来不抽烟。", "Never.", "不抽。"),
                ("No, I don't smoke.", "不抽烟。", "No.", "不抽。"),
            ],
        )
    }),
    no(Universal {
        unless: &["alcohol-excess"],
        whom: Whom::Minor,
        ..asked("alcohol", "history:alcohol", &[("No, I don't drink.", "不喝酒。", "No.", "不喝。")])
    }),
    Universal {
        unless: &["alcohol-excess"],
        whom: Whom::Adult,
        disclosure: NeedsTrust,
        bother: 2,
        ..asked(
            "alcohol",
            "history:alcohol",
            &[
                ("Just a glass on special days.", "过年过节喝一点。", "Hardly any.", "很少喝。"),
                (
                    "A couple of beers at the weekend, sometimes more.",
                    "周末喝两瓶啤酒，有时多点。",
                    "At weekends.",
                    "周末喝点。",
                ),
                ("One drink with dinner most days.", "晚饭时喝一小杯。", "One a day.", "一天一小杯。"),
            ],
        )
    },
    Universal {
        whom: Whom::Minor,
        ..asked(
            "home",
            "history:living-situation",
            &[("I live with my mum and dad.", "跟爸爸妈妈住。", "With my parents.", "跟爸妈住。")],
        )
    },
    Universal {
        whom: Whom::Retired,
        ..asked(
            "home",
            "history:living-situation",
            &[
                (
                    "I live on my own; my daughter calls in twice a week.",
                    "一个人住，女儿一周来两次。",
                    "On my own.",
                    "一个人。",
                ),
                ("I live with my son and his family.", "跟儿子一家住。", "With my son.", "跟儿子住。"),
            ],
        )
    },
    Universal {
        whom: Whom::Adult,
        ..asked(
            "home",
            "history:living-situation",
            &[
                ("I live with my family.", "跟家里人一起住。", "With my family.", "跟家人。"),
                ("I share a flat with a friend.", "跟朋友合租。", "With a friend.", "合租。"),
                ("I live alone.", "一个人住。", "Alone.", "一个人。"),
            ],
        )
    },
    no(Universal {
        unless: &["travel"],
        ..asked("travel", "history:travel", &[("I haven't been anywhere lately.", "最近没出过远门。", "No.", "没有。")])
    }),
    Universal {
        whom: Whom::MayBePregnant,
        unless: &[
            "missed-period",
            "irregular-periods",
            "heavy-periods",
            "vaginal-bleeding",
            "pregnancy",
            "reduced-fetal-movements",
        ],
        ..asked(
            "last-period",
            "history:lmp",
            &[
                (
                    "My last period was two weeks ago, on time.",
                    "两周前来的月经，挺准时。",
                    "Two weeks ago.",
                    "两周前。",
                ),
                ("It was about ten days ago, the usual.", "十来天前来的，跟平时一样。", "Ten days ago.", "十天前。"),
            ],
        )
    },
    Universal {
        whom: Whom::PastMenopause,
        ..asked(
            "menopause",
            "history:menopause",
            &[("My periods stopped at fifty.", "五十岁绝经的。", "At fifty.", "五十岁。")],
        )
    },
    Universal {
        bother: 2,
        ..asked(
            "idea",
            "perspective:idea",
            &[
                (
                    "I don't really know; I hoped you could tell me.",
                    "我也说不好，想听您说。",
                    "I don't know.",
                    "不知道。",
                ),
                ("I thought I'd just been overdoing things.", "我想可能是太累了。", "Overdoing it?", "太累了吧。"),
                ("I looked it up, and that only muddled me more.", "上网查了查，越查越糊涂。", "Not sure.", "说不准。"),
            ],
        )
    },
    Universal {
        disclosure: NeedsTrust,
        bother: 4,
        ..asked(
            "concern",
            "perspective:concern",
            &[
                (
                    "To be honest, I'm afraid it's something that won't go away.",
                    "说实话，我怕是治不好的病。",
                    "Something bad.",
                    "怕是大病。",
                ),
                (
                    "I keep thinking it might be something nasty.",
                    "老想着是不是不好的病。",
                    "Something nasty.",
                    "怕是不好的病。",
                ),
                (
                    "I worry who'll look after things at home if I'm ill.",
                    "怕我倒下了家里没人管。",
                    "My family.",
                    "怕家里没人管。",
                ),
            ],
        )
    },
    Universal {
        bother: 2,
        ..asked(
            "expectation",
            "perspective:expectation",
            &[
                (
                    "I'd like to know what it is and get something for it.",
                    "想弄清是什么病，给点药。",
                    "To know what it is.",
                    "弄清是什么病。",
                ),
                ("I'd like a check-up to be on the safe side.", "想查一查，放心些。", "A check-up.", "查一查。"),
            ],
        )
    },
    Universal {
        whom: Whom::Minor,
        bother: 2,
        ..asked(
            "impact",
            "perspective:impact",
            &[("I've had to stay off school.", "这几天没去上学。", "I'm off school.", "没上学。")],
        )
    },
    Universal {
        whom: Whom::Retired,
        bother: 2,
        ..asked(
            "impact",
            "perspective:impact",
            &[
                ("I can't get out to do my shopping.", "买菜都出不了门。", "I can't get out.", "出不了门。"),
                ("I've had to give up my morning walk.", "早上遛弯也停了。", "No more walks.", "不能遛弯了。"),
            ],
        )
    },
    Universal {
        whom: Whom::Adult,
        bother: 2,
        ..asked(
            "impact",
            "perspective:impact",
            &[
                ("I've had to miss work because of it.", "班都没法上了。", "I'm off work.", "上不了班。"),
                ("I can't keep up with things at home.", "家里的事顾不过来。", "It's slowing me down.", "受影响。"),
            ],
        )
    },
];
