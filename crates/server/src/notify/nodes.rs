//! Which nodes an agent hears without subscribing (finesse-api.md 5.2, client-facts.md 1.2).

const USER: &str = "/finesse/api/User/";
const SYSTEM_INFO: &str = "/finesse/api/SystemInfo";

/// Who hears a node without subscribing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Implicit<'a> {
    /// The agent with this id.
    Agent(&'a str),
    /// Every agent.
    Everyone,
    /// Nobody: the node is for explicit subscribers.
    Nobody,
}

/// The implicit audience of a node.
pub(super) fn implicit(node: &str) -> Implicit<'_> {
    if node == SYSTEM_INFO {
        return Implicit::Everyone;
    }
    let Some(rest) = node.strip_prefix(USER) else {
        return Implicit::Nobody;
    };
    let (agent, part) = rest.split_once('/').unwrap_or((rest, ""));
    let heard =
        matches!(part, "" | "Dialogs" | "Media" | "Dialogs/Media") || part.starts_with("Media/");
    if heard && !agent.is_empty() {
        Implicit::Agent(agent)
    } else {
        Implicit::Nobody
    }
}

/// The implicit nodes of an agent, as a request for subscriptions lists them.
pub(super) fn implicit_nodes(agent: &str) -> [String; 5] {
    [
        format!("{USER}{agent}"),
        format!("{USER}{agent}/Dialogs"),
        format!("{USER}{agent}/Media"),
        format!("{USER}{agent}/Dialogs/Media"),
        SYSTEM_INFO.to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_hears_its_own_nodes() {
        for node in implicit_nodes("2001") {
            let expected = if node == SYSTEM_INFO {
                Implicit::Everyone
            } else {
                Implicit::Agent("2001")
            };
            assert_eq!(implicit(&node), expected, "{node}");
        }
        assert_eq!(
            implicit("/finesse/api/User/2001/Media/5000"),
            Implicit::Agent("2001")
        );
        for node in [
            "/finesse/api/User/",
            "/finesse/api/User/2001/ClientLog",
            "/finesse/api/Team/1/Users",
            "",
        ] {
            assert_eq!(implicit(node), Implicit::Nobody, "{node}");
        }
    }
}
