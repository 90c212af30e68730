//! The laboratory's arithmetic. The laboratory itself is no test: it has a `main` of its own (`benches/lockout_lab.rs`).

#[path = "../benches/lab/rank.rs"]
mod rank;

use std::cmp::Ordering;

use rank::{area_under_roc, median, standard_error};

#[track_caller]
fn assert_close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-12, "{found} instead of {expected}");
}

#[test]
fn samples_apart_are_told_apart_and_equal_ones_are_not() {
    assert_close(area_under_roc(&[1.0, 2.0, 3.0], &[4.0, 5.0]), 1.0);
    assert_close(area_under_roc(&[4.0, 5.0], &[1.0, 2.0, 3.0]), 0.0);
    assert_close(area_under_roc(&[7.0; 4], &[7.0; 9]), 0.5);
    assert!(area_under_roc(&[], &[1.0]).is_nan());
}

#[test]
fn it_is_the_share_of_pairs_in_which_the_second_is_larger() {
    let first: [f64; 8] = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
    let second: [f64; 7] = [5.0, 3.0, 5.0, 8.0, 9.0, 7.0, 9.0];
    let mut expected = 0.0;
    for one in first {
        for other in second {
            expected += match other.total_cmp(&one) {
                Ordering::Greater => 1.0,
                Ordering::Equal => 0.5,
                Ordering::Less => 0.0,
            };
        }
    }
    assert_close(area_under_roc(&first, &second), expected / 56.0);
    assert_close(area_under_roc(&first, &second) + area_under_roc(&second, &first), 1.0);
}

#[test]
fn mann_and_whitneys_tortoises_and_hares() {
    // Six of each cross the line as T H H H H H T T T T T H: in 25 of 36 pairs the hare was first.
    let tortoises = [1.0, 7.0, 8.0, 9.0, 10.0, 11.0];
    let hares = [2.0, 3.0, 4.0, 5.0, 6.0, 12.0];
    assert_close(area_under_roc(&hares, &tortoises), 25.0 / 36.0);
}

#[test]
fn the_spread_of_samples_that_are_alike_shrinks_with_their_number() {
    assert_close(standard_error(1, 1), 0.5);
    assert_close(standard_error(800, 800), (1601.0_f64 / 7_680_000.0).sqrt());
}

#[test]
fn the_median_is_in_the_middle() {
    assert_close(median(&[9.0, 1.0, 5.0]), 5.0);
    assert_close(median(&[9.0, 1.0, 5.0, 6.0]), 5.5);
    assert!(median(&[]).is_nan());
}
