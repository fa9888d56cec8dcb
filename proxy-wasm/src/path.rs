//! Paths: which ones can be judged, and which rule one belongs to.

/// How a rule names its paths, in jwt_authn's words.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Match {
    /// The path starts so.
    Prefix(String),
    /// The path is this.
    Path(String),
    /// The path is this, or goes on with `/`.
    SeparatedPrefix(String),
}

impl Match {
    /// Whether every path matches, so that reading it wrongly changes nothing.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        *self == Self::Prefix("/".into())
    }

    /// Whether the path, as [`readable`] gives it, belongs to the rule.
    #[must_use]
    pub fn fits(&self, path: &[u8]) -> bool {
        match self {
            Self::Prefix(prefix) => path.starts_with(prefix.as_bytes()),
            Self::Path(whole) => path == whole.as_bytes(),
            Self::SeparatedPrefix(prefix) => path
                .strip_prefix(prefix.as_bytes())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/")),
        }
    }
}

/// What stands before the query: rules never see the rest (CVE-2025-54576 was one that did).
#[must_use]
pub fn before_query(target: &[u8]) -> &[u8] {
    let is_end = |byte: &u8| matches!(byte, b'?' | b'#');
    let end = target.iter().position(is_end).unwrap_or(target.len());
    target.get(..end).unwrap_or(target)
}

/// The path with its percent-encodings decoded once, as a service decodes it: `/%61dmin` is `/admin`, and belongs to its
/// rule. Nothing for a path that two readers may read as two paths.
#[must_use]
pub fn readable(path: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(path.len());
    let mut bytes = path.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let plain = hex(bytes.next()?)?
            .checked_mul(16)?
            .checked_add(hex(bytes.next()?)?)?;
        // As themselves these would divide or climb; encoded they do so for some readers only.
        if matches!(plain, b'.' | b'/' | b'\\') {
            return None;
        }
        decoded.push(plain);
    }
    let has = |part: &[u8]| decoded.windows(part.len()).any(|window| window == part);
    let is_ambiguous = !decoded.starts_with(b"/")
        || decoded.iter().any(|byte| matches!(byte, b'\\' | b';' | 0))
        || [&b"//"[..], b"/./", b"/../"].iter().any(|part| has(part))
        || [&b"/."[..], b"/.."]
            .iter()
            .any(|end| decoded.ends_with(end));
    (!is_ambiguous).then_some(decoded)
}

/// The value of a hexadecimal digit.
#[must_use]
pub fn hex(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ambiguous_paths_have_no_reading() {
        for path in [
            "",
            "*",
            "a",
            "/a/../b",
            "/a/..",
            "/./a",
            "/.",
            "/..",
            "//a",
            "/a//b",
            "/a;b",
            "/a%3bb",
            "/a%2eb",
            "/a%2Eb",
            "/a%2fb",
            "/a%2F",
            "/a%5cb",
            "/a%5Cb",
            "/a\\b",
            "/a%",
            "/a%2",
            "/a%zz",
            "/a%00",
            "/%2e%2e/admin",
        ] {
            assert_eq!(readable(path.as_bytes()), None, "{path}");
        }
    }

    #[test]
    fn others_are_read_as_a_service_reads_them() {
        for (path, expected) in [
            ("/", "/"),
            ("/admin", "/admin"),
            ("/%61dmin", "/admin"),
            ("/a.b/...c", "/a.b/...c"),
            ("/a%20b", "/a b"),
            ("/a%2561", "/a%61"),
            ("/a%3fb", "/a?b"),
            ("/.well-known/x", "/.well-known/x"),
        ] {
            assert_eq!(
                readable(path.as_bytes()).as_deref(),
                Some(expected.as_bytes())
            );
        }
    }

    #[test]
    fn the_query_is_not_the_path() {
        for target in ["/api?x=/health", "/api#/health", "/api"] {
            assert_eq!(before_query(target.as_bytes()), b"/api");
        }
    }

    #[test]
    fn rules_match_as_in_jwt_authn() {
        let prefix = Match::Prefix("/api".into());
        assert!(prefix.fits(b"/api") && prefix.fits(b"/apix") && !prefix.fits(b"/ap"));
        let path = Match::Path("/api".into());
        assert!(path.fits(b"/api") && !path.fits(b"/api/") && !path.fits(b"/API"));
        let separated = Match::SeparatedPrefix("/api".into());
        assert!(separated.fits(b"/api") && separated.fits(b"/api/x") && !separated.fits(b"/apix"));
        assert!(Match::Prefix("/".into()).is_everything() && !prefix.is_everything());
    }
}
