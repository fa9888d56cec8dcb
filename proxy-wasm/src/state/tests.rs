//! Several virtual machines of one Envoy, with a clock that is a variable.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use core::cell::RefCell;

use super::*;
use crate::shared::Answer as Fetched;

mod fetching;

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

    fn change(&mut self, name: &str, by: i64) {
        let gauge = self.metrics.entry(name.into()).or_default();
        *gauge = gauge.checked_add_signed(by).unwrap();
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

    /// What each machine answers to a request.
    fn statuses(&mut self, id: u32, token: &str) -> Vec<u16> {
        let numbers = 0..self.machines.len();
        numbers
            .map(|number| status(&self.request(number, id, token)))
            .collect()
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
