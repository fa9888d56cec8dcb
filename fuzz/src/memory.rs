//! How much memory a call takes at most. It counts only where [`Counting`] is the global allocator: in the seeded
//! runner, which has no sanitizer to get in the way of.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, counting. The counts are of one thread's making: the runner has only one.
pub struct Counting;

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Old and new may live side by side while the bytes are copied.
        grow(size);
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.realloc(place, layout, size) }
    }
}

fn grow(size: usize) {
    let live = LIVE.fetch_add(size, Relaxed) + size;
    PEAK.fetch_max(live, Relaxed);
}

/// Runs `work` on an input of `length` bytes: it may take a constant and a multiple of that, and no more.
///
/// The multiple is what the densest JSON costs: an array of digits has one node of 32 bytes for two bytes of text, in a
/// list that doubles as it grows and is copied while it does.
pub fn bounded<T>(length: usize, work: impl FnOnce() -> T) -> T {
    within(64 * 1024 + 64 * length, work)
}

/// Runs `work`, which may take at most `bound` bytes at a time.
pub fn within<T>(bound: usize, work: impl FnOnce() -> T) -> T {
    let before = LIVE.load(Relaxed);
    PEAK.store(before, Relaxed);
    let out = work();
    let taken = PEAK.load(Relaxed).saturating_sub(before);
    MOST.fetch_max(taken, Relaxed);
    assert!(
        taken <= bound,
        "a call took {taken} bytes; {bound} are its bound"
    );
    out
}

/// The most that any call has taken since this was last asked.
pub fn most() -> usize {
    MOST.swap(0, Relaxed)
}
