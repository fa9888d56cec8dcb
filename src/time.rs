//! Time is a value that somebody else read from a clock.

use crate::error::{Code, Rejection};

/// Seconds since 1970-01-01T00:00:00Z, plausible as the time of a verification.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct UnixTime(u64);

impl UnixTime {
    /// 2020-01-01: an earlier now means a clock that was never set (workerd's reads 0 at module scope).
    pub(crate) const EARLIEST: Self = Self(1_577_836_800);
    /// Year 5138: a later now is milliseconds.
    const LATEST: Self = Self(99_999_999_999);

    /// Takes whole seconds since 1970.
    ///
    /// # Errors
    /// `config_time` before 2020 or after 99 999 999 999, which would be milliseconds.
    pub fn from_secs(seconds: u64) -> Result<Self, Rejection> {
        if seconds < Self::EARLIEST.0 {
            return Err(Rejection::new(
                Code::ConfigTime,
                "before 2020: the clock was not set",
            ));
        }
        if seconds > Self::LATEST.0 {
            return Err(Rejection::new(
                Code::ConfigTime,
                "this looks like milliseconds",
            ));
        }
        Ok(Self(seconds))
    }

    /// Takes seconds since 1970 as JavaScript and JSON know them; a fraction is dropped.
    ///
    /// # Errors
    /// As [`UnixTime::from_secs`], and for NaN and negative numbers.
    pub fn from_secs_f64(seconds: f64) -> Result<Self, Rejection> {
        // A float-to-integer cast saturates: NaN and negative numbers become 0, which is before 2020.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Self::from_secs(seconds as u64)
    }

    /// The present, from the system's clock.
    ///
    /// # Errors
    /// `config_time` when the system's clock was not set.
    #[cfg(feature = "std")]
    pub fn now() -> Result<Self, Rejection> {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Self::from_secs(since.map_or(0, |time| time.as_secs()))
    }

    /// Whole seconds since 1970.
    #[must_use]
    pub fn as_secs(self) -> u64 {
        self.0
    }

    /// The same as a float: exact, as it is far below 2^53. A NumericDate may have a fraction (RFC 7519 section 2),
    /// so comparisons are made in this type.
    #[allow(clippy::cast_precision_loss)]
    pub(crate) fn as_f64(self) -> f64 {
        self.0 as f64
    }
}

/// Milliseconds since 1970-01-01T00:00:00Z, as JavaScript's clock reads: the time of a [`crate::KeyCache`], whose waits
/// are too short for seconds.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct UnixMillis(u64);

impl UnixMillis {
    /// Takes whole milliseconds since 1970.
    ///
    /// # Errors
    /// `config_time` before 2020 or after the year 5138.
    pub fn from_millis(millis: u64) -> Result<Self, Rejection> {
        UnixTime::from_secs(millis / 1000)?;
        Ok(Self(millis))
    }

    /// Takes milliseconds as JavaScript knows them; a fraction is dropped.
    ///
    /// # Errors
    /// As [`UnixMillis::from_millis`], and for NaN and negative numbers.
    pub fn from_millis_f64(millis: f64) -> Result<Self, Rejection> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Self::from_millis(millis as u64)
    }

    /// Whole milliseconds since 1970.
    #[must_use]
    pub fn as_millis(self) -> u64 {
        self.0
    }

    /// Milliseconds since `earlier`; none when that is later.
    pub(crate) fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// So many milliseconds later.
    pub(crate) fn after(self, millis: u64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// The second it lies in: what [`crate::Expectations`] take.
    #[must_use]
    pub fn to_time(self) -> UnixTime {
        UnixTime(self.0 / 1000)
    }
}

/// From here on a NumericDate is taken for milliseconds (it would be the year 5138).
pub(crate) fn looks_like_milliseconds(seconds: f64) -> bool {
    seconds >= 1e11
}
