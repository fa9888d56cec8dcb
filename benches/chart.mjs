// docs/performance.svg: one panel for each algorithm, one bar for each candidate.
import { amount } from './words.mjs';

const WIDTH = 960;
const HEAD = 112;
const BAR = 20;
const GAP = 46;
/** Where the bars begin, and how long the longest is. */
const LEFT = 240;
const LENGTH = 560;

const STYLE = `
text{font:12px system-ui,sans-serif;fill:#24292f}.h{font-weight:600;font-size:14px}.s{fill:#57606a;font-size:11px}
.bg{fill:#fff}.axis{stroke:#8c959f;fill:none}.ours{fill:#0969da}.peer{fill:#bc4c00}.sig{fill:#8c959f}
.quiet{stroke:#24292f;stroke-width:2}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.s{fill:#9198a1}.bg{fill:#0d1117}.axis{stroke:#656c76}.ours{fill:#58a6ff}
.peer{fill:#f0883e}.sig{fill:#656c76}.quiet{stroke:#e6edf3}}
`;

/** What colours mean, and where the legend says so. */
const KINDS = [
  ['ours', 'idtoken', 16],
  ['peer', 'other packages, the same checks', 120],
  ['sig', 'the signature alone', 360],
];

/** @param {Record<string, { results: object }>} algorithms what was measured in Node */
export function chart(algorithms) {
  const parts = [];
  let top = HEAD;
  for (const [alg, { results }] of Object.entries(algorithms)) {
    const shown = Object.entries(results).filter(isShown).sort(([, a], [, b]) => a.median - b.median);
    parts.push(panel(alg, shown, top));
    top += shown.length * BAR + GAP;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" role="img" aria-label="Microseconds for one verified token, by algorithm">
<style>${STYLE}</style>
<rect class="bg" width="${WIDTH}" height="${top}"/>
${legend()}
${parts.join('\n')}
</svg>
`;
}

/** Our own arithmetic of another kind is so slow that the other bars would vanish beside it. */
function isShown([name, { again }]) {
  return !again && (name === 'idtoken' || !name.startsWith('idtoken'));
}

function legend() {
  const title = text('h', 16, 26, 'One verified token in Node: microseconds, median; the upright stroke is the quiet decile');
  const entries = KINDS.map(([kind, words, x]) => `<rect class="${kind}" x="${x}" y="40" width="14" height="12"/>${text('', x + 20, 51, words)}`);
  return [title, ...entries, text('s', 16, 72, 'Each panel has its own scale. Shorter is better.')].join('\n');
}

function panel(alg, shown, top) {
  const longest = Math.max(...shown.map(([, { median }]) => median));
  const bars = shown.map(([name, result], nth) => {
    const y = top + 12 + nth * BAR;
    const length = (value) => ((value / longest) * LENGTH).toFixed(1);
    const end = LEFT + Number(length(result.median));
    const quiet = LEFT + Number(length(result.p10));
    return `${text('', 24, y + 13, name)}<rect class="${kindOf(name, result)}" x="${LEFT}" y="${y + 2}" width="${length(result.median)}" height="${BAR - 6}"/>`
      + `<path class="quiet" d="M${quiet.toFixed(1)} ${y + 2}v${BAR - 6}"/>${text('s', end + 8, y + 13, amount(result.median))}`;
  });
  const axis = `<path class="axis" d="M${LEFT} ${top + 12}v${shown.length * BAR}"/>`;
  return [text('h', 16, top, alg), ...bars, axis].join('\n');
}

function kindOf(name, { signatureOnly }) {
  if (signatureOnly) return 'sig';
  return name === 'idtoken' ? 'ours' : 'peer';
}

function text(kind, x, y, words) {
  return `<text class="${kind}" x="${x.toFixed(0)}" y="${y.toFixed(0)}">${words}</text>`;
}
