//! Every format of the reference is recognised, record by record; what isn't is kept with its place.

use std::fmt::Write as _;

use crate::records_of;
use crate::samples::collected;
use tact_tracer::input::Source;

/// What the name of a collected sample begins with, and the format that it has.
const KINDS: [(&str, &str); 17] = [
    ("access-log", "access"),
    ("ccbu-other", "webservices"),
    ("client-log", "client"),
    ("ctios", "ctios"),
    ("ctisvr", "ctisvr"),
    ("cucm-cti", "sdl"),
    ("ece", "ece"),
    ("icm-proc", "ctisvr"),
    ("ippa", "platform"),
    ("mivr", "uccx"),
    ("notification-payload", "payload"),
    ("notification", "notification"),
    ("portico", "portico"),
    ("procmon", "procmon"),
    ("realm", "realm"),
    ("vos-cli", "platform"),
    ("webservices", "webservices"),
];

/// Lines of an article, not of a log: kept, and known to be unknown.
const REMARKS: [&str; 3] = ["eg", "eg.", "###"];

fn file_name(source: &Source) -> &str {
    source.name.rsplit('/').next().unwrap_or(&source.name)
}

#[test]
fn every_collected_sample_has_its_true_format_and_no_record_is_left_over() {
    let mut table = String::new();
    let mut wrong = 0;
    for source in collected()
        .iter()
        .filter(|source| source.name.ends_with(".log"))
    {
        let name = file_name(source);
        let (_, expected) = KINDS
            .iter()
            .find(|(start, _)| name.starts_with(start))
            .expect("a known kind");
        let found = source.format.map_or("none", |format| format.name());
        let records: Vec<_> = records_of(source);
        let kept: Vec<_> = records
            .iter()
            .filter(|record| record.format.is_none())
            .filter(|record| {
                let text = record.fields["text"].as_str().unwrap_or_default();
                !REMARKS.iter().any(|remark| text.starts_with(remark))
            })
            .map(|record| format!("{}:{}", record.line, record.fields["text"]))
            .collect();
        let of_format = records
            .iter()
            .filter(|record| record.format == Some(*expected))
            .count();
        let good = found == *expected && kept.is_empty() && of_format > 0;
        wrong += u32::from(!good);
        _ = writeln!(
            table,
            "{} {name}: {found}, {of_format} of {} records, kept {kept:?}",
            if good { " " } else { "!" },
            records.len()
        );
    }
    assert_eq!(wrong, 0, "\n{table}");
}

/// The records without the blanks that a wrapped line may have lost or gained, and without their lines.
fn plain(source: &Source) -> Vec<String> {
    records_of(source)
        .iter()
        .map(|record| {
            let mut shown = String::new();
            _ = write!(shown, "{:?} {:?} ", record.format, record.at);
            shown.push_str(&serde_json::to_string(&record.fields).expect("JSON"));
            shown.retain(|c| !c.is_whitespace());
            shown.replace("\\n", "")
        })
        .collect()
}

#[test]
fn a_wrapped_sample_and_its_unwrapped_twin_have_the_same_records() {
    let all = collected();
    let mut compared = 0;
    for twin in all
        .iter()
        .filter(|source| source.name.ends_with(".unwrapped.log"))
    {
        let name = twin.name.replace(".unwrapped.log", ".log");
        let wrapped = all
            .iter()
            .find(|source| source.name == name)
            .expect("the original");
        let (one, other) = (plain(wrapped), plain(twin));
        for (one, other) in one.iter().zip(&other) {
            assert_eq!(one, other, "{name}");
        }
        assert_eq!(one.len(), other.len(), "{name}");
        compared += 1;
    }
    assert!(compared > 0 || all.is_empty());
}

/// One file of each format, as its product writes it or as a forum shows it; the lines where its records begin.
const FILES: [(&str, &str, &[u64]); 18] = [
    (
        "webservices",
        "0000000007: h: Apr 14 2017 14:01:17.196 -0700: %CCBU_http-8080-7-6-REQUEST_END: %[elapsed_time=98]: done\n\
         \tat java.lang.Thread\n\
         0000000008: h: Apr 14 2017 14:01:17.197 -0700: %CCBU_a-6-B: %[c=d]: e 0000000009: h: Apr 14 2017 14:01:17.197 -0700: %CCBU_f-6-G: h\n",
        &[1, 3, 3],
    ),
    (
        "webservices",
        "logs/x.log:0000000007:: Apr 14 2017 14:01:17.196 -0700: %CCBU_a-3-B: %[x= never closed;\r\n\
         logs/x.log:0000000008:: Apr 14 2017 14:01:17.196 -0700: %CCBU____CUIC-4-WARN: text\r\n",
        &[1, 2],
    ),
    (
        "webservices",
        "Sep 23 2014 22:21:22.875 -0700: %CCBU_pool-19-thread-4-7-CTIWriter.getReq():  {Thrd=x} params : a=1\n",
        &[1],
    ),
    (
        "realm",
        "admin:file search realm x\n\
         realm.log:12: Nov 18 2016 08:14:15.076 +0100: [http-bio-8445-exec-10] INFO CCRealmConfig.a(): Unable to authenticate user: 1\n",
        &[1, 2],
    ),
    (
        "access",
        "[23/Apr/2013:22:40:03 +0000] 10.1.1.1 10.1.1.1 - - 80 GET /  HTTP/1.1 302 - 141\n",
        &[1],
    ),
    (
        "client",
        "18:40:05: Container : a'18:40:06: Header : b\n<user>\n18:40:07: My-Gadget : c\n",
        &[1, 1, 3],
    ),
    (
        "client",
        "Mozilla/5.0 (X11)\n2015-12-09T13:29:52.225 -04:00: abcdef: ?.?.?.?: --- -- ---- --:--:--.--- -----: Header : x\n",
        &[1, 2],
    ),
    (
        "notification",
        "2013.04.23 22:40:05 INFO [t]: C - x\n>> \"GET / HTTP/1.1[\\r][\\n]\"\n",
        &[1, 2],
    ),
    (
        "ctisvr",
        "10:06:31:759 cg1a-ctisvr SESSION 1: MsgType:A (B:0x1 \n10:06:31:759 cg1a-ctisvr SESSION 1:   C:\"2 3\" )\n10:06:32 pg1a-pim1 Trace: x\n",
        &[1, 3],
    ),
    (
        "ctios",
        "03/24/06 11:17:23.456 3280 CTIOSC++Phone Thd(3300) OnEvent( AgentID:1003\n  Code:256 )\n",
        &[1],
    ),
    (
        "uccx",
        "1: Dec 05 19:01:36.215 EST %MIVR-SS_RM-7-UNK:a b 2: Dec 05 19:01:36.215 EST%MIVR-SS_TEL-4-X:\nc\n%MADM-LIB-3-Y:d\n",
        &[1, 1, 3],
    ),
    (
        "sdl",
        "00895255.002 |08:59:16.944 |AppInfo |a | b\n00895256.000 |08:59:16.944 |SdlSig |C |d |e\n",
        &[1, 2],
    ),
    (
        "platform",
        "=====\nProduct Name - Cisco Finesse\n=====\n08/11/2016 12:46:19 | root: Boot 11.0.1.10000-24 Start\n",
        &[1, 4],
    ),
    (
        "platform",
        "2016-11-03 09:59:12,558 ERROR IPPA3008 [t|Agent#login:12] IPPA server is not active\n\tat x\n",
        &[1],
    ),
    (
        "procmon",
        ">>>> jli\nAddr: ActiveLines RegistrationState DeviceStatus\n1011 0 IN_SERVICE LoggedIn-Agent SEP1 IP\n",
        &[1, 2, 3],
    ),
    (
        "ece",
        "2011-05-01 19:02:23.758 GMT-0400 <@> WARN <@> [32:T] <@> a <@> b\n",
        &[1],
    ),
    (
        "portico",
        "0000000042: PG1A: Apr 14 2017 14:01:17.196 -07:00: %GetTraceLevel-INFO-[12] asked\n",
        &[1],
    ),
    (
        "audit",
        "Jul 17 2019 09:54:35.123 +0000: admin PUT /finesse/api/Team/1 <Team>\n</Team>\n",
        &[1],
    ),
];

#[test]
fn every_format_is_known_by_its_lines() {
    for (format, text, lines) in FILES {
        let source = Source::new("x".into(), text.as_bytes().to_vec());
        assert_eq!(
            source.format.map(|format| format.name()),
            Some(format),
            "{text}"
        );
        let found: Vec<_> = records_of(&source);
        assert_eq!(
            found.iter().map(|record| record.line).collect::<Vec<_>>(),
            lines,
            "{text}"
        );
        assert!(found.iter().all(|record| record.format.is_some()), "{text}");
    }
}

#[test]
fn bytes_that_are_no_utf8_and_carriage_returns_lose_no_record() {
    for (format, text, lines) in FILES {
        let mut bytes = text
            .replace("\r\n", "\n")
            .replace('\n', "\r\n")
            .into_bytes();
        // At the very end of the last record, in its text.
        let end = bytes.len() - 2;
        bytes.splice(end..end, *b"\xff\xfe");
        let source = Source::new("x".into(), bytes);
        assert_eq!(
            source.format.map(|format| format.name()),
            Some(format),
            "{text}"
        );
        assert_eq!(
            records_of(&source)
                .iter()
                .map(|record| record.line)
                .collect::<Vec<_>>(),
            lines,
            "{text}"
        );
    }
}

#[test]
fn what_nobody_knows_is_kept_with_its_place() {
    let text =
        b"eg.\n\n0000000007: h: Apr 14 2017 14:01:17.196 -0700: %CCBU_a-6-B: %[c=d]: e\n".to_vec();
    let report = tact_tracer::trace(&[Source::new("a/b.log".into(), text)], None);
    assert_eq!(
        (report.unparsed.lines, report.unparsed.first.as_deref()),
        (1, Some("a/b.log:1"))
    );
}
