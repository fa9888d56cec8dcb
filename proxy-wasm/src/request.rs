//! A request as the filter sees it: its header, pseudo-fields included, as bytes.

use crate::path::hex;

/// The fields of a request, in order.
#[derive(Clone, Debug, Default)]
pub struct Request {
    fields: Vec<(String, Vec<u8>)>,
}

impl Request {
    /// Takes the fields as the host gives them.
    #[must_use]
    pub fn new(fields: Vec<(String, Vec<u8>)>) -> Self {
        Self { fields }
    }

    /// The names, each as often as it is there.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(name, _)| name.as_str())
    }

    /// All values of a field.
    pub fn values<'r>(&'r self, name: &'r str) -> impl Iterator<Item = &'r [u8]> {
        let named = move |(field, _): &&(String, Vec<u8>)| field.eq_ignore_ascii_case(name);
        self.fields
            .iter()
            .filter(named)
            .map(|(_, value)| value.as_slice())
    }

    /// The value of a field that is there once.
    #[must_use]
    pub fn value<'r>(&'r self, name: &'r str) -> Option<&'r [u8]> {
        let mut values = self.values(name);
        let first = values.next()?;
        values.next().is_none().then_some(first)
    }

    /// The path with its query.
    #[must_use]
    pub fn target(&self) -> &[u8] {
        self.value(":path").unwrap_or_default()
    }

    /// Whether this only asks whether another request may be sent: it never carries credentials.
    #[must_use]
    pub fn is_cors_preflight(&self) -> bool {
        let has = |name| self.values(name).any(|value| !value.is_empty());
        self.value(":method") == Some(b"OPTIONS")
            && has("origin")
            && has("access-control-request-method")
    }

    /// All values of a cookie (RFC 6265 section 4.2.1).
    #[must_use]
    pub fn cookies(&self, name: &str) -> Vec<&[u8]> {
        let pairs = self.values("cookie").flat_map(cookie_pairs);
        let named = pairs.filter(|(found, _)| *found == name.as_bytes());
        named.map(|(_, value)| value).collect()
    }

    /// All values of a query parameter, decoded.
    #[must_use]
    pub fn params(&self, name: &str) -> Vec<Vec<u8>> {
        let pairs = query_parts(self.target()).map(|part| (param_name(part), part));
        let named = pairs.filter(|(found, _)| found == name.as_bytes());
        let value = |part: &[u8]| form_decoded(split_at_byte(part, b'=').1.unwrap_or_default());
        named.map(|(_, part)| value(part)).collect()
    }

    /// The trace or request id, if it looks like one.
    #[must_use]
    pub fn trace(&self) -> Option<String> {
        // W3C Trace Context section 3.2: version-trace-parent-flags.
        let by_context = self
            .value("traceparent")
            .and_then(|value| value.split(|b| *b == b'-').nth(1));
        let id = by_context
            .or_else(|| self.value("x-b3-traceid"))
            .or_else(|| self.value("x-request-id"))?;
        let is_id = |byte: &u8| byte.is_ascii_hexdigit() || *byte == b'-';
        let is_sound = (8..=64).contains(&id.len()) && id.iter().all(is_id);
        is_sound.then(|| String::from_utf8_lossy(id).into_owned())
    }
}

/// The cookies of one field, names and values.
pub fn cookie_pairs(field: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let parts = field.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
    parts.map(|part| {
        let (name, value) = split_at_byte(part, b'=');
        (name.trim_ascii(), value.unwrap_or_default().trim_ascii())
    })
}

/// The parts of the query, as written.
pub fn query_parts(target: &[u8]) -> impl Iterator<Item = &[u8]> {
    let (_, query) = split_at_byte(target, b'?');
    query.unwrap_or_default().split(|byte| *byte == b'&')
}

/// The name of a part of the query, decoded.
#[must_use]
pub fn param_name(part: &[u8]) -> Vec<u8> {
    form_decoded(split_at_byte(part, b'=').0)
}

/// What stands before the byte, and behind it if it is there.
#[must_use]
pub fn split_at_byte(text: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    let mut halves = text.splitn(2, |byte| *byte == at);
    (halves.next().unwrap_or_default(), halves.next())
}

/// application/x-www-form-urlencoded, as browsers write queries. A broken encoding stays as it is.
fn form_decoded(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        let decoded = match (first, after) {
            (b'%', [high, low, ..]) => hex(*high)
                .zip(hex(*low))
                .map(|(high, low)| high.wrapping_shl(4) | low),
            _ => None,
        };
        rest = match decoded {
            Some(byte) => {
                out.push(byte);
                after.get(2..).unwrap_or_default()
            }
            None => {
                out.push(if *first == b'+' { b' ' } else { *first });
                after
            }
        };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(fields: &[(&str, &str)]) -> Request {
        let field = |(name, value): &(&str, &str)| ((*name).to_owned(), value.as_bytes().to_vec());
        Request::new(fields.iter().map(field).collect())
    }

    #[test]
    fn finds_cookies_and_parameters() {
        let found = request(&[
            (":path", "/a?x=1&%78=2&y=a%2Bb+c%&x"),
            ("cookie", "a=1; b=2;a=3"),
            ("Cookie", "a = 4 "),
        ]);
        assert_eq!(found.params("x"), [&b"1"[..], b"2", b""]);
        assert_eq!(found.params("y"), [&b"a+b c%"[..]]);
        assert_eq!(found.cookies("a"), [&b"1"[..], b"3", b"4"]);
        assert!(found.cookies("c").is_empty());
    }

    #[test]
    fn an_id_is_only_what_looks_like_one() {
        let trace = |name: &'static str, value: &str| request(&[(name, value)]).trace();
        let context = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let expected = Some("0af7651916cd43dd8448eb211c80319c");
        assert_eq!(trace("traceparent", context).as_deref(), expected);
        assert_eq!(trace("x-request-id", "alice@example.com"), None);
        assert_eq!(trace("x-request-id", "\"},{\""), None);
    }

    #[test]
    fn a_preflight_has_all_three() {
        let all = [
            (":method", "OPTIONS"),
            ("origin", "https://a.example"),
            ("access-control-request-method", "GET"),
        ];
        assert!(request(&all).is_cors_preflight());
        for at in 0..3 {
            let mut some = all.to_vec();
            some.remove(at);
            assert!(!request(&some).is_cors_preflight());
        }
    }
}
