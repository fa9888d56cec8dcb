//! Integers in `f64`, two at a time.
//!
//! An `f64` holds every integer up to 2^53 exactly, and multiplies them twice as fast as WebAssembly multiplies `i64`s:
//! vectors of two are one instruction there. Everything here is written for any [`Pair`], so that the vectors of
//! WebAssembly, two plain numbers, and in the tests the intervals that prove the bounds run the same lines.

/// Two numbers that are computed with alike.
pub(super) trait Pair: Copy {
    /// One of them.
    type Number: Copy + From<i32>;

    /// These two.
    fn of(numbers: [Self::Number; 2]) -> Self;

    /// Both of them.
    fn numbers(self) -> [Self::Number; 2];

    /// The sums.
    fn plus(self, other: Self) -> Self;

    /// The products.
    fn times(self, other: Self) -> Self;

    /// The integers `(high, low)` with `self = high * radix + low`, where low is at most half a radix from zero.
    fn split(self, radix: Radix) -> (Self, Self);

    /// The integer next to `(first + second * radix) / radix^2`.
    fn carry_out(self, radix: Radix) -> Self::Number;

    /// Two zeros.
    #[inline(always)]
    fn zero() -> Self {
        Self::of([0.into(); 2])
    }

    /// The first number twice, and the second number twice.
    #[inline(always)]
    fn each(self) -> [Self; 2] {
        self.numbers().map(|number| Self::of([number; 2]))
    }

    /// The first number, and twice the second.
    #[inline(always)]
    fn second_doubled(self) -> Self {
        self.times(Self::of([1.into(), 2.into()]))
    }

    /// The second number of the pair before, and the first of this one.
    #[inline(always)]
    fn one_later(self, before: Self) -> Self {
        let ([_, last], [first, _]) = (before.numbers(), self.numbers());
        Self::of([last, first])
    }
}

/// A power of two.
#[derive(Clone, Copy)]
pub(super) struct Radix {
    pub(super) bits: u32,
    down: f64,
    /// To add and to take away: a number between is rounded to a multiple of the radix.
    rounding: f64,
}

impl Radix {
    pub(super) fn of(bits: u32) -> Self {
        let up = f64::from(1_u32 << bits);
        Self {
            bits,
            down: up.recip(),
            rounding: ROUNDING * up,
        }
    }
}

/// To add and to take away: the sum has no bits for a fraction, so the number between is rounded to an integer.
const ROUNDING: f64 = 1.5 * (1_u64 << 52) as f64;

impl Pair for Doubles {
    type Number = f64;

    #[inline(always)]
    fn of(numbers: [f64; 2]) -> Self {
        Self::from_numbers(numbers)
    }

    #[inline(always)]
    fn numbers(self) -> [f64; 2] {
        self.into_numbers()
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.add(other)
    }

    #[inline(always)]
    fn times(self, other: Self) -> Self {
        self.mul(other)
    }

    #[inline(always)]
    fn split(self, radix: Radix) -> (Self, Self) {
        let rounding = Self::of([radix.rounding; 2]);
        let multiple = self.add(rounding).sub(rounding);
        let high = multiple.mul(Self::of([radix.down; 2]));
        (high, self.sub(multiple))
    }

    #[inline(always)]
    fn carry_out(self, radix: Radix) -> f64 {
        let [first, second] = self.numbers();
        (first * radix.down + second) * radix.down + ROUNDING - ROUNDING
    }
}

pub(super) use lanes::Doubles;

/// Two numbers in one vector.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod lanes {
    use core::arch::wasm32::{f64x2, f64x2_add, f64x2_extract_lane, f64x2_mul, f64x2_sub, v128};

    #[derive(Clone, Copy)]
    pub(in super::super) struct Doubles(v128);

    impl Doubles {
        #[inline(always)]
        pub(super) fn from_numbers([first, second]: [f64; 2]) -> Self {
            Self(f64x2(first, second))
        }

        #[inline(always)]
        pub(super) fn into_numbers(self) -> [f64; 2] {
            [
                f64x2_extract_lane::<0>(self.0),
                f64x2_extract_lane::<1>(self.0),
            ]
        }

        #[inline(always)]
        pub(super) fn add(self, other: Self) -> Self {
            Self(f64x2_add(self.0, other.0))
        }

        #[inline(always)]
        pub(super) fn sub(self, other: Self) -> Self {
            Self(f64x2_sub(self.0, other.0))
        }

        #[inline(always)]
        pub(super) fn mul(self, other: Self) -> Self {
            Self(f64x2_mul(self.0, other.0))
        }
    }
}

/// Two numbers beside each other.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod lanes {
    #[derive(Clone, Copy)]
    pub(in super::super) struct Doubles([f64; 2]);

    impl Doubles {
        #[inline(always)]
        pub(super) fn from_numbers(numbers: [f64; 2]) -> Self {
            Self(numbers)
        }

        #[inline(always)]
        pub(super) fn into_numbers(self) -> [f64; 2] {
            self.0
        }

        #[inline(always)]
        pub(super) fn add(self, Self([c, d]): Self) -> Self {
            let Self([a, b]) = self;
            Self([a + c, b + d])
        }

        #[inline(always)]
        pub(super) fn sub(self, Self([c, d]): Self) -> Self {
            let Self([a, b]) = self;
            Self([a - c, b - d])
        }

        #[inline(always)]
        pub(super) fn mul(self, Self([c, d]): Self) -> Self {
            let Self([a, b]) = self;
            Self([a * c, b * d])
        }
    }
}
