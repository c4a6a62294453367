//! The demo centre: team 5000, agents 2001 to 2020 (or more), supervisor 2100, phones, reason codes, wrap-up
//! reasons, phone books, queues and routes.
//!
//! Everything follows from the number of agents: two seedings are the same. Every name and number is invented; phone
//! numbers are of the range 555-0100 to 555-0199, which belongs to nobody. The password of each user is its id, which
//! is public: [`crate::settings`] keeps such a centre on the loopback address. No administrator is seeded.

mod names;
mod routing;

use sqlx::AnyConnection;

use super::ids::{self, Kind};
use super::{
    Contact, DeskSettings, Error, PhoneBook, ReasonCategory, ReasonCode, SkillGroup, Store, Team,
    User, WrapUpReason, desk_settings, extensions, phone_books, reason_codes, skill_groups, teams,
    users, wrap_up_reasons,
};

/// The agents who may sign in as mobile agents.
const MOBILE: [u32; 2] = [2005, 2006];
/// The team of everybody in the demo centre.
const TEAM: u32 = 5000;
/// The first agent.
const FIRST_AGENT: u32 = 2001;
/// The supervisor; no agent has this id.
const SUPERVISOR: u32 = 2100;
/// The extension of the first agent, as in the document that the project starts from.
const FIRST_EXTENSION: u32 = 2003;
/// What is added to any other id to get its extension.
const EXTENSION_OFFSET: u32 = 1000;

/// Seconds of wrap-up before it ends by itself.
const WORK_MODE_TIMER_S: u32 = 120;
/// Seconds that a call rings before it goes to somebody else.
const RING_NO_ANSWER_S: u32 = 30;

/// The skill groups: peripheral number and name.
const SKILL_GROUPS: [(u32, &str); 3] = [(1, "Support"), (2, "Sales"), (3, "Billing")];

/// The reason codes: category, code, label, and whether every team has it (otherwise only the demo team).
const REASON_CODES: [(ReasonCategory, u16, &str, bool); 9] = [
    (ReasonCategory::NotReady, 10, "Break", true),
    (ReasonCategory::NotReady, 11, "Lunch", true),
    (ReasonCategory::NotReady, 12, "Meeting", true),
    (ReasonCategory::NotReady, 13, "Training", true),
    (ReasonCategory::NotReady, 14, "Follow-up work", true),
    (ReasonCategory::NotReady, 15, "Demo Team huddle", false),
    (ReasonCategory::Logout, 20, "End of shift", true),
    (ReasonCategory::Logout, 21, "Unwell", true),
    (ReasonCategory::Logout, 22, "Equipment trouble", true),
];

/// The wrap-up reasons: label, and whether every team has it (otherwise only the demo team).
const WRAP_UP_REASONS: [(&str, bool); 8] = [
    ("Question answered", true),
    ("Order taken", true),
    ("Problem solved", true),
    ("Complaint", true),
    ("Call back later", true),
    ("Wrong number", true),
    ("Passed to second line", false),
    ("Passed to warehouse", false),
];

/// The contacts of the global phone book: first name, last name, number, description.
const DIRECTORY: [(&str, &str, &str, &str); 5] = [
    ("Reception", "Main Desk", "5550100", "Open 8 to 18"),
    ("Harriet", "Vance", "5550101", "Head of service"),
    ("Tomas", "Brandt", "5550102", "Workforce planning"),
    ("IT", "Help Desk", "5550103", "Headsets, passwords, phones"),
    ("Ingrid", "Solberg", "5550104", "Quality"),
];

/// The contacts of the demo team's phone book.
const TEAM_CONTACTS: [(&str, &str, &str, &str); 3] = [
    ("Back", "Office", "5550120", "Orders and returns"),
    ("Warehouse", "North", "5550121", "Delivery dates"),
    ("Second", "Line", "5550122", "Hard technical cases"),
];

/// Seeds the centre with `agents` agents unless there is a user already; true when it did.
pub(super) async fn seed(store: &Store, agents: u32) -> Result<bool, Error> {
    if agents == 0 {
        return Ok(false);
    }
    let mut transaction = store.engine.begin_exclusive(&store.pool).await?;
    let connection = &mut *transaction;
    if users::any(connection).await? {
        return Ok(false);
    }
    seed_people(connection, agents).await?;
    seed_reason_codes(connection).await?;
    seed_wrap_up_reasons(connection).await?;
    seed_phone_books(connection).await?;
    sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2)")
        .bind("demo.agents")
        .bind(agents.to_string())
        .execute(&mut *connection)
        .await?;
    transaction.commit().await?;
    Ok(true)
}

/// True when [`seed`] has been here.
pub(super) async fn is_seeded(store: &Store) -> Result<bool, Error> {
    let row = sqlx::query("SELECT value FROM meta WHERE name = $1")
        .bind("demo.agents")
        .fetch_optional(&store.pool)
        .await?;
    Ok(row.is_some())
}

async fn seed_people(connection: &mut AnyConnection, agents: u32) -> Result<(), Error> {
    let first_settings = ids::take(connection, Kind::DeskSettings, 2).await?;
    let settings = DeskSettings {
        id: first_settings,
        name: "Demo".to_owned(),
        work_mode_timer_s: WORK_MODE_TIMER_S,
        ring_no_answer_s: RING_NO_ANSWER_S,
        ..DeskSettings::default()
    };
    let mobile = DeskSettings {
        id: first_settings + 1,
        name: "Demo, also from elsewhere".to_owned(),
        remote_agent: 3,
        ..settings.clone()
    };
    let settings_of = |id: &u32| {
        let may = MOBILE.contains(id);
        if may { mobile.id } else { settings.id }
    };
    let ids: Vec<u32> = agent_ids(agents).chain([SUPERVISOR]).collect();
    let first_group = ids::take(connection, Kind::SkillTarget, SKILL_GROUPS.len() as u32).await?;
    let groups: Vec<SkillGroup> = (first_group..)
        .zip(SKILL_GROUPS)
        .map(|(id, (number, name))| SkillGroup {
            number,
            id,
            name: name.to_owned(),
        })
        .collect();
    let first_target = ids::take(connection, Kind::SkillTarget, ids.len() as u32).await?;
    let people: Vec<User> = (0_u32..)
        .zip(&ids)
        .map(|(index, id)| user(index, *id, first_target + index, settings_of(id)))
        .collect();
    let team = [Team {
        id: TEAM,
        name: "Demo Team".to_owned(),
        supervisors: vec![SUPERVISOR.to_string()],
    }];
    let phones: Vec<String> = people.iter().map(|user| user.extension.clone()).collect();
    // Agent 2003 sits at 3003, so that 2003 stays the extension of agent 2001 alone.
    desk_settings::insert(connection, &[settings, mobile]).await?;
    teams::insert(connection, &team).await?;
    skill_groups::insert(connection, &groups).await?;
    extensions::insert(connection, &phones).await?;
    routing::seed_attributes(connection).await?;
    users::insert(connection, &people).await?;
    teams::insert_supervisors(connection, &team).await?;
    routing::seed_queues(connection).await
}

/// The ids of the agents: they follow each other and leave out the supervisor's.
fn agent_ids(agents: u32) -> impl Iterator<Item = u32> {
    (FIRST_AGENT..)
        .filter(|id| *id != SUPERVISOR)
        .take(agents as usize)
}

/// The phone at which the user with this id sits.
fn extension(id: u32) -> String {
    if id == FIRST_AGENT {
        FIRST_EXTENSION.to_string()
    } else {
        (id + EXTENSION_OFFSET).to_string()
    }
}

fn user(index: u32, id: u32, skill_target_id: u32, desk_settings_id: u32) -> User {
    let name = names::person(index);
    User {
        id: id.to_string(),
        login_name: name.login,
        first_name: name.first.to_owned(),
        last_name: name.last.to_owned(),
        team_id: TEAM,
        supervisor: id == SUPERVISOR,
        administrator: false,
        extension: extension(id),
        skill_target_id,
        // Everybody takes support calls; every second agent sells, the others know the bills.
        skill_groups: vec![1, if id % 2 == 1 { 2 } else { 3 }],
        attributes: routing::attributes_of(id),
        desk_settings_id,
    }
}

async fn seed_reason_codes(connection: &mut AnyConnection) -> Result<(), Error> {
    let first = ids::take(connection, Kind::ReasonCode, REASON_CODES.len() as u32).await?;
    let codes: Vec<ReasonCode> = (first..)
        .zip(REASON_CODES)
        .map(|(id, (category, code, label, for_all))| ReasonCode {
            id,
            category,
            code,
            label: label.to_owned(),
            for_all,
            system_code: false,
            teams: if for_all { Vec::new() } else { vec![TEAM] },
        })
        .collect();
    reason_codes::insert(connection, &codes).await
}

async fn seed_wrap_up_reasons(connection: &mut AnyConnection) -> Result<(), Error> {
    let count = WRAP_UP_REASONS.len() as u32;
    let first = ids::take(connection, Kind::WrapUpReason, count).await?;
    let reasons: Vec<WrapUpReason> = (first..)
        .zip(WRAP_UP_REASONS)
        .map(|(id, (label, for_all))| WrapUpReason {
            id,
            label: label.to_owned(),
            for_all,
            teams: if for_all { Vec::new() } else { vec![TEAM] },
        })
        .collect();
    wrap_up_reasons::insert(connection, &reasons).await
}

async fn seed_phone_books(connection: &mut AnyConnection) -> Result<(), Error> {
    let id = ids::take(connection, Kind::PhoneBook, 2).await?;
    let books = [
        PhoneBook {
            id,
            name: "Company directory".to_owned(),
            teams: None,
            contacts: contacts(connection, &DIRECTORY).await?,
        },
        PhoneBook {
            id: id + 1,
            name: "Demo Team".to_owned(),
            teams: Some(vec![TEAM]),
            contacts: contacts(connection, &TEAM_CONTACTS).await?,
        },
    ];
    phone_books::insert(connection, &books).await
}

async fn contacts(
    connection: &mut AnyConnection,
    rows: &[(&str, &str, &str, &str)],
) -> Result<Vec<Contact>, Error> {
    let first = ids::take(connection, Kind::Contact, rows.len() as u32).await?;
    Ok((first..)
        .zip(rows)
        .map(
            |(id, (first_name, last_name, phone_number, description))| Contact {
                id,
                first_name: (*first_name).to_owned(),
                last_name: (*last_name).to_owned(),
                phone_number: (*phone_number).to_owned(),
                description: (*description).to_owned(),
            },
        )
        .collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn agents_follow_each_other_and_leave_out_the_supervisor() {
        let ids: Vec<u32> = agent_ids(101).collect();
        assert_eq!(ids.first(), Some(&2001));
        assert_eq!(&ids[98..], [2099, 2101, 2102]);
    }

    #[test]
    fn the_first_agent_sits_at_2003_and_the_others_a_thousand_above_their_id() {
        assert_eq!(extension(2001), "2003");
        assert_eq!(extension(2002), "3002");
        assert_eq!(extension(2003), "3003");
        assert_eq!(extension(2020), "3020");
        assert_eq!(extension(2100), "3100");
    }

    #[test]
    fn wrap_up_labels_are_as_short_as_the_wire_needs_them() {
        assert!(WRAP_UP_REASONS.iter().all(|(label, _)| label.len() <= 39));
    }

    #[test]
    fn ten_thousand_users_share_no_extension_and_no_login_name() {
        let users: Vec<User> = (0..)
            .zip(agent_ids(10_000))
            .map(|(n, id)| user(n, id, n, 1))
            .collect();
        let extensions: BTreeSet<_> = users.iter().map(|user| &user.extension).collect();
        let logins: BTreeSet<_> = users.iter().map(|user| &user.login_name).collect();
        assert_eq!(extensions.len(), 10_000);
        assert_eq!(logins.len(), 10_000);
    }
}
