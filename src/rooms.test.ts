import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { test } from 'node:test';
import { ROOMS } from './rooms.ts';

const SRC = join(process.env['SLIPWAY_CHECKOUT'] ?? '.', 'src');
const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g;

test('every room imports only rooms below it', () => {
  const upward = [...imports()]
    .filter(({ from, to }) => from !== to && !mayImport(from, to))
    .map(({ file, to }) => `${file} imports ${to}/`);
  assert.deepEqual(upward, []);
});

test('the rooms form no cycle', () => {
  const visit = (room: string, path: readonly string[]): void => {
    assert.ok(!path.includes(room), `cycle: ${[...path, room].join(' -> ')}`);
    for (const next of ROOMS[room] ?? []) visit(next, [...path, room]);
  };
  for (const room of Object.keys(ROOMS)) visit(room, []);
});

test('every folder under src/ is a known room', () => {
  const unknown = sources().filter((file) => !(roomOf(file) in ROOMS));
  assert.deepEqual(unknown, []);
});

test('only cli/ prints', () => {
  const printing = sources()
    .filter((file) => roomOf(file) !== 'cli')
    .filter((file) => /\bconsole\.|process\.std(?:out|err)\b/.test(readFileSync(join(SRC, file), 'utf8')));
  assert.deepEqual(printing, []);
});

test('only the registry client and context/ open sockets', () => {
  const sockets = /(?:from|import\() ?'(?:node:)?(?:net|http|https|http2|tls|dgram|undici)'/;
  const opening = sources()
    .filter((file) => !file.startsWith(join('image', 'registry') + sep) && roomOf(file) !== 'context')
    // Reads a pipe that it opened itself; Node.js has no other name for that.
    .filter((file) => file !== join('exec', 'output-pipe.ts'))
    // Hands the user's ssh agent to a step: a socket of this machine.
    .filter((file) => file !== join('build', 'ops', 'exec', 'agent-proxy.ts'))
    .filter((file) => sockets.test(readFileSync(join(SRC, file), 'utf8')));
  assert.deepEqual(opening, []);
});

/** A room may import those listed for it and whatever they may import. */
function mayImport(from: string, to: string): boolean {
  const direct = ROOMS[from] ?? [];
  return direct.includes(to) || direct.some((room) => mayImport(room, to));
}

function* imports(): Generator<{ file: string; from: string; to: string }> {
  for (const file of sources()) {
    for (const [, specifier = ''] of readFileSync(join(SRC, file), 'utf8').matchAll(IMPORT)) {
      if (!specifier.startsWith('.')) continue;
      const target = relative(SRC, resolve(dirname(join(SRC, file)), specifier));
      yield { file, from: roomOf(file), to: roomOf(target) };
    }
  }
}

/** The nearest listed folder that owns a file: `build/ops/copy.ts` belongs to `build/ops`, `index.ts` to `index`. */
function roomOf(file: string): string {
  const folders = file.split(sep).slice(0, -1);
  if (folders.length === 0) return 'index';
  const inner = folders.slice(0, 2).join('/');
  return inner in ROOMS ? inner : (folders[0] ?? 'index');
}

function sources(): string[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .filter((file) => file !== 'rooms.ts');
}
