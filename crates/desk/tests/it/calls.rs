//! A centre with two agents and a supervisor, in the middle of their calls.

use tact_ged188::*;

use crate::scene::*;
use crate::wire::*;

pub(crate) const CALLER: &str = "4085551212";
pub(crate) const ROUTE: &str = "8000";
pub(crate) const C1: u32 = 16_777_217;
pub(crate) const C2: u32 = 16_777_218;
pub(crate) const C3: u32 = 16_777_219;

/// Agents 2001 at 3001 and 2002 at 3002, supervisor 2100 at 3100.
pub(crate) fn centre() -> Scene {
    let mut scene = Scene::in_service();
    scene.sign_in("2001", "3001");
    scene.sign_in("2002", "3002");
    scene.sign_in("2100", "3100");
    scene
}

/// A routed call that 2001 has answered.
pub(crate) fn talking() -> Scene {
    let mut scene = centre();
    scene.events(vec![
        begin_routed(C1, CALLER, ROUTE).into(),
        delivered(C1, "3001", CALLER, ROUTE).into(),
        established(C1, "3001", CALLER, ROUTE).into(),
        state_event("2001", AgentState::TALKING, 0, "3001").into(),
    ]);
    scene
}

/// As before, and 2001 consults 2002, who has answered.
pub(crate) fn consulting() -> Scene {
    let mut scene = talking();
    scene.events(vec![
        held(C1, "3001").into(),
        begin(C2, CallType::CONSULT, "3001").into(),
        service_initiated(C2, "3001", Some(C1)).into(),
        originated(C2, "3001", "3002").into(),
        delivered(C2, "3002", "3001", "3002").into(),
        established(C2, "3002", "3001", "3002").into(),
    ]);
    scene
}

/// A supervisor listens to 2001's call.
pub(crate) fn monitoring() -> (Scene, Vec<String>) {
    let mut scene = talking();
    let out = scene.events(vec![
        begin(C3, CallType::SUPERVISOR_MONITOR, "3100").into(),
        delivered(C3, "3100", "3001", "3100").into(),
        established(C3, "3100", "3001", "3100").into(),
    ]);
    (scene, out)
}
