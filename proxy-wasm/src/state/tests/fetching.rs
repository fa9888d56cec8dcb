//! One fetch for all virtual machines, whatever happens to them, to the provider and to the clock.

use super::*;

#[test]
fn one_fetch_serves_all_machines_and_those_who_wait() {
    let (token, jwks) = case();
    let mut envoy = Envoy::start(4);
    for number in 0..4 {
        assert_eq!(envoy.request(number, 7, &token), Action::Wait);
    }
    assert!(envoy.tick().is_empty());
    assert_eq!(envoy.fetches(), 1);
    envoy.pass(50);
    assert!(envoy.tick().is_empty());
    let mut done = envoy.answer(&good(&jwks));
    done.extend(envoy.tick());
    assert_eq!(done.len(), 4);
    assert!(
        done.iter()
            .all(|(id, action)| *id == 7 && status(action) == 200)
    );
    assert_eq!(envoy.fetches(), 1);
    let fetched = "idtoken_jwks_fetches_total.provider.corp.result.refreshed";
    let counted = envoy
        .machines
        .iter()
        .filter_map(|(_, machine)| machine.metrics.get(fetched));
    assert_eq!(counted.sum::<u64>(), 1);
}

#[test]
fn the_next_fetch_is_shared_as_well() {
    let (token, jwks) = case();
    let mut envoy = Envoy::start(3);
    envoy.tick();
    envoy.answer(&good(&jwks));
    envoy.tick();
    // Past ten minutes the keys are no longer fresh, but good.
    envoy.pass(601_000);
    envoy.tick();
    envoy.answer(&good(&jwks));
    envoy.tick();
    assert_eq!(envoy.fetches(), 2);
    // The tokens of the corpus live for five minutes.
    assert_eq!(status(&envoy.request(2, 1, &token)), 401);
}

#[test]
fn a_rotation_just_after_a_fetch_is_noticed_by_all_machines_when_the_cooldown_is_over() {
    let (token, jwks) = case();
    let old = jwks.replace("\"kid\":\"", "\"kid\":\"old-");
    assert_ne!(jwks, old);
    let mut envoy = Envoy::start(2);
    envoy.tick();
    envoy.answer(&good(&old));
    envoy.tick();
    envoy.pass(31_000);
    assert_eq!(envoy.request(0, 1, &token), Action::Wait);
    envoy.tick();
    let done = envoy.answer(&good(&old));
    assert_eq!(status(&done[0].1), 401);
    // Now the provider rotates. The other machine asks for the new key for the first time.
    envoy.pass(10_000);
    assert_eq!(status(&envoy.request(1, 2, &token)), 0);
    let done = envoy.tick();
    assert_eq!((envoy.fetches(), status(&done[0].1)), (2, 401));
    // That the answer of before lacks it is no proof that it does not exist.
    envoy.pass(20_000);
    assert_eq!(envoy.request(1, 3, &token), Action::Wait);
    envoy.tick();
    let done = envoy.answer(&good(&jwks));
    assert_eq!(status(&done[0].1), 200);
    // The first machine need not wait for its tick.
    assert_eq!(status(&envoy.request(0, 4, &token)), 200);
    assert_eq!(envoy.fetches(), 3);
}

#[test]
fn who_waits_is_woken_by_keys_that_came_with_the_refusal_of_another() {
    let (token, jwks) = case();
    let old = jwks.replace("\"kid\":\"", "\"kid\":\"old-");
    // {"alg":"RS256","kid":"rsa-2"}
    let (_, rest) = token.split_once('.').unwrap();
    let unknown = format!("eyJhbGciOiJSUzI1NiIsImtpZCI6InJzYS0yIn0.{rest}");
    let mut envoy = Envoy::start(2);
    envoy.tick();
    envoy.answer(&good(&old));
    envoy.tick();
    // This machine knows that the other key does not exist.
    envoy.pass(31_000);
    assert_eq!(envoy.request(1, 1, &unknown), Action::Wait);
    envoy.tick();
    let done = envoy.answer(&good(&old));
    assert_eq!(status(&done[0].1), 401);
    envoy.tick();
    // The provider rotates, both are asked for the new key, and the first one fetches it.
    envoy.pass(31_000);
    assert_eq!(envoy.request(0, 2, &token), Action::Wait);
    assert_eq!(envoy.request(1, 3, &token), Action::Wait);
    let (state, machine) = &mut envoy.machines[0];
    state.tick(machine);
    let done = envoy.answer(&good(&jwks));
    assert_eq!((done.len(), status(&done[0].1)), (1, 200));
    // The second takes the keys over for a token that is refused all the same.
    assert_eq!(status(&envoy.request(1, 4, &unknown)), 401);
    let done = envoy.tick();
    assert_eq!((done.len(), done[0].0, status(&done[0].1)), (1, 3, 200));
    assert_eq!(envoy.fetches(), 3);
}

#[test]
fn two_providers_of_one_address_share_its_answers() {
    let config: serde_json::Value = serde_json::from_str(CONFIG).unwrap();
    let mut config = config;
    let mut other = config["providers"]["corp"].clone();
    other["client_id"] = "other".into();
    config["providers"]["other"] = other;
    let mut envoy = Envoy::start(2);
    for (state, machine) in &mut envoy.machines {
        *state = State::new(config.to_string().as_bytes(), machine).unwrap();
    }
    let (_, jwks) = case();
    envoy.tick();
    envoy.answer(&good(&jwks));
    for _ in 0..3 {
        envoy.pass(20);
        envoy.tick();
    }
    assert_eq!(envoy.fetches(), 1);
    assert!(envoy.machines.iter().all(|(state, _)| !state.is_busy()));
}

#[test]
fn a_machine_that_is_gone_holds_no_lease_for_long() {
    let (token, jwks) = case();
    let mut envoy = Envoy::start(2);
    let (state, machine) = &mut envoy.machines[0];
    state.tick(machine);
    assert_eq!(envoy.fetches(), 1);
    envoy.machines.remove(0);
    envoy.machines[0].1.number = 0;
    envoy.process.borrow_mut().open.clear();
    assert_eq!(envoy.request(0, 1, &token), Action::Wait);
    envoy.pass(5000);
    envoy.tick();
    for _ in 0..40 {
        envoy.pass(1000);
        envoy.tick();
    }
    assert!(envoy.fetches() >= 2);
    envoy.answer(&good(&jwks));
    assert_eq!(status(&envoy.request(0, 2, &token)), 200);
}

#[test]
fn who_takes_the_lease_of_a_machine_that_is_gone_has_all_the_time_of_a_fetch() {
    let (token, jwks) = case();
    let mut envoy = Envoy::start(2);
    let (state, machine) = &mut envoy.machines[0];
    state.tick(machine);
    envoy.machines.remove(0);
    envoy.machines[0].1.number = 0;
    envoy.process.borrow_mut().open.clear();
    envoy.pass(20);
    envoy.tick();
    // The lease outlasts the fetch by a second.
    envoy.pass(5980);
    assert_eq!(envoy.request(0, 1, &token), Action::Wait);
    envoy.tick();
    assert_eq!(envoy.fetches(), 2);
    envoy.pass(4000);
    let done = envoy.answer(&good(&jwks));
    assert_eq!(status(&done[0].1), 200);
}

#[test]
fn a_provider_that_hangs_is_asked_once_by_all_machines() {
    let (token, jwks) = case();
    let mut envoy = Envoy::start(3);
    envoy.tick();
    for _ in 0..250 {
        envoy.pass(20);
        envoy.tick();
    }
    assert_eq!(envoy.fetches(), 1);
    assert!(envoy.machines.iter().all(|(state, _)| !state.is_busy()));
    // What comes too late is too late for all.
    envoy.answer(&good(&jwks));
    assert_eq!(envoy.statuses(1, &token), [503; 3]);
    // The next one is made after the cooldown, of half a minute and a random part.
    envoy.pass(40_000);
    envoy.tick();
    assert_eq!(envoy.fetches(), 2);
    envoy.answer(&good(&jwks));
    envoy.tick();
    assert_eq!(envoy.statuses(2, &token), [200; 3]);
}

#[test]
fn an_answer_past_its_time_is_none_for_all_machines() {
    let (token, jwks) = case();
    let mut envoy = Envoy::start(2);
    envoy.tick();
    envoy.pass(5001);
    envoy.answer(&good(&jwks));
    envoy.tick();
    assert_eq!(envoy.statuses(1, &token), [503; 2]);
}

#[test]
fn a_clock_that_is_turned_back_leaves_no_lease_for_hours() {
    let (_, jwks) = case();
    let mut envoy = Envoy::start(1);
    envoy.tick();
    // Its fetch is lost, and so is the machine.
    envoy.process.borrow_mut().open.clear();
    envoy.process.borrow_mut().clock -= 3_600_000_000_000;
    let machine = &mut envoy.machines[0];
    machine.0 = State::new(CONFIG.as_bytes(), &mut machine.1).unwrap();
    envoy.tick();
    assert_eq!(envoy.fetches(), 2);
    envoy.answer(&good(&jwks));
    assert!(!envoy.machines[0].0.is_busy());
}

#[test]
fn a_set_too_long_for_one_provider_serves_the_other() {
    let (token, jwks) = case();
    let mut config: serde_json::Value = serde_json::from_str(CONFIG).unwrap();
    let corp = config["providers"]["corp"].clone();
    // By name the first.
    config["providers"]["a"] = corp;
    config["providers"]["a"]["client_id"] = "other".into();
    config["providers"]["a"]["limits"] = serde_json::json!({ "max_jwks_bytes": jwks.len() - 1 });
    let mut envoy = Envoy::start(1);
    let machine = &mut envoy.machines[0];
    machine.0 = State::new(config.to_string().as_bytes(), &mut machine.1).unwrap();
    envoy.tick();
    envoy.answer(&good(&jwks));
    envoy.tick();
    assert_eq!(envoy.fetches(), 1);
    let refreshed = "idtoken_jwks_fetches_total.provider.corp.result.refreshed";
    let metrics = &envoy.machines[0].1.metrics;
    assert!(!metrics.contains_key(refreshed), "not its own");
    // The token is for the second.
    assert_eq!(envoy.statuses(9, &token), [200]);
}
