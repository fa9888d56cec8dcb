//! Integers modulo an RSA modulus, by Montgomery's method with the whole number for a digit.

#[cfg(test)]
mod bounds;
#[cfg(test)]
mod residues;

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;
use core::mem;

use crypto_bigint::BoxedUint;

use super::columns::{self, Block, Digits, PAIRS};
use super::integer;
use super::pair::{Doubles, Pair, Radix};

/// How the digits of a modulus are laid out.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    pub(super) radix: Radix,
    /// The number of digits, an even one.
    pub(super) length: usize,
}

impl Layout {
    /// Of a modulus with so many bits.
    ///
    /// Columns must stay below 2^53, so a modulus of many digits gets smaller ones. R has at least 8 bits more than n.
    pub(super) fn of(bits: usize) -> Self {
        let radix = Radix::of(if bits <= 3008 { 24 } else { 23 });
        let digits = bits.saturating_add(8).div_ceil(radix.bits as usize);
        Self {
            radix,
            length: digits.next_multiple_of(2),
        }
    }
}

/// Products modulo n, divided by R = radix^length (Montgomery).
///
/// Factors and products are between -n and n.
pub(super) struct Reduction<P: Pair> {
    radix: Radix,
    n: Digits<P>,
    /// -1 / n modulo R.
    inverse: Digits<P>,
}

/// Where a product is made.
struct Scratch<P> {
    /// All columns of a product.
    product: Vec<Block<P>>,
    half: Half<P>,
    t: Digits<P>,
    q: Digits<P>,
}

impl<P: Pair> Scratch<P> {
    fn of(length: usize) -> Self {
        Self {
            product: vec![[P::zero(); PAIRS]; length.div_ceil(PAIRS)],
            half: Half::of(length / 2),
            t: Digits::zeros(length),
            q: Digits::zeros(length),
        }
    }
}

/// The columns of one half of a product, and the pair below the upper half.
struct Half<P> {
    blocks: Vec<Block<P>>,
    /// The lower half ends with a block, so the first one has pairs to spare.
    spare: usize,
}

impl<P: Pair> Half<P> {
    /// Of so many pairs.
    fn of(pairs: usize) -> Self {
        let blocks = vec![[P::zero(); PAIRS]; pairs.saturating_add(1).div_ceil(PAIRS)];
        let spare = blocks.as_flattened().len().saturating_sub(pairs);
        Self { blocks, spare }
    }

    /// The columns of `a * b` below so many pairs, or some more.
    #[inline(never)]
    fn lower(&mut self, a: &Digits<P>, b: &Digits<P>, pairs: usize) -> &mut [P] {
        let count = pairs.saturating_add(self.spare).div_ceil(PAIRS);
        let blocks = self.blocks.get_mut(..count).unwrap_or_default();
        let first_end = PAIRS.saturating_sub(self.spare);
        fill(blocks, first_end, |block, end| {
            columns::product(block, a, b, end);
        });
        let columns = blocks.as_flattened_mut();
        columns.get_mut(self.spare..).unwrap_or_default()
    }
}

impl<P: Pair> Reduction<P> {
    /// a * b / R.
    #[inline(never)]
    fn product(
        &self,
        a: &Digits<P>,
        b: &Digits<P>,
        scratch: &mut Scratch<P>,
        into: &mut Digits<P>,
    ) {
        fill(&mut scratch.product, PAIRS, |block, end| {
            columns::product(block, a, b, end);
        });
        self.reduce(scratch, into);
    }

    /// a * a / R.
    fn square(&self, a: &Digits<P>, scratch: &mut Scratch<P>, into: &mut Digits<P>) {
        fill(&mut scratch.product, PAIRS, |block, end| {
            columns::square(block, a, end);
        });
        self.reduce(scratch, into);
    }

    /// (t + q * n) / R, for the t whose columns are there, and q = -t / n modulo R.
    ///
    /// R divides t + q * n, so its lower half is needed only for the multiple of R that it is, and its two highest
    /// columns tell which: the columns below them are worth less than a hundredth of R.
    fn reduce(&self, scratch: &mut Scratch<P>, into: &mut Digits<P>) {
        let Scratch {
            product,
            half,
            t,
            q,
        } = scratch;
        let pairs = self.n.length() / 2;
        let product = product.as_flattened();
        columns::carry(product, self.radix, t);
        columns::carry(half.lower(t, &self.inverse, pairs), self.radix, q);
        let below = pairs.saturating_sub(1);
        let blocks = &mut half.blocks;
        fill(blocks, below.saturating_add(PAIRS), |block, end| {
            columns::product(block, q, &self.n, end);
        });
        let upper = product.get(below..).unwrap_or_default();
        columns::add_carried(upper, self.radix, blocks.as_flattened_mut());
        if let [below, upper @ ..] = blocks.as_flattened_mut() {
            if let Some(lowest) = upper.first_mut() {
                let carry = below.carry_out(self.radix);
                *lowest = lowest.plus(P::of([carry, 0.into()]));
            }
            columns::carry(upper, self.radix, into);
        }
    }
}

/// Fills blocks, of which the first ends at a pair of columns.
#[inline(always)]
fn fill<P: Pair>(blocks: &mut [Block<P>], end: usize, columns: impl Fn(&mut Block<P>, usize)) {
    for (block, end) in blocks.iter_mut().zip((end..).step_by(PAIRS)) {
        columns(block, end);
    }
}

/// -1 / n modulo R, by Newton's method: x becomes x * (n * x + 2), which doubles the number of right digits.
fn negative_inverse(n: &Digits<Doubles>, layout: Layout) -> Digits<Doubles> {
    let Layout { radix, length } = layout;
    let lowest_digit = n.numbers().next().unwrap_or_default() as i32 as u32;
    // The same for one digit, from three right bits to 24: n is odd, so it is its own inverse modulo 8.
    let inverse = (0..3).fold(lowest_digit, |inverse, _| {
        inverse.wrapping_mul(2_u32.wrapping_sub(lowest_digit.wrapping_mul(inverse)))
    });
    let inverse = inverse.wrapping_neg().to_be_bytes();
    let mut x = integer::from_bytes(&inverse, layout);
    let Scratch {
        mut half,
        mut t,
        mut q,
        ..
    } = Scratch::of(length);
    let mut right = 1;
    while right < length {
        right = length.min(right.saturating_mul(2));
        let pairs = right.div_ceil(2);
        // n * x + 2, and that times x.
        let columns = half.lower(n, &x, pairs);
        if let Some(lowest) = columns.first_mut() {
            *lowest = lowest.plus(Doubles::of([2.0, 0.0]));
        }
        columns::carry(columns, radix, &mut t);
        columns::carry(half.lower(&t, &x, pairs), radix, &mut q);
        mem::swap(&mut x, &mut q);
    }
    x
}

/// An RSA modulus.
pub(super) struct Modulus {
    bytes: Box<[u8]>,
    layout: Layout,
    reduction: Reduction<Doubles>,
    /// R^2 modulo n: a number times this, divided by R, is in Montgomery's form, which is x * R.
    form: Digits<Doubles>,
    one: Digits<Doubles>,
}

impl Modulus {
    /// The modulus of big-endian bytes: odd, and the first byte is not zero.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let layout = Layout::of(bytes.len().saturating_mul(8));
        let n = integer::from_bytes(bytes, layout);
        let reduction = Reduction {
            radix: layout.radix,
            inverse: negative_inverse(&n, layout),
            n,
        };
        let mut form = Digits::zeros(layout.length);
        let scratch = &mut Scratch::of(layout.length);
        reduction.square(&root_of_form(bytes, layout)?, scratch, &mut form);
        let modulus = Self {
            bytes: bytes.into(),
            layout,
            form,
            one: integer::from_bytes(&[1], layout),
            reduction,
        };
        modulus.holds().then_some(modulus)
    }

    /// How many bytes a number modulo n has.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Whether these are the bytes of a number below n, with zeros in front if it is short.
    pub(super) fn exceeds(&self, bytes: &[u8]) -> bool {
        bytes.len() == self.bytes.len() && *bytes < *self.bytes
    }

    /// The power of a number below n with an odd exponent, as bytes.
    pub(super) fn power(&self, bytes: &[u8], exponent: u64) -> Option<Vec<u8>> {
        let base = integer::from_bytes(bytes, self.layout);
        let reduction = &self.reduction;
        let scratch = &mut Scratch::of(self.layout.length);
        let [mut form, mut other] = [(); 2].map(|()| Digits::zeros(self.layout.length));
        reduction.product(&base, &self.form, scratch, &mut form);
        let mut power = form.clone();
        // The exponent's bits below the highest. The lowest one, which is set, takes the base as it is, so the result is
        // out of the form.
        let bits = u64::BITS.saturating_sub(exponent.leading_zeros());
        for bit in (0..bits.saturating_sub(1)).rev() {
            reduction.square(&power, scratch, &mut other);
            mem::swap(&mut power, &mut other);
            if exponent >> bit & 1 == 1 {
                let factor = if bit == 0 { &base } else { &form };
                reduction.product(&power, factor, scratch, &mut other);
                mem::swap(&mut power, &mut other);
            }
        }
        self.residue(&power)
    }

    /// Whether a number comes out of Montgomery's form as it went in, which it does only by the right constants.
    fn holds(&self) -> bool {
        let bytes = vec![0x5a; self.bytes.len().saturating_sub(1)];
        let number = integer::from_bytes(&bytes, self.layout);
        let [mut form, mut back] = [(); 2].map(|()| Digits::zeros(self.layout.length));
        let scratch = &mut Scratch::of(self.layout.length);
        self.reduction
            .product(&number, &self.form, scratch, &mut form);
        self.reduction.product(&form, &self.one, scratch, &mut back);
        let back = self.residue(&back);
        back.is_some_and(|back| back.get(1..) == Some(&bytes))
    }

    /// The bytes of a number between -n and n, modulo n.
    fn residue(&self, digits: &Digits<Doubles>) -> Option<Vec<u8>> {
        let radix = self.layout.radix.bits;
        let plus = |times: f64| {
            let digits = digits.numbers().zip(self.reduction.n.numbers());
            integer::carried(digits.map(|(digit, n)| digit + times * n), radix)
        };
        let residue = [0.0, 1.0].into_iter().find_map(plus)?;
        Some(integer::to_bytes(&residue, radix, self.bytes.len()))
    }
}

/// R times its square root, modulo n: the square root in Montgomery's form, whose square in that form is R^2.
///
/// A division takes as long as its quotient is, so one half as long and a squaring are sooner done.
fn root_of_form(bytes: &[u8], layout: Layout) -> Option<Digits<Doubles>> {
    let n = BoxedUint::from_be_slice_vartime(bytes);
    // The length is even, so R is a square.
    let root_bits = (layout.length / 2).saturating_mul(layout.radix.bits as usize);
    let bits = root_bits.saturating_mul(3);
    let mut power = vec![0_u8; (bits / 8).saturating_add(1)];
    if let Some(highest) = power.first_mut() {
        *highest = 1 << (bits % 8);
    }
    let power = BoxedUint::from_be_slice_vartime(&power);
    let rest = power.rem_vartime(n.as_nz_vartime()?);
    Some(integer::from_bytes(&rest.to_be_bytes(), layout))
}
