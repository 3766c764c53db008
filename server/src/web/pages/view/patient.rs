//! Who the patient is, as the door note tells it.

use ::cases::{
    Case,
    format::{Level, Setting, Sex, Vitals},
};
use knowledge_graph::{Graph, Language};

use super::super::frame::Frame;

/// A patient as a student meets one: nothing here tells the diagnosis.
pub(in super::super) struct PatientView {
    pub(in super::super) name: String,
    pub(in super::super) age_sex: String,
    pub(in super::super) occupation: String,
    pub(in super::super) spokesperson: Option<String>,
    pub(in super::super) door_note: String,
    pub(in super::super) appearance: String,
    pub(in super::super) vitals: Vec<VitalView>,
}

/// One vital sign.
pub(in super::super) struct VitalView {
    pub(in super::super) label: String,
    pub(in super::super) value: String,
    pub(in super::super) unit: String,
}

impl PatientView {
    /// The patient of `case` in `language`; labels in the language of the page.
    pub(in super::super) fn new(page: &Frame, case: &Case, language: Language) -> Self {
        let patient = &case.patient;
        Self {
            name: patient.name.get(language).to_owned(),
            age_sex: age_sex(page, case),
            occupation: patient.occupation.get(language).to_owned(),
            spokesperson: patient.spokesperson.as_ref().map(|who| who.get(language).to_owned()),
            door_note: case.door_note.get(language).to_owned(),
            appearance: case.appearance.get(language).to_owned(),
            vitals: vitals(page, &case.vitals),
        }
    }
}

fn age_sex(page: &Frame, case: &Case) -> String {
    let sex = match case.patient.sex {
        Sex::Female => page.t("sex-female"),
        Sex::Male => page.t("sex-male"),
    };
    page.say("age-sex").with("age", case.patient.age.to_string()).with("sex", sex).to_string()
}

/// The patient in a list: age, sex and occupation.
pub(in super::super) fn who(page: &Frame, case: &Case) -> String {
    let occupation = case.patient.occupation.get(page.language);
    page.say("case-who").with("who", age_sex(page, case)).with("occupation", occupation).to_string()
}

fn vitals(page: &Frame, vitals: &Vitals) -> Vec<VitalView> {
    let per_minute = page.t("unit-per-min");
    let pressure = format!("{}/{}", vitals.systolic_mmhg, vitals.diastolic_mmhg);
    [
        (page.t("vital-temperature"), format!("{:.1}", vitals.temperature_c), "°C".to_owned()),
        (page.t("vital-pulse"), vitals.pulse_per_min.to_string(), per_minute.clone()),
        (page.t("vital-blood-pressure"), pressure, "mmHg".to_owned()),
        (page.t("vital-respiratory-rate"), vitals.respiratory_rate_per_min.to_string(), per_minute),
        (page.t("vital-spo2"), vitals.spo2_percent.to_string(), "%".to_owned()),
    ]
    .into_iter()
    .map(|(label, value, unit)| VitalView { label, value, unit })
    .collect()
}

/// System, complaint, level and setting in words.
pub(in super::super) fn case_tags(page: &Frame, graph: &Graph, case: &Case) -> Vec<String> {
    let complaint = graph.topic(&case.complaint).map(|topic| topic.name.get(page.language).to_owned());
    let mut tags = vec![page.named("system", &case.system)];
    tags.extend(complaint);
    tags.push(level(page, case.level));
    tags.push(setting(page, case.setting));
    tags
}

/// A level in words.
fn level(page: &Frame, level: Level) -> String {
    match level {
        Level::Introductory => page.t("level-introductory"),
        Level::Intermediate => page.t("level-intermediate"),
        Level::Advanced => page.t("level-advanced"),
    }
}

/// A setting in words.
pub(in super::super) fn setting(page: &Frame, setting: Setting) -> String {
    match setting {
        Setting::Emergency => page.t("setting-emergency"),
        Setting::Clinic => page.t("setting-clinic"),
        Setting::Ward => page.t("setting-ward"),
        Setting::Home => page.t("setting-home"),
    }
}
