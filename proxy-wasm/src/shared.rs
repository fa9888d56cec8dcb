//! An answer of a provider, as one virtual machine of Envoy writes it down for the others.

use idtoken::UnixMillis;
use idtoken::key_cache::{Failure, Outcome, Response};

/// An answer and when it came.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Published {
    /// When the fetch began.
    pub began: UnixMillis,
    /// When its answer came.
    pub at: UnixMillis,
    /// What came.
    pub answer: Answer,
}

/// What came of a fetch, to keep.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Answer {
    /// The status; 0 where there is no answer.
    pub status: u16,
    /// The fields that a [`Response`] has, in its order.
    pub fields: [Option<String>; 5],
    /// The body; where there is no answer, a word for why.
    pub body: Vec<u8>,
}

/// The fields of an answer that the core reads, in the order of [`Answer::fields`].
pub const FIELDS: [&str; 5] = [
    "content-type",
    "cache-control",
    "age",
    "etag",
    "retry-after",
];

impl Answer {
    /// No answer.
    #[must_use]
    pub fn failed(failure: Failure) -> Self {
        let word = WORDS.iter().find(|(known, _)| *known == failure);
        Self {
            body: word
                .map_or(&b"network"[..], |(_, word)| word.as_bytes())
                .to_vec(),
            ..Self::default()
        }
    }

    /// The same as the core takes it.
    #[must_use]
    pub fn outcome(&self) -> Outcome<'_> {
        if self.status == 0 {
            let failure = WORDS.iter().find(|(_, word)| word.as_bytes() == self.body);
            return Outcome::Failed(failure.map_or(Failure::Network, |(failure, _)| *failure));
        }
        let [content_type, cache_control, age, etag, retry_after] = &self.fields;
        Outcome::Response(Response {
            status: self.status,
            content_type: content_type.as_deref(),
            cache_control: cache_control.as_deref(),
            age: age.as_deref(),
            etag: etag.as_deref(),
            retry_after: retry_after.as_deref(),
            body: &self.body,
        })
    }
}

const WORDS: [(Failure, &str); 3] = [
    (Failure::Network, "network"),
    (Failure::Timeout, "timeout"),
    (Failure::TooLarge, "too_large"),
];

impl Published {
    /// One line each for the times, the status and the fields, then the body. No field has a line end.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = format!(
            "{}\n{}\n{}\n",
            self.began.as_millis(),
            self.at.as_millis(),
            self.answer.status
        );
        for field in &self.answer.fields {
            out.extend(field.iter().flat_map(|value| ["=", value]));
            out.push('\n');
        }
        let mut out = out.into_bytes();
        out.extend_from_slice(&self.answer.body);
        out
    }

    /// Reads what [`Published::to_bytes`] wrote.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut lines = bytes.splitn(9, |byte| *byte == b'\n');
        let mut line = || lines.next();
        let mut text = || core::str::from_utf8(line()?).ok();
        let mut time = || UnixMillis::from_millis(text()?.parse().ok()?).ok();
        let (began, at) = (time()?, time()?);
        let status = text()?.parse().ok()?;
        let mut fields = [const { None }; 5];
        for field in &mut fields {
            *field = text()?.strip_prefix('=').map(Into::into);
        }
        let body = line()?.to_vec();
        let answer = Answer {
            status,
            fields,
            body,
        };
        Some(Self { began, at, answer })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let some = |text: &str| Some(text.to_owned());
        let answer = Answer {
            status: 200,
            fields: [
                some("application/json"),
                some(""),
                None,
                some("\"=x\""),
                None,
            ],
            body: b"{\n\n}\n\xff".to_vec(),
        };
        for answer in [answer, Answer::failed(Failure::TooLarge), Answer::default()] {
            let began = UnixMillis::from_millis(1_800_000_000_015).unwrap();
            let at = UnixMillis::from_millis(1_800_000_000_017).unwrap();
            let published = Published { began, at, answer };
            assert_eq!(
                Published::from_bytes(&published.to_bytes()),
                Some(published)
            );
        }
        for bytes in [
            &b""[..],
            b"1800000000000\n1800000000000\n",
            b"1800000000000\nx\n200\n\n\n\n\n\n{}",
        ] {
            assert_eq!(Published::from_bytes(bytes), None);
        }
        let failed = Answer::failed(Failure::TooLarge);
        assert!(matches!(
            failed.outcome(),
            Outcome::Failed(Failure::TooLarge)
        ));
    }
}
