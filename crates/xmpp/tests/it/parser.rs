//! The stream parser: limits, restricted XML, and input cut anywhere.

use tact_xmpp::parser::{Limits, StreamEvent, StreamParser, XmlError, document};

const HEADER: &str = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' \
    xmlns:stream='http://etherx.jabber.org/streams' to='desk.test' version='1.0'>";

fn feed(
    parser: &mut StreamParser,
    data: &[u8],
    out: &mut Vec<StreamEvent>,
) -> Result<(), XmlError> {
    let mut rest = data;
    while let Some(event) = parser.next(&mut rest)? {
        out.push(event);
    }
    Ok(())
}

fn events(pieces: &[&[u8]]) -> Result<Vec<StreamEvent>, XmlError> {
    let mut parser = StreamParser::new(Limits::BEFORE_AUTH);
    let mut out = Vec::new();
    for piece in pieces {
        feed(&mut parser, piece, &mut out)?;
    }
    Ok(out)
}

fn after_header(text: &str) -> Result<Vec<StreamEvent>, XmlError> {
    events(&[HEADER.as_bytes(), text.as_bytes()])
}

#[test]
fn a_stream_cut_at_every_byte_means_the_same() {
    let text = format!(
        "{HEADER} \n<iq id='é&amp;1' type='get'><ping xmlns='urn:xmpp:ping'/></iq>\t<message><body>a&lt;b]]&gt;<![CDATA[<c>]]>ü</body></message></stream:stream>"
    );
    let whole = events(&[text.as_bytes()]).expect("valid");
    assert_eq!(whole.len(), 4);
    for cut in 0..=text.len() {
        let (head, tail) = text.as_bytes().split_at(cut);
        assert_eq!(events(&[head, tail]).as_ref(), Ok(&whole), "cut at {cut}");
    }
    let single: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
    assert_eq!(events(&single), Ok(whole));
}

#[test]
fn what_xmpp_forbids_is_restricted() {
    for bad in [
        "<!-- c -->",
        "<?pi x?>",
        "<a>&nbsp;</a>",
        "<a><!-- c --></a>",
    ] {
        assert!(
            matches!(after_header(bad), Err(XmlError::Restricted(_))),
            "{bad}: {:?}",
            after_header(bad)
        );
    }
    // Before the stream it may be either error.
    assert!(events(&[b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"]).is_err());
}

#[test]
fn what_is_no_xml_is_not_well_formed() {
    for bad in [
        "<a></b>",
        "<a b=c/>",
        "<a b='1' b='2'/>",
        "<p:a/>",
        "</stream:stream>x<a/>",
        "<a>\u{1}</a>",
    ] {
        assert!(
            matches!(after_header(bad), Err(XmlError::NotWellFormed(_))),
            "{bad}: {:?}",
            after_header(bad)
        );
    }
    assert!(matches!(
        events(&[HEADER.as_bytes(), b"<a>\xff</a>"]),
        Err(XmlError::NotWellFormed(_))
    ));
}

#[test]
fn text_between_stanzas_is_refused_but_white_space_keeps_alive() {
    assert_eq!(after_header("hello<a/>"), Err(XmlError::StrayText));
    let mut parser = StreamParser::new(Limits::BEFORE_AUTH);
    let mut out = Vec::new();
    feed(&mut parser, HEADER.as_bytes(), &mut out).expect("valid");
    // A day of white space, one at a time, is no stanza of that length.
    for _ in 0..Limits::BEFORE_AUTH.bytes * 4 {
        feed(&mut parser, b" ", &mut out).expect("white space");
    }
    feed(&mut parser, b"<a/>", &mut out).expect("valid");
    assert_eq!(out.len(), 2);
}

#[test]
fn each_limit_holds_exactly() {
    let limits = Limits::BEFORE_AUTH;
    let nested = |depth: usize| "<a>".repeat(depth) + &"</a>".repeat(depth);
    assert!(after_header(&nested(limits.depth)).is_ok());
    assert_eq!(
        after_header(&nested(limits.depth + 1)),
        Err(XmlError::TooLarge("depth"))
    );
    let attributes = |count: usize| {
        let list: String = (0..count).map(|n| format!(" a{n}=''")).collect();
        format!("<a{list}/>")
    };
    assert!(after_header(&attributes(limits.attributes)).is_ok());
    assert_eq!(
        after_header(&attributes(limits.attributes + 1)),
        Err(XmlError::TooLarge("attributes"))
    );
    let named = |length: usize| format!("<{}/>", "n".repeat(length));
    assert!(after_header(&named(limits.name)).is_ok());
    assert_eq!(
        after_header(&named(limits.name + 1)),
        Err(XmlError::TooLarge("name"))
    );
    let sized = |bytes: usize| format!("<a>{}</a>", "x".repeat(bytes - 7));
    assert!(after_header(&sized(limits.bytes)).is_ok());
    assert!(matches!(
        after_header(&sized(limits.bytes + 1)),
        Err(XmlError::TooLarge(_))
    ));
    // Two of the largest behind each other are two, not one too large.
    assert!(after_header(&sized(limits.bytes).repeat(2)).is_ok());
}

#[test]
fn an_endless_stanza_is_refused_before_it_ends() {
    for endless in ["<a>", "<a b='", "<aaaa", "<a>text"] {
        let mut parser = StreamParser::new(Limits::BEFORE_AUTH);
        let mut out = Vec::new();
        feed(&mut parser, HEADER.as_bytes(), &mut out).expect("valid");
        let mut result = feed(&mut parser, endless.as_bytes(), &mut out);
        for _ in 0..Limits::BEFORE_AUTH.bytes {
            if result.is_err() {
                break;
            }
            result = feed(&mut parser, b"xy", &mut out);
        }
        assert!(
            matches!(result, Err(XmlError::TooLarge(_))),
            "{endless}: {result:?}"
        );
    }
}

#[test]
fn documents_have_the_same_limits() {
    let limits = Limits::BEFORE_AUTH;
    let nested = |depth: usize| "<a>".repeat(depth) + &"</a>".repeat(depth);
    assert!(document(nested(limits.depth).as_bytes(), limits).is_ok());
    assert_eq!(
        document(nested(limits.depth + 1).as_bytes(), limits),
        Err(XmlError::TooLarge("depth"))
    );
    let big = format!("<a>{}</a>", "x".repeat(limits.bytes));
    assert!(matches!(
        document(big.as_bytes(), limits),
        Err(XmlError::TooLarge(_))
    ));
}
