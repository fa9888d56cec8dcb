//! docs/simulation.md: the scenarios, and the numbers.

use std::fmt::Write as _;

use crate::client::{HOUR, MINUTE, Millis, SECOND};
use crate::fleet::Contestant;
use crate::scenario::Scenario;
use crate::tally::Tally;

/// A scenario, and what came of each contestant.
pub struct Results {
    pub scenario: Scenario,
    pub tallies: Vec<(Contestant, Tally)>,
}

const HEAD: &str = include_str!("head.md");

pub fn page(results: &[Results], seed: u64) -> String {
    let mut page = HEAD.replace("{seed}", &seed.to_string());
    for result in results {
        page.push_str(&section(result));
    }
    page
}

/// One scenario: what happens, and a table.
pub fn section(results: &Results) -> String {
    let Scenario {
        name,
        about,
        isolates,
        length,
        life,
        ..
    } = &results.scenario;
    let life = match life {
        Some(life) => format!("they live {} on average", duration(*life)),
        None => "they live on to the end".to_owned(),
    };
    let mut text = format!(
        "\n## {name}\n{about}\n{} isolates, {}; {life}.\n\n",
        grouped(*isolates),
        duration(*length)
    );
    text.push_str(
        "| | valid tokens | of them refused | by isolates that never had a set | false accepts | longest stale use | longest wait | recovery | requests | 10 min after rotation | worst hour, all | worst hour, one isolate |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for (contestant, tally) in &results.tallies {
        text.push_str(&row(*contestant, tally));
    }
    text
}

fn row(contestant: Contestant, tally: &Tally) -> String {
    let codes = tally.refused.iter();
    let codes: Vec<_> = codes
        .map(|(code, count)| format!("{} `{code}`", grouped(*count)))
        .collect();
    let refused = match tally.all_refused() {
        0 => "0".to_owned(),
        all => format!("{}: {}", grouped(all), codes.join(", ")),
    };
    let cells = [
        contestant.name().to_owned(),
        grouped(tally.valid),
        refused,
        grouped(tally.refused_cold),
        grouped(tally.false_accepts),
        duration(tally.longest_stale),
        duration(tally.longest_wait),
        duration(tally.recovery),
        grouped(tally.requests),
        grouped(tally.requests_after_rotation),
        grouped(tally.requests_an_hour()),
        grouped(tally.requests_of_one),
    ];
    let mut row = String::new();
    for cell in cells {
        let _ = write!(row, "| {cell} ");
    }
    row + "|\n"
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn duration(time: Millis) -> String {
    match time {
        0 => "0".to_owned(),
        1..SECOND => format!("{time} ms"),
        SECOND..MINUTE => format!("{:.1} s", time as f64 / SECOND as f64),
        MINUTE..HOUR => format!("{:.1} min", time as f64 / MINUTE as f64),
        HOUR.. => format!("{:.1} h", time as f64 / HOUR as f64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_can_be_read() {
        assert_eq!(["7", "1,234", "123,456"], [7, 1234, 123_456].map(grouped));
        let times = [0, 199, 5000, 90 * SECOND, 26 * HOUR].map(duration);
        assert_eq!(times, ["0", "199 ms", "5.0 s", "1.5 min", "26.0 h"]);
    }
}
