//! Times side by side.
//!
//! The least of several rounds is what the work takes; the median is that and what else the machine was
//! doing.

/// Prints the times of each name, and how they compare with the first one's.
pub(super) fn print(title: &str, rows: &[(&str, Vec<f64>)]) {
    println!("\n{title}");
    println!("  {:<34} {:>15}   {:>15}", "", "least", "median");
    let Some((_, first)) = rows.first() else {
        return;
    };
    for (name, times) in rows {
        let column = |of: fn(&[f64]) -> f64| {
            let (time, beside) = (of(times), of(first));
            format!("{time:>8.2}  x{:.2}", time / beside)
        };
        println!(
            "  {name:<34} {:>15}   {:>15}",
            column(least),
            column(median)
        );
    }
}

/// Prints whether a ratio is under its bar.
pub(super) fn bar(ratio: f64, bar: f64) {
    let verdict = if ratio <= bar { "under" } else { "OVER" };
    println!("  x{ratio:.2}, {verdict} the bar of x{bar:.2}");
}

pub(super) fn least(times: &[f64]) -> f64 {
    times.iter().copied().fold(f64::INFINITY, f64::min)
}

pub(super) fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
