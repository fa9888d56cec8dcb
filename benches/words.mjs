// Numbers and verdicts as people read them.

/** Three digits that count, and no more. */
export function amount(value) {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 3));
}

/** A verdict of targets.mjs. */
export function verdictWords(verdict) {
  return { goal: 'goal met', must: 'must met', missed: 'MISSED', 'not measured': 'not measured' }[verdict];
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words) {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** A paragraph in lines that are not too long. */
export function wrapped(text, width = 125) {
  const lines = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}
