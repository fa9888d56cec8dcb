//! Several virtual machines of one Envoy, with a clock that is a variable.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use core::cell::RefCell;

use super::*;
use crate::shared::Answer as Fetched;

/// What the virtual machines of one Envoy share.
#[derive(Default)]
struct Process {
    data: BTreeMap<String, (Vec<u8>, u32)>,
    clock: u64,
    /// Fetches that nobody has answered: of which machine, and their number.
    open: Vec<(usize, u32)>,
    fetches: u32,
}

struct Machine {
    number: usize,
    process: Rc<RefCell<Process>>,
    metrics: BTreeMap<String, u64>,
    lines: Vec<String>,
}

impl Exchange for Machine {
    fn read(&mut self, name: &str) -> Option<(Vec<u8>, Option<u32>)> {
        let process = self.process.borrow();
        let (bytes, version) = process.data.get(name)?;
        Some((bytes.clone(), Some(*version)))
    }

    fn write(&mut self, name: &str, bytes: &[u8], version: Option<u32>) -> bool {
        let mut process = self.process.borrow_mut();
        let known = process.data.get(name).map_or(0, |(_, version)| *version);
        if version.is_some_and(|version| version != known) {
            return false;
        }
        process
            .data
            .insert(name.into(), (bytes.to_vec(), known + 1));
        true
    }

    fn get(&mut self, cluster: &str, url: &str, _: u64) -> Option<u32> {
        assert_eq!((cluster, url), ("idp", "https://idp.example/jwks"));
        let mut process = self.process.borrow_mut();
        process.fetches += 1;
        let token = process.fetches;
        process.open.push((self.number, token));
        Some(token)
    }
}

impl Host for Machine {
    fn count(&mut self, name: &str, by: u64) {
        *self.metrics.entry(name.into()).or_default() += by;
    }

    fn set(&mut self, name: &str, value: u64) {
        self.metrics.insert(name.into(), value);
    }

    fn observe(&mut self, name: &str, _: u64) {
        self.count(name, 1);
    }

    fn audit(&mut self, line: &str) {
        self.lines.push(line.into());
    }

    fn now(&mut self) -> u64 {
        self.process.borrow().clock
    }
}

/// A token of the corpus and the keys for it; the corpus lives at second 1800000000.
fn case() -> (String, String) {
    let text = include_str!("../../../tests/corpus/signature.json");
    let corpus: serde_json::Value = serde_json::from_str(text).unwrap();
    let cases = corpus["cases"].as_array().unwrap();
    let case = cases
        .iter()
        .find(|case| case["expect"] == "accept")
        .unwrap();
    assert_eq!(case["policy"]["algorithms"][0], "RS256");
    let text = |name: &str| case[name].as_str().unwrap().to_owned();
    (text("token"), text("jwks"))
}

const CONFIG: &str = "{\"audit\":\"all\",\"providers\":{\"corp\":{\"issuer\":\"https://idp.example\",\"client_id\":\"my-client\",\
    \"remote_jwks\":{\"http_uri\":{\"uri\":\"https://idp.example/jwks\",\"cluster\":\"idp\"}}}}}";

struct Envoy {
    machines: Vec<(State, Machine)>,
    process: Rc<RefCell<Process>>,
}

impl Envoy {
    fn start(count: usize) -> Self {
        let process = Rc::new(RefCell::new(Process {
            clock: 1_800_000_000_000_000_000,
            ..Process::default()
        }));
        let machines = (0..count).map(|number| {
            let mut machine = Machine {
                number,
                process: Rc::clone(&process),
                metrics: BTreeMap::new(),
                lines: Vec::new(),
            };
            (
                State::new(CONFIG.as_bytes(), &mut machine).unwrap(),
                machine,
            )
        });
        Self {
            machines: machines.collect(),
            process,
        }
    }

    fn pass(&self, millis: u64) {
        self.process.borrow_mut().clock += millis * 1_000_000;
    }

    fn tick(&mut self) -> Vec<(u32, Action)> {
        let each = self.machines.iter_mut();
        each.flat_map(|(state, machine)| state.tick(machine))
            .collect()
    }

    fn answer(&mut self, answer: &Fetched) -> Vec<(u32, Action)> {
        let open = core::mem::take(&mut self.process.borrow_mut().open);
        let mut done = Vec::new();
        for (number, token) in open {
            let (state, machine) = &mut self.machines[number];
            done.extend(state.answered(token, answer.clone(), machine));
        }
        done
    }

    fn request(&mut self, number: usize, id: u32, token: &str) -> Action {
        let fields = vec![
            (":path".to_owned(), b"/".to_vec()),
            (
                "authorization".to_owned(),
                format!("Bearer {token}").into_bytes(),
            ),
        ];
        let (state, machine) = &mut self.machines[number];
        state.request(id, Request::new(fields), machine)
    }

    fn fetches(&self) -> u32 {
        self.process.borrow().fetches
    }
}

fn good(jwks: &str) -> Fetched {
    Fetched {
        status: 200,
        fields: [Some("application/json".into()), None, None, None, None],
        body: jwks.as_bytes().to_vec(),
    }
}

fn status(action: &Action) -> u16 {
    match action {
        Action::Pass(_) => 200,
        Action::Answer(answer) => answer.status,
        Action::Wait => 0,
    }
}

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
fn waiting_ends_after_five_seconds_and_has_a_bound() {
    let (token, _) = case();
    let mut envoy = Envoy::start(1);
    for id in 0..1000 {
        assert_eq!(envoy.request(0, id, &token), Action::Wait);
    }
    let refused = envoy.request(0, 1000, &token);
    assert_eq!(status(&refused), 503);
    let (state, machine) = &mut envoy.machines[0];
    assert_eq!(machine.metrics[metrics::WAITING], 1000);
    state.gone(17, machine);
    assert_eq!(machine.metrics[metrics::WAITING], 999);
    envoy.pass(4900);
    envoy.tick();
    envoy.pass(100);
    let mut done = Vec::new();
    for _ in 0..20 {
        let some = envoy.tick();
        assert!(some.len() <= crate::waiting::BATCH);
        done.extend(some);
    }
    assert_eq!(done.len(), 999);
    for (id, action) in done {
        assert!(id != 17);
        let Action::Answer(answer) = action else {
            panic!("{action:?}")
        };
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (503, "jwks_unavailable")
        );
        assert_eq!(answer.fields[0].0, "retry-after");
    }
}

#[test]
fn an_unknown_clock_refuses() {
    let (token, _) = case();
    let mut envoy = Envoy::start(1);
    envoy.process.borrow_mut().clock = 0;
    assert_eq!(status(&envoy.request(0, 1, &token)), 500);
}

#[test]
fn a_refusal_is_one_line_without_the_token() {
    let mut envoy = Envoy::start(1);
    assert_eq!(status(&envoy.request(0, 1, "a.secret.c")), 401);
    let [line] = &*envoy.machines[0].1.lines else {
        panic!("one line")
    };
    let record: serde_json::Value = serde_json::from_str(line).unwrap();
    // What OCSF 1.3.0 requires of the class, and of the objects in it.
    for path in [
        "/activity_id",
        "/category_uid",
        "/class_uid",
        "/severity_id",
        "/time",
        "/type_uid",
        "/user/uid",
        "/service/name",
        "/metadata/version",
        "/metadata/product/name",
        "/metadata/product/vendor_name",
    ] {
        assert!(record.pointer(path).is_some(), "{path}");
    }
    assert_eq!(record["class_uid"], 3002);
    assert_eq!(record["category_uid"], 3);
    assert_eq!(record["metadata"]["version"], "1.3.0");
    assert_eq!(
        (&record["status_id"], &record["status"]),
        (&2.into(), &"Failure".into())
    );
    assert_eq!(
        record["type_uid"],
        3002 * 100 + record["activity_id"].as_u64().unwrap()
    );
    assert!(!line.contains("secret"));
}
