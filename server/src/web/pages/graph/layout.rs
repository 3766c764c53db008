//! Where everything of a drawn neighbourhood stands. Pure: words in, numbers out.
//!
//! Wide, the disease stands in the middle and its neighbours in a column on either side, each kind
//! under its heading. Narrow, everything hangs below the disease from one stem. Nothing overlaps, as
//! every box has a row of its own, as high as its label needs.

/// What is drawn beside the disease: one kind of neighbour.
#[derive(Clone, Debug)]
pub(super) struct Branch {
    /// Heading.
    pub(super) title: String,
    /// Class of its boxes and lines, such as `findings`.
    pub(super) kind: &'static str,
    /// Its neighbours, most important first.
    pub(super) leaves: Vec<Leaf>,
    /// What the heading says of those that are not drawn.
    pub(super) more: String,
}

/// One neighbour.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    /// What it is called.
    pub(super) label: String,
    /// The name and all that the line says, for those who do not see it.
    pub(super) told: String,
    /// Its page.
    pub(super) href: Option<String>,
    /// Share of patients, 0–1, which the line shows by its weight.
    pub(super) share: Option<f64>,
    /// Whether nobody has verified it.
    pub(super) unverified: bool,
}

/// A drawing, ready for the template; lengths are in user units, which are CSS pixels.
#[derive(Clone, Debug)]
pub(super) struct Drawing {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) centre: Placed,
    pub(super) headings: Vec<Heading>,
    pub(super) boxes: Vec<Placed>,
    pub(super) lines: Vec<Line>,
}

/// A box with its label.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) kind: &'static str,
    pub(super) rows: Vec<Row>,
    pub(super) told: String,
    pub(super) href: Option<String>,
    pub(super) unverified: bool,
}

/// One row of a label.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) text: String,
}

/// The heading of a kind.
#[derive(Clone, Debug)]
pub(super) struct Heading {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) text: String,
    pub(super) more: String,
}

/// A line from the disease to a neighbour.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) path: String,
    pub(super) weight: f64,
    pub(super) kind: &'static str,
    pub(super) unverified: bool,
}

/// Measures of one way to draw.
#[derive(Clone, Copy)]
struct Style {
    width: f64,
    column: f64,
    letter: f64,
    row: f64,
    least_height: f64,
    gap: f64,
    heading: f64,
    padding: f64,
}

const WIDE: Style = Style {
    width: 1120.0,
    column: 340.0,
    letter: 14.0,
    row: 18.0,
    least_height: 36.0,
    gap: 8.0,
    heading: 40.0,
    padding: 12.0,
};
const NARROW: Style = Style {
    width: 356.0,
    column: 324.0,
    letter: 15.0,
    row: 20.0,
    least_height: 44.0,
    gap: 8.0,
    heading: 44.0,
    padding: 14.0,
};

/// Width of the disease's own box.
const CENTRE: f64 = 220.0;
const MOST_ROWS: usize = 2;
const MOST_CENTRE_ROWS: usize = 4;
/// Weight of a line to a neighbour of unknown frequency, of the rarest and of one that all have.
const UNKNOWN: f64 = 1.5;
const THIN: f64 = 1.0;
const THICK: f64 = 9.0;

/// The disease in the middle, `left` and `right` of it its neighbours.
pub(super) fn wide(name: &str, left: &[Branch], right: &[Branch]) -> Drawing {
    let style = WIDE;
    let sides = [(left, 0.0), (right, style.width - style.column)];
    let heights = sides.map(|(branches, _)| column_height(style, branches));
    let centre = centre_box(style, name, (style.width - CENTRE) / 2.0, CENTRE);
    let height = heights[0].max(heights[1]).max(centre.height);
    let down = (height - centre.height) / 2.0;
    let centre = moved(centre, down);
    let mut drawing = Drawing {
        width: whole(style.width),
        height: whole(height),
        headings: Vec::new(),
        boxes: Vec::new(),
        lines: Vec::new(),
        centre,
    };
    for ((branches, x), own) in sides.into_iter().zip(heights) {
        let top = (height - own) / 2.0;
        let from_right = x == 0.0;
        place(style, branches, x, top, &mut drawing, |drawing, leaf, at, kind| {
            let middle = drawing.centre.y + drawing.centre.height / 2.0;
            let (start, end) = if from_right {
                (drawing.centre.x, at.x + at.width)
            } else {
                (drawing.centre.x + drawing.centre.width, at.x)
            };
            let (bend, y) = (f64::midpoint(start, end), at.y + at.height / 2.0);
            line(leaf, kind, format!("M{start:.1} {middle:.1}C{bend:.1} {middle:.1} {bend:.1} {y:.1} {end:.1} {y:.1}"))
        });
    }
    drawing
}

/// The disease on top, everything below it on one stem.
pub(super) fn narrow(name: &str, branches: &[Branch]) -> Drawing {
    let style = NARROW;
    let centre = centre_box(style, name, 0.0, style.width);
    let top = centre.height + style.gap;
    let height = top + column_height(style, branches);
    let mut drawing = Drawing {
        width: whole(style.width),
        height: whole(height),
        headings: Vec::new(),
        boxes: Vec::new(),
        lines: Vec::new(),
        centre,
    };
    let stem = (style.width - style.column) / 2.0;
    let x = style.width - style.column;
    place(style, branches, x, top, &mut drawing, |_, leaf, at, kind| {
        let y = at.y + at.height / 2.0;
        line(leaf, kind, format!("M{stem:.1} {y:.1}H{:.1}", at.x))
    });
    if let Some(last) = drawing.boxes.last() {
        let path = format!("M{stem:.1} {:.1}V{:.1}", drawing.centre.height, last.y + last.height / 2.0);
        drawing.lines.push(Line { path, weight: 2.0, kind: "stem", unverified: false });
    }
    drawing
}

/// Boxes of all branches from `top` downwards, each with its line.
fn place(
    style: Style,
    branches: &[Branch],
    x: f64,
    top: f64,
    drawing: &mut Drawing,
    line_to: impl Fn(&Drawing, &Leaf, &Placed, &'static str) -> Line,
) {
    let mut y = top;
    for branch in branches {
        let (text, more) = (branch.title.clone(), branch.more.clone());
        drawing.headings.push(Heading { x, y: y + style.heading - style.gap - 4.0, text, more });
        y += style.heading;
        for leaf in &branch.leaves {
            let at = leaf_box(style, leaf, branch.kind, x, y);
            y += at.height + style.gap;
            let line = line_to(drawing, leaf, &at, branch.kind);
            drawing.lines.push(line);
            drawing.boxes.push(at);
        }
    }
}

fn column_height(style: Style, branches: &[Branch]) -> f64 {
    let of = |branch: &Branch| {
        let boxes = branch.leaves.iter().map(|leaf| leaf_box(style, leaf, branch.kind, 0.0, 0.0).height + style.gap);
        style.heading + boxes.sum::<f64>()
    };
    branches.iter().map(of).sum()
}

fn leaf_box(style: Style, leaf: &Leaf, kind: &'static str, x: f64, y: f64) -> Placed {
    let lines = wrapped(&leaf.label, style.column - 2.0 * style.padding, style.letter, MOST_ROWS);
    let height = style.least_height.max(lines.len() as f64 * style.row + style.padding);
    Placed {
        x,
        y,
        width: style.column,
        height,
        kind,
        rows: rows(style, &lines, x + style.padding, y, height),
        told: leaf.told.clone(),
        href: leaf.href.clone(),
        unverified: leaf.unverified,
    }
}

fn centre_box(style: Style, name: &str, x: f64, width: f64) -> Placed {
    let lines = wrapped(name, width - 2.0 * style.padding, style.letter + 2.0, MOST_CENTRE_ROWS);
    let height = lines.len() as f64 * (style.row + 2.0) + 2.0 * style.padding;
    let rows = rows(Style { row: style.row + 2.0, ..style }, &lines, x + width / 2.0, 0.0, height);
    Placed { x, y: 0.0, width, height, kind: "centre", rows, told: name.to_owned(), href: None, unverified: false }
}

fn moved(placed: Placed, by: f64) -> Placed {
    let rows = placed.rows.into_iter().map(|row| Row { y: row.y + by, ..row }).collect();
    Placed { y: placed.y + by, rows, ..placed }
}

/// Rows of text in the middle of a box; a row's place is that of its middle.
fn rows(style: Style, lines: &[String], x: f64, y: f64, height: f64) -> Vec<Row> {
    let first = y + (height - (lines.len() as f64 - 1.0) * style.row) / 2.0;
    let at = |place: usize| first + place as f64 * style.row;
    lines.iter().enumerate().map(|(place, text)| Row { x, y: at(place), text: text.clone() }).collect()
}

fn line(leaf: &Leaf, kind: &'static str, path: String) -> Line {
    let weight = leaf.share.map_or(UNKNOWN, |share| share.clamp(0.0, 1.0).mul_add(THICK - THIN, THIN));
    Line { path, weight, kind, unverified: leaf.unverified }
}

/// At most `most` rows of `text`, each at most `width` wide; what is cut off ends with "…".
fn wrapped(text: &str, width: f64, letter: f64, most: usize) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    let mut row = String::new();
    for piece in pieces(text) {
        if !row.is_empty() && text_width(row.trim_end(), letter) + text_width(piece.trim_end(), letter) > width {
            rows.push(std::mem::take(&mut row).trim_end().to_owned());
        }
        row.push_str(piece);
    }
    rows.push(row.trim_end().to_owned());
    let cut = rows.len() > most;
    rows.truncate(most);
    if let Some(last) = rows.last_mut() {
        let too_wide = |last: &str| text_width(last, letter) > width;
        if cut || too_wide(last) {
            last.push('…');
            while too_wide(last) && last.chars().count() > 2 {
                last.pop();
                last.pop();
                last.push('…');
            }
        }
    }
    rows
}

/// Where a row may break: after spaces, and around Chinese characters.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut before) = (0, None);
    for (at, c) in text.char_indices() {
        let breaks = before.is_some_and(|before: char| before == ' ' || is_wide(before) || is_wide(c));
        // No row begins with a closing mark.
        if breaks && !"，。、；：）)%,.;:".contains(c) {
            pieces.push(&text[start..at]);
            start = at;
        }
        before = Some(c);
    }
    pieces.push(&text[start..]);
    pieces
}

fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}')
}

/// About how wide a text is, in units of which a letter's height has `letter`; rather too wide than
/// too narrow, since the faces differ between machines.
fn text_width(text: &str, letter: f64) -> f64 {
    let em = |c: char| match c {
        _ if is_wide(c) => 1.02,
        'i' | 'j' | 'l' | 'I' | '\'' | '.' | ',' | ':' | ';' | '|' => 0.34,
        ' ' | 't' | 'f' | 'r' | '(' | ')' | '-' | '/' => 0.42,
        'm' | 'w' | 'M' | 'W' | '%' | '…' => 1.0,
        'A'..='Z' => 0.74,
        _ => 0.63,
    };
    text.chars().map(em).sum::<f64>() * letter
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand at most, never below 0")]
fn whole(length: f64) -> u32 {
    length.ceil().max(0.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(label: &str) -> Leaf {
        let (label, told) = (label.to_owned(), label.to_owned());
        Leaf { label, told, href: None, share: Some(0.5), unverified: false }
    }

    fn branches() -> Vec<Branch> {
        let labels = [
            "Chest pain",
            "A very long name of a finding that needs more than two rows of the box that it is given here and is cut",
            "突发撕裂样胸痛并向背部、腹部及下肢移动的剧烈疼痛，常伴大汗、濒死感以及双上肢血压不对称等表现",
            "Pseudopseudohypoparathyroidismassociatedbrachydactylysyndromewithoutanybreak",
            "ST-segment elevation (at least 1 mm)",
        ];
        let branch = |kind| Branch {
            title: format!("Kind {kind}"),
            kind,
            leaves: labels.map(leaf).to_vec(),
            more: String::new(),
        };
        vec![branch("findings"), branch("tests"), branch("treatments")]
    }

    fn drawings() -> [Drawing; 3] {
        let all = branches();
        [
            wide("Acute coronary syndrome", &all[..2], &all[2..]),
            wide("系统性红斑狼疮相关性抗磷脂综合征伴多系统受累", &[], &all),
            narrow("Hereditary haemorrhagic telangiectasia with a rather long name", &all),
        ]
    }

    fn overlap(a: &Placed, b: &Placed) -> bool {
        a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
    }

    #[test]
    fn no_box_overlaps_another_or_the_disease_and_all_stand_on_the_drawing() {
        for drawing in drawings() {
            let all: Vec<&Placed> = drawing.boxes.iter().chain([&drawing.centre]).collect();
            for (place, one) in all.iter().enumerate() {
                assert!(one.x >= 0.0 && one.x + one.width <= f64::from(drawing.width), "{one:?}");
                assert!(one.y >= 0.0 && one.y + one.height <= f64::from(drawing.height), "{one:?}");
                for other in &all[place + 1..] {
                    assert!(!overlap(one, other), "{one:?} {other:?}");
                }
            }
        }
    }

    #[test]
    fn every_row_of_a_label_stands_inside_its_box() {
        for drawing in drawings() {
            for one in &drawing.boxes {
                assert!((1..=MOST_ROWS).contains(&one.rows.len()), "{one:?}");
                for row in &one.rows {
                    assert!(row.x + text_width(&row.text, 14.0) <= one.x + one.width, "{row:?} in {one:?}");
                    assert!(row.y - 9.0 >= one.y && row.y + 9.0 <= one.y + one.height, "{row:?} in {one:?}");
                }
            }
        }
    }

    #[test]
    fn a_heading_stands_between_the_boxes_above_and_below() {
        for drawing in drawings() {
            for heading in &drawing.headings {
                let hit = drawing.boxes.iter().any(|one| {
                    (heading.x - one.x).abs() < 1.0 && heading.y > one.y - 2.0 && heading.y - 14.0 < one.y + one.height
                });
                assert!(!hit, "{heading:?}");
            }
        }
    }

    #[test]
    fn targets_are_high_enough_for_a_finger_where_it_is_narrow() {
        let drawing = narrow("Asthma", &branches());
        assert!(drawing.boxes.iter().all(|one| one.height >= 44.0));
    }

    #[test]
    fn a_line_is_heavier_the_more_patients_have_it() {
        let weight = |share| line(&Leaf { share, ..leaf("x") }, "findings", String::new()).weight;

        assert!(weight(Some(0.9)) > weight(Some(0.4)) && weight(Some(0.4)) > weight(Some(0.01)));
        assert!(weight(None) < weight(Some(0.4)));
    }

    #[test]
    fn rows_break_at_spaces_and_between_chinese_characters_and_say_when_they_are_cut() {
        assert_eq!(wrapped("one two three", 60.0, 14.0, 2), ["one two", "three"]);
        assert_eq!(wrapped("一二三四五六", 45.0, 14.0, 2), ["一二三", "四五六"]);
        assert_eq!(wrapped("一二，三四", 30.0, 14.0, 9), ["一", "二，", "三四"]);
        assert!(wrapped("one two three four five", 60.0, 14.0, 2)[1].ends_with('…'));
    }
}
