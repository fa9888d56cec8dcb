// How the demo talks: a line per step with a tick and its time, and aligned tables.
// Colours only on a terminal, and not where NO_COLOR is set (no-color.org).

const colours = process.stdout.isTTY && !process.env.NO_COLOR
const paint = (code, text) => (colours ? `\x1b[${code}m${text}\x1b[0m` : text)
export const green = text => paint(32, text)
export const red = text => paint(31, text)
export const yellow = text => paint(33, text)
export const dim = text => paint(2, text)
export const bold = text => paint(1, text)

const STATUS_COLOURS = { pass: green, fail: red, warn: yellow, skip: dim }

export const say = (text = '') => console.log(text)
export const heading = text => say(`\n${bold(text)}`)

/** Runs one step, shows that it is running, and how it ended. */
export async function step(name, work) {
  const start = performance.now()
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(2)} s`
  if (process.stdout.isTTY) process.stdout.write(dim(`… ${name}`))
  const replace = process.stdout.isTTY ? '\r\x1b[K' : ''
  try {
    const result = await work()
    say(`${replace}${green('✓')} ${name} ${dim(`(${seconds()})`)}`)
    return result
  } catch (error) {
    say(`${replace}${red('✗')} ${name} ${dim(`(${seconds()})`)}`)
    throw error
  }
}

/** The report of one token, a line per check. */
export function printReport(report) {
  const rows = report.checks.map(check => [check.status, check.id, check.rule, check.clause, shown(check.found)])
  printTable(['status', 'check', 'rule', 'clause', 'found'], rows, cells => STATUS_COLOURS[cells[0]] ?? String)
}

/** What somebody who looks for the reason wants to see: expected and found, where anything was compared. */
export function printRefusal(report) {
  const compared = report.checks.filter(check => check.expected !== undefined && check.status !== 'skip')
  const rows = compared.map(check => [check.status, check.id, check.code ?? '', shown(check.expected), shown(check.found), shown(check.hint)])
  printTable(['status', 'check', 'code', 'expected', 'found', 'hint'], rows, cells => STATUS_COLOURS[cells[0]] ?? String)
}

/** A table that is known as a whole. */
export function printTable(titles, rows, colourOf) {
  const print = tablePrinter(titles, titles.map((_, i) => Math.max(...rows.map(row => row[i].length))), colourOf)
  rows.forEach(print)
}

/** A table that grows by the row: prints the titles, gives back what prints a row. The first column may be painted. */
export function tablePrinter(titles, contentWidths, colourOf = () => String) {
  const padded = cells => cells.map((cell, i) => cell.padEnd(Math.max(titles[i].length, contentWidths[i])))
  say(dim(padded(titles).join('  ').trimEnd()))
  return row => {
    const [first, ...rest] = padded(row)
    say([colourOf(row)(first), ...rest].join('  ').trimEnd())
  }
}

const shown = value => (value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value))
