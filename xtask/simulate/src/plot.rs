//! docs/simulation.svg: for each scenario, what share of the valid tokens is refused, and how many requests are made.

use std::fmt::Write as _;

use crate::client::{HOUR, MINUTE};
use crate::fleet::Contestant;
use crate::page::Results;
use crate::scenario::Scenario;
use crate::tally::Minute;
use crate::world::Change;

const WIDTH: f64 = 960.0;
const HEAD: f64 = 112.0;
const ROW: f64 = 150.0;
const PANEL: f64 = 380.0;
const HEIGHT: f64 = 84.0;
/// Where the two panels of a row begin.
const LEFT: f64 = 70.0;
const RIGHT: f64 = 550.0;
/// Points of a line, at most.
const POINTS: usize = 120;
/// Requests a minute, as a power of ten, at the top.
const DECADES: f64 = 6.0;

const STYLE: &str = "
text{font:12px system-ui,sans-serif;fill:#24292f}.h{font-weight:600;font-size:14px}.s{fill:#57606a;font-size:11px}
.bg{fill:#fff}.axis{stroke:#8c959f;fill:none}.grid{stroke:#d8dee4;fill:none}.fault{fill:#d8dee4;opacity:.6}
.turn{stroke:#57606a;stroke-dasharray:2 3}.l{fill:none;stroke-width:1.8;stroke-linejoin:round}
.ours{stroke:#0969da;stroke-width:2.6}.store{stroke:#1a7f37;stroke-dasharray:5 3}.jose{stroke:#bc4c00}
.envoy{stroke:#8250df;stroke-dasharray:1.5 2.5}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.s{fill:#9198a1}.bg{fill:#0d1117}.axis{stroke:#656c76}
.grid{stroke:#2f353d}.fault{fill:#3d444d}.turn{stroke:#9198a1}.ours{stroke:#58a6ff}.store{stroke:#3fb950}
.jose{stroke:#f0883e}.envoy{stroke:#bc8cff}}
";

pub fn plot(results: &[Results]) -> String {
    let height = HEAD + ROW * results.len() as f64;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"Refused valid tokens and requests to the provider over time\">\n\
         <style>{STYLE}</style>\n<rect class=\"bg\" width=\"{WIDTH}\" height=\"{height}\"/>\n"
    );
    legend(&mut svg, results);
    for (nth, result) in results.iter().enumerate() {
        let top = HEAD + ROW * nth as f64 + 30.0;
        row(&mut svg, result, top);
    }
    svg + "</svg>\n"
}

fn text(svg: &mut String, class: &str, x: f64, y: f64, words: &str) {
    let _ = writeln!(
        svg,
        "<text class=\"{class}\" x=\"{x:.0}\" y=\"{y:.0}\">{words}</text>"
    );
}

fn legend(svg: &mut String, results: &[Results]) {
    let title = "The key cache of idtoken in a fleet, in virtual time";
    text(svg, "h", 16.0, 24.0, title);
    let mut x = 16.0;
    for (contestant, _) in results.iter().take(1).flat_map(|result| &result.tallies) {
        let class = class(*contestant);
        let end = x + 34.0;
        let _ = writeln!(svg, "<path class=\"l {class}\" d=\"M{x} 46H{end}\"/>");
        text(svg, "", end + 8.0, 50.0, contestant.name());
        x += 200.0;
    }
    let notes = "Models, after documentation and source: jose 6.2.18, and Envoy's jwt_authn at commit 02a45cb9a20f with async_fetch.";
    text(svg, "s", 16.0, 70.0, notes);
    let notes = "Grey: a provider fails. Dotted upright: another key signs. Requests on a scale of powers of ten.";
    text(svg, "s", 16.0, 86.0, notes);
    text(svg, "h", LEFT, HEAD, "valid tokens refused, %");
    text(svg, "h", RIGHT, HEAD, "requests a minute, all isolates");
}

fn class(contestant: Contestant) -> &'static str {
    match contestant {
        Contestant::Ours => "ours",
        Contestant::OursWithStore => "store",
        Contestant::Jose => "jose",
        Contestant::Envoy => "envoy",
    }
}

fn row(svg: &mut String, result: &Results, top: f64) {
    let scenario = &result.scenario;
    text(svg, "h", LEFT, top - 4.0, scenario.name);
    for left in [LEFT, RIGHT] {
        frame(svg, scenario, left, top);
    }
    for percent in [0.0, 50.0, 100.0] {
        let y = top + HEIGHT * (1.0 - percent / 100.0);
        text(svg, "s", LEFT - 32.0, y + 4.0, &format!("{percent}"));
    }
    for decade in [0, 2, 4, 6] {
        let y = top + HEIGHT * (1.0 - f64::from(decade) / DECADES);
        let label = ["1", "100", "10k", "1M"][decade as usize / 2];
        text(svg, "s", RIGHT - 32.0, y + 4.0, label);
    }
    for (contestant, tally) in &result.tallies {
        let buckets = buckets(&tally.minutes);
        let refused = buckets.iter().map(|bucket| {
            let valid = bucket.valid.max(1) as f64;
            bucket.refused as f64 / valid
        });
        line(svg, class(*contestant), refused, (LEFT, top), buckets.len());
        let requests = buckets.iter().zip(spans(tally.minutes.len()));
        let requests = requests.map(|(bucket, minutes)| {
            let a_minute = bucket.requests as f64 / minutes as f64;
            (a_minute.max(1.0).log10() / DECADES).min(1.0)
        });
        line(
            svg,
            class(*contestant),
            requests,
            (RIGHT, top),
            buckets.len(),
        );
    }
}

/// How many minutes each point stands for.
fn spans(minutes: usize) -> impl Iterator<Item = usize> {
    let span = minutes.div_ceil(POINTS);
    (0..minutes)
        .step_by(span)
        .map(move |from| span.min(minutes - from))
}

fn buckets(minutes: &[Minute]) -> Vec<Minute> {
    let span = minutes.len().div_ceil(POINTS);
    let sum = |part: &[Minute]| Minute {
        valid: part.iter().map(|minute| minute.valid).sum(),
        refused: part.iter().map(|minute| minute.refused).sum(),
        requests: part.iter().map(|minute| minute.requests).sum(),
    };
    minutes.chunks(span).map(sum).collect()
}

fn frame(svg: &mut String, scenario: &Scenario, left: f64, top: f64) {
    let x = |at: u64| left + PANEL * at as f64 / scenario.length as f64;
    let bottom = top + HEIGHT;
    for fault in scenario.faults {
        let (from, until) = (x(fault.from), x(fault.until));
        let width = until - from;
        let _ = writeln!(
            svg,
            "<rect class=\"fault\" x=\"{from:.1}\" y=\"{top}\" width=\"{width:.1}\" height=\"{HEIGHT}\"/>"
        );
    }
    let middle = top + HEIGHT / 2.0;
    let end = left + PANEL;
    let _ = writeln!(
        svg,
        "<path class=\"grid\" d=\"M{left} {top}H{end}M{left} {middle}H{end}\"/><path class=\"axis\" d=\"M{left} {top}V{bottom}H{end}\"/>"
    );
    for (at, _, change) in scenario.changes {
        if matches!(change, Change::Sign(_)) {
            let x = x(*at);
            let _ = writeln!(svg, "<path class=\"turn\" d=\"M{x:.1} {top}V{bottom}\"/>");
        }
    }
    let step = match scenario.length / HOUR {
        0..2 => 15 * MINUTE,
        2..6 => 30 * MINUTE,
        6..24 => 2 * HOUR,
        _ => 4 * HOUR,
    };
    let mut at = 0;
    while at <= scenario.length {
        let label = format!("{}:{:02}", at / HOUR, at % HOUR / MINUTE);
        text(svg, "s", x(at) - 10.0, bottom + 14.0, &label);
        at += step;
    }
}

/// Steps, from 0 at the bottom to 1 at the top; a point only where the height changes.
fn line(
    svg: &mut String,
    class: &str,
    values: impl Iterator<Item = f64>,
    (left, top): (f64, f64),
    count: usize,
) {
    let mut path = String::new();
    let mut last = String::new();
    let mut x = left;
    for value in values {
        let y = format!("{:.1}", top + HEIGHT * (1.0 - value));
        if path.is_empty() {
            let _ = write!(path, "M{x:.1} {y}");
        } else if y != last {
            let _ = write!(path, "H{x:.1}V{y}");
        }
        last = y;
        x += PANEL / count as f64;
    }
    let _ = writeln!(svg, "<path class=\"l {class}\" d=\"{path}H{x:.1}\"/>");
}
