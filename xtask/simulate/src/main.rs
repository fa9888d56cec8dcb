//! `cargo xtask simulate`: fleets of isolates in virtual time. The key cache of the core is the real one; jose and
//! Envoy's jwt_authn beside it are models after their documentation and source.
mod client;
mod envoy;
mod fleet;
mod jose;
mod ours;
mod random;
mod scenario;
mod tally;
#[cfg(test)]
mod testing;
mod traffic;
mod world;

fn main() {
    for s in scenario::SCENARIOS {
        for c in fleet::CONTESTANTS {
            let started = std::time::Instant::now();
            let t = fleet::run(s, c, 1).unwrap();
            println!("{} {} {:?} {:?}", s.name, c.name(), started.elapsed(), tally::Tally{minutes: vec![], ..t});
        }
    }
}
