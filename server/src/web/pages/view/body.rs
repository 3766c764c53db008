//! The patient's body, front and back: which regions can be examined, and how.
//!
//! The drawing and the list beside it hold the same regions; the list alone is enough. Each
//! examination of the graph has its place once; one that is new is of the whole patient. All cases
//! offer the same, so that the figure tells nothing.

use std::fmt::Write as _;

use ::cases::{Case, format::Sex};
use knowledge_graph::{
    Graph,
    format::{Test, TestKind},
};

use super::{super::frame::Frame, OrderChoice};
use crate::store::OrderRecord;

/// Below this age in years a child is drawn.
const GROWN: u8 = 13;

/// The figure and its list.
pub(in super::super) struct BodyView {
    pub(in super::super) caption: String,
    pub(in super::super) views: [FigureView; 2],
    pub(in super::super) regions: Vec<RegionView>,
}

/// One side of the body.
pub(in super::super) struct FigureView {
    pub(in super::super) name: String,
    /// Paths of the outline and of the lines within it.
    pub(in super::super) outline: Vec<String>,
    pub(in super::super) details: Vec<String>,
    pub(in super::super) spots: Vec<SpotView>,
}

/// A place in the drawing that leads to its region.
pub(in super::super) struct SpotView {
    pub(in super::super) region: &'static str,
    pub(in super::super) label: String,
    pub(in super::super) done: bool,
    /// The first can be reached by Tab, the others by the arrows.
    pub(in super::super) first: bool,
    pub(in super::super) x: u16,
    pub(in super::super) y: u16,
    pub(in super::super) rx: u16,
    pub(in super::super) ry: u16,
}

/// A region with what can be done there.
pub(in super::super) struct RegionView {
    pub(in super::super) id: &'static str,
    pub(in super::super) name: String,
    pub(in super::super) choices: Vec<(OrderChoice, String)>,
    pub(in super::super) done: Vec<String>,
}

/// Regions in the order of an examination, with their examinations and techniques.
const REGIONS: [(&str, &[(&str, &str)]); 9] = [
    (
        "whole",
        &[
            ("general-inspection", "inspect"),
            ("vital-signs", "measure"),
            ("skin-inspection", "inspect"),
            ("neurological-screening", "test"),
            ("gait-and-coordination", "test"),
            ("mental-state-examination", "talk"),
        ],
    ),
    (
        "head",
        &[
            ("head-and-neck-palpation", "palpate"),
            ("temporal-artery-palpation", "palpate"),
            ("cranial-nerves", "test"),
            ("visual-acuity", "test"),
            ("visual-fields", "test"),
            ("fundoscopy", "inspect"),
            ("slit-lamp-examination", "inspect"),
            ("hints", "test"),
            ("dix-hallpike", "test"),
            ("ent-examination", "inspect"),
        ],
    ),
    (
        "neck",
        &[
            ("jvp", "inspect"),
            ("lymph-nodes", "palpate"),
            ("thyroid-examination", "palpate"),
            ("neck-stiffness-test", "test"),
        ],
    ),
    (
        "chest",
        &[
            ("chest-inspection", "inspect"),
            ("chest-palpation", "palpate"),
            ("chest-percussion", "percuss"),
            ("lung-auscultation", "auscultate"),
            ("cardiac-auscultation", "auscultate"),
        ],
    ),
    (
        "abdomen",
        &[
            ("abdominal-inspection", "inspect"),
            ("bowel-sounds", "auscultate"),
            ("abdominal-percussion", "percuss"),
            ("abdominal-palpation", "palpate"),
        ],
    ),
    (
        "pelvis",
        &[("pelvic-examination", "palpate"), ("scrotal-examination", "palpate"), ("rectal-examination", "palpate")],
    ),
    ("arms", &[("hands-and-pulse", "palpate"), ("blood-pressure-both-arms", "measure")]),
    ("legs", &[("leg-examination", "inspect"), ("joint-examination", "palpate")]),
    ("back", &[("costovertebral-angle", "percuss"), ("straight-leg-raise", "test")]),
];

/// Where an examination is made, and how.
fn place_of(test: &str) -> (&'static str, &'static str) {
    let found = REGIONS.iter().find_map(|(region, tests)| {
        tests.iter().find(|(id, _)| *id == test).map(|(_, technique)| (*region, *technique))
    });
    found.unwrap_or(("whole", "test"))
}

/// The body of the patient of `case`, with what was examined.
pub(in super::super) fn body(page: &Frame, graph: &Graph, case: &Case, made: &[OrderRecord]) -> BodyView {
    let is_done = |test: &Test| made.iter().any(|order| order.test == test.id);
    let all: Vec<&Test> = graph.tests().filter(|test| test.kind == TestKind::Examination).collect();
    let regions: Vec<RegionView> = REGIONS
        .iter()
        .map(|(id, order)| {
            let mut here: Vec<&&Test> = all.iter().filter(|test| place_of(&test.id).0 == *id).collect();
            here.sort_by_key(|test| order.iter().position(|(known, _)| *known == test.id).unwrap_or(usize::MAX));
            let name = |test: &Test| test.name.get(page.language).to_owned();
            RegionView {
                id,
                name: page.t(&format!("region-{id}")),
                choices: here.iter().filter(|test| !is_done(test)).map(|test| choice(page, test)).collect(),
                done: here.iter().filter(|test| is_done(test)).map(|test| name(test)).collect(),
            }
        })
        .collect();
    let build = Build::of(case);
    let age = if case.patient.age < GROWN { "child" } else { "adult" };
    let sex = if case.patient.sex == Sex::Female { "female" } else { "male" };
    BodyView {
        caption: page.t(&format!("figure-{age}-{sex}")),
        views: [true, false].map(|front| figure(page, &build, front, &regions)),
        regions,
    }
}

fn choice(page: &Frame, test: &Test) -> (OrderChoice, String) {
    let also = [test.lay.en.join(" "), test.lay.zh.join(" "), test.name.en.clone()].join(" ");
    let choice = OrderChoice { test: test.id.clone(), name: test.name.get(page.language).to_owned(), also };
    (choice, page.t(&format!("technique-{}", place_of(&test.id).1)))
}

fn figure(page: &Frame, build: &Build, front: bool, regions: &[RegionView]) -> FigureView {
    let spots = build.spots(front).into_iter().enumerate();
    let spots = spots.filter_map(|(at, (id, [x, y, rx, ry]))| {
        let region = regions.iter().find(|region| region.id == id)?;
        let done = !region.done.is_empty();
        let key = if done { "figure-region-done" } else { "figure-region" };
        let label = page.say(key).with("region", region.name.as_str()).with("n", region.choices.len()).to_string();
        Some(SpotView { region: region.id, label, done, first: at == 0, x, y, rx, ry })
    });
    FigureView {
        name: page.t(if front { "figure-front" } else { "figure-back" }),
        outline: build.outline(),
        details: build.details(front),
        spots: spots.collect(),
    }
}

/// Proportions of a body, in units of the drawing (200 wide, 424 high); widths are half widths.
struct Build {
    female: bool,
    child: bool,
    head: [u16; 3],
    shoulder: u16,
    waist: u16,
    hip: u16,
    /// Heights of shoulder, armpit, waist, hip, crotch, knee and sole.
    at: [u16; 7],
}

impl Build {
    fn of(case: &Case) -> Self {
        let female = case.patient.sex == Sex::Female;
        if case.patient.age < GROWN {
            let at = [98, 122, 180, 214, 228, 310, 400];
            return Self { female, child: true, head: [46, 29, 34], shoulder: 38, waist: 28, hip: 30, at };
        }
        let at = [86, 116, 172, 208, 226, 314, 414];
        let (shoulder, waist, hip) = if female { (42, 28, 37) } else { (50, 33, 34) };
        Self { female, child: false, head: [36, 21, 27], shoulder, waist, hip, at }
    }

    /// Both sides of the body as closed curves: trunk and legs, the arms, the head.
    fn outline(&self) -> Vec<String> {
        let [shoulder, armpit, waist, hip, crotch, knee, sole] = self.at;
        let (neck, chin) = (if self.child { 10 } else { 9 }, self.head[0] + self.head[2] - 3);
        let half = [
            (neck, chin),
            (neck + 2, shoulder - 8),
            (self.shoulder - 8, shoulder),
            (self.shoulder - 8, armpit),
            (self.waist, waist),
            (self.hip, hip),
            (self.hip - 1, crotch + 18),
            (27, knee),
            (25, knee + 36),
            (17, sole - 12),
            (26, sole),
            (8, sole),
            (8, sole - 14),
            (9, knee + 30),
            (8, knee),
            (3, crotch + 6),
        ];
        let hand = crotch + 8;
        let arm = [
            (self.shoulder - 10, shoulder),
            (self.shoulder + 2, shoulder + 10),
            (self.shoulder + 8, waist - 18),
            (self.shoulder + 16, hand - 24),
            (self.shoulder + 18, hand),
            (self.shoulder + 9, hand + 4),
            (self.shoulder + 7, hand - 22),
            (self.shoulder - 3, waist - 14),
            (self.shoulder - 9, armpit),
        ];
        let mut trunk: Vec<(i32, i32)> = half.iter().map(|(dx, y)| (100 + i32::from(*dx), i32::from(*y))).collect();
        trunk.push((100, i32::from(crotch)));
        trunk.extend(half.iter().rev().map(|(dx, y)| (100 - i32::from(*dx), i32::from(*y))));
        let side = |sign: i32| -> Vec<(i32, i32)> {
            arm.iter().map(|(dx, y)| (100 + sign * i32::from(*dx), i32::from(*y))).collect()
        };
        let [y, rx, ry] = self.head;
        let head = format!("M{} {y}a{rx} {ry} 0 1 0 {} 0a{rx} {ry} 0 1 0 -{} 0Z", 100 - rx, 2 * rx, 2 * rx);
        vec![smooth(&side(1), true), smooth(&side(-1), true), smooth(&trunk, true), head]
    }

    /// Lines that tell front from back: face, collar bones and navel; or spine and shoulder blades.
    fn details(&self, front: bool) -> Vec<String> {
        let [shoulder, armpit, waist, _, crotch, knee, _] = self.at;
        let [head, rx, ry] = self.head;
        let mut lines = vec![format!("M78 {knee}q7 5 14 0"), format!("M108 {knee}q7 5 14 0")];
        if front {
            let eyes = head - 2;
            lines.push(format!("M{} {eyes}h6M{} {eyes}h6M100 {}v7M94 {}q6 4 12 0", 89, 105, head + 1, head + 14));
            lines.push(format!("M98 {}q-16 -6 -30 2M102 {}q16 -6 30 2", shoulder + 4, shoulder + 4));
            lines.push(format!("M99 {}h2", waist + 14));
            let breast = armpit + 12;
            let curve = if self.female && !self.child { 14 } else { 4 };
            lines.push(format!("M72 {breast}q12 {curve} 24 0M104 {breast}q12 {curve} 24 0"));
        } else {
            lines.push(format!("M100 {}V{}", shoulder + 2, crotch - 20));
            lines.push(format!("M78 {}q14 10 4 28M122 {}q-14 10 -4 28", shoulder + 12, shoulder + 12));
            lines.push(format!("M100 {}v18M80 {}q10 8 20 0q10 8 20 0", crotch - 20, crotch + 2));
        }
        if self.female {
            let (left, right) = (100 - rx, 100 + rx);
            let end = head + ry;
            lines.push(format!(
                "M{left} {head}q-7 {} 2 {}M{right} {head}q7 {} -2 {}",
                ry / 2,
                end - head,
                ry / 2,
                end - head
            ));
        }
        lines
    }

    /// Where each region is touched: centre and half sizes, at least 15 each way so that a finger
    /// finds it.
    fn spots(&self, front: bool) -> Vec<(&'static str, [u16; 4])> {
        let [shoulder, armpit, waist, hip, crotch, knee, sole] = self.at;
        let [head, rx, ry] = self.head;
        let neck = head + ry + 9;
        let trunk = self.waist.min(self.hip) - 3;
        let arm = (self.shoulder + 6, waist - 8, 16, (crotch - shoulder) / 2 - 12);
        let mut spots = vec![("head", [100, head - 4, rx.max(22), ry - 6]), ("neck", [100, neck, 22, 15])];
        if front {
            spots.push(("chest", [100, armpit + 6, trunk, 30]));
            spots.push(("abdomen", [100, waist + 8, trunk, 26]));
            spots.push(("pelvis", [100, hip + 14, 24, 15]));
        } else {
            spots.push(("chest", [100, armpit + 2, trunk, 28]));
            spots.push(("back", [100, waist + 4, trunk, 27]));
            spots.push(("pelvis", [100, hip + 12, 26, 16]));
        }
        spots.push(("arms", [100 - arm.0, arm.1, arm.2, arm.3]));
        spots.push(("arms", [100 + arm.0, arm.1, arm.2, arm.3]));
        let leg = [knee, 18, (sole - crotch) / 2 - 26];
        spots.push(("legs", [81, leg[0], leg[1], leg[2]]));
        spots.push(("legs", [119, leg[0], leg[1], leg[2]]));
        spots
    }
}

/// A closed curve through `points` (Catmull–Rom splines as Bézier curves).
fn smooth(points: &[(i32, i32)], closed: bool) -> String {
    let count = points.len();
    let at = |index: usize| {
        let (x, y) = points[index % count];
        (f64::from(x), f64::from(y))
    };
    let mut path = format!("M{} {}", points[0].0, points[0].1);
    for index in 0..count - usize::from(!closed) {
        let (before, from, to, after) = (at(index + count - 1), at(index), at(index + 1), at(index + 2));
        let control = |a: (f64, f64), b: (f64, f64), c: (f64, f64), sign: f64| {
            (b.0 + sign * (c.0 - a.0) / 7.0, b.1 + sign * (c.1 - a.1) / 7.0)
        };
        let (one, two) = (control(before, from, to, 1.0), control(from, to, after, -1.0));
        let _infallible = write!(path, "C{:.1} {:.1} {:.1} {:.1} {} {}", one.0, one.1, two.0, two.1, to.0, to.1);
    }
    path.push('Z');
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_examination_of_the_graph_has_one_place_and_every_place_is_in_the_graph() {
        let graph = Graph::embedded().unwrap();
        let placed: Vec<&str> = REGIONS.iter().flat_map(|(_, tests)| tests.iter().map(|(id, _)| *id)).collect();
        for test in graph.tests().filter(|test| test.kind == TestKind::Examination) {
            assert_eq!(placed.iter().filter(|id| **id == test.id).count(), 1, "{}", test.id);
        }
        assert!(placed.iter().all(|id| graph.test(id).is_some()));
    }

    #[test]
    fn every_region_but_the_whole_is_drawn_on_every_body_and_large_enough_to_touch() {
        for case in ::cases::library().unwrap() {
            let build = Build::of(case);
            let drawn: Vec<_> = [true, false].into_iter().flat_map(|front| build.spots(front)).collect();
            for (region, _) in REGIONS.iter().skip(1) {
                assert!(drawn.iter().any(|(id, _)| id == region), "{region}");
            }
            assert!(drawn.iter().all(|(_, [_, _, rx, ry])| *rx >= 15 && *ry >= 15), "{}", case.id);
        }
    }
}
