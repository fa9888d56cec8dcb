//! The system's clock, replaced: `jsonwebtoken` takes no time from its caller.
//!
//! A function of this name in the program comes before the one of the C library, so the standard library reads ours. That
//! holds on Linux; `is_ours` says whether it does.
use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::SystemTime,
};

static NOW: AtomicI64 = AtomicI64::new(0);

/// Stops the clock at this second since 1970.
pub fn set(now: i64) {
    NOW.store(now, Ordering::Relaxed);
    assert!(is_ours(now), "the clock of this system cannot be replaced");
}

fn is_ours(now: i64) -> bool {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .is_ok_and(|time| i64::try_from(time.as_secs()) == Ok(now))
}

#[repr(C)]
pub struct Timespec {
    seconds: i64,
    nanoseconds: i64,
}

#[unsafe(no_mangle)]
unsafe extern "C" fn clock_gettime(_clock: i32, time: *mut Timespec) -> i32 {
    // The standard library passes the address of a value of its own.
    unsafe {
        *time = Timespec {
            seconds: NOW.load(Ordering::Relaxed),
            nanoseconds: 0,
        };
    }
    0
}
