//! Division modulo an odd integer, by the divsteps of Bernstein and Yang (<https://eprint.iacr.org/2019/266>).
//!
//! A divstep takes an odd f and any g to two integers with the same greatest common divisor: it may swap them, makes g even
//! by adding f or taking it away, and halves g. Begun with the modulus and an integer, divsteps end with g = 0 and f = 1
//! or -1. The lowest bits alone decide what each does, so thirty of them are worked out on 32 bits, as a matrix, and then
//! done to all limbs at once.
//!
//! d and e begin with 0 and 1, and the same is done to them, without the halvings: f times a power of two is d times the
//! integer, modulo the modulus. `docs/arithmetic.md` has the argument.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "the tests prove that no limb overflows, and nothing else here is large"
)]

#[cfg(test)]
mod tests;

use core::array;

use crypto_bigint::Word;

use crate::limbs::Limb;

/// The bits of a limb, and the divsteps of a matrix.
const BITS: u32 = 30;

/// The bits of the longest integers.
pub(crate) const MOST_BITS: u32 = 576;

/// As many limbs as these have, with a sign.
const LIMBS: usize = (MOST_BITS / BITS + 1) as usize;

/// So many matrices are enough for g = 0.
///
/// `(49 b + 57) / 17` divsteps are, if f and g are at most 2^b, and b is 46 or more: theorem 11.2 of the paper.
const MATRICES: usize = ((49 * MOST_BITS + 57) / 17).div_ceil(BITS) as usize;

/// The bits that [`remainder`] divides by.
pub(crate) const POWER: u32 = 18 * BITS;

/// The limbs of d, and of f and g with what has become zero of them: every matrix makes them one limb longer.
const ROOM: usize = LIMBS + MATRICES;

/// Limbs of two integers, f and g or d and e, place by place.
type Pair<L> = [L; 2];

/// What divsteps do to a pair, times a power of two: the first row gives the new f or d, the second the new g or e.
type Rows<L> = [[L; 2]; 2];

/// Numerators, divided by any integer modulo an odd one above 1, in limbs without a sign; nothing if it has no inverse.
///
/// The lowest words are the first, and together they have at most [`MOST_BITS`]. Numerators have no more bits than the modulus.
pub(crate) fn ratios<const N: usize>(
    numerators: [&[Word]; N],
    integer: &[Word],
    modulus: &[Word],
) -> Option<[[i64; LIMBS]; N]> {
    let [integer, modulus] = [integer, modulus].map(limbs);
    // Every matrix leaves one more limb at the lower end of f and g that is zero, and is passed over from then on.
    let (mut fg, mut de) = ([[0; 2]; ROOM], [[0; 2]; ROOM]);
    for (pair, limbs) in fg.iter_mut().zip(modulus.into_iter().zip(integer)) {
        *pair = limbs.into();
    }
    if let Some(lowest) = de.first_mut() {
        *lowest = [0, 1];
    }
    let (mut fg, mut fg_length, mut de_length) = (&mut fg[..], LIMBS, 1);
    let mut delta = 1;
    for count in 0..=MATRICES {
        fg_length = length(fg.get(..fg_length)?);
        let used = fg.get(..fg_length)?;
        if used.iter().all(|[_, g]| *g == 0) {
            let [[sign @ (1 | -1), _]] = used else {
                return None;
            };
            let d = de.map(|[d, _]| sign * d);
            let d = d.get(..de_length)?;
            return Some(numerators.map(|words| quotient(&limbs(words), d, count, &modulus)));
        }
        let rows = divsteps(&mut delta, *used.first()?);
        multiply(fg.get_mut(..=fg_length)?, rows);
        fg = fg.get_mut(1..)?;
        multiply(de.get_mut(..=de_length)?, rows);
        if de.get(de_length) != Some(&[0, 0]) {
            de_length += 1;
        }
    }
    None
}

/// An integer of at most 512 bits modulo an odd one. `power` is 2 to the power of [`POWER`] modulo the same.
pub(crate) fn remainder(integer: &[Word], power: &[Word], modulus: &[Word]) -> [i64; LIMBS] {
    let [integer, power, modulus] = [integer, power, modulus].map(limbs);
    quotient(&integer, &power, (POWER / BITS) as usize, &modulus)
}

/// The limbs of an integer.
fn limbs(words: &[Word]) -> [i64; LIMBS] {
    let word = |place: usize| words.get(place).copied().unwrap_or(0);
    let mut carry = 0;
    array::from_fn(|limb| {
        let (place, shift) = position(limb);
        let bits = word(place) >> shift | word(place + 1) << 1 << (Word::BITS - 1 - shift);
        let (high, low) = (carry + (bits & ((1 << BITS) - 1)) as i64).split(BITS);
        carry = high;
        low
    })
}

/// Writes limbs without a sign into words that are zero.
pub(crate) fn write(limbs: &[i64], words: &mut [Word]) {
    for (place, limb) in limbs.iter().enumerate() {
        let limb = limb.cast_unsigned() as Word;
        let (place, shift) = position(place);
        if let Some(word) = words.get_mut(place) {
            *word |= limb << shift;
        }
        if let Some(word) = words.get_mut(place + 1) {
            *word |= limb >> 1 >> (Word::BITS - 1 - shift);
        }
    }
}

/// The word in which a limb begins, and the bit.
fn position(limb: usize) -> (usize, u32) {
    let bit = limb as u32 * BITS;
    ((bit / Word::BITS) as usize, bit % Word::BITS)
}

/// How many limbs there are up to the last one that is not zero.
fn length<T: Default + PartialEq>(limbs: &[T]) -> usize {
    let last = limbs.iter().rposition(|limb| *limb != T::default());
    last.map_or(0, |place| place + 1)
}

/// Thirty divsteps. The lowest limbs of f and g are all that they depend on, and the paper's delta, which begins with 1.
fn divsteps(delta: &mut i32, [f, g]: Pair<i64>) -> Rows<i64> {
    let (mut f, mut g) = (f as u32, g as u32);
    // All that is done to rows is linear, and no entry is larger than 2^30: so the row (u, v) is kept as u + v * 2^32.
    let (mut f_row, mut g_row) = (1_i64, 1_i64 << 32);
    let mut left = BITS;
    loop {
        // An even g is halved. Its row stays and the row of f is doubled, as both are times two for every step.
        let zeros = (g | 1 << left).trailing_zeros();
        g >>= zeros;
        f_row <<= zeros;
        *delta += zeros.cast_signed();
        left -= zeros;
        if left == 0 {
            break;
        }
        if *delta > 0 {
            *delta = -*delta;
            (f, g) = (g, f.wrapping_neg());
            (f_row, g_row) = (g_row, -f_row);
        }
        // Until delta is positive again, steps add f to an odd g, and halve. So many of them together add the multiple of
        // f that makes as many bits of g zero. More than six come seldom; f * (2 - f^2) is 1 / f modulo 2^6.
        let bits = left.min((1 - *delta).cast_unsigned()).min(6);
        let over_f = f.wrapping_mul(f.wrapping_mul(f).wrapping_sub(2));
        let multiple = g.wrapping_mul(over_f) & ((1 << bits) - 1);
        g = g.wrapping_add(multiple.wrapping_mul(f));
        g_row += i64::from(multiple) * f_row;
    }
    [f_row, g_row].map(|row| {
        let (v, u) = row.split(32);
        [u, v]
    })
}

/// Multiplies all pairs by the matrix. The last, which is zero, takes the carry.
fn multiply<L: Limb>(pairs: &mut [Pair<L>], [[u, v], [q, r]]: Rows<L>) {
    let [mut carry_a, mut carry_b] = [L::from(0); 2];
    let Some((last, pairs)) = pairs.split_last_mut() else {
        return;
    };
    for pair in pairs {
        let [a, b] = *pair;
        let (a_high, a_low) = (u * a + v * b + carry_a).split(BITS);
        let (b_high, b_low) = (q * a + r * b + carry_b).split(BITS);
        (carry_a, carry_b) = (a_high, b_high);
        *pair = [a_low, b_low];
    }
    *last = [carry_a, carry_b];
}

/// The residue of `a * b / 2^(30 * count)`, of a product that is at most twice the modulus times this power from zero.
fn quotient(a: &[i64; LIMBS], b: &[i64], count: usize, modulus: &[i64; LIMBS]) -> [i64; LIMBS] {
    let [a, modulus] = [a, modulus].map(|limbs| limbs.get(..length(limbs)).unwrap_or_default());
    let mut columns = [0; ROOM + LIMBS];
    let used = a.len() + b.len() + 1;
    product(columns.get_mut(..used).unwrap_or_default(), a, b);
    clear(&mut columns, count, modulus);
    let columns = columns.get(count..).unwrap_or_default();
    let plus = |times: i64| {
        let (mut limbs, mut carry) = ([0; LIMBS], 0);
        // One more than the modulus has, for what is larger.
        let modulus = modulus.iter().chain(&[0]);
        for ((limb, column), modulus) in limbs.iter_mut().zip(columns).zip(modulus) {
            let sum = column + times * modulus + carry;
            carry = sum >> BITS;
            *limb = sum - (carry << BITS);
        }
        (carry >= 0).then_some(limbs)
    };
    // It lies between -3 and 3 times the modulus, and this is the smallest that is not negative.
    (-3..=3).rev().map_while(plus).last().unwrap_or_default()
}

/// The limbs of a product, in columns that are zero.
fn product<L: Limb>(columns: &mut [L], a: &[L], b: &[L]) {
    for (place, a) in a.iter().enumerate() {
        let columns = columns.get_mut(place..).unwrap_or_default();
        for (column, b) in columns.iter_mut().zip(b) {
            *column = *column + *a * *b;
        }
    }
    let mut carry = L::from(0);
    for column in columns {
        let (high, low) = (*column + carry).split(BITS);
        (carry, *column) = (high, low);
    }
}

/// Adds multiples of the modulus that make the lowest columns zero (Montgomery), and does not carry the others.
fn clear<L: Limb>(mut columns: &mut [L], count: usize, modulus: &[L]) {
    let low = |number: L| number.split(BITS).1;
    let lowest = modulus.first().copied().unwrap_or(L::from(0));
    // An odd number is its own inverse modulo 8; each round doubles the bits that are right.
    let inverse = (0..4).fold(lowest, |inverse, _| {
        low(inverse * low(L::from(2) - low(inverse * lowest)))
    });
    for _ in 0..count {
        let Some(first) = columns.first() else { return };
        let multiple = low(low(*first) * inverse);
        for (column, limb) in columns.iter_mut().zip(modulus) {
            *column = *column - multiple * *limb;
        }
        let [first, rest @ ..] = columns else { return };
        if let Some(next) = rest.first_mut() {
            *next = *next + first.split(BITS).0;
        }
        columns = rest;
    }
}
