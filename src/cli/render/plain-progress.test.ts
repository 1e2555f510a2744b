import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuildEvent } from '../../build/progress/build-event.ts';
import type { Digest } from '../../image/digest.ts';
import { PlainProgress } from './plain-progress.ts';

function render(events: readonly BuildEvent[]): string {
  let text = '';
  const progress = new PlainProgress((piece) => {
    text += piece;
  });
  for (const event of events) progress.event(event);
  progress.finish();
  return text;
}

const vertex = (name: string) => ({ vertex: `sha256:${name}` as Digest, name });
const log = (name: string, timeMs: number, text: string): BuildEvent => ({
  type: 'log',
  timeMs,
  vertex: vertex(name).vertex,
  stream: 'stdout',
  chunk: Buffer.from(text),
});

test('a step has a heading, its lines with times, and its end', () => {
  const text = render([
    { type: 'vertex-cached', timeMs: 1000, ...vertex('[1/2] FROM busybox') },
    { type: 'vertex-started', timeMs: 1000, ...vertex('[2/2] RUN make') },
    log('[2/2] RUN make', 1213, 'a line\nhalf'),
    log('[2/2] RUN make', 1300, ' of one\n'),
    { type: 'vertex-completed', timeMs: 1340, ...vertex('[2/2] RUN make') },
  ]);
  assert.equal(
    text,
    '#1 [1/2] FROM busybox\n#1 CACHED\n\n#2 [2/2] RUN make\n#2 0.213 a line\n#2 0.300 half of one\n#2 DONE 0.3s\n',
  );
});

test('the heading comes again when output returns to a step', () => {
  const text = render([
    { type: 'vertex-started', timeMs: 0, ...vertex('a') },
    { type: 'vertex-started', timeMs: 0, ...vertex('b') },
    log('a', 10, 'from a\n'),
    { type: 'vertex-completed', timeMs: 20, ...vertex('b') },
  ]);
  assert.equal(text, '#1 a\n\n#2 b\n\n#1 a\n#1 0.010 from a\n\n#2 b\n#2 DONE 0.0s\n');
});

test('terminal escapes of a step do not reach the reader', () => {
  const text = render([
    { type: 'vertex-started', timeMs: 0, ...vertex('a') },
    log('a', 0, '\u001b]0;owned\u0007\u001b[31mred\n'),
  ]);
  assert.equal(text.includes('\u001b'), false);
});

test('what comes after the end is not shown', () => {
  let shown = '';
  const progress = new PlainProgress((text) => {
    shown += text;
  });
  progress.event({ type: 'vertex-started', timeMs: 0, vertex: 'sha256:a' as Digest, name: 'a' });
  progress.finish();
  const before = shown;
  progress.event({ type: 'vertex-failed', timeMs: 1, vertex: 'sha256:a' as Digest, name: 'a', message: 'late' });
  assert.equal(shown, before);
});
