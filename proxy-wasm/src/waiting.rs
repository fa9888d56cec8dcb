//! Requests that wait for the first keys: so many, so long, and no more.

/// The most requests that wait.
pub const MOST: usize = 1000;
/// The longest that one waits, in milliseconds.
pub const LONGEST: u64 = 5000;

/// The most that are taken out at once. Envoy answers them one inside the other: hundreds overflow its stack, and the
/// filter is gone.
pub const BATCH: usize = 50;

/// Requests by the number that the host gave them, oldest first.
#[derive(Debug)]
pub struct Waiting<R> {
    list: Vec<(u32, u64, R)>,
}

impl<R> Default for Waiting<R> {
    fn default() -> Self {
        Self { list: Vec::new() }
    }
}

impl<R> Waiting<R> {
    /// Adds a request; the request itself when there is no room.
    ///
    /// # Errors
    /// There is no room.
    pub fn add(&mut self, id: u32, since: u64, request: R) -> Result<(), R> {
        match self.list.len() < MOST {
            true => {
                self.list.push((id, since, request));
                Ok(())
            }
            false => Err(request),
        }
    }

    /// Forgets a request whose client has gone (CVE-2025-64527: nobody may answer it any more).
    pub fn remove(&mut self, id: u32) {
        self.list.retain(|(known, _, _)| *known != id);
    }

    /// Whether this one is among them.
    #[must_use]
    pub fn has(&self, id: u32) -> bool {
        self.list.iter().any(|(known, _, _)| *known == id)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Takes some out, those first that stand here longest, each with whether its time is over.
    pub fn take(&mut self, now: u64) -> Vec<(u32, u64, R, bool)> {
        let some = self.list.drain(..self.list.len().min(BATCH));
        let is_over = |since: u64| since.saturating_add(LONGEST) <= now;
        some.map(|(id, since, request)| (id, since, request, is_over(since)))
            .collect()
    }

    /// Whether the time of one is over.
    #[must_use]
    pub fn is_over(&self, now: u64) -> bool {
        let mut all = self.list.iter();
        all.any(|(_, since, _)| since.saturating_add(LONGEST) <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_bounded_in_number_and_time() {
        let mut waiting = Waiting::default();
        for id in 0..1000 {
            assert_eq!(waiting.add(id, 10, id), Ok(()));
        }
        assert_eq!(waiting.add(1000, 10, 1000), Err(1000));
        assert!(waiting.has(3));
        waiting.remove(3);
        assert!(!waiting.has(3));
        assert_eq!(waiting.add(1001, 20, 1001), Ok(()));
        assert!(!waiting.is_over(5009) && waiting.is_over(5010));
        let mut over = Vec::new();
        while !waiting.is_empty() {
            let some = waiting.take(5010);
            assert!(some.len() <= BATCH);
            over.extend(some.into_iter().filter(|(.., over)| *over));
        }
        assert_eq!(over.len(), 999);
        assert!(over.iter().all(|(id, ..)| *id != 3 && *id != 1001));
    }
}
