/**
 * What is different between two evaluations of one step, told by the named parts of their keys. Pure: manifests are
 * asked for by digest. It must not know how a build runs; it knows which parts the keys of `build/ops` have.
 */
import { familiarReference, parseReference } from '../../image/reference.ts';
import type { CacheKey } from '../cache/cache-key.ts';
import { countFiles } from '../cache/manifest-text.ts';
import type { DeclaredNames, RecordedOptions, StepRecord } from './build-record.ts';
import type { BaseIdentity, Cause } from './cause.ts';
import { textChanges } from './file-changes.ts';

/** A step with its key, and what its build was asked for. */
export interface ComparedStep {
  readonly step: Pick<StepRecord, 'kind' | 'text' | 'source' | 'reference'>;
  readonly key: CacheKey;
  readonly build: {
    readonly declared: DeclaredNames;
    readonly options: Pick<RecordedOptions, 'buildArgs'>;
  };
}

/** What a content digest was made of, see manifest-text.ts. */
export type FindManifest = (digest: string) => string | undefined;

/** Causes that lie in the step itself, not in what it builds on; empty when there are none. */
export function compareSteps(before: ComparedStep, after: ComparedStep, manifests: FindManifest): readonly Cause[] {
  switch (after.step.kind) {
    case 'image':
      return compareBases(before, after);
    case 'fetch':
      return [...instructionChange(before, after), ...downloadChange(before, after)].slice(0, 1);
    case 'copy':
      return compareCopies(before, after, manifests);
    case 'exec':
      return compareRuns(before, after, manifests);
    case 'mkdir':
      return compareInstructions(before, after, { path: 'the directory', user: 'USER', epoch: 'SOURCE_DATE_EPOCH' });
    case 'context':
    case 'merge':
      return [];
  }
}

function compareBases(before: ComparedStep, after: ComparedStep): readonly Cause[] {
  if (before.key.digest === after.key.digest) return [];
  return [
    ...variablesInText(before, after),
    { kind: 'base', before: baseIdentity(before), after: baseIdentity(after) },
  ];
}

function baseIdentity({ step, key }: ComparedStep): BaseIdentity {
  const { digest: _, ...reference } = parseReference(step.reference ?? 'scratch');
  return { name: familiarReference(reference), digest: key.parts.manifest ?? '', platform: key.parts.platform ?? '' };
}

function downloadChange({ key: before }: ComparedStep, { key: after }: ComparedStep): readonly Cause[] {
  if (before.parts.identity === after.parts.identity) return [];
  const source = JSON.parse(after.parts.source ?? '{}');
  return [{ kind: 'download', source: String(source.url ?? source.remote ?? '') }];
}

function instructionChange({ step: before }: ComparedStep, { step: after }: ComparedStep): readonly Cause[] {
  const [a, b] = [before.source || before.text, after.source || after.text];
  return a === b ? [] : [{ kind: 'instruction', before: a, after: b }];
}

/** The instruction as written, else the variables in it, else the parts that became others all the same. */
function compareInstructions(
  before: ComparedStep,
  after: ComparedStep,
  settings: Readonly<Record<string, string>>,
): readonly Cause[] {
  const changed = Object.keys(settings).filter((part) => before.key.parts[part] !== after.key.parts[part]);
  if (changed.length === 0) return [];
  const written = instructionChange(before, after);
  if (written.length > 0) return written;
  const variables = variablesInText(before, after);
  if (variables.length > 0) return variables;
  return changed.map((part) => ({
    kind: 'setting',
    name: settings[part] ?? part,
    before: before.key.parts[part] ?? '',
    after: after.key.parts[part] ?? '',
  }));
}

/** Variables that an instruction names and whose values, given or declared, are others. */
function variablesInText(before: ComparedStep, after: ComparedStep): readonly Cause[] {
  if (before.step.text === after.step.text) return [];
  const names = new Set([...(after.step.source ?? '').matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = '']) => name));
  return [...names].flatMap((name): Cause[] => {
    const [a, b] = [declaredValue(name, before), declaredValue(name, after)];
    return a === b ? [] : [{ kind: 'variable', declaredBy: declarer(name, after), name, before: a, after: b }];
  });
}

function declaredValue(name: string, { build: { declared, options } }: ComparedStep): string | undefined {
  const given = Object.hasOwn(declared.args, name) ? options.buildArgs[name] : undefined;
  return declared.variables[name] ?? given ?? declared.args[name];
}

function declarer(name: string, { build: { declared } }: ComparedStep): 'ARG' | 'ENV' | 'base' {
  if (Object.hasOwn(declared.variables, name)) return 'ENV';
  return Object.hasOwn(declared.args, name) ? 'ARG' : 'base';
}

const COPY_SETTINGS = {
  sources: 'the sources',
  destination: 'the destination',
  chown: '--chown',
  chmod: '--chmod',
  parents: '--parents',
  exclude: '--exclude',
  epoch: 'SOURCE_DATE_EPOCH',
};

function compareCopies(before: ComparedStep, after: ComparedStep, manifests: FindManifest): readonly Cause[] {
  const settings = compareInstructions(before, after, COPY_SETTINGS);
  if (settings.some(({ kind }) => kind !== 'setting')) return settings;
  const sources: unknown = JSON.parse(after.key.parts.sources ?? '[]');
  const isInline = (index: string) => Array.isArray(sources) && typeof sources[Number(index)] === 'string';
  const files = numberedParts(after.key, 'source').flatMap((index): Cause[] => {
    const [a, b] = [before.key.parts[`source ${index}`], after.key.parts[`source ${index}`]];
    if (a === b || a === undefined || b === undefined) return [];
    if (isInline(index)) return [{ kind: 'heredoc' }];
    return [{ kind: 'files', use: 'copy', ...filesBetween([a], [b], manifests) }];
  });
  return [...settings, ...mergeFiles(files)];
}

/** Several sources of one COPY are one selection to people. */
function mergeFiles(causes: readonly Cause[]): readonly Cause[] {
  const files = causes.filter((cause) => cause.kind === 'files');
  const [first] = files;
  if (first === undefined || files.length === 1) return causes;
  const changes = files.flatMap((cause) => cause.changes);
  const fileCount = files.reduce((sum, cause) => sum + cause.fileCount, 0);
  return [...causes.filter(({ kind }) => kind !== 'files'), { ...first, changes, fileCount }];
}

function numberedParts({ parts }: CacheKey, name: string): readonly string[] {
  return Object.keys(parts).flatMap((part) => (part.startsWith(`${name} `) ? [part.slice(name.length + 1)] : []));
}

function filesBetween(before: readonly string[], after: readonly string[], manifests: FindManifest) {
  const [a, b] = [manifests(before[0] ?? ''), manifests(after[0] ?? '')];
  return { changes: a === undefined || b === undefined ? [] : textChanges(a, b), fileCount: countFiles(b ?? '') };
}

const RUN_SETTINGS: Readonly<Record<string, string>> = {
  workdir: 'WORKDIR',
  user: 'USER',
  network: '--network',
  security: '--security',
  platform: '--platform',
};
const SANDBOX_SETTINGS = ['the hostname', '--add-host', '--shm-size', '--ulimit'];

function compareRuns(before: ComparedStep, after: ComparedStep, manifests: FindManifest): readonly Cause[] {
  const [a, b] = [before.key.parts, after.key.parts];
  const written = ['command', 'mounts', 'files', 'network', 'security'].some((part) => a[part] !== b[part]);
  const instruction = written ? instructionChange(before, after) : [];
  return [
    ...(instruction.length > 0 ? instruction : unwrittenChanges(before, after)),
    ...variableChanges(before, after),
    ...settingChanges(a, b, { withFlags: instruction.length === 0 }),
    ...sandboxChanges(a.sandbox, b.sandbox),
    ...bindChanges(before, after, manifests),
  ];
}

/** The line is the same, and what runs is not: a heredoc's body, SHELL, variables in a mount. */
function unwrittenChanges({ key: before }: ComparedStep, { step, key: after }: ComparedStep): readonly Cause[] {
  const [a, b] = [before.parts, after.parts];
  if (a.files !== b.files) return [{ kind: 'heredoc' }];
  const mounts = change('the mounts', a.mounts, b.mounts);
  if (a.command === b.command) return mounts;
  if (step.source?.includes('<<')) return [{ kind: 'heredoc' }, ...mounts];
  const [argvBefore, argvAfter] = [parseList(a.command), parseList(b.command)];
  const isShell = argvBefore.at(-1) === argvAfter.at(-1) && argvAfter.length > 1;
  const shell = (argv: readonly string[]) => argv.slice(0, -1).join(' ');
  if (isShell) return [...change('SHELL', shell(argvBefore), shell(argvAfter)), ...mounts];
  return [{ kind: 'instruction', before: argvBefore.join(' '), after: argvAfter.join(' ') }, ...mounts];
}

function variableChanges(before: ComparedStep, after: ComparedStep): readonly Cause[] {
  const [a, b] = [environment(before.key), environment(after.key)];
  const names = [...new Set([...b.keys(), ...a.keys()])].filter((name) => a.get(name) !== b.get(name));
  return names.map((name) => ({
    kind: 'variable',
    declaredBy: declarer(name, b.has(name) ? after : before),
    name,
    before: a.get(name),
    after: b.get(name),
  }));
}

function environment({ parts }: CacheKey): ReadonlyMap<string, string> {
  return new Map(
    parseList(parts.env).map((assignment) => {
      const equals = assignment.indexOf('=');
      return equals < 0 ? [assignment, ''] : [assignment.slice(0, equals), assignment.slice(equals + 1)];
    }),
  );
}

function settingChanges(
  a: CacheKey['parts'],
  b: CacheKey['parts'],
  { withFlags }: { readonly withFlags: boolean },
): readonly Cause[] {
  return Object.entries(RUN_SETTINGS).flatMap(([part, name]) =>
    !withFlags && (part === 'network' || part === 'security') ? [] : change(name, a[part], b[part]),
  );
}

function sandboxChanges(before: string | undefined, after: string | undefined): readonly Cause[] {
  if (before === after) return [];
  const [a, b]: unknown[][] = [JSON.parse(before ?? '[]'), JSON.parse(after ?? '[]')];
  return SANDBOX_SETTINGS.flatMap((name, index) => change(name, shown(a?.[index]), shown(b?.[index])));
}

function shown(value: unknown): string {
  if (!Array.isArray(value)) return value === 0 || value === undefined ? '' : String(value);
  return value
    .map((item) => (typeof item === 'object' && item ? Object.values(item).join(':') : String(item)))
    .join(', ');
}

function bindChanges(
  { key: before }: ComparedStep,
  { key: after }: ComparedStep,
  manifests: FindManifest,
): readonly Cause[] {
  const mounts: { type?: string; source?: string }[] = JSON.parse(after.parts.mounts ?? '[]');
  const binds = mounts.filter(({ type }) => type === 'bind');
  return numberedParts(after, 'bind').flatMap((index): Cause[] => {
    const [a, b] = [before.parts[`bind ${index}`], after.parts[`bind ${index}`]];
    if (a === b || a === undefined || b === undefined) return [];
    const source = binds[Number(index)]?.source ?? '';
    return [{ kind: 'files', use: 'bind', source, ...filesBetween([a], [b], manifests) }];
  });
}

function change(name: string, before: string | undefined, after: string | undefined): Cause[] {
  return before === after ? [] : [{ kind: 'setting', name, before: before ?? '', after: after ?? '' }];
}

function parseList(json: string | undefined): readonly string[] {
  const list: unknown = JSON.parse(json ?? '[]');
  return Array.isArray(list) ? list.map(String) : [];
}
