import type { Cause, FileChange } from './cause.ts';

/** Longer values are cut: a cause is one line. */
const VALUE_LENGTH = 60;
const DIGEST_LENGTH = 'sha256:'.length + 12;
/** Files that are named before the rest is counted. */
const NAMED_FILES = 2;

/** A cause in one line, after the name of its step: `COPY . .: main.go changed (1 of 14 files, +31 bytes)`. */
export function causeText(cause: Cause, instruction: string): string {
  const subject = causeSubject(cause, instruction);
  const text = causeStatement(cause);
  return subject === '' ? text : `${subject}: ${text}`;
}

/** What became another: an argument, a base, or the step itself. */
function causeSubject(cause: Cause, instruction: string): string {
  switch (cause.kind) {
    case 'variable':
      return `${cause.declaredBy === 'base' ? 'ENV' : cause.declaredBy} ${cause.name}`;
    case 'base':
      return `FROM ${cause.after.name}`;
    case 'setting':
      return /^[A-Z_]+$/.test(cause.name) || cause.name.startsWith('--') ? cause.name : instruction;
    case 'instruction':
    case 'heredoc':
      return keyword(instruction);
    case 'never-built':
    case 'no-cache':
      return '';
    default:
      return clip(instruction);
  }
}

/** The cause alone, for a place where the step is named already: `main.go changed`. */
export function causeStatement(cause: Cause): string {
  switch (cause.kind) {
    case 'files':
      return filesStatement(cause);
    case 'variable':
      return variableStatement(cause);
    case 'base':
      return baseStatement(cause);
    case 'setting':
      return settingStatement(cause);
    case 'instruction':
      return 'the instruction changed';
    case 'heredoc':
      return 'the heredoc changed';
    case 'predecessor':
      return cause.removed
        ? `"${clip(cause.before)}", which stood before it, was removed`
        : `it stood after "${clip(cause.before)}" before`;
    case 'download':
      return `${cause.source} has other content`;
    case 'pruned':
      return 'the record was pruned';
    case 'no-cache':
      return '--no-cache';
    case 'unfinished':
      return UNFINISHED[cause.outcome] ?? 'it has no result yet';
    case 'new-instruction':
      return 'the instruction is new';
    case 'never-built':
      return 'never built before';
    case 'inputs':
      return 'what it builds on is another';
  }
}

const UNFINISHED: Readonly<Record<string, string>> = {
  failed: 'it failed last time',
  cancelled: 'it was stopped last time',
  'not-needed': 'its result was not needed before',
};

function variableStatement({ name, before, after, declaredBy }: Extract<Cause, { kind: 'variable' }>): string {
  const origin = declaredBy === 'base' ? ' (of the base image)' : '';
  if (before === undefined) return `${value(after)} is new${origin}`;
  if (after === undefined) return `it is gone, it was ${value(before)}${origin}`;
  if (before.startsWith('***') || after.startsWith('***')) return `changed; values of ${name} are not kept${origin}`;
  return `${value(before)} → ${value(after)}${origin}`;
}

function baseStatement({ before, after }: Extract<Cause, { kind: 'base' }>): string {
  const [from, to] = [before.digest.slice(0, DIGEST_LENGTH), after.digest.slice(0, DIGEST_LENGTH)];
  if (before.platform !== after.platform) return `the platform changed, ${before.platform} → ${after.platform}`;
  return before.name === after.name
    ? `the tag moved, ${from}… → ${to}…`
    : `the base changed, ${before.name} → ${after.name}`;
}

function settingStatement({ name, before, after }: Extract<Cause, { kind: 'setting' }>): string {
  const values = `${value(before)} → ${value(after)}`;
  return /^[A-Z_]+$/.test(name) || name.startsWith('--') ? values : `${name} changed, ${values}`;
}

function value(text: string | undefined): string {
  return text === undefined || text === '' ? '(empty)' : clip(text);
}

function clip(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > VALUE_LENGTH ? `${line.slice(0, VALUE_LENGTH - 1)}…` : line;
}

function keyword(instruction: string): string {
  return /^\S+/.exec(instruction)?.[0] ?? instruction;
}

function filesStatement({ changes, fileCount, use, source }: Extract<Cause, { kind: 'files' }>): string {
  const mounted = use === 'bind' ? ` in the bind mount of ${source}` : '';
  if (changes.length === 0) return `other files${mounted}`;
  const grown = changes.reduce((sum, { sizeDeltaBytes }) => sum + sizeDeltaBytes, 0);
  const size = grown === 0 ? '' : `, ${grown > 0 ? '+' : '−'}${byteCount(Math.abs(grown))}`;
  return `${describeFiles(changes)}${mounted} (${changes.length} of ${fileCount} ${fileCount === 1 ? 'file' : 'files'}${size})`;
}

/** Files whose content is another come first: they are what people look for. */
function describeFiles(changes: readonly FileChange[]): string {
  const ordered = [...changes].sort((a, b) => rank(a) - rank(b));
  const named = ordered.slice(0, ordered.length === NAMED_FILES + 1 ? NAMED_FILES + 1 : NAMED_FILES);
  const rest = ordered.length - named.length;
  const sentences = groupByVerb(named).map(([verb, paths]) => `${join(paths)} ${verb}`);
  return join([...sentences, ...(rest > 0 ? [`${rest} more`] : [])]);
}

const RANKS: readonly FileChange['kind'][] = [
  'changed',
  'added',
  'removed',
  'renamed',
  'target',
  'type',
  'mode',
  'owner',
];

function rank({ kind }: FileChange): number {
  return RANKS.indexOf(kind);
}

function groupByVerb(changes: readonly FileChange[]): readonly (readonly [string, readonly string[]])[] {
  const groups = new Map<string, string[]>();
  for (const change of changes) {
    const { subject, verb } = fileSentence(change);
    groups.set(verb, [...(groups.get(verb) ?? []), subject]);
  }
  return [...groups];
}

function fileSentence({ path, kind, before, after }: FileChange): { readonly subject: string; readonly verb: string } {
  const subject = path === '' ? 'the folder' : path;
  switch (kind) {
    case 'changed':
      return { subject, verb: 'changed' };
    case 'added':
      return { subject, verb: 'added' };
    case 'removed':
      return { subject, verb: 'removed' };
    case 'renamed':
      return { subject: `${before} → ${subject}`, verb: 'renamed' };
    case 'mode':
      return { subject, verb: `chmod ${before} → ${after}` };
    case 'owner':
      return { subject, verb: `chown ${before} → ${after}` };
    case 'type':
      return { subject, verb: `became a ${after}` };
    case 'target':
      return { subject, verb: 'links elsewhere' };
  }
}

function join(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

function byteCount(bytes: number): string {
  if (bytes === 1) return '1 byte';
  let amount = bytes;
  let unit = 0;
  while (amount >= 999.5 && unit < UNITS.length - 1) {
    amount /= 1000;
    unit++;
  }
  return `${Number(amount.toPrecision(3))} ${UNITS[unit]}`;
}
