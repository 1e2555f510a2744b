import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { CHECKOUT, createRig } from './rig.ts';

test('the library builds what the command builds, and reports by events', async (t) => {
  const rig = createRig(t);
  const context = rig.files('context', { Dockerfile: 'FROM scratch\nCOPY a /a\n', a: 'a' });
  const { build } = await import(join(CHECKOUT, 'dist', 'index.js'));
  const events: string[] = [];
  const result = await build({
    storeRoot: rig.store,
    context,
    cwd: rig.dir,
    env: {},
    signal: new AbortController().signal,
    onEvent: (event: { type: string }) => events.push(event.type),
  });
  assert.ok(events.includes('vertex-completed'));
  assert.equal(rig.ok('build', '-q', context).trim(), result.imageId);
});

test('the parser is a subpath of its own', async () => {
  const { parseDockerfile } = await import(join(CHECKOUT, 'dist', 'dockerfile.js'));
  const { instructions } = parseDockerfile('FROM scratch\nRUN ["a"]\n');
  assert.deepEqual(
    instructions.map(({ kind }: { kind: string }) => kind),
    ['FROM', 'RUN'],
  );
});

test('types are there for both', () => {
  const program = `import { build, type BuildResult } from 'slipway';\nimport { parseDockerfile } from 'slipway/dockerfile';\nexport type R = BuildResult;\nparseDockerfile('');\nvoid build;\n`;
  const tsc = join(CHECKOUT, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(
    'sh',
    [
      '-c',
      'mkdir -p .tmp/types && cd .tmp/types && printf %s "$0" > use.ts && "$1" "$2" --noEmit --ignoreConfig --strict --module nodenext --target es2023 --lib es2023,esnext.disposable --types node --skipLibCheck use.ts',
      program,
      process.execPath,
      tsc,
    ],
    { cwd: CHECKOUT, encoding: 'utf8' },
  );
  assert.equal(status, 0, stdout);
});
