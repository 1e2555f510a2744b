/**
 * Nothing that parses is ignored: with each flag, mount option and directive of the grammar a build is another one than
 * without it, or the file is refused. What flags do to images is asked of BuildKit by the conformance cases.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '../../diagnostics/known-error.ts';
import { INSTRUCTIONS } from '../../dockerfile/instructions/instructions.ts';
import { MOUNT_OPTIONS, MOUNT_TYPES } from '../../dockerfile/mount.ts';
import type { FrontendOptions } from './build-plan.ts';
import { plan } from './plan.fixture.ts';

const SHA256 = `sha256:${'0'.repeat(64)}`;
const STAGES = 'FROM busybox AS one\nFROM busybox\n';

/** A line that has the flag and the same without it; `refused` names the code of the error that the flag is. */
interface Row {
  readonly flag: string;
  readonly line: string;
  readonly refused?: string;
  readonly options?: Partial<FrontendOptions>;
}

const FLAGS: Readonly<Record<string, Row>> = {
  'ADD chown': { flag: '--chown=1:2', line: 'ADD FLAG a /' },
  'ADD chmod': { flag: '--chmod=700', line: 'ADD FLAG a /' },
  'ADD link': { flag: '--link', line: 'ADD FLAG a /' },
  'ADD exclude': { flag: '--exclude=b', line: 'ADD FLAG a /' },
  'ADD keep-git-dir': { flag: '--keep-git-dir', line: 'ADD FLAG https://example.com/r.git#v1 /' },
  'ADD checksum': { flag: `--checksum=${SHA256}`, line: 'ADD FLAG https://example.com/a /' },
  'ADD unpack': { flag: '--unpack=false', line: 'ADD FLAG a /' },
  'COPY from': { flag: '--from=one', line: 'COPY FLAG a /' },
  'COPY chown': { flag: '--chown=1:2', line: 'COPY FLAG a /' },
  'COPY chmod': { flag: '--chmod=700', line: 'COPY FLAG a /' },
  'COPY link': { flag: '--link', line: 'COPY FLAG a /' },
  'COPY exclude': { flag: '--exclude=b', line: 'COPY FLAG a /' },
  'COPY parents': { flag: '--parents', line: 'COPY FLAG x/a /' },
  'FROM platform': { flag: '--platform=linux/arm64', line: 'FROM FLAG busybox' },
  'HEALTHCHECK interval': { flag: '--interval=7s', line: 'HEALTHCHECK FLAG CMD a' },
  'HEALTHCHECK timeout': { flag: '--timeout=7s', line: 'HEALTHCHECK FLAG CMD a' },
  'HEALTHCHECK start-period': { flag: '--start-period=7s', line: 'HEALTHCHECK FLAG CMD a' },
  'HEALTHCHECK start-interval': { flag: '--start-interval=7s', line: 'HEALTHCHECK FLAG CMD a' },
  'HEALTHCHECK retries': { flag: '--retries=7', line: 'HEALTHCHECK FLAG CMD a' },
  'RUN mount': { flag: '--mount=target=/m', line: 'RUN FLAG a' },
  'RUN network': { flag: '--network=none', line: 'RUN FLAG a' },
  'RUN security': { flag: '--security=insecure', line: 'RUN FLAG a', options: { allow: ['security.insecure'] } },
  'RUN device': { flag: '--device=a.b/c', line: 'RUN FLAG a', refused: 'DOCKERFILE_NOT_SUPPORTED' },
};

const GRAMMAR = Object.values(INSTRUCTIONS).flatMap(({ kind, flags }) =>
  Object.keys(flags).map((name) => `${kind} ${name}`),
);

test('each flag of an instruction is asked for', () => {
  assert.deepEqual(GRAMMAR.sort(), Object.keys(FLAGS).sort());
});

for (const [name, { flag, line, refused, options }] of Object.entries(FLAGS)) {
  const [with_, without] = [flag, ''].map((text) => `${STAGES}${line.replace('FLAG', text)}\n`) as [string, string];
  if (refused) {
    test(`${name}: refused where it stands`, async () => {
      const line = STAGES.split('\n').length;
      await assert.rejects(
        plan(with_, options),
        (error) => error instanceof KnownError && error.code === refused && error.range?.start.line === line,
      );
    });
  } else {
    test(`${name}: another build with it than without`, async () => {
      assert.notEqual(await buildOf(with_, options), await buildOf(without, options));
    });
  }
}

const VALUES: Readonly<Record<string, string>> = {
  ...{ type: 'tmpfs', from: 'one', size: '1m', id: 'other', sharing: 'locked', env: 'VARIABLE' },
  ...{ source: '/a', src: '/a', target: '/other', dst: '/other', destination: '/other' },
  ...{ mode: '0700', uid: '7', gid: '7' },
};
/** What a type needs to be read at all, without the option that is asked for. */
const BASIS: Readonly<Record<string, string>> = {
  bind: 'type=bind,target=/m',
  cache: 'type=cache,target=/m',
  tmpfs: 'type=tmpfs,target=/m',
  secret: 'type=secret,target=/m',
  ssh: 'type=ssh',
};
/** Defaults, and what BuildKit reads and never looks at, for every type alike. */
const NO_EFFECT: Readonly<Record<string, readonly string[]>> = {
  bind: ['readonly', 'ro', 'id', 'env'],
  cache: ['readwrite', 'rw', 'env'],
  tmpfs: ['type', 'from', 'readwrite', 'rw', 'readonly', 'ro', 'id', 'env'],
  secret: ['readonly', 'ro', 'readwrite', 'rw'],
  ssh: ['from', 'env', 'readonly', 'ro', 'readwrite', 'rw'],
};

for (const type of MOUNT_TYPES) {
  for (const option of MOUNT_OPTIONS) {
    const basis = BASIS[type] ?? '';
    const [with_, without] = [`${basis},${option}=${VALUES[option] ?? 'true'}`, basis].map(
      (value) => `${STAGES}RUN --mount=${value} a\n`,
    ) as [string, string];
    const hasEffect = !NO_EFFECT[type]?.includes(option);
    test(`${option} of a ${type} mount ${hasEffect ? 'counts or is refused' : 'says nothing'}`, async () => {
      const plain = await buildOf(without);
      assert.equal((await buildOrRefusal(with_)) === plain, !hasEffect);
    });
  }
}

const CASING = 'from busybox\nUSER 1\n';
const DIRECTIVES: Readonly<Record<string, () => Promise<boolean>>> = {
  escape: async () => (await buildOf('# escape=`\nFROM busybox\nENV A=1`\n B=2\n')).includes('B=2'),
  check: async () => (await findings(`# check=skip=all\n${CASING}`)) < (await findings(CASING)),
  syntax: async () =>
    (await buildOrRefusal('// syntax=example.com/other\nFROM busybox\n')).includes('example.com/other'),
};

for (const [name, isObeyed] of Object.entries(DIRECTIVES))
  test(`the directive ${name} counts`, async () => assert.equal(await isObeyed(), true));

async function findings(text: string): Promise<number> {
  return (await plan(text)).warnings.length;
}

/** All that is built, without the words it is told in. */
async function buildOf(text: string, options?: Partial<FrontendOptions>): Promise<string> {
  const { graph, config, platform } = await plan(text, options);
  return JSON.stringify([graph.vertices.map(({ digest }) => digest), config, platform]);
}

async function buildOrRefusal(text: string): Promise<string> {
  try {
    return await buildOf(text);
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    return `${error.code} ${error.message}`;
  }
}
