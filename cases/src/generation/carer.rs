//! Who speaks for a small child, and what they say of it.

use knowledge_graph::{
    Bilingual, BilingualList, TopicId, TopicKind,
    format::{Disease, Finding},
    lower_first,
};

use super::{
    dice::Dice,
    universal::{Universal, Whom, asked, no},
};
use crate::{
    format::{Disclosure, Fact, Mood, Sex},
    problem::both,
};

/// Months below which a child is at home, and is called a baby.
const BABY: u16 = 12;

/// Somebody who brings a small child.
pub(super) struct Carer {
    /// Mother, father, …
    pub(super) who: Bilingual,
    /// The child's age in months.
    pub(super) months: u16,
    is_parent: bool,
    child: Sex,
}

/// Who brings the child, with how often, whether it is a parent, and what they are called.
const CARERS: [(f64, bool, &str, &str); 5] = [
    (0.5, true, "Mother", "母亲"),
    (0.25, true, "Father", "父亲"),
    (0.13, false, "Grandmother", "外祖母"),
    (0.07, false, "Grandfather", "祖父"),
    (0.05, false, "Aunt", "姨妈"),
];

impl Carer {
    pub(super) fn draw(months: u16, child: Sex, dice: &mut Dice) -> Self {
        let at = dice.weighted(&CARERS.map(|(share, ..)| share)).unwrap_or(0);
        let (_, is_parent, en, zh) = CARERS[at];
        Self { who: both(en, zh), months, is_parent, child }
    }

    pub(super) fn is_of_baby(&self) -> bool {
        self.months < BABY
    }

    /// "boy" or "girl".
    pub(super) fn child_en(&self) -> &'static str {
        match self.child {
            Sex::Female => "girl",
            Sex::Male => "boy",
        }
    }

    /// The child as seen on the carer's arm.
    pub(super) fn appearance(&self, seen: Vec<(&str, &str)>, mood: Mood) -> Bilingual {
        let (mut en, mut zh): (Vec<&str>, Vec<&str>) = seen.into_iter().unzip();
        if en.is_empty() {
            (en, zh) = (vec!["looks about"], vec!["神志清，四处张望"]);
        }
        let last = en.pop().unwrap_or_default();
        let child = if en.is_empty() { last.to_owned() } else { format!("{} and {last}", en.join(", ")) };
        let (mood_en, mood_zh) = match mood {
            Mood::Calm => ("calm", "平静"),
            Mood::Irritated => ("impatient", "有些着急"),
            Mood::Worried | Mood::Sad | Mood::Distressed => ("worried", "担忧"),
        };
        let who = lower_first(&self.who.en);
        let place = if self.is_of_baby() { "in" } else { "on" };
        let held = if self.is_of_baby() { "arms" } else { "lap" };
        both(
            format!("The child, {place} the {who}'s {held}, {child}; the {who} looks {mood_en}."),
            format!("患儿在{}怀中，{}；{}神情{mood_zh}。", self.who.zh, zh.join("，"), self.who.zh),
        )
    }

    /// Puts a fact into the carer's mouth: `{he}`, `{his}`, `{him}` and `{他}` are filled in, and only
    /// a parent says "my baby".
    pub(super) fn voice(&self, fact: &mut Fact) {
        let said = std::iter::once(&mut fact.tells).chain(&mut fact.brief);
        for text in said {
            text.en = self.english(&text.en);
            text.zh = self.chinese(&text.zh);
        }
    }

    fn english(&self, text: &str) -> String {
        let [he, his, him] = match self.child {
            Sex::Female => ["she", "her", "her"],
            Sex::Male => ["he", "his", "him"],
        };
        let mut said = text.replace("{he}", he).replace("{his}", his).replace("{him}", him);
        if !self.is_parent {
            for child in ["baby", "child", "little one"] {
                said = said.replace(&format!("My {child}"), &format!("The {child}"));
                said = said.replace(&format!("my {child}"), &format!("the {child}"));
            }
        }
        super::capital(&said)
    }

    fn chinese(&self, text: &str) -> String {
        let he = match self.child {
            Sex::Female => "她",
            Sex::Male => "他",
        };
        text.replace("{他}", he)
    }

    /// Who the child is: name, age, days spent where.
    pub(super) fn identity(&self, name: &Bilingual, old: &Bilingual) -> Vec<Fact> {
        let who = lower_first(&self.who.en);
        let age = old.en.trim_end_matches("-old").replace('-', " ");
        let plural = if age.starts_with("1 ") { "" } else { "s" };
        let (day_en, day_zh) = if self.months < 30 {
            ("{he}'s at home with the family all day.", "在家里带着，还没上托儿所。")
        } else {
            ("{he} goes to nursery.", "上幼儿园呢。")
        };
        let fact = |what: &str, tells: Bilingual, brief: Bilingual| Fact {
            id: what.to_owned(),
            topic: TopicId::new(TopicKind::Identity, what),
            also: Vec::new(),
            present: true,
            disclosure: Disclosure::Asked,
            bother: 1,
            tells,
            brief: Some(brief),
            variants: BilingualList::default(),
            source: format!("graph:identity:{what}"),
        };
        let called = both(
            format!("This is {}; I'm the {who}.", name.en),
            format!("孩子叫{}，我是孩子的{}。", name.zh, self.who.zh),
        );
        vec![
            fact("name", called, both(format!("{}.", name.en), format!("{}。", name.zh))),
            fact(
                "age",
                both(format!("{{he}}'s {age}{plural} old."), format!("{}了。", old.zh)),
                both(format!("{age}{plural}."), format!("{}。", old.zh)),
            ),
            fact("occupation", both(day_en, day_zh), both(day_en, day_zh)),
        ]
    }

    /// Another disease of the child.
    pub(super) fn has(disease: &Disease) -> (Bilingual, Bilingual) {
        let (en, zh) = (lower_first(&disease.name.en), &disease.name.zh);
        (both(format!("{{he}} has {en} too."), format!("{{他}}还有{zh}。")), both("Yes.", "有。"))
    }
}

/// What a small child does all day.
pub(super) fn occupation(months: u16) -> Bilingual {
    if months < 30 {
        both("At home, not yet at nursery", "在家，未上托幼")
    } else {
        both("Nursery child", "幼儿园儿童")
    }
}

/// Whether somebody speaks of themselves in it.
pub(super) fn is_own_voice(text: &Bilingual) -> bool {
    let own = |word: &str| matches!(word, "i" | "i'm" | "i've" | "i'd" | "me" | "my" | "myself" | "mine");
    let words = text.en.split(|c: char| !(c.is_alphanumeric() || c == '\'')).map(str::to_lowercase);
    words.into_iter().any(|word| own(&word)) || text.zh.contains('我')
}

/// Parts of the ids of symptoms that only the one who has them can feel; a small child does not say.
const FELT: [&str; 34] = [
    "pain",
    "ache",
    "nausea",
    "dizziness",
    "light-headedness",
    "vertigo",
    "palpitations",
    "numbness",
    "tingling",
    "chest-tightness",
    "heartburn",
    "blurred",
    "vision",
    "visual",
    "diplopia",
    "tinnitus",
    "hearing",
    "photophobia",
    "phonophobia",
    "sore-throat",
    "odynophagia",
    "early-satiety",
    "low-mood",
    "worry",
    "fear",
    "guilt",
    "loss-of-interest",
    "concentration",
    "memory",
    "aura",
    "burning",
    "suicidal",
    "urgency",
    "tenesmus",
];
/// Symptoms that a small child cannot have or that are asked only of those who are grown.
const GROWN: [&str; 18] = [
    "anxiety",
    "chills",
    "confusion",
    "fatigue",
    "haemoptysis",
    "sputum",
    "dysuria",
    "orthopnoea",
    "exertional",
    "snoring",
    "period",
    "vaginal",
    "urinary-frequency",
    "urinary-hesitancy",
    "nocturia",
    "dysphagia",
    "impending-doom",
    "muscle-weakness",
];

/// Tests that need more of the patient than a small child can give.
pub(crate) const NOT_IN_CHILDREN: [&str; 7] = [
    "spirometry",
    "peak-flow",
    "exercise-stress-test",
    "forced-vital-capacity",
    "visual-fields",
    "cognitive-screening",
    "gad-7",
];

/// Whether a carer cannot know of it.
pub(super) fn is_felt(finding: &Finding) -> bool {
    FELT.iter().chain(&GROWN).any(|part| finding.id.contains(part))
}

/// Risk factors of a small child, in the carer's words; the others are told as the graph has them,
/// unless somebody speaks of themselves there.
const FACTORS: [(&str, &str, &str); 3] = [
    ("smoking", "There's somebody at home who smokes.", "家里有人抽烟。"),
    ("recent-viral-infection", "{he} had a cold about two weeks ago.", "两周前感冒过一次。"),
    ("family-febrile-seizure", "One of the parents had such fits as a child.", "爸妈里有一个小时候也烧得抽过。"),
];

/// What a carer says of a risk factor; `None` when it cannot be said of a small child.
pub(super) fn factor(id: &str, tells: &Bilingual) -> Option<Bilingual> {
    let own = FACTORS.iter().find(|(known, ..)| *known == id).map(|(_, en, zh)| both(*en, *zh));
    own.or_else(|| Some(tells.clone()).filter(|said| !is_own_voice(said)))
}

/// What every carer can say, in the order of the history.
pub(super) const UNIVERSAL: &[Universal] = &[
    Universal {
        unless: &["poor-feeding", "loss-of-appetite", "vomiting", "dysphagia"],
        ..asked(
            "appetite",
            "history:appetite",
            &[
                ("{he}'s feeding as usual.", "吃得跟平时一样。", "As usual.", "跟平时一样。"),
                ("{he}'s taking a little less than usual.", "比平时吃得少一点。", "A little less.", "少一点。"),
            ],
        )
    },
    Universal {
        unless: &["sleep-disturbance", "drowsiness", "inconsolable-crying"],
        ..asked(
            "sleep",
            "history:sleep",
            &[
                ("{he}'s been waking more at night.", "夜里醒得多些。", "Waking more.", "醒得多。"),
                ("{he} slept well enough.", "睡得还可以。", "Well enough.", "还可以。"),
            ],
        )
    },
    Universal {
        unless: &["diarrhoea", "constipation", "rectal-bleeding", "redcurrant-jelly-stool", "melaena"],
        ..asked(
            "bowels",
            "history:bowel-habit",
            &[("{his} poos are the same as ever.", "大便跟平时一样。", "The same.", "一样。")],
        )
    },
    Universal {
        unless: &["oliguria", "polyuria", "haematuria", "dark-urine"],
        ..asked(
            "urine",
            "history:urination",
            &[("{he}'s weeing as much as usual.", "小便跟平时差不多。", "As usual.", "差不多。")],
        )
    },
    Universal {
        unless: &["weight-loss", "failure-to-thrive"],
        ..asked(
            "weight",
            "history:weight",
            &[("{he}'s been growing well on the chart.", "体重一直长得不错。", "Growing well.", "长得不错。")],
        )
    },
    no(Universal {
        also: &["course:previous-tests"],
        ..asked(
            "not-seen",
            "course:previous-consultation",
            &[("No, you're the first doctor to see {him}.", "没有，头一次来看。", "No, not yet.", "没看过。")],
        )
    }),
    no(Universal {
        also: &["course:previous-treatment", "course:treatment-effect"],
        bother: 2,
        ..asked(
            "nothing-taken",
            "course:self-medication",
            &[("We haven't given {him} anything for it.", "什么药都没给吃。", "Nothing.", "没吃药。")],
        )
    }),
    no(asked(
        "no-conditions",
        "history:past-conditions",
        &[("{he}'s always been healthy.", "平时身体都好。", "None.", "没有。")],
    )),
    no(asked(
        "no-operations",
        "history:surgery",
        &[("{he}'s never had an operation.", "没开过刀。", "Never.", "没有。")],
    )),
    asked(
        "birth",
        "history:childhood-illness",
        &[
            (
                "{he} was born on time, without any trouble.",
                "足月顺产，没什么问题。",
                "On time, all well.",
                "足月，都好。",
            ),
            (
                "{he} was born on time, by caesarean, and came home with us.",
                "足月剖的，一起出的院。",
                "On time.",
                "足月。",
            ),
        ],
    ),
    asked(
        "vaccination",
        "history:vaccination",
        &[
            ("{he}'s had all the jabs so far.", "疫苗都按时打了。", "All of them.", "都打了。"),
            (
                "The jabs are up to date; it's all in the red book.",
                "该打的都打了，本子上都有。",
                "Up to date.",
                "按时打的。",
            ),
        ],
    ),
    Universal {
        whom: Whom::Baby,
        ..asked(
            "feeding",
            "history:diet",
            &[
                ("{he}'s on formula milk.", "吃奶粉。", "Formula.", "奶粉。"),
                ("{he}'s breastfed, with a little mash by spoon.", "吃母乳，添了点辅食。", "Breastfed.", "母乳。"),
            ],
        )
    },
    Universal {
        whom: Whom::Toddler,
        ..asked(
            "feeding",
            "history:diet",
            &[("{he} eats what we eat, and drinks milk.", "跟大人一起吃饭，还喝奶。", "Family food.", "跟大人吃。")],
        )
    },
    no(asked("no-drugs", "history:current-drugs", &[("{he} takes no medicine.", "平时不吃药。", "None.", "没有。")])),
    Universal {
        present: false,
        unless: &["known-allergy"],
        ..asked(
            "allergy",
            "history:drug-allergy",
            &[("No allergies that we know of.", "没发现对什么过敏。", "None.", "没有。")],
        )
    },
    no(asked(
        "family",
        "history:family-history",
        &[("Nothing that runs in the family.", "家里没什么遗传的病。", "No.", "没有。")],
    )),
    no(Universal {
        unless: &["smoking"],
        ..asked("smoking", "history:smoking", &[("Nobody smokes at home.", "家里没人抽烟。", "Nobody.", "没人抽。")])
    }),
    asked(
        "home",
        "history:living-situation",
        &[
            ("{he} lives with both parents.", "跟爸妈一起住。", "With the parents.", "跟爸妈。"),
            (
                "{he} lives with the parents and grandparents.",
                "跟爸妈、爷爷奶奶一起住。",
                "With all of us.",
                "一大家子。",
            ),
        ],
    ),
    no(Universal {
        unless: &["sick-contact"],
        ..asked(
            "no-contact",
            "history:sick-contact",
            &[("Nobody round {him} has been ill.", "身边没人生病。", "No.", "没有。")],
        )
    }),
    no(Universal {
        unless: &["travel"],
        ..asked("travel", "history:travel", &[("We haven't been away.", "没带出过远门。", "No.", "没有。")])
    }),
    Universal {
        bother: 2,
        ..asked(
            "idea",
            "perspective:idea",
            &[
                ("I thought it was just a bug going round.", "我以为就是着凉了。", "Just a bug?", "着凉了吧。"),
                ("I've no idea; {he}'s never been like this.", "说不好，从来没这样过。", "No idea.", "说不好。"),
            ],
        )
    },
    Universal {
        disclosure: Disclosure::NeedsTrust,
        bother: 4,
        ..asked(
            "concern",
            "perspective:concern",
            &[
                (
                    "I'm frightened something will happen to {him} in the night.",
                    "怕夜里出事。",
                    "That {he} gets worse.",
                    "怕加重。",
                ),
                (
                    "I keep asking myself whether we came too late.",
                    "老想着是不是来晚了。",
                    "That we're late.",
                    "怕来晚了。",
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
                ("I'd like you to look {him} over properly.", "想请您好好给孩子看看。", "A proper look.", "好好看看。"),
                ("I want to know whether {he} has to stay in.", "想知道要不要住院。", "Home or stay?", "要住院吗。"),
            ],
        )
    },
    Universal {
        bother: 2,
        ..asked(
            "impact",
            "perspective:impact",
            &[("None of us has had a quiet hour since.", "一家人都不得安生。", "We're all worn out.", "一家人都累。")],
        )
    },
];
