//! What is written is read back equal, in XML and in JSON, whatever the fields hold.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use tact_api::user::ReasonCodeSpelling;
use tact_api::*;

/// Text as a field carries it: without white space around it, which readers drop.
fn text() -> impl Strategy<Value = String> {
    "[ -~éß\u{1F600}\n\r\t\u{A0}]{0,12}".prop_map(|text| text.trim().to_owned())
}

fn time() -> impl Strategy<Value = i64> {
    0..4_102_444_800_000_i64
}

fn reason_code() -> impl Strategy<Value = ReasonCode> {
    (
        text(),
        any::<u32>(),
        any::<bool>(),
        option::of(any::<u32>()),
        text(),
        any::<bool>(),
    )
        .prop_map(
            |(category, code, for_all, id, label, system_code)| ReasonCode {
                category,
                code,
                for_all,
                id,
                label,
                system_code,
            },
        )
}

fn mobile() -> impl Strategy<Value = MobileAgent> {
    (text(), text()).prop_map(|(mode, dial_number)| MobileAgent { mode, dial_number })
}

prop_compose! {
    fn user()(
        texts in vec(text(), 12),
        numbers in (option::of(any::<u32>()), option::of(any::<i64>()), option::of(any::<u32>()), option::of(any::<u32>())),
        code in option::of((reason_code(), prop_oneof![
            Just(ReasonCodeSpelling::Both), Just(ReasonCodeSpelling::Upper), Just(ReasonCodeSpelling::Lower),
        ])),
        mobile_agent in option::of(mobile()),
        roles in vec("[A-Z][a-z]{1,8}", 0..3),
        state_change_time in option::of(time()),
        teams in option::of(vec((any::<u32>(), text()).prop_map(|(id, name)| Team { id, name, users: None }), 0..3)),
    ) -> User {
        let mut texts = texts.into_iter();
        let mut next = || texts.next().unwrap();
        let (reason_code, reason_code_spelling) = code.unzip();
        User {
            dialogs: next(),
            extension: next(),
            first_name: next(),
            last_name: next(),
            login_id: next(),
            login_name: next(),
            media_type: numbers.0,
            mobile_agent,
            pending_state: next(),
            reason_code,
            reason_code_spelling: reason_code_spelling.unwrap_or_default(),
            reason_code_id: numbers.1,
            roles,
            settings: Settings { wrap_up_on_incoming: next(), wrap_up_on_outgoing: next(), wrap_up_timer: numbers.0 },
            skill_target_id: numbers.2,
            state: next(),
            state_change_time,
            team_id: numbers.3,
            team_name: next(),
            teams,
            uri: next(),
        }
    }
}

prop_compose! {
    fn node()(host in text(), ports in vec(option::of(any::<u16>()), 3)) -> Node {
        Node { host, https_port: ports[0], xmpp_port: ports[1], xmpp_secure_port: ports[2] }
    }
}

prop_compose! {
    fn system_info()(
        texts in vec(text(), 6),
        numbers in (any::<u32>(), option::of(any::<u32>()), any::<u32>(), any::<i32>()),
        times in (time(), option::of(time())),
        last_cti_heartbeat_ok in any::<bool>(),
        nodes in (node(), node()),
        servers in vec((any::<bool>(), text()), 0..3),
    ) -> SystemInfo {
        let server = |(active, host)| CtiServer { active, host };
        SystemInfo {
            cti_heartbeat_interval: numbers.0,
            cti_servers: servers.into_iter().map(server).collect(),
            cti_version: numbers.1,
            current_timestamp: times.0,
            deployment_type: texts[0].clone(),
            last_cti_heartbeat_ok,
            last_success_cti_heartbeat: times.1,
            peripheral_id: numbers.2,
            primary_node: nodes.0,
            secondary_node: nodes.1,
            status: texts[1].clone(),
            status_reason: texts[2].clone(),
            system_auth_mode: texts[3].clone(),
            timezone_offset: numbers.3,
            xmpp_domain: texts[4].clone(),
            xmpp_pub_sub_domain: texts[5].clone(),
        }
    }
}

/// Text that keeps the white space around it.
fn value() -> impl Strategy<Value = String> {
    "[ -~é\n\r\t]{0,12}"
}

fn variable() -> impl Strategy<Value = CallVariable> {
    (text(), value()).prop_map(|(name, value)| CallVariable { name, value })
}

prop_compose! {
    fn participant()(
        actions in vec(text(), 0..3),
        texts in vec(text(), 4),
        times in (option::of(time()), option::of(time())),
    ) -> Participant {
        Participant {
            actions,
            media_address: texts[0].clone(),
            media_address_type: texts[1].clone(),
            start_time: times.0,
            state: texts[2].clone(),
            state_cause: texts[3].clone(),
            state_change_time: times.1,
        }
    }
}

prop_compose! {
    fn media_properties()(
        texts in vec(text(), 6),
        numbers in vec(option::of(any::<u32>()), 4),
        media_id in any::<u32>(),
        call_variables in vec(variable(), 0..3),
    ) -> MediaProperties {
        MediaProperties {
            dnis: texts[0].clone(),
            call_key_call_id: numbers[0],
            call_key_prefix: numbers[1],
            call_key_sequence: numbers[2],
            call_type: texts[1].clone(),
            call_variables,
            dialed_number: texts[2].clone(),
            media_id,
            outbound_classification: texts[3].clone(),
            queue_name: texts[4].clone(),
            queue_number: numbers[3],
            wrap_up_reason: texts[5].clone(),
        }
    }
}

prop_compose! {
    fn dialog()(
        texts in vec(text(), 6),
        more in (option::of(text()), option::of(text()), option::of((text(), text()))),
        media_properties in media_properties(),
        participants in vec(participant(), 0..3),
    ) -> Dialog {
        let scheduled_callback = more.2.map(|(time, number)| ScheduledCallback { time, number });
        Dialog {
            associated_dialog_uri: texts[0].clone(),
            callback_number: more.0,
            from_address: texts[1].clone(),
            id: texts[2].clone(),
            media_properties,
            media_type: texts[3].clone(),
            participants,
            scheduled_callback,
            secondary_id: more.1,
            state: texts[4].clone(),
            to_address: texts[5].clone(),
        }
    }
}

prop_compose! {
    fn queue()(name in text(), uri in text(), counts in option::of(vec(any::<i64>(), 10)), longest_since in option::of(time())) -> Queue {
        Queue {
            name,
            statistics: counts.map(|counts| QueueStatistics {
                agents_busy_other: counts[0],
                agents_logged_on: counts[1],
                agents_not_ready: counts[2],
                agents_ready: counts[3],
                agents_talking_inbound: counts[4],
                agents_talking_internal: counts[5],
                agents_talking_outbound: counts[6],
                agents_wrap_up_not_ready: counts[7],
                agents_wrap_up_ready: counts[8],
                calls_in_queue: counts[9],
                longest_since,
            }),
            uri,
        }
    }
}

fn api_errors() -> impl Strategy<Value = ApiErrors> {
    let error = (text(), text(), text()).prop_map(|(error_type, message, data)| ApiError {
        error_type,
        message,
        data,
    });
    vec(error, 0..3).prop_map(|errors| ApiErrors { errors })
}

fn async_api_errors() -> impl Strategy<Value = AsyncApiErrors> {
    let peripheral = (any::<u32>(), text(), text())
        .prop_map(|(code, name, text)| PeripheralError { code, name, text });
    let error = (text(), text(), text(), option::of(peripheral)).prop_map(
        |(error_type, message, data, peripheral)| AsyncApiError {
            error_type,
            message,
            data,
            peripheral,
        },
    );
    vec(error, 0..3).prop_map(|errors| AsyncApiErrors { errors })
}

fn update() -> impl Strategy<Value = Update> {
    let data = prop_oneof![
        user().prop_map(Data::User),
        system_info().prop_map(Data::SystemInfo),
        async_api_errors().prop_map(Data::ApiErrors),
        vec(dialog(), 0..3).prop_map(|dialogs| Data::Dialogs(Dialogs { dialogs })),
        dialog().prop_map(Data::Dialog),
        queue().prop_map(Data::Queue),
        vec(queue(), 0..3).prop_map(|queues| Data::Queues(Queues { queues })),
        Just(Data::ClientLog),
        "[a-z]{9}".prop_map(Data::Other),
    ];
    let event = prop_oneof![Just(Event::Post), Just(Event::Put), Just(Event::Delete)];
    (option::of(data), event, text(), text()).prop_map(|(data, event, request_id, source)| Update {
        data,
        event,
        request_id,
        source,
    })
}

fn both<D: Document + PartialEq + std::fmt::Debug>(document: &D) -> Result<(), TestCaseError> {
    let (xml, json) = (document.to_xml(), document.to_json());
    let from_xml = D::from_xml(xml.as_bytes());
    let from_json = D::from_json(json.as_bytes());
    prop_assert_eq!(from_xml.as_ref(), Ok(document), "{}", xml);
    prop_assert_eq!(from_json.as_ref(), Ok(document), "{}", json);
    Ok(())
}

proptest! {
    #[test]
    fn users(document in user()) {
        both(&document)?;
        // A team's node shows the same agent; reading it back loses only what it never held.
        let summary = UserSummary::from(document);
        both(&summary)?;
    }

    #[test]
    fn system_infos(document in system_info()) { both(&document)?; }

    #[test]
    fn refusals(document in api_errors(), later in async_api_errors()) {
        both(&document)?;
        both(&later)?;
    }

    #[test]
    fn calls(document in dialog()) {
        both(&document)?;
        both(&Dialogs { dialogs: vec![document.clone(), document] })?;
    }

    #[test]
    fn teams(id in any::<u32>(), name in text(), users in option::of(vec(user(), 0..3))) {
        let users = users.map(|all| all.into_iter().map(UserSummary::from).collect());
        let team = Team { id, name, users };
        both(&team)?;
        both(&Teams { teams: vec![team] })?;
    }

    #[test]
    fn wrap_up_reasons(for_all in any::<bool>(), label in text(), uri in text()) {
        both(&WrapUpReasons { reasons: vec![WrapUpReason { for_all, label, uri }] })?;
    }

    #[test]
    fn what_is_asked_of_a_call(
        texts in vec(option::of("[!-~]{1,9}"), 5),
        data in option::of((vec(variable(), 0..3), option::of(text()))),
        params in vec((text(), text()), 0..3),
    ) {
        both(&DialogRequest {
            requested_action: texts[0].clone(),
            target_media_address: texts[1].clone(),
            from_address: texts[2].clone(),
            to_address: texts[3].clone(),
            associated_dialog_uri: texts[4].clone(),
            media_properties: data.map(|(call_variables, wrap_up_reason)| CallData { call_variables, wrap_up_reason }),
            action_params: params.into_iter().map(|(name, value)| ActionParam { name, value }).collect(),
        })?;
    }

    #[test]
    fn updates(document in update()) { both(&document)?; }

    #[test]
    fn reason_code_lists(category in text(), codes in vec(reason_code(), 0..3)) {
        both(&ReasonCodes { category, codes })?;
    }

    #[test]
    fn phone_books(texts in vec(text(), 9)) {
        let book = PhoneBook { inside: None, contacts: texts[0].clone(), name: texts[1].clone(), kind: texts[2].clone(), uri: texts[3].clone() };
        let contact = Contact {
            description: texts[4].clone(),
            first_name: texts[5].clone(),
            last_name: texts[6].clone(),
            phone_number: texts[7].clone(),
            uri: texts[8].clone(),
        };
        let contacts = Contacts { contacts: vec![contact] };
        let full = PhoneBook { inside: Some(contacts.clone()), ..book.clone() };
        both(&PhoneBooks { books: vec![book, full] })?;
        both(&contacts)?;
    }

    #[test]
    fn requests(texts in vec(option::of("[!-~]{1,9}"), 3), mobile_agent in option::of(mobile())) {
        both(&UserPut {
            state: texts[0].clone(),
            extension: texts[1].clone(),
            reason_code_id: texts[2].clone(),
            mobile_agent,
        })?;
    }

    /// A log keeps its white space.
    #[test]
    fn client_logs(log_data in option::of("[ -~\n\r\té]{0,40}")) {
        both(&ClientLog { log_data })?;
    }
}
