//! Envoy's side: callbacks in, calls out. Only byte-wise calls: those that return text panic on what is not UTF-8.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use core::cell::RefCell;
use core::time::Duration;
use std::time::UNIX_EPOCH;

use idtoken::Limits;
use idtoken::key_cache::Failure;
use proxy_wasm::hostcalls;
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action as Flow, ContextType, LogLevel, MapType, MetricType};

use crate::config::Mode;
use crate::fetcher::Exchange;
use crate::identity::{self, Edits};
use crate::request::Request;
use crate::shared::{Answer, FIELDS};
use crate::state::{Action, Host, State};

proxy_wasm::main! {{
    proxy_wasm::set_root_context(|id| Box::new(Root { id, plugin: Plugin::default() }));
}}

/// Of an answer, no more is copied: one byte beyond what any set may have.
const MOST: usize = Limits::MAX_JWKS_BYTES.saturating_add(1);
/// While requests wait, and otherwise.
const BUSY: Duration = Duration::from_millis(20);
const IDLE: Duration = Duration::from_secs(1);

/// What the contexts of one plugin share; empty until it is configured.
type Plugin = Rc<RefCell<Option<Running>>>;

struct Running {
    state: State,
    envoy: Envoy,
}

impl Running {
    fn pace(&mut self) {
        let is_busy = self.state.is_busy();
        if self.envoy.is_busy != is_busy {
            self.envoy.is_busy = is_busy;
            let _ = hostcalls::set_tick_period(if is_busy { BUSY } else { IDLE });
        }
    }
}

struct Root {
    id: u32,
    plugin: Plugin,
}

impl Context for Root {
    fn on_http_call_response(&mut self, token: u32, fields: usize, body: usize, _: usize) {
        let answer = match fields {
            0 => Answer::failed(Failure::Network),
            _ => self.answer(body),
        };
        let done = self.with(|running| running.state.answered(token, answer, &mut running.envoy));
        self.carry_out(done);
    }
}

impl RootContext for Root {
    fn on_configure(&mut self, _: usize) -> bool {
        let mut envoy = Envoy::default();
        let text = self.get_plugin_configuration().unwrap_or_default();
        match State::new(&text, &mut envoy) {
            Ok(state) => {
                for warning in state.config().warnings() {
                    log(LogLevel::Warn, warning);
                }
                self.plugin.replace(Some(Running { state, envoy }));
                let _ = hostcalls::set_tick_period(IDLE);
                true
            }
            Err(rejection) => {
                log(
                    LogLevel::Critical,
                    &format!("the configuration is refused: {rejection}"),
                );
                false
            }
        }
    }

    fn on_tick(&mut self) {
        let done = self.with(|running| running.state.tick(&mut running.envoy));
        self.carry_out(done);
    }

    fn create_http_context(&self, id: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Stream {
            id,
            plugin: Rc::clone(&self.plugin),
        }))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}

impl Root {
    fn with<T: Default>(&self, act: impl FnOnce(&mut Running) -> T) -> T {
        let mut plugin = self.plugin.borrow_mut();
        let Some(running) = plugin.as_mut() else {
            return T::default();
        };
        let done = act(running);
        running.pace();
        done
    }

    /// In the name of the requests that waited, and with nothing borrowed: Envoy may call back.
    fn carry_out(&self, done: Vec<(u32, Action)>) {
        for (id, action) in done {
            if hostcalls::set_effective_context(id).is_err() {
                continue;
            }
            if carry_out(action) == Flow::Continue {
                let _ = hostcalls::resume_http_request();
            }
        }
        let _ = hostcalls::set_effective_context(self.id);
    }

    fn answer(&self, body: usize) -> Answer {
        let text = |name: &str| {
            let value = self.get_http_call_response_header_bytes(name)?;
            String::from_utf8(value).ok()
        };
        let status = text(":status").and_then(|status| status.parse().ok());
        Answer {
            status: status.unwrap_or_default(),
            fields: FIELDS.map(text),
            body: self
                .get_http_call_response_body(0, body.min(MOST))
                .unwrap_or_default(),
        }
    }
}

struct Stream {
    id: u32,
    plugin: Plugin,
}

impl Context for Stream {
    fn on_done(&mut self) -> bool {
        if let Some(running) = self.plugin.borrow_mut().as_mut() {
            running.state.gone(self.id, &mut running.envoy);
        }
        true
    }
}

impl Stream {
    fn held(&self) -> Flow {
        match self.plugin.borrow().as_ref() {
            Some(running) if !running.state.is_waiting(self.id) => Flow::Continue,
            _ => Flow::Pause,
        }
    }
}

impl HttpContext for Stream {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Flow {
        let request = Request::new(self.get_http_request_headers_bytes());
        let action = match self.plugin.borrow_mut().as_mut() {
            Some(running) => {
                let action = running.state.request(self.id, request, &mut running.envoy);
                running.pace();
                action
            }
            // Envoy sends nothing to a plugin that refused its configuration.
            None => Action::Wait,
        };
        carry_out(action)
    }

    /// With `allow_on_headers_stop_iteration` a body comes while its request waits, and would take it along.
    fn on_http_request_body(&mut self, _: usize, _: bool) -> Flow {
        self.held()
    }

    /// A trailer can carry a forged field as well.
    fn on_http_request_trailers(&mut self, _: usize) -> Flow {
        let trailers = Request::new(self.get_http_request_trailers_bytes());
        if let Some(running) = self.plugin.borrow_mut().as_mut()
            && running.state.config().mode == Mode::Enforce
        {
            for name in identity::strip(running.state.config(), &trailers).remove {
                self.remove_http_request_trailer(&name);
            }
        }
        self.held()
    }
}

fn carry_out(action: Action) -> Flow {
    match action {
        Action::Wait => Flow::Pause,
        Action::Pass(edits) => {
            apply(&edits);
            Flow::Continue
        }
        Action::Answer(answer) => {
            let fields = answer.fields.iter();
            let fields = fields
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            let body = Some(answer.body.as_bytes());
            let _ = hostcalls::send_http_response(answer.status.into(), fields, body);
            Flow::Pause
        }
    }
}

fn apply(edits: &Edits) {
    for name in &edits.remove {
        let _ = hostcalls::remove_map_value(MapType::HttpRequestHeaders, name);
    }
    for (name, value) in &edits.set {
        let _ = hostcalls::set_map_value_bytes(MapType::HttpRequestHeaders, name, Some(value));
    }
    for (claim, value) in &edits.filter_state {
        let path = format!("idtoken.{claim}");
        let _ = hostcalls::set_property(vec![&path], Some(value.as_bytes()));
    }
}

fn log(level: LogLevel, text: &str) {
    let _ = hostcalls::log(level, text);
}

/// What Envoy offers.
#[derive(Default)]
struct Envoy {
    metrics: BTreeMap<String, u32>,
    is_busy: bool,
}

impl Envoy {
    fn metric(&mut self, kind: MetricType, name: &str) -> Option<u32> {
        if let Some(id) = self.metrics.get(name) {
            return Some(*id);
        }
        let id = hostcalls::define_metric(kind, name).ok()?;
        self.metrics.insert(name.to_owned(), id);
        Some(id)
    }
}

impl Host for Envoy {
    fn count(&mut self, name: &str, by: u64) {
        if let Some(id) = self.metric(MetricType::Counter, name) {
            let _ = hostcalls::increment_metric(id, by.try_into().unwrap_or(i64::MAX));
        }
    }

    fn set(&mut self, name: &str, value: u64) {
        if let Some(id) = self.metric(MetricType::Gauge, name) {
            let _ = hostcalls::record_metric(id, value);
        }
    }

    fn change(&mut self, name: &str, by: i64) {
        if let Some(id) = self.metric(MetricType::Gauge, name) {
            let _ = hostcalls::increment_metric(id, by);
        }
    }

    fn observe(&mut self, name: &str, value: u64) {
        if let Some(id) = self.metric(MetricType::Histogram, name) {
            let _ = hostcalls::record_metric(id, value);
        }
    }

    fn audit(&mut self, line: &str) {
        log(LogLevel::Info, line);
    }

    fn now(&mut self) -> u64 {
        let since = hostcalls::get_current_time().ok();
        let since = since.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        since.map_or(0, |since| since.as_nanos().try_into().unwrap_or(u64::MAX))
    }
}

impl Exchange for Envoy {
    fn read(&mut self, name: &str) -> Option<(Vec<u8>, Option<u32>)> {
        match hostcalls::get_shared_data(name) {
            Ok((Some(bytes), version)) => Some((bytes, version)),
            _ => None,
        }
    }

    fn write(&mut self, name: &str, bytes: &[u8], version: Option<u32>) -> bool {
        hostcalls::set_shared_data(name, Some(bytes), version).is_ok()
    }

    fn get(&mut self, cluster: &str, url: &str, timeout: u64) -> Option<u32> {
        let (scheme, rest) = url.split_once("://")?;
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at_checked(at)?,
            None => (rest, "/"),
        };
        let fields = vec![
            (":method", "GET"),
            (":scheme", scheme),
            (":authority", authority),
            (":path", path),
            ("accept", "application/json"),
        ];
        let timeout = Duration::from_millis(timeout);
        hostcalls::dispatch_http_call(cluster, fields, None, Vec::new(), timeout).ok()
    }
}
