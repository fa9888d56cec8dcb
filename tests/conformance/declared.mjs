// Whether a test that a list names is really there, and runs: by its own declaration, not by its name in some text. What is
// declared in another way than the plain one does not count; that is a false alarm at worst.

/** Where the stages look for tests: tests elsewhere may never run. */
const IS_RUN = { js: /^tests\/(?:js|envoy)\/[\w-]+\.test\.mjs$/, rust: /^tests\/\w+(?:\/\w+)?\.rs$/ };

/** Anything that may keep a test of the file from running. */
const KEPT_BACK = {
  js: /\.(?:skip|todo|only)\b|\b(?:skip|todo|only)\s*:|\[['"`](?:skip|todo|only)|\bprocess\.exit\b|\b(?:const|let|var|function) test\b/,
  rust: /#!?\[cfg|#\[ignore/,
};

const withoutComments = (text) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^[ \t]*\/\/.*$/gm, '');
const quoted = (name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** At the top level, where nothing but the runner decides; a name in JavaScript is followed by the function at once. */
function declaration(language, name) {
  if (language === 'js') {
    const spelt = quoted(name.replaceAll("'", "\\'"));
    return new RegExp(`^test\\((?:'${spelt}'|"${quoted(name)}"), (?:async )?\\(\\w*\\) =>`, 'm');
  }
  // Of the attributes that may stand beside `test`, none but lints leave it as it is.
  return new RegExp(`^#\\[test\\]\\n(?:#\\[(?:allow|expect)\\(.*\\)\\]\\n)*fn ${quoted(name)}\\(\\) `, 'm');
}

/** Whether the `main.rs` of a test in several files plainly has this one. */
function isPart(file, main = '') {
  const code = withoutComments(main);
  return !KEPT_BACK.rust.test(code) && new RegExp(`^mod ${file};$`, 'm').test(code) && !/#\[(?:cfg|path)/.test(code);
}

/**
 * Why the test `path: name` does not count, or nothing.
 *
 * @param read gives the text of a file of the repository, or undefined
 */
export function whyNot(reference, read) {
  const [path, ...rest] = reference.split(': ');
  const name = rest.join(': ');
  const language = Object.keys(IS_RUN).find((each) => IS_RUN[each].test(path));
  if (!language || !name) return 'it is not `path: name` of a test that is run';
  const text = read(path);
  if (text === undefined) return 'there is no such file';
  const part = /^(tests\/\w+\/)(\w+)\.rs$/.exec(path);
  if (part && part[2] !== 'main' && !isPart(part[2], read(`${part[1]}main.rs`))) return 'its file is no part of a test that is run';
  const code = withoutComments(text);
  if (KEPT_BACK[language].test(code)) return `its file holds back tests (${code.match(KEPT_BACK[language])[0]})`;
  if (language === 'js' && !/^import .*\btest\b.* from 'node:test'$/m.test(code)) return 'its file does not take `test` from node:test'
  if (!declaration(language, name).test(code)) return 'no test is plainly declared so';
  return undefined;
}
