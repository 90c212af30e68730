//! How well a measurement tells two classes apart: the rank statistic of Mann and Whitney.
//!
//! `U` counts the pairs of one sample from each class in which the second is larger, a tie as half. Divided by the
//! number of pairs it is the area under the ROC curve: the chance that a stranger who is given one sample of each class
//! says rightly which is which. 0.5: the measurement says nothing; 0 or 1: it says all. It looks at ranks only, so that
//! a few requests that the system held up weigh no more than any other.

use std::cmp::Ordering;

/// The chance that a sample of `second` is larger than one of `first`, a tie counted as half. NaN if either is empty.
#[allow(clippy::cast_precision_loss, reason = "numbers of samples are far below 2^52")]
pub(crate) fn area_under_roc(first: &[f64], second: &[f64]) -> f64 {
    let (n1, n2) = (first.len() as f64, second.len() as f64);
    // R: the sum of the second sample's ranks among all, of which n2 (n2 + 1) / 2 it would have by itself.
    let u = rank_sum_of_second(first, second) - n2 * (n2 + 1.0) / 2.0;
    u / (n1 * n2)
}

/// The standard deviation of [`area_under_roc`] between two samples that cannot be told apart.
#[allow(clippy::cast_precision_loss, reason = "as above")]
pub(crate) fn standard_error(first: usize, second: usize) -> f64 {
    let (n1, n2) = (first as f64, second as f64);
    ((n1 + n2 + 1.0) / (12.0 * n1 * n2)).sqrt()
}

/// The middle one, or between the two in the middle. NaN if there is none.
pub(crate) fn median(samples: &[f64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    match (sorted.get(half), half.checked_sub(1).and_then(|below| sorted.get(below))) {
        (Some(upper), Some(lower)) if sorted.len().is_multiple_of(2) => f64::midpoint(*lower, *upper),
        (Some(middle), _) => *middle,
        (None, _) => f64::NAN,
    }
}

/// Ranks begin with 1; equal samples share the mean of the ranks that they take up together.
#[allow(clippy::cast_precision_loss, reason = "as above")]
fn rank_sum_of_second(first: &[f64], second: &[f64]) -> f64 {
    let mut pooled: Vec<(f64, bool)> = first.iter().map(|sample| (*sample, false)).collect();
    pooled.extend(second.iter().map(|sample| (*sample, true)));
    pooled.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut sum = 0.0;
    let mut before = 0;
    for equal in pooled.chunk_by(|one, other| one.0.total_cmp(&other.0) == Ordering::Equal) {
        let shared_rank = before as f64 + f64::midpoint(1.0, equal.len() as f64);
        let of_second = equal.iter().filter(|(_, is_second)| *is_second).count();
        sum += shared_rank * of_second as f64;
        before += equal.len();
    }
    sum
}
