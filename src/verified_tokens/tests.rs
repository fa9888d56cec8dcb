use alloc::format;
use alloc::vec::Vec;

use super::*;
use crate::token::{Segments, UnverifiedToken};

/// As if this text had been accepted. Header and payload are `{}`.
fn entry(number: u64, signature: &str) -> Entry {
    let raw = format!("e30.e30.{signature}").into_bytes();
    let segments = Segments::split(&raw, raw.len()).unwrap();
    let (dots, header, payload) = UnverifiedToken::decode(segments)
        .and_then(UnverifiedToken::into_parts)
        .unwrap();
    let set = Arc::from([7; 32]);
    Entry {
        raw: raw.into(),
        token: Remembered {
            number,
            dots,
            header,
            payload,
            signer: Signer { set, key: 3 },
        },
    }
}

/// Another end for each number, as signatures have.
fn text(number: u64) -> alloc::string::String {
    format!("{:0>60}", number.wrapping_mul(0x1234_5678_9abc_def1))
}

fn number_of(memory: &VerifiedTokens, entry: &Entry) -> Option<u64> {
    memory.find(&entry.raw).map(|token| token.number)
}

fn used(memory: &VerifiedTokens) -> usize {
    memory.buckets.iter().flatten().map(Entry::bytes).sum()
}

#[test]
fn forgets_the_oldest_of_a_full_bucket() {
    let mut memory = VerifiedTokens::new(1 << 20).unwrap();
    // The last eight letters decide on the bucket.
    let same_end = |number: u64| entry(number, &format!("{number}AAAABBBB"));
    for number in 0..4 {
        memory.insert(same_end(number));
    }
    let numbers = |memory: &VerifiedTokens| -> Vec<_> {
        let known = (0..5).filter_map(|number| number_of(memory, &same_end(number)));
        known.collect()
    };
    assert_eq!(numbers(&memory), [0, 1, 2, 3]);
    memory.insert(same_end(4));
    assert_eq!(numbers(&memory), [1, 2, 3, 4]);
    assert_eq!(memory.used, used(&memory));
}

#[test]
fn the_same_text_takes_no_second_place() {
    let mut memory = VerifiedTokens::new(1 << 20).unwrap();
    let text = text(0);
    for number in 0..9 {
        memory.insert(entry(number, &text));
        assert_eq!(number_of(&memory, &entry(0, &text)), Some(number));
        assert_eq!(memory.buckets.iter().flatten().count(), 1);
    }
    assert_eq!(memory.used, used(&memory));
}

#[test]
fn a_text_that_differs_anywhere_is_not_found() {
    let mut memory = VerifiedTokens::new(1 << 20).unwrap();
    for length in 0..20 {
        let known = entry(1, &"A".repeat(length));
        memory.insert(entry(1, &"A".repeat(length)));
        for at in 0..known.raw.len() {
            let mut other = known.raw.to_vec();
            other[at] ^= 1;
            assert!(!is_same(&known.raw, &other) && memory.find(&other).is_none());
        }
        assert!(memory.find(&known.raw[1..]).is_none());
        assert!(memory.find(&known.raw).is_some());
        // Longer by so many letters, also where it ends in the same way.
        for more in 1..20 {
            let longer = [&known.raw, "A".repeat(more).as_bytes()].concat();
            assert!(!is_same(&known.raw, &longer) && !is_same(&longer, &known.raw));
            assert!(memory.find(&longer).is_none());
        }
    }
    assert!(memory.find(b"").is_none());
}

#[test]
fn never_takes_more_bytes_than_it_was_given() {
    for bytes in [VerifiedTokens::MIN_BYTES, 100_000] {
        let mut memory = VerifiedTokens::new(bytes).unwrap();
        let of_places = memory.buckets.len() * BUCKET_BYTES;
        assert_eq!(memory.room + of_places, bytes);
        let mut most = 0;
        for number in 0..2000 {
            let long = "A".repeat(number as usize % 700);
            let new = entry(number, &format!("{long}{}", text(number)));
            memory.insert(entry(number, &format!("{long}{}", text(number))));
            assert_eq!(number_of(&memory, &new), Some(number));
            assert_eq!(memory.used, used(&memory));
            assert!(memory.used <= memory.room);
            most = most.max(memory.used);
        }
        // And no bucket has more places than were counted.
        assert!(memory.buckets.iter().all(|it| it.capacity() <= PLACES));
        // And it uses what it was given.
        assert!(most > memory.room / 2, "{most} of {}", memory.room);
        // What has no room even alone drives nobody out.
        let before = memory.used;
        memory.insert(entry(0, &"A".repeat(bytes)));
        assert_eq!(memory.used, before);
    }
}

#[test]
fn an_entry_counts_all_that_is_allocated_for_it() {
    let entry = entry(0, &text(0));
    let Remembered {
        header,
        payload,
        signer,
        ..
    } = &entry.token;
    // With the two counters of its `Arc`.
    let digest = 2 * size_of::<usize>() + signer.set.len();
    let expected = entry.raw.len() + header.bytes() + payload.bytes() + digest;
    assert_eq!(entry.bytes(), expected);
}

#[test]
fn is_bounded_by_bytes() {
    let most = VerifiedTokens::MAX_BYTES;
    for bytes in [0, VerifiedTokens::MIN_BYTES - 1, most + 1, usize::MAX] {
        assert!(VerifiedTokens::new(bytes).is_err());
    }
    assert!(VerifiedTokens::new(most).is_ok());
}
