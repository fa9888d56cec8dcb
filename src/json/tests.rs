use alloc::format;
use alloc::string::ToString;

use super::*;

fn parse(text: &str) -> Result<Document, Code> {
    Document::parse(text.as_bytes().to_vec(), &JsonLimits::PAYLOAD)
}

/// Our reading, said again by serde_json's words.
fn to_serde(value: Value<'_>) -> serde_json::Value {
    match value.kind() {
        Kind::Null => serde_json::Value::Null,
        Kind::Bool => value.as_bool().unwrap().into(),
        Kind::Number => serde_json::from_str(value.raw()).unwrap(),
        Kind::String => value.as_str().unwrap().to_string().into(),
        Kind::Array => value.items().map(to_serde).collect(),
        Kind::Object => value
            .members()
            .map(|(name, value)| (name.to_string(), to_serde(value)))
            .collect(),
    }
}

#[test]
fn a_document_counts_all_that_is_allocated_for_it() {
    let document = parse(r#"{"a":[1,"x"],"b":{}}"#).unwrap();
    let Content { text, nodes } = &*document.content;
    assert_eq!(nodes.len(), 7);
    let lists = text.capacity() + nodes.capacity() * size_of::<Node>();
    let structs = size_of::<String>() + size_of::<Vec<Node>>();
    // With the two counters of the `Arc`.
    let expected = lists + structs + 2 * size_of::<usize>();
    assert_eq!(document.bytes(), expected);
}

#[test]
fn reads_what_serde_json_reads() {
    for text in [
        r#"{}"#,
        r#" { "a" : [ 1 , -2.5e+3, 0, true , false, null, "" ] , "b":{"c":{}} } "#,
        r#"{"a":"\"\\\/\b\f\n\r\t\u0041\ud83d\ude00é😀"}"#,
        r#"{"é":[[],[[]],{"x":[{}]}],"\u0000":0.1}"#,
        "{\"a\":\"\u{7f}\"}",
    ] {
        let ours = to_serde(parse(text).unwrap().root());
        let theirs: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(ours, theirs, "{text}");
    }
}

#[test]
fn refuses_what_serde_json_refuses() {
    for (text, code) in [
        ("", Code::JsonNotObject),
        ("[]", Code::JsonNotObject),
        ("\u{feff}{}", Code::JsonNotObject),
        ("{", Code::JsonSyntax),
        ("{]", Code::JsonSyntax),
        ("{,}", Code::JsonSyntax),
        (r#"{"a":1,}"#, Code::JsonSyntax),
        (r#"{"a":[1,]}"#, Code::JsonSyntax),
        (r#"{"a":[,1]}"#, Code::JsonSyntax),
        (r#"{"a" 1}"#, Code::JsonSyntax),
        (r#"{"a":1 "b":2}"#, Code::JsonSyntax),
        (r#"{a:1}"#, Code::JsonSyntax),
        (r#"{'a':1}"#, Code::JsonSyntax),
        (r#"{"a":01}"#, Code::JsonSyntax),
        (r#"{"a":+1}"#, Code::JsonSyntax),
        (r#"{"a":.5}"#, Code::JsonSyntax),
        (r#"{"a":5.}"#, Code::JsonSyntax),
        (r#"{"a":1e}"#, Code::JsonSyntax),
        (r#"{"a":-}"#, Code::JsonSyntax),
        (r#"{"a":NaN}"#, Code::JsonSyntax),
        (r#"{"a":tru}"#, Code::JsonSyntax),
        (r#"{"a":"\x"}"#, Code::JsonSyntax),
        (r#"{"a":"\u12g4"}"#, Code::JsonSyntax),
        ("{\"a\":\"\n\"}", Code::JsonSyntax),
        (r#"{"a":"b}"#, Code::JsonSyntax),
        (r#"{"a":"\ud800"}"#, Code::JsonSurrogate),
        (r#"{"a":"\ud800x"}"#, Code::JsonSurrogate),
        (r#"{"a":"\udc00"}"#, Code::JsonSurrogate),
        (r#"{"a":"\ud800\ud800"}"#, Code::JsonSurrogate),
        ("{} {}", Code::JsonTrailing),
        ("{}\0", Code::JsonTrailing),
        ("{}]", Code::JsonTrailing),
    ] {
        assert_eq!(parse(text).map(|_| ()), Err(code), "{text}");
        assert!(
            serde_json::from_str::<serde_json::Map<_, _>>(text).is_err(),
            "{text}"
        );
    }
    let bytes = b"{\"a\":\"\xff\"}".to_vec();
    let result = Document::parse(bytes, &JsonLimits::PAYLOAD);
    assert_eq!(result.map(|_| ()), Err(Code::JsonUtf8));
}

#[test]
fn refuses_two_members_of_one_name_at_any_depth() {
    for text in [
        r#"{"a":1,"a":1}"#,
        r#"{"a":1,"b":2,"\u0061":3}"#,
        r#"{"x":[{"y":{"a":1,"b":[],"a":{}}}]}"#,
    ] {
        let result = parse(text);
        assert_eq!(result.map(|_| ()), Err(Code::JsonDuplicateMember), "{text}");
        let marked = Document::parse(text.into(), &JsonLimits::JWKS).unwrap();
        assert!(marked.root().has_oddity(), "{text}");
    }
    assert!(parse(r#"{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]}"#).is_ok());
    assert!(matches!(
        parse(r#"{"a":{"__proto__":1}}"#),
        Err(Code::JsonLimits)
    ));
}

#[test]
fn bounds_hold_to_the_last_one() {
    let nested = |depth: usize| format!("{}{}", r#"{"a":"#.repeat(depth), "1") + &"}".repeat(depth);
    assert!(parse(&nested(32)).is_ok());
    assert!(matches!(parse(&nested(33)), Err(Code::JsonDepth)));
    assert!(matches!(parse(&nested(100_000)), Err(Code::JsonDepth)));

    let members = |n: usize| {
        let list: Vec<String> = (0..n).map(|i| format!(r#""m{i}":0"#)).collect();
        format!("{{{}}}", list.join(","))
    };
    assert!(parse(&members(256)).is_ok());
    assert!(matches!(parse(&members(257)), Err(Code::JsonLimits)));

    let items = |n: usize| format!(r#"{{"a":[{}]}}"#, alloc::vec!["0"; n].join(","));
    assert!(parse(&items(1024)).is_ok());
    assert!(matches!(parse(&items(1025)), Err(Code::JsonLimits)));

    let string = |n: usize| format!(r#"{{"a":"{}"}}"#, "x".repeat(n));
    assert!(parse(&string(8192)).is_ok());
    assert!(matches!(parse(&string(8193)), Err(Code::JsonLimits)));
}

#[test]
fn numbers_that_readers_disagree_on_are_no_numbers() {
    let number = |text: &str| {
        let document = parse(&format!(r#"{{"n":{text}}}"#)).unwrap();
        document.root().get("n").unwrap().number().unwrap()
    };
    assert_eq!(number("9007199254740992"), Ok(9_007_199_254_740_992.0));
    assert_eq!(number("-1.5e2"), Ok(-150.0));
    assert_eq!(number("9007199254740993"), Err(Code::JsonNumberRange));
    assert_eq!(number("-9007199254740993"), Err(Code::JsonNumberRange));
    assert_eq!(number("99999999999999999999"), Err(Code::JsonNumberRange));
    assert_eq!(number("1e400"), Err(Code::JsonNumberRange));
}

#[test]
fn what_is_quoted_reads_the_same() {
    for text in ["", "a\"\\/\n\u{0}", "é😀</script>"] {
        let read: String = serde_json::from_str(&quote(text)).unwrap();
        assert_eq!(read, text);
    }
}

#[test]
fn equal_is_what_says_the_same() {
    let same = |a: &str, b: &str| {
        let document = parse(&format!(r#"{{"a":{a},"b":{b}}}"#)).unwrap();
        let root = document.root();
        let (a, b) = (root.get("a").unwrap(), root.get("b").unwrap());
        assert_eq!(equal(a, b), equal(b, a));
        equal(a, b)
    };
    for (a, b) in [
        (r#""a""#, r#""\u0061""#),
        ("1", "1.0"),
        ("true", "true"),
        ("null", "null"),
        ("[]", "[]"),
        (r#"["a",1,null]"#, r#"["a",1e0,null]"#),
    ] {
        assert!(same(a, b), "{a} {b}");
    }
    for (a, b) in [
        (r#""a""#, r#""A""#),
        ("1", r#""1""#),
        ("true", "false"),
        ("null", "0"),
        ("9007199254740993", "9007199254740993"),
        // A list is no prefix of another, has an order, and is not its only item.
        ("[]", r#"["a"]"#),
        (r#"["a"]"#, r#"["a","b"]"#),
        (r#"["a","b"]"#, r#"["b","a"]"#),
        (r#"["a"]"#, r#""a""#),
        // Nothing nested is compared.
        ("[[]]", "[[]]"),
        ("[{}]", "[{}]"),
        (r#"["a",["b"]]"#, r#"["a",["b"]]"#),
        ("{}", "{}"),
    ] {
        assert!(!same(a, b), "{a} {b}");
    }
}
