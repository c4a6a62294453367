//! Events: escaped and wrapped once, then addressed to each recipient. To beat: 70 ns a recipient.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tact_xmpp::bosh::Body;
use tact_xmpp::event::{Event, Ids};
use tact_xmpp::parser::{Limits, document};

/// An `<Update>` of the size that a sign-in brings.
fn update() -> String {
    let user = "<dialogs>/finesse/api/User/2001/Dialogs</dialogs><extension>2003</extension><firstName>Ada</firstName>\
        <lastName>Agent</lastName><loginId>2001</loginId><loginName>agent2001</loginName><pendingState></pendingState>\
        <reasonCodeId>-1</reasonCodeId><roles><role>Agent</role></roles><settings><wrapUpOnIncoming>OPTIONAL</wrapUpOnIncoming>\
        </settings><state>NOT_READY</state><stateChangeTime>2026-01-01T00:00:00.000Z</stateChangeTime><teamId>5000</teamId>\
        <teamName>Team</teamName><uri>/finesse/api/User/2001</uri>";
    format!(
        "<Update><data><user>{user}</user></data><event>PUT</event><requestId>6f4ef82c</requestId>\
         <source>/finesse/api/User/2001</source></Update>"
    )
}

fn events(criterion: &mut Criterion) {
    let update = update();
    let mut ids = Ids::new(1);
    criterion.bench_function("xmpp/event rendered once", |bench| {
        bench.iter(|| {
            Event::new(
                "pubsub.desk.test",
                "/finesse/api/User/2001",
                "0123456789abcde",
                black_box(&update),
            )
        });
    });
    let event = Event::new(
        "pubsub.desk.test",
        "/finesse/api/User/2001",
        "0123456789abcde",
        &update,
    );
    let mut group = criterion.benchmark_group("xmpp");
    group.throughput(Throughput::Elements(1));
    group.bench_function("event addressed to a recipient", |bench| {
        bench.iter(|| {
            event.address(
                black_box("2001@desk.test"),
                black_box("2001@desk.test"),
                &ids.draw(),
            )
        });
    });
    group.finish();
}

fn parsing(criterion: &mut Criterion) {
    let subscribe = "<iq xmlns='jabber:client' type='set' id='s1' to='pubsub.desk.test'><pubsub xmlns='http://jabber.org/protocol/pubsub'>\
        <subscribe node='/finesse/api/Team/5000/Users' jid='2100@desk.test/desktop'/></pubsub></iq>";
    criterion.bench_function("xmpp/parse a subscribe", |bench| {
        bench.iter(|| document(black_box(subscribe.as_bytes()), Limits::AFTER_AUTH));
    });
    let poll = "<body xmlns='http://jabber.org/protocol/httpbind' rid='1573741821' sid='0123456789abcdef0123456789abcdef'/>";
    criterion.bench_function("xmpp/parse a poll", |bench| {
        bench.iter(|| Body::parse(black_box(poll.as_bytes()), Limits::AFTER_AUTH));
    });
}

criterion_group!(benches, events, parsing);
criterion_main!(benches);
