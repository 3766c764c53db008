//! The drawing of how belief moved: numbers in, lines out, for wide and for narrow windows.
//!
//! A line is told from the others by colour, by its dashes and by a letter at its end.

use crate::debrief::Course;

/// Margins around the plot, in user units, which are CSS pixels.
const LEFT: f64 = 44.0;
const RIGHT: f64 = 28.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 32.0;
/// Least distance between two letters.
const LETTER: f64 = 15.0;

/// A drawing, ready for the template.
pub(super) struct Drawing {
    /// `wide` or `narrow`.
    pub(super) class: &'static str,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
    /// Heights of 0, 25, 50, 75 and 100 %.
    pub(super) shares: Vec<Tick>,
    /// Places of some questions.
    pub(super) questions: Vec<Tick>,
    pub(super) lines: Vec<Line>,
}

/// A mark on an axis.
pub(super) struct Tick {
    pub(super) at: f64,
    pub(super) label: String,
}

/// The course of one disease.
pub(super) struct Line {
    pub(super) letter: char,
    /// Its points as SVG wants them.
    pub(super) points: String,
    pub(super) letter_x: f64,
    pub(super) letter_y: f64,
}

/// The letter of the disease at this place.
pub(super) fn letter(place: usize) -> char {
    char::from(b'A'.saturating_add(u8::try_from(place).unwrap_or(u8::MAX)))
}

/// The drawing for wide and the one for narrow windows.
pub(super) fn drawings(course: &Course) -> [Drawing; 2] {
    [drawing(course, "wide", 760, 300, 12), drawing(course, "narrow", 330, 260, 5)]
}

fn drawing(course: &Course, class: &'static str, width: u32, height: u32, most_ticks: usize) -> Drawing {
    let (right, bottom) = (f64::from(width) - RIGHT, f64::from(height) - BOTTOM);
    let last = course.steps.len().saturating_sub(1).max(1);
    let x = |step: usize| LEFT + (right - LEFT) * step as f64 / last as f64;
    let y = |share: f64| bottom - (bottom - TOP) * share.clamp(0.0, 1.0);
    let every = last.div_ceil(most_ticks).max(1);
    let mut lines: Vec<Line> = (0..course.leading.len())
        .map(|place| {
            let points = course.steps.iter().enumerate();
            let points = points.map(|(at, step)| format!("{:.1},{:.1}", x(at), y(step.beliefs[place])));
            Line {
                letter: letter(place),
                points: points.collect::<Vec<_>>().join(" "),
                letter_x: right + 8.0,
                letter_y: y(course.steps.last().map_or(0.0, |step| step.beliefs[place])),
            }
        })
        .collect();
    part(&mut lines, bottom);
    Drawing {
        class,
        width,
        height,
        left: LEFT,
        right,
        bottom,
        shares: [0.0, 0.25, 0.5, 0.75, 1.0]
            .map(|share| Tick { at: y(share), label: format!("{:.0}%", share * 100.0) })
            .into(),
        questions: (0..course.steps.len()).step_by(every).map(|at| Tick { at: x(at), label: at.to_string() }).collect(),
        lines,
    }
}

/// Moves letters apart that would lie upon each other: up from the bottom, where most end.
fn part(lines: &mut [Line], bottom: f64) {
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by(|a, b| lines[*b].letter_y.total_cmp(&lines[*a].letter_y));
    let mut lowest = bottom;
    for at in order {
        lines[at].letter_y = lines[at].letter_y.min(lowest);
        lowest = lines[at].letter_y - LETTER;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::debrief::{Leading, Step};

    fn course(beliefs: &[[f64; 2]]) -> Course {
        let leading = ["a", "b"].map(|id| Leading {
            disease: id.to_owned(),
            name: id.to_owned(),
            diagnosis: false,
            dangerous: false,
        });
        let steps = beliefs.iter().enumerate().map(|(at, beliefs)| Step {
            turn: u32::try_from(at).unwrap().checked_sub(1),
            said: String::new(),
            learned: Vec::new(),
            beliefs: beliefs.to_vec(),
            others: 0.0,
            moved: 0.0,
        });
        Course { leading: leading.into(), steps: steps.collect() }
    }

    #[test]
    fn a_line_has_a_point_for_every_step_inside_the_plot_and_letters_keep_apart() {
        for drawing in drawings(&course(&[[0.1, 0.1], [0.5, 0.02], [0.01, 0.0]])) {
            for line in &drawing.lines {
                assert_eq!(line.points.split(' ').count(), 3);
                for point in line.points.split(' ') {
                    let (x, y) = point.split_once(',').unwrap();
                    let (x, y): (f64, f64) = (x.parse().unwrap(), y.parse().unwrap());
                    assert!((drawing.left..=drawing.right).contains(&x) && (TOP..=drawing.bottom).contains(&y));
                }
            }
            assert!((drawing.lines[0].letter_y - drawing.lines[1].letter_y).abs() >= LETTER);
        }
    }

    #[test]
    fn a_consultation_without_a_question_is_drawn_all_the_same() {
        assert!(drawings(&course(&[[0.3, 0.2]])).iter().all(|drawing| !drawing.lines[0].points.contains("NaN")));
    }
}
