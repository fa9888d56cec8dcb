// `cargo xtask conformance`: what the corpus proves of the rules, of the OpenID Foundation's client tests and of published
// advisories. "Tested" is never believed: judge.mjs derives it from the verdicts of the cases and from the declared tests.
import { judge } from './judge.mjs';
import { load } from './load.mjs';

/** As many ids as fit a line; the rest is counted. */
const SHOWN = 4;

const counted = (number, word) => `${number} ${word}${number === 1 ? '' : 's'}`;
const listed = (ids) => (ids.length > SHOWN ? `${ids.slice(0, SHOWN).join(' ')} and ${ids.length - SHOWN} more` : ids.join(' '));

/** Prints a table and how many entries there are of each status. */
function print(title, rows, describe) {
  console.log(`\n== ${title}\n`);
  const width = Math.max(...rows.map(({ entry }) => entry.id.length));
  const totals = { tested: 0, 'not yet': 0, 'not applicable': 0 };
  for (const row of rows) {
    totals[row.status]++;
    const { id, notYet, notApplicable } = row.entry;
    const words = [...describe(row), notYet ?? notApplicable, ...row.tests].filter(Boolean);
    console.log(`${id.padEnd(width)}  ${row.status.padEnd(14)}  ${words.join('; ')}`);
  }
  console.log(`\n${totals.tested} tested, ${totals['not yet']} not yet, ${totals['not applicable']} not applicable`);
}

const ofRule = ({ entry, ids }) => [entry.title, ids.length > 0 && counted(ids.length, 'case')];
const ofSource = ({ entry, ids }) => [entry.what, entry.expects?.join(' or '), listed(ids)];

const { tables, findings, notes } = judge(load());
print('The rules, and how many cases test each', tables.rules, ofRule);
print("The OpenID Foundation's client tests, the verdicts they want, and the cases with their mutations", tables.modules, ofSource);
print('Advisories, what becomes of their attacks, and the cases with them', tables.advisories, ofSource);

console.log('');
for (const note of notes) console.log(`note: ${note}`);
for (const finding of findings) console.error(finding);
process.exit(findings.length ? 1 : 0);
