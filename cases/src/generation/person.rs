//! Who the patient is.

use knowledge_graph::{Bilingual, format::Disease, lower_first};

use super::{
    GenerateError, Request, YOUNGEST,
    carer::{self, Carer},
    dice::Dice,
    names,
};
use crate::{format::Sex, problem::both};

/// The patient, before any illness.
pub(super) struct Person {
    pub(super) name: Bilingual,
    /// Family name in Latin letters, lower case: part of the case's id.
    pub(super) family: String,
    pub(super) age: u8,
    pub(super) sex: Sex,
    pub(super) occupation: Bilingual,
    pub(super) retired: bool,
    /// Who speaks for a small child.
    pub(super) carer: Option<Carer>,
}

/// Age bands of the graph's epidemiology, with the ages drawn from each.
const BANDS: [(&str, u16, u16); 5] =
    [("0-17", YOUNGEST as u16, 17), ("18-39", 18, 39), ("40-59", 40, 59), ("60-79", 60, 79), ("80+", 80, 91)];

/// Share of ill children who are old enough to tell: the youngest fall ill most.
const OLD_ENOUGH: f64 = 0.3;

/// Oldest age drawn for a disease of pregnancy.
const LAST_PREGNANCY: u16 = 47;

/// Months below which an age is said in months.
const INFANCY: u16 = 24;

/// Age from which most people are retired.
const RETIREMENT: u8 = 65;

const OCCUPATIONS: [(&str, &str); 24] = [
    ("Primary-school teacher", "小学教师"),
    ("Bus driver", "公交司机"),
    ("Accountant", "会计"),
    ("Electrician", "电工"),
    ("Supermarket cashier", "超市收银员"),
    ("Software developer", "程序员"),
    ("Farmer", "农民"),
    ("Nurse", "护士"),
    ("Delivery rider", "外卖员"),
    ("Cook", "厨师"),
    ("Office clerk", "办公室职员"),
    ("Builder", "建筑工人"),
    ("Hairdresser", "理发师"),
    ("Warehouse worker", "仓库工人"),
    ("Shopkeeper", "小店老板"),
    ("Cleaner", "保洁员"),
    ("Car mechanic", "汽车修理工"),
    ("Tailor", "裁缝"),
    ("Bank clerk", "银行职员"),
    ("Security guard", "保安"),
    ("Journalist", "记者"),
    ("Factory worker", "工厂工人"),
    ("Estate agent", "房产中介"),
    ("Librarian", "图书管理员"),
];

impl Person {
    pub(super) fn draw(
        disease: &Disease,
        comorbidities: &[&Disease],
        request: &Request,
        dice: &mut Dice,
    ) -> Result<Self, GenerateError> {
        let sex = sex(disease, comorbidities, request, dice)?;
        if let Some(months) = disease.epidemiology.months {
            return Self::child(disease, months, sex, request, dice);
        }
        let age = age(disease, request, dice)?;
        let (name, family) = names::draw(sex, age, request.language, dice);
        let (occupation, retired) = occupation(age, dice);
        Ok(Self { name, family, age, sex, occupation, retired, carer: None })
    }

    /// A child within `range` months of age, or of the age in years asked for, with a carer.
    fn child(
        disease: &Disease,
        range: [u16; 2],
        sex: Sex,
        request: &Request,
        dice: &mut Dice,
    ) -> Result<Self, GenerateError> {
        let (first, last) = match request.age.map(|age| (age, u16::from(age) * 12)) {
            Some((_, from)) if from <= range[1] && from + 11 >= range[0] => {
                (from.max(range[0]), (from + 11).min(range[1]))
            }
            Some((age, _)) => {
                let years = range.map(|months| u8::try_from(months / 12).unwrap_or(u8::MAX));
                return Err(GenerateError::ChildAge {
                    disease: disease.id.clone(),
                    age,
                    first: years[0],
                    last: years[1],
                });
            }
            None => (range[0], range[1]),
        };
        let months = dice.between(first, last);
        let age = u8::try_from(months / 12).unwrap_or(u8::MAX);
        let (name, family) = names::draw(sex, age, request.language, dice);
        let carer = Some(Carer::draw(months, sex, dice));
        Ok(Self { name, family, age, sex, occupation: carer::occupation(months), retired: false, carer })
    }

    /// "an 8-year-old", "a 7-month-old", without the article; and "8岁", "7个月".
    pub(super) fn old(&self) -> Bilingual {
        match self.carer.as_ref().map(|carer| carer.months).filter(|months| *months < INFANCY) {
            Some(months) => both(format!("{months}-month-old"), format!("{months}个月")),
            None => both(format!("{}-year-old", self.age), format!("{}岁", self.age)),
        }
    }

    /// Whether questions about periods and pregnancy are due.
    pub(super) fn may_be_pregnant(&self) -> bool {
        self.sex == Sex::Female && (13..=50).contains(&self.age)
    }

    pub(super) fn is_adult(&self) -> bool {
        self.age >= 18
    }
}

/// The sex all the patient's diseases allow; else the one asked for, else drawn.
fn sex(
    disease: &Disease,
    comorbidities: &[&Disease],
    request: &Request,
    dice: &mut Dice,
) -> Result<Sex, GenerateError> {
    let drawn = if dice.chance(disease.epidemiology.female) { Sex::Female } else { Sex::Male };
    let mut sex = request.sex;
    for disease in std::iter::once(disease).chain(comorbidities.iter().copied()) {
        let Some(only) = confined_to(disease) else { continue };
        match sex {
            Some(other) if other != only => {
                let sex = if other == Sex::Female { "female" } else { "male" };
                return Err(GenerateError::WrongSex { disease: disease.id.clone(), sex });
            }
            _ => sex = Some(only),
        }
    }
    Ok(sex.unwrap_or(drawn))
}

/// The sex a disease is confined to, if any.
pub(super) fn confined_to(disease: &Disease) -> Option<Sex> {
    match disease.epidemiology.female {
        share if share >= 1.0 => Some(Sex::Female),
        share if share <= 0.0 => Some(Sex::Male),
        _ => None,
    }
}

fn age(disease: &Disease, request: &Request, dice: &mut Dice) -> Result<u8, GenerateError> {
    let share = |band: &str| disease.epidemiology.age.get(band).copied().unwrap_or(0.0);
    let weights = BANDS.map(|(band, low, _)| share(band) * if low < 18 { OLD_ENOUGH } else { 1.0 });
    let (_, low, high) = BANDS[dice.weighted(&weights).unwrap_or(2)];
    let (low, high) = if of_pregnancy(disease) { (low.max(15), high.min(LAST_PREGNANCY)) } else { (low, high) };
    let drawn = dice.between(low, high);
    match request.age {
        Some(age) if !(YOUNGEST..=110).contains(&age) => Err(GenerateError::Age(age)),
        Some(age) => Ok(age),
        None => Ok(u8::try_from(drawn).unwrap_or(50)),
    }
}

/// Whether it belongs to pregnancy and childbirth: chapter XV of ICD-10, all its codes and no others
/// begin with O.
fn of_pregnancy(disease: &Disease) -> bool {
    disease.icd10.as_ref().is_some_and(|code| code.starts_with('O'))
}

fn occupation(age: u8, dice: &mut Dice) -> (Bilingual, bool) {
    let (en, zh) = dice.pick(&OCCUPATIONS).copied().unwrap_or(OCCUPATIONS[0]);
    match age {
        0..=12 => (both("Primary-school pupil", "小学生"), false),
        13..=17 => (both("Secondary-school pupil", "中学生"), false),
        18..=22 if dice.chance(0.5) => (both("Student", "大学生"), false),
        RETIREMENT.. => (both(format!("Retired {}", lower_first(en)), format!("退休{zh}")), true),
        _ => (both(en, zh), false),
    }
}
