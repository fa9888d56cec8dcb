//! Digits, tables and sums over integers modulo a prime.

use core::cell::{Cell, RefCell};
use std::sync::Barrier;

use super::*;

std::thread_local! {
    /// How often this thread turned points into entries, as for every block of a table.
    pub(crate) static CONVERSIONS: Cell<usize> = const { Cell::new(0) };

    /// Where this thread waits for others whenever it does.
    static MEETING: Cell<Option<&'static Barrier>> = const { Cell::new(None) };

    /// If a test wants to know: the entries that this thread looks at or adds, and whether it adds them.
    static SEEN: RefCell<Option<Vec<(bool, u128)>>> = const { RefCell::new(None) };
}

fn see(is_added: bool, entry: u128) {
    SEEN.with_borrow_mut(|seen| {
        seen.iter_mut()
            .for_each(|seen| seen.push((is_added, entry)))
    });
}

/// Integers modulo a prime: a group in which every sum is known. If there is an entry `SPOILED`, it is a wrong one; with
/// [`FIRST`] it is the point that a block after the first one is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Number<const SPOILED: usize = { usize::MAX }>(pub(crate) u128);

const FIRST: usize = usize::MAX - 1;

const PRIME: u128 = (1 << 61) - 1;

impl<const SPOILED: usize> Group for Number<SPOILED> {
    type Entry = Self;

    const NEUTRAL: Self = Self(0);

    const SCALAR_BITS: u32 = 256;

    fn double(&mut self, times: u32) {
        for _ in 0..times {
            self.0 = 2 * self.0 % PRIME;
        }
    }

    fn add(&mut self, entry: &Self) {
        see(true, entry.0);
        self.0 = (self.0 + entry.0) % PRIME;
    }

    fn subtract(&mut self, entry: &Self) {
        see(true, entry.0);
        self.0 = (self.0 + PRIME - entry.0) % PRIME;
    }

    fn is_neutral(&self) -> bool {
        *self == Self::NEUTRAL
    }

    fn glance(entry: &Self) -> i32 {
        see(false, entry.0);
        entry.0 as i32
    }

    fn entries(points: &[Self]) -> Option<Vec<Self>> {
        CONVERSIONS.set(CONVERSIONS.get() + 1);
        if let Some(meeting) = MEETING.get() {
            meeting.wait();
        }
        let mut entries = points.to_vec();
        let spoiled = match (SPOILED, points) {
            (FIRST, [_]) => 0,
            _ => SPOILED,
        };
        if let Some(entry) = entries.get_mut(spoiled) {
            entry.double(1);
        }
        Some(entries)
    }
}

const POINT: Number = Number(0x1234_5678_9abc_def1);

/// Of every width, and with no, one and several shifts between few and many blocks.
fn shapes() -> impl Iterator<Item = Shape> {
    [2, 5, 7, 8].into_iter().flat_map(|width| {
        let one = Shape::one_block::<Number>(width);
        [1, 2, 3, 20]
            .map(|rounds| Shape::new::<Number>(width, rounds))
            .into_iter()
            .chain([one])
    })
}

/// The scalar times the point, bit by bit.
pub(crate) fn multiple(scalar: &[u8], point: Number) -> Number {
    let bits = scalar
        .iter()
        .rev()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
    bits.fold(Number::NEUTRAL, |sum, bit| {
        Number((2 * sum.0 + u128::from(bit) * point.0) % PRIME)
    })
}

/// Ones and zeros in runs of many lengths and at many places, and some more.
pub(crate) fn scalars() -> impl Iterator<Item = [u8; 32]> {
    let run = |from: usize, to: usize| {
        let bit = move |place| u8::from((from..to).contains(&place));
        core::array::from_fn(|byte| (0..8).map(|place| bit(8 * byte + place) << place).sum())
    };
    let runs = (0..256).flat_map(move |from| {
        let short = (from + 1..257).take(20);
        short.chain([255, 256]).map(move |to| run(from, to))
    });
    let patterns = (0..=255).map(|byte| [byte; 32]);
    runs.chain(patterns)
}

#[test]
fn digits_are_small_and_stand_for_the_scalar() {
    for shape in shapes() {
        let largest = i16::try_from(shape.largest()).unwrap();
        let table = Table::<Number>::of(POINT, shape).unwrap();
        for scalar in scalars().step_by(5) {
            let term = table.times(&scalar);
            let small = |digit: &i16| (1 - largest..=largest).contains(digit);
            assert!(term.digits.iter().all(small), "{shape:?} {scalar:?}");
            assert_eq!(
                sum(&[term]),
                multiple(&scalar, POINT),
                "{shape:?} {scalar:?}"
            );
        }
    }
}

#[test]
fn a_sum_is_the_sum_of_the_multiples() {
    let other = Number(POINT.0 / 3);
    let scalar = [0xc5; 32];
    for shape in shapes() {
        // The same, and a table of one round of any width.
        for second in [
            shape,
            Shape::new::<Number>(2, 1),
            Shape::new::<Number>(8, 1),
        ] {
            let table = Table::<Number>::of(POINT, shape).unwrap();
            let second = Table::<Number>::of(other, second).unwrap();
            for first in scalars().step_by(50) {
                let sum = sum(&[second.times(&scalar), table.times(&first)]);
                let expected =
                    Number((multiple(&first, POINT).0 + multiple(&scalar, other).0) % PRIME);
                assert_eq!(sum, expected, "{shape:?} {first:?}");
            }
        }
    }
}

/// Without it no sum would be wrong, only late.
#[test]
fn all_that_is_added_and_nothing_else_is_looked_at_before() {
    let base = Table::<Number>::of(POINT, Shape::new::<Number>(8, 1)).unwrap();
    for shape in shapes() {
        let table = Table::<Number>::of(Number(POINT.0 / 3), shape).unwrap();
        for scalar in scalars().step_by(500) {
            SEEN.set(Some(Vec::new()));
            sum(&[base.times(&scalar), table.times(&[0xc5; 32])]);
            let seen = SEEN.take().unwrap();
            let (before, after) = seen.split_at(seen.len() / 2);
            let [looked_at, added] = [(false, before), (true, after)].map(|(is_added, half)| {
                assert!(half.iter().all(|(is, _)| *is == is_added), "{shape:?}");
                let mut entries: Vec<_> = half.iter().map(|(_, entry)| *entry).collect();
                entries.sort_unstable();
                entries
            });
            assert_eq!(looked_at, added, "{shape:?} {scalar:?}");
        }
    }
}

/// Whether growing would have accepted these blocks.
fn hold(shape: Shape, blocks: &[Vec<Number>]) -> bool {
    let follow = |pair: &[Vec<Number>]| shape.follows::<Number>(&pair[0], &pair[1]);
    blocks.iter().all(|block| shape.holds::<Number>(block)) && blocks.windows(2).all(follow)
}

/// The entries with some changed from one on, up to another.
fn spoiled(
    blocks: &[Vec<Number>],
    places: core::ops::Range<usize>,
    spoil: fn(Number) -> Number,
) -> Vec<Vec<Number>> {
    let mut blocks = blocks.to_vec();
    for entry in blocks
        .iter_mut()
        .flatten()
        .take(places.end)
        .skip(places.start)
    {
        *entry = spoil(*entry);
    }
    blocks
}

fn blocks(shape: Shape) -> Vec<Vec<Number>> {
    let table = Table::<Number>::of(POINT, shape).unwrap();
    table.blocks().cloned().collect()
}

#[test]
fn a_table_with_one_wrong_entry_does_not_hold() {
    for shape in shapes() {
        let right = blocks(shape);
        assert!(hold(shape, &right));
        for place in 0..shape.entries() {
            let wrong = spoiled(&right, place..place + 1, |entry| {
                Number(2 * entry.0 % PRIME)
            });
            assert!(!hold(shape, &wrong), "{shape:?}, entry {place}");
        }
    }
}

#[test]
fn a_table_that_does_not_hold_is_not_made() {
    let shape = Shape::new::<Number>(5, 4);
    assert!(Table::<Number>::of(POINT, shape).is_some());
    assert!(Table::<Number<15>>::of(Number(POINT.0), shape).is_none());
    // Blocks that hold, but of another point.
    assert!(Table::<Number<FIRST>>::of(Number(POINT.0), shape).is_none());
}

#[test]
fn a_table_with_a_wrong_step_does_not_hold() {
    for shape in shapes() {
        let right = blocks(shape);
        let largest = shape.largest();
        for block in 0..shape.blocks {
            let (from, to) = (block * largest, (block + 1) * largest);
            for place in from + 1..to {
                let wrong = spoiled(&right, place..to, |entry| Number(entry.0 + 1));
                assert!(!hold(shape, &wrong), "{shape:?}, from entry {place} on");
            }
            if block > 0 {
                let wrong = spoiled(&right, from..shape.entries(), |entry| {
                    Number(2 * entry.0 % PRIME)
                });
                assert!(!hold(shape, &wrong), "{shape:?}, from block {block} on");
            }
        }
    }
}

#[test]
fn a_table_grows_block_by_block_until_it_is_whole() {
    for shape in shapes() {
        let whole = blocks(shape);
        let table = Table::<Number>::begun(POINT, shape);
        for made in 0..shape.blocks {
            assert!(!table.is_whole());
            assert!(table.blocks().eq(&whole[..made]));
            table.grow().unwrap();
        }
        assert!(table.is_whole());
        table.grow().unwrap();
        assert!(table.blocks().eq(&whole));
    }
}

/// Two threads that make the same block at the same time: one of them stores it, and both go on.
#[test]
fn a_table_may_grow_in_several_threads() {
    let shape = Shape::one_block::<Number>(5);
    let table = Table::<Number>::begun(POINT, shape);
    // Whoever converts the points of a block has seen that the block is missing.
    let meeting: &Barrier = Box::leak(Box::new(Barrier::new(2)));
    let grow = || {
        MEETING.set(Some(meeting));
        table.grow()
    };
    std::thread::scope(|scope| {
        for thread in [scope.spawn(grow), scope.spawn(grow)] {
            assert_eq!(thread.join().unwrap(), Some(()));
        }
    });
    assert!(table.blocks().eq(&blocks(shape)));
}
