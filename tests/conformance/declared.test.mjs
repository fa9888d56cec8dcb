// What counts as a test that is there and runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyNot } from './declared.mjs';

const JS = 'tests/js/some.test.mjs';
const RUST = 'tests/some.rs';
const inJs = (text) => whyNot(`${JS}: a name`, (path) => (path === JS ? text : undefined));
const inRust = (text) => whyNot(`${RUST}: a_name`, (path) => (path === RUST ? text : undefined));

// In parts, as these words may stand in no script of this repository.
const HOLDING_BACK = [['sk', 'ip'], ['to', 'do'], ['on', 'ly']].map((parts) => parts.join(''));

test('a test that is plainly declared counts', () => {
  for (const text of ["test('a name', () => {", 'test("a name", () => {', "test('a name', async () => {", "\n\ntest('a name', (t) => {"]) {
    assert.equal(inJs(text), undefined, text);
  }
  assert.equal(whyNot(`${JS}: it's a name: or two`, () => "test('it\\'s a name: or two', () => {"), undefined);
  assert.equal(whyNot('tests/some/main.rs: a_name', () => '#[test]\nfn a_name() {'), undefined);
  for (const text of ['#[test]\nfn a_name() {', '#[test]\n#[allow(clippy::panic)]\nfn a_name() {', '#[test]\nfn a_name() -> Result<(), Code> {']) {
    assert.equal(inRust(text), undefined, text);
  }
});

test('a name in some text is no test', () => {
  for (const text of ["'a name'", "const name = \"test('a name', () => {\"", "test('a name of another', () => {", "  test('a name', () => {", "mytest('a name', () => {", "test('A name', () => {"]) {
    assert.match(inJs(text), /no test is plainly declared/, text);
  }
  for (const text of ['fn a_name() {', '#[test]\nfn a_name_of_another() {', '#[cfg(test)]\nfn a_name() {', 'mod m {\n    #[test]\n    fn a_name() {']) {
    assert.match(inRust(text), /no test is plainly declared/, text);
  }
});

test('a test in a comment does not count', () => {
  for (const text of ["// test('a name', () => {", "/*\ntest('a name', () => {\n*/", "/**\n *\n */ /* x\ntest('a name', () => {})*/"]) {
    assert.match(inJs(text), /no test is plainly declared/, text);
  }
  for (const text of ['// #[test]\nfn a_name() {', '/*\n#[test]\nfn a_name() {\n*/', '#[test]\n// fn a_name() {']) {
    assert.match(inRust(text), /no test is plainly declared/, text);
  }
});

test('a test that is held back does not count, nor does any other of its file', () => {
  const plain = "test('a name', () => {})\n";
  for (const word of HOLDING_BACK) {
    for (const text of [`test.${word}('a name', () => {`, `${plain}test.${word}('another', () => {})`, `test('a name', { ${word}: true }, () => {`, `test('a name', (t) => { t.${word}() })`, `describe.${word}('x', () => {})\n${plain}`]) {
      assert.match(inJs(text), /holds back tests/, text);
    }
  }
  assert.match(inJs(`process.exit(0)\n${plain}`), /holds back tests/);
  assert.match(inJs("test('a name', { timeout: 1 }, () => {"), /no test is plainly declared/);
  for (const text of ['#[test]\n#[ignore]\nfn a_name() {', '#[ignore = "slow"]\n#[test]\nfn a_name() {', '#![cfg(feature = "x")]\n#[test]\nfn a_name() {']) {
    assert.match(inRust(text), /holds back tests/, text);
  }
  assert.match(inRust('#[test]\n#[cfg(any())]\nfn a_name() {'), /no test is plainly declared/);
  assert.match(inRust('#[test]\n#[should_panic]\nfn a_name() {'), /no test is plainly declared/);
});

test('a file that is missing, or that no stage runs, has no test', () => {
  assert.match(whyNot('tests/js/gone.test.mjs: a name', () => undefined), /no such file/);
  for (const path of ['tests/js/some.mjs', 'tests/some.mjs', 'js/some.test.mjs', 'examples/some.rs', 'tests/some/other.rs', 'tests/js/some.test.mjs.old']) {
    assert.match(whyNot(`${path}: a name`, () => "test('a name', () => {"), /a test that is run/, path);
  }
  assert.match(whyNot(JS, () => ''), /a test that is run/);
});

test('a part of a test counts if the test has it', () => {
  const inPart = (main) => whyNot('tests/some/part.rs: a_name', (path) => ({ 'tests/some/part.rs': '#[test]\nfn a_name() {', 'tests/some/main.rs': main })[path]);
  assert.equal(inPart('mod other;\nmod part;\n'), undefined);
  for (const main of [undefined, '', '// mod part;', 'mod parts;', '#[cfg(any())]\nmod part;', '#![cfg(any())]\nmod part;']) {
    assert.match(inPart(main), /no part of a test/, main);
  }
});
