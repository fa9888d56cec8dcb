//! Addresses that a key set or an issuer may have.

/// Whether `url` is https, with a sound host and without user or fragment. Plain http is for a provider on this very
/// machine only, as in tests.
pub(crate) fn check(url: &str, is_template: bool) -> Result<(), &'static str> {
    let refuse = Err;
    if url.is_empty() {
        return refuse("there is none");
    }
    let (is_https, rest) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => return refuse("it must start with https://"),
    };
    if !is_template && url.contains(['{', '}']) {
        return refuse("it has a {placeholder} to be filled, or tenants to be listed");
    }
    if url
        .bytes()
        .any(|b| !b.is_ascii_graphic() || matches!(b, b'#' | b'@' | b'\\'))
    {
        return refuse("it has a fragment, a user or a character that a URL cannot have");
    }
    let authority = rest.split(['/', '?']).next().unwrap_or("");
    let (host, port) = match authority
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
    {
        Some((literal, port)) => (literal, port),
        None => {
            let colon = authority.find(':').unwrap_or(authority.len());
            authority.split_at_checked(colon).unwrap_or((authority, ""))
        }
    };
    let is_port = |text: &str| {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        is_number && text.parse::<u16>().is_ok_and(|port| port > 0)
    };
    if !port.is_empty() && !port.strip_prefix(':').is_some_and(is_port) {
        return refuse("its port is not a number from 1 to 65535");
    }
    let is_literal = authority.starts_with('[');
    let is_host_char = |byte: u8| match is_literal {
        true => byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'),
        false => byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'{' | b'}'),
    };
    if host.is_empty() || !host.bytes().all(is_host_char) {
        return refuse("it has no sound host");
    }
    if !is_https && !matches!(host, "localhost" | "127.0.0.1" | "::1") {
        return refuse("http is for loopback hosts only");
    }
    Ok(())
}

/// Whether a URL that was checked is of this very machine, without encryption.
pub(crate) fn is_plain(url: &str) -> bool {
    url.starts_with("http://")
}
