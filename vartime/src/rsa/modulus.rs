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

use super::columns::{self, Block, COLUMNS, Digits};
use super::integer;
use super::pair::{Doubles, Pair, Radix};

/// How the digits of a modulus are laid out.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    pub(super) radix: Radix,
    /// The number of digits: two less than whole blocks.
    pub(super) length: usize,
}

impl Layout {
    /// Of a modulus with so many bits.
    ///
    /// Columns must stay below 2^53, so a modulus of many digits gets smaller ones. R has at least 20 bits more than n, so
    /// the highest digits are small. The two columns less are those that [`Reduction::reduced`] looks at below its own.
    pub(super) fn of(bits: usize) -> Self {
        let radix = Radix::of(if bits <= 4096 { 22 } else { 21 });
        let digits = bits.saturating_add(20).div_ceil(radix.bits as usize);
        let blocks = digits.saturating_add(2).div_ceil(COLUMNS);
        Self {
            radix,
            length: blocks.saturating_mul(COLUMNS).saturating_sub(2),
        }
    }
}

/// Products modulo n, divided by R = radix^length (Montgomery).
///
/// Factors and products are between -2n and 2n.
pub(super) struct Reduction<P: Pair> {
    radix: Radix,
    n: Digits<P>,
    /// -1 / n modulo R.
    inverse: Digits<P>,
}

/// Where a product is made.
struct Scratch<P> {
    blocks: Vec<Block<P>>,
    t: Digits<P>,
    q: Digits<P>,
}

impl<P: Pair> Scratch<P> {
    fn of(length: usize) -> Self {
        Self {
            blocks: vec![[P::zero(); COLUMNS / 2]; length.div_ceil(COLUMNS)],
            t: Digits::zeros(length),
            q: Digits::zeros(length),
        }
    }
}

impl<P: Pair> Reduction<P> {
    /// a * b / R.
    fn product(
        &self,
        a: &Digits<P>,
        b: &Digits<P>,
        scratch: &mut Scratch<P>,
        into: &mut Digits<P>,
    ) {
        let add = |block: &mut Block<P>, first| columns::add_product(block, a, b, first);
        self.reduce(add, scratch, into);
    }

    /// a * a / R.
    fn square(&self, a: &Digits<P>, scratch: &mut Scratch<P>, into: &mut Digits<P>) {
        let add = |block: &mut Block<P>, first| columns::add_square(block, a, first);
        self.reduce(add, scratch, into);
    }

    /// (t + q * n) / R, for the t whose columns `add` adds, and q = -t / n modulo R.
    ///
    /// R divides t + q * n, so its lower half is needed only for the multiple of R that it is, and its two highest
    /// columns tell which: the columns below them are worth less than a hundredth of R.
    #[inline(always)]
    fn reduce(
        &self,
        add: impl Fn(&mut Block<P>, usize),
        scratch: &mut Scratch<P>,
        into: &mut Digits<P>,
    ) {
        let Scratch { blocks, t, q } = scratch;
        sum_up(blocks, 0, &add);
        columns::carry(blocks.as_flattened(), self.radix, t);
        sum_up(blocks, 0, |block, first| {
            columns::add_product(block, t, &self.inverse, first);
        });
        columns::carry(blocks.as_flattened(), self.radix, q);
        sum_up(blocks, self.n.length().saturating_sub(2), |block, first| {
            add(block, first);
            columns::add_product(block, q, &self.n, first);
        });
        if let [below, upper @ ..] = blocks.as_flattened_mut() {
            if let Some(lowest) = upper.first_mut() {
                let carry = below.carry_out(self.radix);
                *lowest = lowest.plus(P::of([carry, 0.into()]));
            }
            columns::carry(upper, self.radix, into);
        }
    }
}

/// Fills blocks, of which the first starts at a column, with what is added to each.
#[inline(always)]
fn sum_up<P: Pair>(blocks: &mut [Block<P>], start: usize, add: impl Fn(&mut Block<P>, usize)) {
    blocks.as_flattened_mut().fill(P::zero());
    for (block, first) in blocks.iter_mut().zip((start..).step_by(COLUMNS)) {
        add(block, first);
    }
}

/// -1 / n modulo R, by Newton's method: x becomes x * (n * x + 2), which doubles the number of right digits.
fn negative_inverse(n: &Digits<Doubles>, layout: Layout) -> Digits<Doubles> {
    let Layout { radix, length } = layout;
    let lowest_digit = n.numbers().next().unwrap_or_default() as u32;
    // The same for one digit, from three right bits to 24: n is odd, so it is its own inverse modulo 8.
    let inverse = (0..3).fold(lowest_digit, |inverse, _| {
        inverse.wrapping_mul(2_u32.wrapping_sub(lowest_digit.wrapping_mul(inverse)))
    });
    let inverse = inverse.wrapping_neg().to_be_bytes();
    let mut x = integer::from_bytes(&inverse, layout);
    let mut scratch = Scratch::of(length);
    let mut right = 1;
    while right < length {
        right = length.min(right.saturating_mul(2));
        let Scratch { blocks, t, q } = &mut scratch;
        let blocks = blocks
            .get_mut(..right.div_ceil(COLUMNS))
            .unwrap_or_default();
        // n * x + 2, and that times x.
        sum_up(blocks, 0, |block, first| {
            columns::add_product(block, n, &x, first)
        });
        if let Some([lowest, ..]) = blocks.first_mut() {
            *lowest = lowest.plus(Doubles::of([2.0, 0.0]));
        }
        columns::carry(blocks.as_flattened(), radix, t);
        sum_up(blocks, 0, |block, first| {
            columns::add_product(block, t, &x, first)
        });
        columns::carry(blocks.as_flattened(), radix, q);
        mem::swap(&mut x, q);
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
        let modulus = Self {
            bytes: bytes.into(),
            layout,
            form: form_of(bytes, layout)?,
            one: integer::from_bytes(&[1], layout),
            reduction: Reduction {
                radix: layout.radix,
                inverse: negative_inverse(&n, layout),
                n,
            },
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

    /// The bytes of a number between -2n and 2n, modulo n.
    fn residue(&self, digits: &Digits<Doubles>) -> Option<Vec<u8>> {
        let radix = self.layout.radix.bits;
        let plus = |times: f64| {
            let digits = digits.numbers().zip(self.reduction.n.numbers());
            integer::carried(digits.map(|(digit, n)| digit + times * n), radix)
        };
        let residue = [-1.0, 0.0, 1.0, 2.0].into_iter().find_map(plus)?;
        Some(integer::to_bytes(&residue, radix, self.bytes.len()))
    }
}

/// R^2 modulo n.
fn form_of(bytes: &[u8], layout: Layout) -> Option<Digits<Doubles>> {
    let n = BoxedUint::from_be_slice_vartime(bytes);
    let bits = layout
        .length
        .saturating_mul(2)
        .saturating_mul(layout.radix.bits as usize);
    let mut square = vec![0_u8; (bits / 8).saturating_add(1)];
    if let Some(highest) = square.first_mut() {
        *highest = 1 << (bits % 8);
    }
    let square = BoxedUint::from_be_slice_vartime(&square);
    let rest = square.rem_vartime(n.as_nz_vartime()?);
    Some(integer::from_bytes(&rest.to_be_bytes(), layout))
}
