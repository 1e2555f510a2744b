import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Command } from 'commander';
import { KnownError } from '../../diagnostics/known-error.ts';
import type { CommandContext } from '../command.ts';
import { packageFile } from '../package-file.ts';
import { parseAnnotation, parseAnnotationField } from './annotation-flag.ts';
import { type BuildFlags, toBuildOptions } from './build-flags.ts';
import { parseCallFlag } from './call-flag.ts';
import { declareBuildFlags } from './declare-build-flags.ts';
import { FOREIGN_FLAGS } from './foreign-flags.ts';
import { applySettings } from './setting.ts';

/** Of `docker buildx build --help`, its hidden flags, and of the older `docker build --help` (docker 28.5, buildx 0.19 and main). */
const DOCKER_FLAGS =
  `--add-host --allow --annotation --attest --build-arg --build-context --builder --cache-from --cache-to --call
  --cgroup-parent --check --compress --cpu-period --cpu-quota --cpu-shares --cpuset-cpus --cpuset-mems --debug
  --disable-content-trust --file --force-rm --help --iidfile --isolation --label --load --memory --memory-swap --metadata-file
  --network --no-cache --no-cache-filter --output --platform --policy --print --progress --provenance --pull --push --quiet
  --resource --rm --sbom --secret --security-opt --shm-size --squash --ssh --tag --target --ulimit
  -D -c -f -m -o -q -t`.split(/\s+/);

/** A value that each flag takes, and where its effect is seen. */
const EFFECTS: Readonly<Record<string, readonly [args: string, seen: (options: ReturnType<typeof read>) => unknown]>> =
  {
    '--add-host': ['--add-host a:10.0.0.1,b=10.0.0.2', ({ options }) => options.extraHosts?.length === 2],
    '--allow': ['--allow network.host', ({ options }) => options.allow?.[0] === 'network.host'],
    '--annotation': ['--annotation a=b', ({ options }) => options.annotations?.[0]?.name === 'a'],
    '--attest': ['--attest type=sbom,disabled=true', () => true],
    '--build-arg': ['--build-arg A=b', ({ options }) => options.buildArgs?.['A'] === 'b'],
    '--build-context': ['--build-context a=/x', ({ options }) => options.buildContexts?.['a'] === '/x'],
    '--cache-from': ['--cache-from a/b', ({ options }) => options.cacheFrom?.[0]?.type === 'registry'],
    '--cache-to': ['--cache-to type=inline', ({ options }) => options.cacheTo?.[0]?.type === 'inline'],
    '--call': ['--call outline', ({ flags }) => parseCallFlag(flags.call)?.method === 'outline'],
    '--check': ['--check', ({ flags }) => flags.check],
    '--debug': ['--debug', ({ flags }) => flags.debug],
    '-D': ['-D', ({ flags }) => flags.debug],
    '--file': ['--file x', ({ options }) => options.dockerfile === 'x'],
    '-f': ['-f x', ({ options }) => options.dockerfile === 'x'],
    '--iidfile': ['--iidfile x', ({ flags }) => flags.iidfile === 'x'],
    '--isolation': ['--isolation oci', ({ options }) => options.isolation === 'oci'],
    '--label': ['--label a=b', ({ options }) => options.labels?.['a'] === 'b'],
    '--load': ['--load -o out', ({ options }) => options.exports?.[0]?.type === 'store'],
    '--metadata-file': ['--metadata-file x', ({ flags }) => flags.metadataFile === 'x'],
    '--network': ['--network none', ({ options }) => options.network === 'none'],
    '--no-cache': ['--no-cache', ({ options }) => options.useCache === false],
    '--no-cache-filter': ['--no-cache-filter a,b', ({ options }) => options.ignoreCacheOf?.length === 2],
    '--output': ['--output out', ({ options }) => options.exports?.[0]?.dest === 'out'],
    '-o': ['-o out', ({ options }) => options.exports?.[0]?.dest === 'out'],
    '--platform': ['--platform linux/arm64', ({ options }) => options.platform === 'linux/arm64'],
    '--progress': ['--progress none', ({ flags }) => flags.progress === 'none'],
    '--provenance': ['--provenance false', () => true],
    '--pull': ['--pull', ({ options }) => options.pull],
    '--push': ['--push', ({ options }) => options.exports?.[0]?.type === 'registry'],
    '--quiet': ['--quiet', ({ flags }) => flags.quiet],
    '-q': ['-q', ({ flags }) => flags.quiet],
    '--sbom': ['--sbom=false', () => true],
    '--secret': ['--secret id=a,src=b', ({ options }) => options.secrets?.[0]?.id === 'a'],
    '--shm-size': ['--shm-size 1m', ({ options }) => options.shmSizeBytes === 2 ** 20],
    '--ssh': ['--ssh default', ({ options }) => options.ssh?.[0]?.id === 'default'],
    '--tag': ['--tag a', ({ options }) => options.tags?.[0] === 'a'],
    '-t': ['-t a', ({ options }) => options.tags?.[0] === 'a'],
    '--target': ['--target a', ({ options }) => options.target === 'a'],
    '--ulimit': ['--ulimit nofile=1:2', ({ options }) => options.ulimits?.[0]?.hard === 2],
  };

function read(text: string, env: NodeJS.ProcessEnv = {}) {
  const command = declareBuildFlags(new Command('slipway build'))
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  applySettings(command, env);
  command.parse([...text.split(' ').filter(Boolean), '.'], { from: 'user' });
  const flags = command.opts() as unknown as BuildFlags;
  const context = { env, cwd: '/', signal: new AbortController().signal } as unknown as CommandContext;
  return { flags, options: toBuildOptions(context, '.', flags) };
}

const isUsage = (error: unknown) => error instanceof KnownError && error.code === 'USAGE' && error.exitCode === 2;
const takenForeign = FOREIGN_FLAGS.filter(({ isTaken }) => isTaken).map(({ flags }) => flags.split(/[ ,]+/)[0]);
const refusedForeign = FOREIGN_FLAGS.filter(({ isTaken }) => !isTaken).flatMap(({ flags }) =>
  flags
    .replace(/ <.*/, '')
    .split(', ')
    .map((flag) => (flags.includes('<') ? `${flag} 1` : flag)),
);

for (const [flag, [args, seen]] of Object.entries(EFFECTS)) {
  test(`${flag} has its effect`, () => assert.equal(Boolean(seen(read(args))), true));
}

for (const flag of takenForeign) test(`${flag} is taken`, () => assert.equal(read(flag ?? '').options.context, '.'));

for (const args of refusedForeign) {
  test(`${args} says what takes its place`, () =>
    assert.throws(
      () => read(args),
      (error) => isUsage(error) && /has no --/.test(String(error)),
    ));
}

for (const args of [
  '--provenance true',
  '--provenance mode=max',
  '--sbom generator=x',
  '--attest type=sbom',
  '--platform linux/amd64,linux/arm64',
]) {
  test(`${args} is refused`, () => assert.throws(() => read(args), isUsage));
}

test("every flag of docker's has an effect or is told apart", () => {
  const known = [
    ...Object.keys(EFFECTS),
    ...takenForeign,
    ...refusedForeign.map((args) => args.split(' ')[0]),
    '--help',
  ];
  assert.deepEqual(
    DOCKER_FLAGS.filter((flag) => !known.includes(flag)),
    [],
  );
});

test('docs/flags.md names each of them', () => {
  const page = readFileSync(packageFile('docs/flags.md') ?? '', 'utf8');
  assert.deepEqual(
    DOCKER_FLAGS.filter(
      (flag) =>
        flag.startsWith('--') && flag !== '--help' && !page.includes(`\`${flag}\``) && !page.includes(`${flag} `),
    ),
    [],
  );
});

test('settings come from the environment, and flags before them', () => {
  assert.equal(read('', { BUILDKIT_PROGRESS: 'plain' }).flags.progress, 'plain');
  assert.equal(read('', { BUILDKIT_PROGRESS: 'plain', SLIPWAY_PROGRESS: 'rawjson' }).flags.progress, 'rawjson');
  assert.equal(read('--progress tty', { SLIPWAY_PROGRESS: 'rawjson' }).flags.progress, 'tty');
  assert.equal(read('', { DOCKER_DEFAULT_PLATFORM: 'linux/arm64' }).options.platform, 'linux/arm64');
  assert.equal(read('', { SLIPWAY_GO_CACHE: 'false' }).options.useGoCache, false);
  assert.equal(read('', { SLIPWAY_PULL: '1' }).options.pull, true);
  assert.throws(() => read('', { SLIPWAY_PROGRESS: 'much' }), isUsage);
  assert.throws(() => read('', { SLIPWAY_PULL: 'maybe' }), isUsage);
});

test('annotations of a type', () => {
  assert.deepEqual(
    parseAnnotation('manifest[linux/amd64],manifest-descriptor:a=b').map(({ type, platform, name, value }) => [
      type,
      platform?.architecture,
      name,
      value,
    ]),
    [
      ['manifest', 'amd64', 'a', 'b'],
      ['manifest-descriptor', undefined, 'a', 'b'],
    ],
  );
  assert.deepEqual(parseAnnotationField('annotation-manifest-descriptor.a.b', 'c')[0]?.name, 'a.b');
  for (const text of ['a', 'other:a=b', 'index:a=b', 'mani fest:a=b'])
    assert.throws(() => parseAnnotation(text), isUsage);
});

test('--call names a method, a format, and whether the status counts', () => {
  assert.equal(parseCallFlag('build'), undefined);
  assert.deepEqual(parseCallFlag('lint,format=json,ignorestatus=true'), {
    method: 'check',
    format: 'json',
    ignoreStatus: true,
  });
  for (const text of ['chekc', 'check,format=xml', 'check,colour=red'])
    assert.throws(() => parseCallFlag(text), isUsage);
});
