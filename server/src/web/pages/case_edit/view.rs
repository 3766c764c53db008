//! The form as data: parts, items and fields, each field named by its place in the case file.

use std::collections::{BTreeMap, BTreeSet};

use ::cases::{
    Case, Problem, Severity,
    format::{Fact, RubricItem},
};
use knowledge_graph::{Bilingual, Graph, Language, Section, TopicId, TopicKind};
use serde::Serialize;

use super::name_of;
use crate::{
    authoring::{completeness, field::Refused, missing::missing},
    store::DraftRecord,
    web::pages::frame::Frame,
};

/// Suggestions shown at once; more follow as these are added.
const SUGGESTED: usize = 8;

pub(super) struct View {
    pub(super) id: String,
    pub(super) step: i64,
    pub(super) undo: bool,
    pub(super) redo: bool,
    pub(super) title: String,
    pub(super) parts: Vec<Part>,
    pub(super) findings: Vec<Said>,
    pub(super) errors: usize,
    by_place: BTreeMap<String, Vec<Said>>,
    pub(super) meters: Vec<Meter>,
    pub(super) suggestions: Vec<Suggestion>,
    pub(super) left: usize,
    pub(super) turns: Vec<Turn>,
    pub(super) languages: Vec<(String, String, bool)>,
}

/// A finding beside a field.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Said {
    /// The place it is shown at.
    pub(super) path: String,
    /// `wrong` or `attention`.
    pub(super) tone: &'static str,
    pub(super) text: String,
}

impl Said {
    pub(super) fn refused(page: &Frame, refused: &Refused) -> Self {
        let text = page.say("author-refused").with("text", &refused.text).with("why", refused.why.get(page.language));
        Self { path: refused.path.clone(), tone: "wrong", text: text.to_string() }
    }
}

pub(super) struct Part {
    pub(super) name: &'static str,
    pub(super) heading: String,
    pub(super) lead: String,
    pub(super) controls: Vec<Control>,
    pub(super) groups: Vec<Group>,
    pub(super) adds: Vec<Add>,
}

pub(super) struct Group {
    pub(super) heading: String,
    pub(super) items: Vec<Item>,
}

pub(super) struct Item {
    pub(super) path: String,
    pub(super) heading: String,
    pub(super) controls: Vec<Control>,
    pub(super) more: Vec<Control>,
}

pub(super) struct Add {
    pub(super) verb: &'static str,
    pub(super) label: String,
    pub(super) button: String,
}

pub(super) enum Control {
    One(Field),
    Both(Pair),
}

pub(super) struct Field {
    pub(super) path: String,
    pub(super) label: String,
    pub(super) value: String,
    /// `line`, `number`, `topic`, `list`, `select`, `flag`.
    pub(super) kind: &'static str,
    pub(super) options: Vec<(String, String)>,
}

pub(super) struct Pair {
    pub(super) path: String,
    pub(super) label: String,
    pub(super) rows: usize,
    pub(super) en: String,
    pub(super) zh: String,
}

pub(super) struct Meter {
    pub(super) name: &'static str,
    pub(super) heading: String,
    pub(super) both: usize,
    pub(super) all: usize,
    pub(super) lacking: Vec<(String, String)>,
}

pub(super) struct Suggestion {
    pub(super) topic: String,
    pub(super) name: String,
    pub(super) reason: String,
}

pub(super) struct Turn {
    pub(super) said: String,
    pub(super) reply: String,
    pub(super) facts: Vec<(String, String)>,
}

impl View {
    pub(super) fn new(page: &Frame, graph: &Graph, case: &Case, draft: &DraftRecord) -> Self {
        let make = Make { page, graph, case };
        let parts = make.parts();
        let places: BTreeSet<String> = parts.iter().flat_map(places).collect();
        let findings: Vec<Said> =
            ::cases::review(case, graph).iter().map(|problem| make.finding(problem, &places)).collect();
        let mut by_place: BTreeMap<String, Vec<Said>> = BTreeMap::new();
        for said in &findings {
            by_place.entry(said.path.clone()).or_default().push(said.clone());
        }
        let missing = missing(case, graph);
        let title = case.title.get(page.language);
        Self {
            id: case.id.clone(),
            step: draft.step,
            undo: draft.step > draft.steps.0,
            redo: draft.step < draft.steps.1,
            title: if title.is_empty() { page.t("author-untitled") } else { title.to_owned() },
            errors: findings.iter().filter(|said| said.tone == "wrong").count(),
            findings,
            by_place,
            meters: make.meters(),
            left: missing.len().saturating_sub(SUGGESTED),
            suggestions: missing
                .into_iter()
                .take(SUGGESTED)
                .map(|one| Suggestion {
                    name: name_of(page, graph, &one.topic),
                    topic: one.topic.to_string(),
                    reason: one.reason.sentence.get(page.language).to_owned(),
                })
                .collect(),
            turns: make.turns(draft),
            languages: Language::ALL
                .into_iter()
                .map(|one| {
                    let name = if one == Language::En { "English" } else { "中文" };
                    (one.tag().to_owned(), name.to_owned(), one == case.only.unwrap_or(page.language))
                })
                .collect(),
            parts,
        }
    }

    /// What is said at a place.
    pub(super) fn at(&self, place: &str) -> &[Said] {
        self.by_place.get(place).map(Vec::as_slice).unwrap_or_default()
    }
}

/// The places of a part at which something can be said.
fn places(part: &Part) -> Vec<String> {
    let of = |controls: &[Control]| -> Vec<String> {
        controls
            .iter()
            .flat_map(|control| match control {
                Control::One(field) => vec![field.path.clone()],
                Control::Both(pair) => {
                    vec![pair.path.clone(), format!("{}.en", pair.path), format!("{}.zh", pair.path)]
                }
            })
            .collect()
    };
    let items = part.groups.iter().flat_map(|group| &group.items);
    let inside = items.flat_map(|item| [vec![item.path.clone()], of(&item.controls), of(&item.more)].concat());
    [vec![part.name.to_owned()], of(&part.controls), inside.collect()].concat()
}

struct Make<'a> {
    page: &'a Frame,
    graph: &'a Graph,
    case: &'a Case,
}

impl Make<'_> {
    fn label(&self, key: &str) -> String {
        self.page.t(&format!("author-{key}"))
    }

    fn one(&self, path: impl Into<String>, key: &str, kind: &'static str, value: impl Into<String>) -> Control {
        let (path, value) = (path.into(), value.into());
        Control::One(Field { path, label: self.label(key), value, kind, options: Vec::new() })
    }

    fn select(&self, path: impl Into<String>, key: &str, chosen: &impl Serialize, choices: (&str, &[&str])) -> Control {
        let written = serde_json::to_value(chosen).ok();
        let value = written.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let (prefix, names) = choices;
        let mut options: Vec<(String, String)> = names
            .iter()
            .map(|name| {
                let key = if name.is_empty() { "none" } else { name };
                ((*name).to_owned(), self.page.named(prefix, key))
            })
            .collect();
        // Whatever stands in the case can be chosen again.
        if options.iter().all(|(name, _)| *name != value) {
            options.push((value.clone(), self.page.named(prefix, &value)));
        }
        Control::One(Field { path: path.into(), label: self.label(key), value, kind: "select", options })
    }

    fn both(&self, path: impl Into<String>, key: &str, rows: usize, text: Option<&Bilingual>) -> Control {
        let (en, zh) = text.map(|text| (text.en.clone(), text.zh.clone())).unwrap_or_default();
        Control::Both(Pair { path: path.into(), label: self.label(key), rows, en, zh })
    }

    fn part(&self, name: &'static str, controls: Vec<Control>, groups: Vec<Group>, adds: &[&'static str]) -> Part {
        let adds = adds.iter().map(|verb| Add {
            verb,
            label: self.label(&format!("new-{verb}")),
            button: self.label(&format!("add-{verb}")),
        });
        Part {
            name,
            heading: self.label(&format!("part-{name}")),
            lead: self.label(&format!("lead-{name}")),
            controls,
            groups,
            adds: adds.collect(),
        }
    }

    fn parts(&self) -> Vec<Part> {
        vec![self.diagnosis(), self.patient(), self.door(), self.facts(), self.tests(), self.rubric(), self.about()]
    }

    fn about(&self) -> Part {
        let case = self.case;
        let mut systems: Vec<&str> =
            self.graph.diseases().map(|disease| disease.system.as_str()).chain(["general"]).collect();
        systems.sort_unstable();
        systems.dedup();
        let controls = vec![
            self.both("title", "title", 1, Some(&case.title)),
            self.select("level", "level", &case.level, ("level", &["introductory", "intermediate", "advanced"])),
            self.select("system", "system", &case.system, ("system", &systems)),
            self.one("minutes", "minutes", "number", case.minutes.to_string()),
            self.select("only", "only", &case.only, ("author-only", &["", "en", "zh"])),
            self.one("author", "author", "line", &case.author),
            self.one("licence", "licence", "line", &case.licence),
            self.both("teaching_note", "teaching-note", 4, Some(&case.teaching_note)),
        ];
        self.part("about", controls, Vec::new(), &[])
    }

    fn patient(&self) -> Part {
        let (who, voice) = (&self.case.patient, &self.case.persona);
        let styles = ["plain", "talkative", "terse", "anxious", "distrustful", "hard-of-hearing", "proxy"];
        let controls = vec![
            self.both("patient.name", "name", 1, Some(&who.name)),
            self.one("patient.age", "age", "number", who.age.to_string()),
            self.select("patient.sex", "sex", &who.sex, ("sex", &["female", "male"])),
            self.both("patient.occupation", "occupation", 1, Some(&who.occupation)),
            self.select("persona.style", "style", &voice.style, ("style", &styles)),
            self.select(
                "persona.mood",
                "mood",
                &voice.mood,
                ("mood", &["calm", "worried", "sad", "irritated", "distressed"]),
            ),
            self.select("persona.literacy", "literacy", &voice.literacy, ("author-literacy", &["ordinary", "limited"])),
            self.select(
                "persona.dialect",
                "dialect",
                &voice.dialect,
                ("author-dialect", &["", "northern", "southwestern", "cantonese"]),
            ),
            self.both("persona.voice", "voice", 2, Some(&voice.voice)),
            self.both("patient.spokesperson", "spokesperson", 1, who.spokesperson.as_ref()),
            self.one("persona.understands", "understands", "list", voice.understands.join("\n")),
        ];
        self.part("patient", controls, Vec::new(), &[])
    }

    fn door(&self) -> Part {
        let (case, vitals) = (self.case, &self.case.vitals);
        let controls = vec![
            self.select("setting", "setting", &case.setting, ("setting", &["emergency", "clinic", "ward", "home"])),
            self.both("door_note", "door-note", 3, Some(&case.door_note)),
            self.both("appearance", "appearance", 2, Some(&case.appearance)),
            self.both("opening", "opening", 2, Some(&case.opening)),
            self.one("vitals.temperature_c", "temperature", "number", vitals.temperature_c.to_string()),
            self.one("vitals.pulse_per_min", "pulse", "number", vitals.pulse_per_min.to_string()),
            self.one("vitals.systolic_mmhg", "systolic", "number", vitals.systolic_mmhg.to_string()),
            self.one("vitals.diastolic_mmhg", "diastolic", "number", vitals.diastolic_mmhg.to_string()),
            self.one(
                "vitals.respiratory_rate_per_min",
                "breathing",
                "number",
                vitals.respiratory_rate_per_min.to_string(),
            ),
            self.one("vitals.spo2_percent", "oxygen", "number", vitals.spo2_percent.to_string()),
        ];
        self.part("door", controls, Vec::new(), &[])
    }

    fn diagnosis(&self) -> Part {
        let diagnosis = &self.case.diagnosis;
        let controls = vec![
            self.one("complaint", "complaint", "topic", self.case.complaint.to_string()),
            self.one("diagnosis.disease", "disease", "topic", diagnosis.disease.clone().unwrap_or_default()),
            self.both("diagnosis.name", "diagnosis-name", 1, Some(&diagnosis.name)),
            self.one("diagnosis.comorbidities", "comorbidities", "list", diagnosis.comorbidities.join("\n")),
        ];
        let items = diagnosis.differential.iter().enumerate().map(|(index, one)| {
            let path = format!("diagnosis.differential[{index}]");
            Item {
                heading: one.name.get(self.page.language).to_owned(),
                controls: vec![
                    self.both(format!("{path}.name"), "diagnosis-name", 1, Some(&one.name)),
                    self.both(format!("{path}.reason"), "reason", 2, Some(&one.reason)),
                    self.one(format!("{path}.dangerous"), "dangerous", "flag", one.dangerous.to_string()),
                ],
                more: vec![self.one(
                    format!("{path}.disease"),
                    "disease",
                    "topic",
                    one.disease.clone().unwrap_or_default(),
                )],
                path,
            }
        });
        let groups = vec![Group { heading: self.label("differential"), items: items.collect() }];
        self.part("diagnosis", controls, groups, &["differential"])
    }

    fn facts(&self) -> Part {
        let section = |fact: &Fact| self.graph.topic(&fact.topic).and_then(|info| info.section);
        let items = self.case.facts.iter().enumerate().map(|(at, fact)| (section(fact), self.fact(at, fact)));
        self.part("fact", Vec::new(), self.by_section(items.collect()), &["fact"])
    }

    /// Items under their sections, in the order in which a history is taken.
    fn by_section(&self, mut items: Vec<(Option<Section>, Item)>) -> Vec<Group> {
        let sections = Section::ALL.iter().copied().map(Some).chain([None]);
        let groups = sections.filter_map(|section| {
            let (here, rest) = std::mem::take(&mut items).into_iter().partition(|(of, _)| *of == section);
            items = rest;
            let here: Vec<(Option<Section>, Item)> = here;
            let name = section.map_or_else(|| self.label("no-section"), |one| self.page.named("section", one.as_str()));
            (!here.is_empty()).then(|| Group { heading: name, items: here.into_iter().map(|(_, item)| item).collect() })
        });
        groups.collect()
    }

    fn fact(&self, at: usize, fact: &Fact) -> Item {
        let path = format!("fact[{at}]");
        let disclosures = ["volunteered", "open-question", "asked", "needs-trust"];
        let present = if fact.present { "true" } else { "false" };
        Item {
            heading: name_of(self.page, self.graph, &fact.topic),
            controls: vec![
                self.both(format!("{path}.tells"), "tells", 2, Some(&fact.tells)),
                self.select(format!("{path}.disclosure"), "disclosure", &fact.disclosure, ("disclosure", &disclosures)),
                self.select(format!("{path}.present"), "present", &present, ("author-present", &["true", "false"])),
            ],
            more: vec![
                self.one(format!("{path}.topic"), "topic", "topic", fact.topic.to_string()),
                self.one(format!("{path}.bother"), "bother", "number", fact.bother.to_string()),
                self.both(format!("{path}.brief"), "brief", 1, fact.brief.as_ref()),
                self.both(
                    format!("{path}.variants"),
                    "variants",
                    2,
                    Some(&Bilingual { en: fact.variants.en.join("\n"), zh: fact.variants.zh.join("\n") }),
                ),
                self.one(format!("{path}.also"), "also", "list", lines(&fact.also)),
                self.one(format!("{path}.source"), "source", "line", &fact.source),
            ],
            path,
        }
    }

    fn tests(&self) -> Part {
        let item = |path: String, key: &str, test: &str, text: &Bilingual, source: &str| Item {
            heading: name_of(self.page, self.graph, &TopicId::new(TopicKind::Test, test)),
            controls: vec![self.both(format!("{path}.{key}"), "shows", 2, Some(text))],
            more: vec![
                self.one(format!("{path}.test"), "test", "topic", test),
                self.one(format!("{path}.source"), "source", "line", source),
            ],
            path,
        };
        let examined = self.case.examinations.iter().enumerate();
        let examined = examined
            .map(|(at, one)| item(format!("examination[{at}]"), "finding", &one.test, &one.finding, &one.source));
        let tested = self.case.results.iter().enumerate();
        let tested =
            tested.map(|(at, one)| item(format!("result[{at}]"), "report", &one.test, &one.report, &one.source));
        let groups = vec![
            Group { heading: self.label("examinations"), items: examined.collect() },
            Group { heading: self.label("results"), items: tested.collect() },
        ];
        self.part("result", Vec::new(), groups, &["test"])
    }

    fn rubric(&self) -> Part {
        let items = self.case.rubric.iter().enumerate().map(|(at, item)| (Some(item.section), self.item(at, item)));
        self.part("rubric", Vec::new(), self.by_section(items.collect()), &["rubric"])
    }

    fn item(&self, at: usize, item: &RubricItem) -> Item {
        let path = format!("rubric[{at}]");
        let sections: Vec<&str> = Section::ALL.iter().map(|section| section.as_str()).collect();
        Item {
            heading: item.text.get(self.page.language).to_owned(),
            controls: vec![
                self.both(format!("{path}.text"), "item-text", 1, Some(&item.text)),
                self.one(format!("{path}.weight"), "weight", "number", item.weight.to_string()),
                self.one(format!("{path}.critical"), "critical", "flag", item.critical.to_string()),
            ],
            more: vec![
                self.one(format!("{path}.topics"), "topics", "list", lines(&item.topics)),
                self.select(format!("{path}.section"), "section", &item.section, ("section", &sections)),
                self.both(format!("{path}.why"), "why", 2, item.why.as_ref()),
            ],
            path,
        }
    }

    fn finding(&self, problem: &Problem, places: &BTreeSet<String>) -> Said {
        let language = self.page.language;
        let stop = if language == Language::En { ". " } else { "。" };
        Said {
            path: place(&problem.path, places),
            tone: if problem.severity == Severity::Error { "wrong" } else { "attention" },
            text: format!("{}{stop}{}", problem.message.get(language), problem.mend.get(language)),
        }
    }

    fn meters(&self) -> Vec<Meter> {
        let anchor = |name: &'static str| match name {
            "facts" => "fact",
            "tests" => "result",
            other => other,
        };
        let parts = completeness::parts(self.case).into_iter();
        parts
            .map(|part| Meter {
                name: anchor(part.name),
                heading: self.label(&format!("part-{}", anchor(part.name))),
                both: part.both,
                all: part.all,
                lacking: part
                    .lacking
                    .into_iter()
                    .map(|(path, language)| {
                        let key = if language == Language::En { "lacks-en" } else { "lacks-zh" };
                        let label = self.page.say(&format!("author-{key}")).with("where", path.as_str()).to_string();
                        (path, label)
                    })
                    .collect(),
            })
            .collect()
    }

    fn turns(&self, draft: &DraftRecord) -> Vec<Turn> {
        let told = |id: &String| {
            let at = self.case.facts.iter().position(|fact| fact.id == *id)?;
            Some((format!("fact[{at}]"), name_of(self.page, self.graph, &self.case.facts[at].topic)))
        };
        let turns = draft.talk.iter().filter_map(|turn| {
            let reply = turn.reply.as_ref()?;
            Some(Turn {
                said: turn.said.clone(),
                reply: reply.text.clone(),
                facts: reply.facts.iter().filter_map(told).collect(),
            })
        });
        turns.collect()
    }
}

fn lines(topics: &[TopicId]) -> String {
    topics.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The nearest place of the form at or around `path`; the top when there is none.
fn place(path: &str, places: &BTreeSet<String>) -> String {
    let mut path = path;
    loop {
        if places.contains(path) {
            return path.to_owned();
        }
        match path.rfind(['.', '[']) {
            Some(end) => path = &path[..end],
            None => return "top".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authoring::field::apply;

    /// What a browser would send back for a form that nobody touched.
    fn untouched(view: &View) -> Vec<(String, String)> {
        let mut fields = Vec::new();
        let mut send = |controls: &[Control]| {
            for control in controls {
                match control {
                    Control::One(field) => fields.push((field.path.clone(), field.value.clone())),
                    Control::Both(pair) => fields.extend([
                        (format!("{}.en", pair.path), pair.en.replace('\n', "\r\n")),
                        (format!("{}.zh", pair.path), pair.zh.replace('\n', "\r\n")),
                    ]),
                }
            }
        };
        for part in &view.parts {
            send(&part.controls);
            for item in part.groups.iter().flat_map(|group| &group.items) {
                send(&item.controls);
                send(&item.more);
            }
        }
        fields
    }

    #[test]
    fn every_shipped_case_saved_unchanged_is_the_same_case() {
        let graph = Graph::embedded().unwrap_or_else(|problems| panic!("{}", problems[0]));
        let library = ::cases::library().unwrap();
        assert!(library.len() >= 44);
        for case in library {
            for language in Language::ALL {
                let page = Frame::of(language);
                let draft = DraftRecord {
                    id: case.id.clone(),
                    step: 1,
                    steps: (1, 1),
                    toml: String::new(),
                    made: jiff::Timestamp::UNIX_EPOCH,
                    talk: Vec::new(),
                };
                let view = View::new(&page, graph, case, &draft);
                let (after, refused) = apply(case, &untouched(&view), graph).unwrap();
                assert_eq!(refused, [], "{}", case.id);
                assert_eq!(&after, case, "{}", case.id);
            }
        }
    }
}
