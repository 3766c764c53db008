//! What was measured more than once, as a small plot with its numbers behind it.

use ::cases::format::{Sex, TestResult};
use knowledge_graph::format::{Quantity, Test};

use super::{
    super::frame::Frame,
    order::{arrow, flag, reference},
};

/// Size of the plot, in its own units.
const WIDTH: f64 = 280.0;
const HEIGHT: f64 = 120.0;
/// Room for the labels at the left, at the bottom, at the top and beside the points.
const LEFT: f64 = 44.0;
const BOTTOM: f64 = 24.0;
const TOP: f64 = 12.0;
const EDGE: f64 = 26.0;

/// One quantity over time.
pub(in super::super) struct TrendView {
    pub(in super::super) name: String,
    pub(in super::super) unit: String,
    pub(in super::super) reference: String,
    pub(in super::super) points: Vec<PointView>,
    /// The points joined, as `points` of a polyline.
    pub(in super::super) line: String,
    /// The reference range, as top and height.
    pub(in super::super) band: Option<(String, String)>,
    /// The least and the greatest value shown, with their places.
    pub(in super::super) scale: [(String, String); 2],
}

/// One measurement.
pub(in super::super) struct PointView {
    pub(in super::super) when: String,
    pub(in super::super) value: String,
    pub(in super::super) flag: String,
    pub(in super::super) arrow: &'static str,
    pub(in super::super) x: String,
    pub(in super::super) y: String,
}

/// Every quantity of `result` that was measured at least twice.
pub(super) fn trends(page: &Frame, test: &Test, result: &TestResult, sex: Sex) -> Vec<TrendView> {
    let all = |quantity: &Quantity| -> Vec<(f64, f64)> {
        let first = result.values.get(&quantity.id).map(|value| (0.0, *value));
        let again = result.series.iter().filter_map(|one| Some((one.hours, *one.values.get(&quantity.id)?)));
        let mut measured: Vec<(f64, f64)> = first.into_iter().chain(again).collect();
        measured.sort_by(|a, b| a.0.total_cmp(&b.0));
        measured
    };
    let measured = test.quantities.iter().map(|quantity| (quantity, all(quantity)));
    measured.filter(|(_, all)| all.len() > 1).map(|(quantity, all)| trend(page, quantity, &all, sex)).collect()
}

fn trend(page: &Frame, quantity: &Quantity, measured: &[(f64, f64)], sex: Sex) -> TrendView {
    let decimals = usize::from(quantity.decimals);
    let range = quantity.range(sex.into());
    let hours = bounds(measured.iter().map(|(at, _)| *at));
    let values = bounds(measured.iter().map(|(_, value)| *value).chain(range.low).chain(range.high));
    let x = |at: f64| LEFT + EDGE + (at - hours.0) / (hours.1 - hours.0) * (WIDTH - LEFT - 2.0 * EDGE);
    let y = |value: f64| HEIGHT - BOTTOM - (value - values.0) / (values.1 - values.0) * (HEIGHT - BOTTOM - TOP);
    let points: Vec<PointView> = measured
        .iter()
        .map(|(at, value)| PointView {
            when: page.say("trend-hours").with("hours", format!("{at:+}").replace("+0", "0")).to_string(),
            value: format!("{value:.decimals$}"),
            flag: flag(page, range, *value),
            arrow: arrow(range, *value),
            x: format!("{:.1}", x(*at)),
            y: format!("{:.1}", y(*value)),
        })
        .collect();
    let top = y(range.high.unwrap_or(values.1));
    let floor = y(range.low.unwrap_or(values.0));
    TrendView {
        name: quantity.name.get(page.language).to_owned(),
        unit: quantity.unit.clone(),
        reference: reference(range, decimals),
        line: points.iter().map(|point| format!("{},{}", point.x, point.y)).collect::<Vec<_>>().join(" "),
        band: (range.low.is_some() || range.high.is_some())
            .then(|| (format!("{top:.1}"), format!("{:.1}", (floor - top).max(1.0)))),
        scale: [values.0, values.1].map(|value| (format!("{value:.decimals$}"), format!("{:.1}", y(value) + 4.0))),
        points,
    }
}

/// The least and the greatest, never equal.
fn bounds(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    if high - low > f64::EPSILON { (low, high) } else { (low - 1.0, high + 1.0) }
}
