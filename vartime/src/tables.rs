//! Small tables first, large ones for what has proven hot.
//!
//! A key that is used once should cost little, and one that is used all day should be fast. So a key starts with a table of
//! one block. Its large one is begun after a dozen accepted signatures, grows with each further one, so that none of them takes
//! much longer than the others, and has paid after some forty. Refused ones count nothing: who cannot sign cannot make us
//! spend memory. All large tables together have a budget.
//!
//! Which tables there are changes how long a verdict takes, never the verdict.

use alloc::boxed::Box;
use core::mem::size_of;
use core::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};

use once_cell::race::OnceBox;

use crate::windows::{Group, Shape, Table, sum};

/// A group in which signatures are verified.
pub(crate) trait Curve: Group + 'static {
    /// The table that every point starts with.
    const SMALL: Shape;

    /// The large table of a key.
    const KEY: Shape;

    /// The large table of the base point: of one round, so that it goes with every other.
    const BASE: Shape;

    /// The base point.
    fn base() -> Option<Self::Entry>;

    /// The tables of the base point, made when the first key comes.
    fn base_tables() -> &'static OnceBox<Tables<Self>>;
}

/// Accepted signatures after which a large table is begun.
const HOT: u32 = 12;

/// The entries by which it grows with each further one. They take about as long as that signature took itself.
const GROWTH: usize = 128;

/// The bytes that all large tables may have together.
const BYTES: usize = 5 << 20;

static BUDGET: Budget = Budget::new(BYTES);

/// Bytes that are left.
struct Budget(AtomicUsize);

impl Budget {
    const fn new(bytes: usize) -> Self {
        Self(AtomicUsize::new(bytes))
    }

    /// So many of the bytes, if they are left.
    fn share(&'static self, bytes: usize) -> Option<Share> {
        let take = |left: usize| left.checked_sub(bytes);
        let taken = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take);
        taken.is_ok().then(|| Share {
            budget: self,
            bytes,
        })
    }
}

/// Bytes of a budget, which has them again when this is dropped.
struct Share {
    budget: &'static Budget,
    bytes: usize,
}

impl Drop for Share {
    fn drop(&mut self) {
        self.budget.0.fetch_add(self.bytes, Ordering::Relaxed);
    }
}

/// The tables of a point.
pub(crate) struct Tables<G: Group> {
    small: Table<G>,
    large: OnceBox<Large<G>>,
    /// How many signatures were accepted with them.
    accepted: AtomicU32,
}

struct Large<G: Group> {
    table: Table<G>,
    /// A block did not hold, so it is never used. Its bytes come back with the key.
    is_given_up: AtomicBool,
    _share: Share,
}

impl<G: Group> Large<G> {
    fn grow(&self) {
        for _ in (0..GROWTH).step_by(self.table.shape().largest()) {
            // Asked first, as it stays so: every later signature comes here, too.
            if self.table.is_whole() || self.is_given_up.load(Ordering::Relaxed) {
                return;
            }
            if self.table.grow().is_none() {
                self.is_given_up.store(true, Ordering::Relaxed);
            }
        }
    }
}

impl<G: Curve> Tables<G> {
    fn of(point: G::Entry) -> Option<Self> {
        Some(Self {
            small: Table::of(point, G::SMALL)?,
            large: OnceBox::new(),
            accepted: AtomicU32::new(0),
        })
    }

    /// The large table, when it is whole.
    fn large(&self) -> Option<&Table<G>> {
        let table = self.large.get().map(|large| &large.table);
        table.filter(|table| table.is_whole())
    }

    /// Counts an accepted signature, and begins the large table when it is time, or goes on with it.
    ///
    /// Whoever counts up to a multiple of [`HOT`] begins it. Should two threads, the second table is dropped, and its bytes go
    /// back. Without the bytes it is tried again later.
    fn heat(&self, shape: Shape, budget: &'static Budget) {
        let accepted = self.accepted.fetch_add(1, Ordering::Relaxed);
        match self.large.get() {
            Some(large) => large.grow(),
            None if accepted.wrapping_add(1).is_multiple_of(HOT) => self.begin(shape, budget),
            None => {}
        }
    }

    fn begin(&self, shape: Shape, budget: &'static Budget) {
        let bytes = shape.entries().saturating_mul(size_of::<G::Entry>());
        let large = budget.share(bytes).map(|share| Large {
            table: Table::begun(self.small.point(), shape),
            is_given_up: AtomicBool::new(false),
            _share: share,
        });
        if let Some(large) = large {
            let _ = self.large.set(Box::new(large));
        }
    }
}

/// A point of a key, ready for sums with the base point.
pub(crate) struct Pair<G: Curve> {
    base: &'static Tables<G>,
    own: Tables<G>,
}

impl<G: Curve> Pair<G> {
    /// Nothing if a table does not hold.
    pub(crate) fn of(point: G::Entry) -> Option<Self> {
        let base = || G::base().and_then(Tables::of).map(Box::new).ok_or(());
        Some(Self {
            base: G::base_tables().get_or_try_init(base).ok()?,
            own: Tables::of(point)?,
        })
    }

    /// `base` times the base point plus `own` times the key's, of little-endian scalars.
    pub(crate) fn sum(&self, base: &[u8], own: &[u8]) -> G {
        let (base_table, own_table) = self.tables();
        sum(&[base_table.times(base), own_table.times(own)])
    }

    /// The large tables as far as they are there; that of the key only beside that of the base point, as the small ones
    /// have digits of another width.
    fn tables(&self) -> (&Table<G>, &Table<G>) {
        match (self.base.large(), self.own.large()) {
            (Some(base), Some(own)) => (base, own),
            (Some(base), None) => (base, &self.own.small),
            (None, _) => (&self.base.small, &self.own.small),
        }
    }

    /// Counts a signature that was accepted. The base point comes first: what it saves, it saves for every key.
    pub(crate) fn accepted(&self) {
        self.base.heat(G::BASE, &BUDGET);
        if self.base.large().is_some() {
            self.own.heat(G::KEY, &BUDGET);
        }
    }

    /// Whether the key has its large table.
    #[cfg(test)]
    pub(crate) fn is_hot(&self) -> bool {
        self.own.large().is_some()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::windows::tests::{CONVERSIONS, Number, multiple, scalars};

    type Point = Number;

    const BASE: Point = Number(0xfedc_ba98_7654_321f);
    const OWN: Point = Number(0x1234_5678_9abc_def1);

    impl<const SPOILED: usize> Curve for Number<SPOILED> {
        const SMALL: Shape = Shape::one_block::<Self>(5);
        const KEY: Shape = Shape::new::<Self>(7, 2);
        const BASE: Shape = Shape::new::<Self>(7, 1);

        fn base() -> Option<Self> {
            Some(Self(BASE.0))
        }

        /// Others each time: those of another test must not be hot.
        fn base_tables() -> &'static OnceBox<Tables<Self>> {
            Box::leak(Box::new(OnceBox::new()))
        }
    }

    /// Of the large tables of a key and of the base point the entries and the KB, and how many keys may have theirs.
    pub(crate) fn large<G: Curve>() -> ([usize; 2], [usize; 2], usize) {
        let shapes = [G::KEY, G::BASE];
        let entries = shapes.map(Shape::entries);
        let [key, base] = entries.map(|entries| entries * size_of::<G::Entry>());
        // A table grows by whole blocks, so none may be larger than the growth.
        assert!(shapes.iter().all(|shape| shape.largest() <= GROWTH));
        let kilobytes = [key, base].map(|bytes| (bytes + 500) / 1000);
        (entries, kilobytes, (BYTES - base) / key)
    }

    fn bytes(shape: Shape) -> usize {
        shape.entries() * size_of::<Point>()
    }

    fn leaked(bytes: usize) -> &'static Budget {
        Box::leak(Box::new(Budget::new(bytes)))
    }

    fn left(budget: &Budget) -> usize {
        budget.0.load(Ordering::Relaxed)
    }

    #[test]
    fn the_base_point_gets_its_large_table_before_a_key() {
        let pair = Pair::of(OWN).unwrap();
        let sizes = |pair: &Pair<Point>| {
            let (base, own) = pair.tables();
            [base, own].map(Table::len)
        };
        let [small, base, own] = [Point::SMALL, Point::BASE, Point::KEY].map(Shape::entries);
        let growths = |shape: Shape| u32::try_from(shape.entries().div_ceil(GROWTH)).unwrap();
        let base_is_whole = HOT + growths(Point::BASE);
        let own_is_whole = base_is_whole + HOT - 1 + growths(Point::KEY);
        for accepted in 0..own_is_whole + 10 {
            let expected = if accepted < base_is_whole {
                [small, small]
            } else if accepted < own_is_whole {
                [base, small]
            } else {
                [base, own]
            };
            assert_eq!(sizes(&pair), expected, "{accepted}");
            for scalar in scalars().step_by(700) {
                let sum = pair.sum(&scalar, &[0xc5; 32]);
                let mut expected = multiple(&scalar, BASE);
                expected.add(&multiple(&[0xc5; 32], OWN));
                assert_eq!(sum, expected);
            }
            pair.accepted();
        }
    }

    #[test]
    fn a_large_table_takes_its_bytes_and_gives_them_back() {
        let budget = leaked(bytes(Point::KEY) + 1);
        let (first, second) = (Tables::of(OWN).unwrap(), Tables::of(BASE).unwrap());
        let heat = |tables: &Tables<Point>| (0..100).for_each(|_| tables.heat(Point::KEY, budget));
        heat(&first);
        heat(&second);
        assert!(first.large().is_some() && second.large().is_none());
        assert_eq!(left(budget), 1);
        drop(first);
        assert_eq!(left(budget), bytes(Point::KEY) + 1);
        // Bytes that came back are found at the next multiple of [`HOT`], which is 108.
        (100..107).for_each(|_| second.heat(Point::KEY, budget));
        assert_eq!(left(budget), bytes(Point::KEY) + 1);
        second.heat(Point::KEY, budget);
        assert_eq!(left(budget), 1);
        heat(&second);
        assert!(second.large().is_some());
    }

    #[test]
    fn a_large_table_is_made_once_and_little_by_little() {
        let budget = leaked(3 * bytes(Point::KEY));
        let tables = Tables::<Point>::of(OWN).unwrap();
        for accepted in 1..=100 {
            let before = CONVERSIONS.get();
            tables.heat(Point::KEY, budget);
            // Of two blocks, each with its first entry after the block before; there are nineteen.
            let expected = match accepted - HOT.min(accepted) {
                0 => 0,
                1 => 3,
                2..=9 => 4,
                10 => 2,
                _ => 0,
            };
            assert_eq!(CONVERSIONS.get() - before, expected, "{accepted}");
            assert_eq!(tables.large().is_some(), accepted >= HOT + 10);
        }
        assert_eq!(left(budget), 2 * bytes(Point::KEY));
    }

    #[test]
    fn a_large_table_that_does_not_hold_is_not_used() {
        // The 41st entry of a block is wrong, and small tables have none.
        let tables = Tables::<Number<40>>::of(Number::<40>(OWN.0)).unwrap();
        let budget = leaked(bytes(Point::KEY));
        for accepted in 0..100 {
            let before = CONVERSIONS.get();
            tables.heat(Point::KEY, budget);
            assert!(tables.large().is_none());
            // It is not tried again.
            assert_eq!(CONVERSIONS.get() > before, accepted == HOT);
        }
        drop(tables);
        assert_eq!(left(budget), bytes(Point::KEY));
    }
}
