//! Small tables first, large ones for what has proven hot.
//!
//! A key that is used once should cost little, and one that is used all day should be fast. So a key starts with a table of
//! one block, and gets the large one after as many accepted signatures as it takes to pay for it. Refused ones count
//! nothing: who cannot sign cannot make us spend memory. All large tables together have a budget.
//!
//! Which tables there are changes how long a verdict takes, never the verdict.

use alloc::boxed::Box;
use core::mem::size_of;
use core::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

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

/// Accepted signatures after which a large table is built. Building one takes as long as it saves in about ten.
const HOT: u32 = 12;

/// The bytes that all large tables may have together.
static BUDGET: Budget = Budget::new(4 << 20);

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
    _share: Share,
}

impl<G: Curve> Tables<G> {
    fn of(point: G::Entry) -> Option<Self> {
        Some(Self {
            small: Table::of(point, G::SMALL)?,
            large: OnceBox::new(),
            accepted: AtomicU32::new(0),
        })
    }

    fn large(&self) -> Option<&Table<G>> {
        self.large.get().map(|large| &large.table)
    }

    /// Counts an accepted signature, and builds the large table when it is time.
    ///
    /// Whoever counts up to a multiple of [`HOT`] builds. Two threads do only if one takes longer than [`HOT`] signatures:
    /// the second table is dropped, and its bytes go back. Without the bytes it is tried again later.
    fn heat(&self, shape: Shape, budget: &'static Budget) {
        let accepted = self
            .accepted
            .fetch_add(1, Ordering::Relaxed)
            .wrapping_add(1);
        if accepted.is_multiple_of(HOT) && self.large.get().is_none() {
            self.enlarge(shape, budget);
        }
    }

    /// A table that does not hold is not used.
    fn enlarge(&self, shape: Shape, budget: &'static Budget) -> Option<()> {
        let bytes = shape.entries().saturating_mul(size_of::<G::Entry>());
        let share = budget.share(bytes)?;
        let table = Table::of(self.small.point()?, shape)?;
        let large = Large {
            table,
            _share: share,
        };
        self.large.set(Box::new(large)).ok()
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
mod tests {
    use super::*;
    use crate::windows::tests::{CONVERSIONS, Number, multiple, scalars};
    use alloc::vec::Vec;

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
            [base, own].map(|table| table.entries().len())
        };
        let [small, base, own] = [Point::SMALL, Point::BASE, Point::KEY].map(Shape::entries);
        for accepted in 0..40 {
            let expected = match accepted {
                0..12 => [small, small],
                12..23 => [base, small],
                _ => [base, own],
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
        let heat = |tables: &Tables<Point>| (0..HOT).for_each(|_| tables.heat(Point::KEY, budget));
        heat(&first);
        heat(&second);
        assert!(first.large().is_some() && second.large().is_none());
        assert_eq!(left(budget), 1);
        drop(first);
        assert_eq!(left(budget), bytes(Point::KEY) + 1);
        // Bytes that came back are found.
        heat(&second);
        assert!(second.large().is_some());
    }

    #[test]
    fn a_large_table_is_made_once() {
        let budget = leaked(3 * bytes(Point::KEY));
        let tables = Tables::<Point>::of(OWN).unwrap();
        let mut made = Vec::new();
        for _ in 0..4 * HOT {
            let before = CONVERSIONS.get();
            tables.heat(Point::KEY, budget);
            made.push(CONVERSIONS.get() > before);
        }
        let expected: Vec<_> = (1..=4 * HOT).map(|accepted| accepted == HOT).collect();
        assert_eq!(made, expected);
        assert_eq!(left(budget), 2 * bytes(Point::KEY));
    }

    #[test]
    fn a_large_table_that_does_not_hold_is_not_used() {
        // The 41st entry of a block is wrong, and small tables have none.
        let tables = Tables::<Number<40>>::of(Number::<40>(OWN.0)).unwrap();
        let budget = leaked(bytes(Point::KEY));
        for _ in 0..2 * HOT {
            tables.heat(Point::KEY, budget);
        }
        assert!(tables.large().is_none());
        assert_eq!(left(budget), bytes(Point::KEY));
    }
}
