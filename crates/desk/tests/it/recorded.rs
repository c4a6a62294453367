//! Bytes of a real CTI server (protocol 15), as recorded, into the desk.

use tact_desk::{Config, Input, Side};
use tact_ged188::*;

use crate::scene::*;

/// `id hex` a line, in the order in which a session has them.
const RECORDED: &str = include_str!("../../testdata/recorded-protocol-15.txt");

fn frame(id: &str) -> Vec<u8> {
    let line = RECORDED
        .lines()
        .find(|line| line.starts_with(id))
        .expect("recorded");
    let hex = line.split_once(' ').unwrap().1;
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect()
}

#[test]
fn a_real_server_s_session_brings_the_desk_into_service() {
    let protocol = Protocol::new(15).unwrap();
    let mut scene = Scene::new(Config {
        protocol,
        ..Config::default()
    });
    let say = |scene: &mut Scene, id: &str| {
        let message = decode(&frame(id), protocol).unwrap();
        scene.cti(message)
    };
    scene.feed(Input::LinkUp { side: Side::A });
    // The recording's InvokeID is not ours.
    let Message::OpenConf(mut conf) = decode(&frame("cap15-02"), protocol).unwrap() else {
        panic!()
    };
    assert!(scene.cti(conf.clone()).is_empty());
    conf.invoke_id = scene.invoke;
    assert_eq!(
        scene.cti(conf).last().unwrap(),
        "send CONFIG_REQUEST_KEY_EVENT"
    );
    for id in ["cap15-12", "cap15-13", "cap15-14"] {
        assert!(
            say(&mut scene, id).is_empty(),
            "5000 is online, 5003 is not ours"
        );
    }
    assert!(say(&mut scene, "cap15-25").is_empty());
    assert!(say(&mut scene, "cap15-26").is_empty());
    assert_eq!(say(&mut scene, "cap15-04"), ["send CONFIG_REQUEST_EVENT"]);
    for id in ["cap15-06", "cap15-07", "cap15-08"] {
        assert!(say(&mut scene, id).is_empty());
    }
    let out = say(&mut scene, "cap15-10");
    let agents = scene.desk.agents().count();
    assert_eq!(out.len(), 1 + agents, "{out:?}");
    let first = scene.invoke + 1 - u32::try_from(agents).unwrap();
    scene.cti(settings(first - 1));
    for invoke_id in first..=scene.invoke {
        scene.cti(QueryAgentStateConf {
            invoke_id,
            agent_state: AgentState::LOGOUT,
            ..Default::default()
        });
    }
    // The recording ends with a second, empty-looking beginning.
    assert!(say(&mut scene, "cap15-06").is_empty());
    assert!(scene.desk.service().in_service);
    assert_eq!(scene.desk.service().protocol, protocol);
    assert_eq!(
        scene
            .desk
            .agents()
            .map(|agent| agent.id.as_str())
            .collect::<Vec<_>>(),
        ["1", "3", "5", "8"]
    );
    let supervisor = scene.desk.agent("1").unwrap();
    assert!(supervisor.supervisor);
    assert_eq!(
        supervisor
            .supervised
            .iter()
            .map(|team| team.id)
            .collect::<Vec<_>>(),
        [5001]
    );
    assert_eq!(
        scene.desk.agent("3").unwrap().team.as_ref().unwrap().id,
        5002
    );
}
