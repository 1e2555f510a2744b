/** Answers of --call, in BuildKit's text and JSON: people's eyes and tools know both. */
import type { CallAnswer } from '../../build/call-build.ts';
import type { OutlineMount } from '../../build/frontend/outline.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { stripControl } from '../../diagnostics/redact.ts';
import type { SourceRange } from '../../diagnostics/source-range.ts';
import { RULE_DESCRIPTIONS } from './rule-descriptions.ts';

type Answer<Method extends CallAnswer['method']> = Extract<CallAnswer, { readonly method: Method }>;

/** `shownFile` is the Dockerfile as the user named it. Ends with a newline. */
export function renderCallAnswer(answer: CallAnswer, shownFile: string): string {
  switch (answer.method) {
    case 'check':
      return checkText(answer, shownFile);
    case 'outline':
      return outlineText(answer);
    case 'targets':
      return targetsText(answer);
  }
}

/** The same as one JSON document. */
export function callAnswerJson(answer: CallAnswer): string {
  return `${JSON.stringify(jsonOf(answer), undefined, 2)}\n`;
}

function jsonOf(answer: CallAnswer): object {
  switch (answer.method) {
    case 'check':
      return checkJson(answer);
    case 'outline':
      return outlineJson(answer);
    case 'targets':
      return targetsJson(answer);
  }
}

function checkText({ findings, error, source }: Answer<'check'>, file: string): string {
  if (findings.length === 0) return error ? '' : 'Check complete, no warnings found.\n';
  const count = findings.length === 1 ? '1 warning has' : `${findings.length} warnings have`;
  const sorted = [...findings].sort((a, b) => a.range.start.line - b.range.start.line);
  const each = sorted.map(({ code, docs, message, range }) =>
    [`\nWARNING: ${code}${docs ? ` - ${docs}` : ''}`, stripControl(message), sourceLines({ source, file, range })].join(
      '\n',
    ),
  );
  return `Check complete, ${count} been found!\n${each.join('')}`;
}

interface Place {
  readonly source: string;
  readonly file: string;
  readonly range: SourceRange;
}

/** Four lines around a line, two around several, as BuildKit takes them. */
function sourceLines({ source, file, range }: Place): string {
  const lines = source.split('\n');
  const [first, last] = [range.start.line, Math.min(lastLine(range), lines.length)];
  let [from, to] = [first, last];
  for (let padded = 0; padded < (first === last ? 4 : 2); padded++) {
    if (from > 1) [from, padded] = [from - 1, padded + 1];
    if (to < lines.length) [to, padded] = [to + 1, padded + 1];
  }
  const shown = lines.slice(from - 1, to).map((line, index) => {
    const number = from + index;
    const mark = number >= first && number <= last ? '>>>' : '   ';
    return ` ${String(number).padStart(3)} | ${mark} ${stripControl(line)}`;
  });
  return [`${file}:${first}`, RULER, ...shown, RULER, ''].join('\n');
}

const RULER = '-'.repeat(20);

/** An end at column 1 covers the line before it to its end. */
function lastLine({ start, end }: SourceRange): number {
  return end.column === 1 && end.line > start.line ? end.line - 1 : end.line;
}

function checkJson({ findings, error, file, source }: Answer<'check'>): object {
  const warnings = findings.map(({ code, message, docs, range }: Diagnostic) => ({
    ruleName: code,
    description: RULE_DESCRIPTIONS[code] ?? '',
    ...(docs ? { url: docs } : {}),
    detail: message,
    location: location(range),
  }));
  return {
    warnings: warnings.length > 0 ? warnings : null,
    sources: [{ filename: file, data: base64(source), language: 'Dockerfile' }],
    ...(error && {
      buildError: { message: error.message, location: error.range ? location(error.range) : {} },
    }),
  };
}

function outlineText({ outline }: Answer<'outline'>): string {
  const { name, description, args, secrets, ssh } = outline;
  const heading = [
    ...(name === undefined && description === undefined ? [] : [['TARGET:', name ?? '(default)']]),
    ...(description === undefined ? [] : [['DESCRIPTION:', description]]),
  ];
  const argRows = args.map((arg) => [arg.name, arg.value ?? '', arg.description ?? '']);
  return [
    heading.length > 0 ? columns(heading, 1) : '',
    args.length > 0 ? columns([['BUILD ARG', 'VALUE', 'DESCRIPTION'], ...argRows], 3) : '',
    secrets.length > 0 ? columns([['SECRET', 'REQUIRED'], ...mountRows(secrets)], 3) : '',
    ssh.length > 0 ? columns([['SSH', 'REQUIRED'], ...mountRows(ssh)], 3) : '',
  ]
    .filter((part) => part !== '')
    .map((part) => `${part}\n`)
    .join('');
}

function mountRows(mounts: readonly OutlineMount[]): readonly (readonly string[])[] {
  return mounts.map(({ id, required }) => [id, required ? 'true' : '']);
}

function outlineJson({ outline, source }: Answer<'outline'>): object {
  const { name, description, args, secrets, ssh } = outline;
  return {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(args.length === 0 ? {} : { args: args.map(argJson) }),
    ...(secrets.length === 0 ? {} : { secrets: secrets.map(mountJson) }),
    ...(ssh.length === 0 ? {} : { ssh: ssh.map(mountJson) }),
    sources: [base64(source)],
  };
}

function argJson({ name, description, value, range }: Answer<'outline'>['outline']['args'][number]): object {
  return { name, ...(description ? { description } : {}), ...(value ? { value } : {}), location: location(range) };
}

function mountJson({ id, required, range }: OutlineMount): object {
  return { name: id, ...(required ? { required } : {}), location: location(range) };
}

function targetsText({ targets }: Answer<'targets'>): string {
  const rows = targets.map(({ name = '', isDefault, description = '' }) => {
    const shown = isDefault ? `${name} (default)`.trimStart() : name;
    return [shown, description];
  });
  return columns([['TARGET', 'DESCRIPTION'], ...rows], 1);
}

function targetsJson({ targets, source }: Answer<'targets'>): object {
  return {
    targets: targets.map(({ name, isDefault, description, base, platform, range }) => ({
      ...(name ? { name } : {}),
      ...(isDefault ? { default: true } : {}),
      ...(description ? { description } : {}),
      base,
      ...(platform ? { platform } : {}),
      location: location(range),
    })),
    sources: [base64(source)],
  };
}

function location(range: SourceRange): object {
  return { ranges: [{ start: { line: range.start.line }, end: { line: lastLine(range) } }] };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** Cells padded to their column, the last of a row as it stands: what Go's tabwriter prints. */
function columns(rows: readonly (readonly string[])[], padding: number): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.slice(0, -1).entries()) {
      widths[index] = Math.max(widths[index] ?? 0, cell.length === 0 ? 0 : cell.length + padding);
    }
  }
  return rows
    .map((row) =>
      row.map((cell, index) => stripControl(cell).padEnd(index < row.length - 1 ? (widths[index] ?? 0) : 0)).join(''),
    )
    .map((line) => `${line}\n`)
    .join('');
}
