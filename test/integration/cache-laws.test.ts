/**
 * The laws of the cache over random trees and random edits: a key changes exactly when what it stands for does, and what a hit
 * gives is what a run would have given.
 */
import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { build } from '../../src/build/build.ts';
import type { BuildOptions } from '../../src/build/build-options.ts';
import { BuildRecords } from '../../src/build/record/build-records.ts';
import { KnownError } from '../../src/diagnostics/known-error.ts';
import { remake } from './cache-edits.ts';
import { createRig, importBusybox } from './rig.ts';

const root = mkdtempSync(join(tmpdir(), 'slipway-laws-'));
after(() => rmSync(root, { recursive: true, force: true }));

/** Both ways to write a bind mount; there is no program on scratch, so the steps fail, and have their keys all the same. */
const KEYED = `FROM scratch AS copied
COPY in /in/
FROM copied AS bound
ARG DECLARED=1
RUN --mount=type=secret,id=token --mount=type=bind,source=bound,target=/b ["/none"]
FROM copied AS bound-by-default
RUN --mount=source=bound,target=/b ["/none"]
`;
const COPIED =
  'FROM scratch AS a\nCOPY in /in/\nFROM scratch\nCOPY --from=a /in /x/\nCOPY --link in /y\nCOPY bound /in/\n';

const folder = fc.constantFrom('in', 'in', 'out', 'bound');
const name = fc
  .array(fc.constantFrom('a', 'b', 'd', 'dir', 'é'), { minLength: 1, maxLength: 3 })
  .map((names) => names.join('/'));
const path = fc.tuple(folder, name).map(([top, below]) => `${top}/${below}`);
const content = fc.constantFrom('', '1', '2', '22', 'longer');

type Edit = (dir: string) => void;

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(path, content).map(
    ([p, text]): Edit =>
      (dir) =>
        write(join(dir, p), text),
  ),
  fc.tuple(path, content).map(
    ([p, text]): Edit =>
      (dir) =>
        write(join(dir, p), text),
  ),
  path.map(
    (p): Edit =>
      (dir) =>
        utimesSync(join(dir, p), 1_000_000_000 + p.length, 1_000_000_000 + p.length),
  ),
  fc.tuple(path, fc.constantFrom(0o644, 0o600, 0o755, 0o4755)).map(
    ([p, mode]): Edit =>
      (dir) =>
        chmodSync(join(dir, p), mode),
  ),
  fc.tuple(path, path).map(
    ([a, b]): Edit =>
      (dir) =>
        renameSync(join(dir, a), join(dir, b)),
  ),
  path.map(
    (p): Edit =>
      (dir) =>
        rmSync(join(dir, p), { recursive: true }),
  ),
  path.map(
    (p): Edit =>
      (dir) =>
        mkdirSync(join(dir, p), { recursive: true }),
  ),
  fc.tuple(path, fc.constantFrom('a', 'd', '../out')).map(
    ([p, target]): Edit =>
      (dir) =>
        symlinkSync(target, join(dir, p)),
  ),
  // The same files in directories that have them in another order.
  folder.map(
    (top): Edit =>
      (dir) =>
        remake(join(dir, top)),
  ),
);

interface Given {
  readonly secret: string;
  readonly declared: string;
  readonly undeclared: string;
}

const value = fc.constantFrom('x', 'y');
const given: fc.Arbitrary<Given> = fc.record({ secret: value, declared: value, undeclared: value });

test('a key changes exactly when what it stands for does', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.array(edit, { maxLength: 3 }), given), { minLength: 2, maxLength: 5 }),
      async (rounds) => {
        const { dir, store } = project();
        let before: { keys: Keys; model: Keys } | undefined;
        for (const [edits, values] of rounds) {
          for (const change of edits) attempt(() => change(dir));
          const model = modelOf(dir, values);
          const keys = await keysOf(dir, store, values);
          for (const step of ['copy', 'run', 'runByDefault'] as const) {
            assert.match(keys[step], /^sha256:/);
            const same = before && model[step] === before.model[step];
            if (before) assert.equal(keys[step] === before.keys[step], same, `${step}: ${model[step]}`);
          }
          before = { keys, model };
        }
      },
    ),
    { numRuns: Number(process.env.SLIPWAY_RUNS ?? 25) },
  );
});

test('a hit gives the bytes that a run would have given', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(edit, { maxLength: 3 }), { minLength: 1, maxLength: 3 }), async (rounds) => {
      const { dir, store } = project();
      writeFileSync(join(dir, 'Dockerfile'), COPIED);
      for (const edits of rounds) {
        for (const change of edits) attempt(() => change(dir));
        const options = optionsFor(dir, store, { buildArgs: { SOURCE_DATE_EPOCH: '1700000000' } });
        const cached = await build(options);
        const again = await build({ ...options, useCache: false });
        const elsewhere = await build({ ...options, storeRoot: join(dir, '..', 'other-store') });
        assert.equal(cached.imageId, again.imageId);
        assert.equal(cached.imageId, elsewhere.imageId);
      }
    }),
    { numRuns: Number(process.env.SLIPWAY_RUNS ?? 15) },
  );
});

test('a step from the cache has the files that it would make anew', (t) => {
  const rig = createRig(t);
  importBusybox(rig);
  const dockerfile = `FROM busybox AS made
WORKDIR /w
COPY --chown=7:8 --chmod=640 a b ./
RUN --mount=source=bound,target=/bound cat a /bound/f > c && ln c d && rm b && mkdir -m 1777 t && ln -s c l
FROM busybox
COPY --from=made /w /made
COPY --link --from=made /w/c /linked/
RUN rm -r /made/t && chmod 4755 /made/c && chown 9:9 /made/l
`;
  const files = { Dockerfile: dockerfile, a: 'a', b: 'b', 'bound/f': 'f', unused: '1' };
  const context = rig.files('context', files);
  const image = (...args: string[]) =>
    rig.ok('build', '-q', '--build-arg', 'SOURCE_DATE_EPOCH=1700000000', ...args, context).trim();
  const first = image();
  for (const edited of [{ unused: '2' }, { b: 'other' }, { 'bound/f': 'g' }, { 'bound/f': 'f', b: 'b' }]) {
    rig.files('context', edited);
    assert.equal(image(), image('--no-cache'), JSON.stringify(edited));
  }
  assert.equal(image(), first, 'everything is as it was');
});

interface Keys {
  readonly copy: string;
  readonly run: string;
  readonly runByDefault: string;
}

/** What each key has to tell apart, read without any of the code that makes keys. */
function modelOf(dir: string, { declared }: Given): Keys {
  const copy = entries(join(dir, 'in')).join('\n');
  const bound = entries(join(dir, 'bound')).join('\n');
  return { copy, run: JSON.stringify([copy, bound, declared]), runByDefault: JSON.stringify([copy, bound]) };
}

function entries(dir: string, below = ''): string[] {
  return readdirSync(dir)
    .sort()
    .flatMap((each) => {
      const full = join(dir, each);
      const stats = lstatSync(full);
      const shown = `${below}${each} ${stats.mode.toString(8)}`;
      if (stats.isSymbolicLink()) return [`${below}${each} -> ${readlinkSync(full)}`];
      if (stats.isDirectory()) return [shown, ...entries(full, `${below}${each}/`)];
      return [`${shown} ${readFileSync(full, 'utf8')}`];
    });
}

async function keysOf(dir: string, store: string, { secret, declared, undeclared }: Given): Promise<Keys> {
  writeFileSync(join(dir, '..', 'token'), secret);
  writeFileSync(join(dir, 'Dockerfile'), KEYED);
  const options = {
    buildArgs: { DECLARED: declared, UNDECLARED: undeclared },
    secrets: [{ id: 'token', path: join(dir, '..', 'token') }],
  };
  const [copy, run] = await keysOfTarget(dir, store, { ...options, target: 'bound' });
  const [, runByDefault] = await keysOfTarget(dir, store, { ...options, target: 'bound-by-default' });
  return { copy: copy ?? '', run: run ?? '', runByDefault: runByDefault ?? '' };
}

async function keysOfTarget(
  dir: string,
  store: string,
  options: Partial<BuildOptions>,
): Promise<(string | undefined)[]> {
  try {
    await build(optionsFor(dir, store, options));
  } catch (error) {
    if (!(error instanceof KnownError) || error.code !== 'COMMAND_NOT_FOUND') {
      if (!(error instanceof KnownError && error.code === 'RUN_FAILED')) throw error;
    }
  }
  const records = new BuildRecords(join(store, 'builds'));
  const record = records.read(records.ids()[0] ?? '');
  const key = (kind: string) => record?.steps.find((step) => step.kind === kind)?.key?.digest;
  return [key('copy'), key('exec')];
}

function optionsFor(dir: string, storeRoot: string, options: Partial<BuildOptions>): BuildOptions {
  return { storeRoot, context: dir, cwd: dir, env: {}, signal: new AbortController().signal, ...options };
}

function project(): { readonly dir: string; readonly store: string } {
  const base = mkdtempSync(join(root, 'project-'));
  const dir = join(base, 'context');
  for (const top of ['in', 'out', 'bound']) mkdirSync(join(dir, top), { recursive: true });
  return { dir, store: join(base, 'store') };
}

function write(target: string, text: string): void {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}

/** An edit of what is not there, or not of that kind, is none. */
function attempt(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
  }
}
