"""count.py WASM CORPUS: what it takes in wasmtime's fuel to import a key, to verify the first token with it, one while its
tables grow, a later one, and one whose signature is remembered.

Fuel counts the instructions of the wasm, so it is the same on every machine, busy or not.
"""
import base64
import json
import sys

from wasmtime import Config, Engine, Linker, Module, Store, WasiConfig

PLENTY = 2**62
# Then what is only built for keys in use is being built, with each token a part.
GROWING = 20
# By then all of it is there.
LATER = 128
CASES = {
    "RS256": "sig-rs256-good",
    "RS512": "sig-rs512-good",
    "PS256": "sig-ps256-good",
    "ES256": "sig-es256-good",
    "ES384": "sig-es384-good",
    "ES512": "sig-es512-good",
    "EdDSA": "sig-eddsa-good",
}


def main(wasm, corpus):
    config = Config()
    config.consume_fuel = True
    engine = Engine(config)
    module = Module.from_file(engine, wasm)
    linker = Linker(engine)
    linker.define_wasi()

    def fuel(case, imports, verifications, again=0):
        store = Store(engine)
        store.set_fuel(PLENTY)
        wasi = WasiConfig()
        now = str(case["expectations"]["now"])
        policy = json.dumps(case["policy"])
        times = [str(count) for count in (imports, verifications, again)]
        wasi.argv = ["fuel", only_key(case), policy, now, case["token"], *times]
        wasi.inherit_stderr()
        store.set_wasi(wasi)
        linker.instantiate(store, module).exports(store)["_start"](store)
        return PLENTY - store.get_fuel()

    with open(corpus, encoding="utf-8") as file:
        cases = {case["id"]: case for case in json.load(file)["cases"]}
    for algorithm, name in CASES.items():
        case = cases[name]
        start = fuel(case, 1, 0)
        print(algorithm, "import", fuel(case, 2, 0) - start)
        print(algorithm, "first", fuel(case, 1, 1) - start)
        print(algorithm, "growing", fuel(case, 1, GROWING + 1) - fuel(case, 1, GROWING))
        print(algorithm, "later", fuel(case, 1, LATER + 1) - fuel(case, 1, LATER))
        print(algorithm, "again", fuel(case, 1, 0, 3) - fuel(case, 1, 0, 2))


def only_key(case):
    """The set with the one key that the token names: the others have their own lines."""
    header = case["token"].split(".")[0]
    kid = json.loads(base64url(header))["kid"]
    keys = [key for key in json.loads(case["jwks"])["keys"] if key.get("kid") == kid]
    return json.dumps({"keys": keys})


def base64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


main(*sys.argv[1:])
