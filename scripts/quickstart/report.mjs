/**
 * What the quickstart shows: steps with their times, notes under them, failures that say what to do, a table.
 */

const isUtf8 = /utf-?8/i.test(process.env.LC_ALL || process.env.LC_CTYPE || process.env.LANG || '');
const MARKS = isUtf8 ? { done: '✓', failed: '✗', rule: '─' } : { done: 'ok', failed: 'FAILED', rule: '-' };

/** A failure that the user can do something about. */
export class QuickstartError extends Error {
  /** @param {string} message what happened @param {string} hint what to do */
  constructor(message, hint) {
    super(message);
    this.hint = hint;
  }
}

/**
 * Runs one step of the quickstart under its title, and says how long it took.
 * @template T
 * @param {string} title
 * @param {() => Promise<T> | T} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  console.log(`\n${bold(title)}`);
  const start = performance.now();
  const result = await work();
  console.log(`  ${MARKS.done} ${seconds(performance.now() - start)}`);
  return result;
}

/** A line under the step that runs. @param {string} text */
export function note(text) {
  console.log(`  ${text}`);
}

/** @param {unknown} error */
export function showFailure(error) {
  const isKnown = error instanceof QuickstartError;
  console.error(`\n${MARKS.failed} ${isKnown ? error.message : (error?.stack ?? error)}`);
  if (isKnown) console.error(`  what to do: ${error.hint}`);
}

/** @param {readonly (readonly [string, string, string?])[]} rows label, value, remark */
export function showTable(rows) {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column].length)));
  const line = MARKS.rule.repeat(Math.max(40, widths[0] + widths[1] + 3));
  console.log(`\n${line}`);
  for (const [label, value, remark = ''] of rows) {
    console.log(`${label.padEnd(widths[0])}   ${value.padStart(widths[1])}   ${remark}`.trimEnd());
  }
  console.log(line);
}

/** @param {number} ms */
export function seconds(ms) {
  return ms < 950 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** @param {number} bytes in units of 10^6, as docker shows sizes */
export function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`;
}

function bold(text) {
  return process.stdout.isTTY && !process.env.NO_COLOR ? `\u001b[1m${text}\u001b[0m` : text;
}
