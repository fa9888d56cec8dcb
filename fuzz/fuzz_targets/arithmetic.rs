#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = idtoken_fuzz::targets::arithmetic(data);
});
