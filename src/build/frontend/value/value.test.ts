import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EnvList, setImageEnv } from './env-list.ts';
import { formatGoDuration } from './go-duration.ts';
import { goQuote, goQuoteRune } from './go-format.ts';
import { joinWorkdir, normalizeDestination, normalizePath } from './normalize-path.ts';
import { exposedPorts, parsePortSpec } from './port-spec.ts';
import { isSignal } from './signal-name.ts';

function table<Output>(name: string, run: (input: string) => Output, rows: Readonly<Record<string, Output>>): void {
  describe(name, () => {
    for (const [input, expected] of Object.entries(rows)) {
      it(JSON.stringify(input), () => assert.deepEqual(run(input), expected));
    }
  });
}

table('goQuote', goQuote, {
  'a"b\\c': '"a\\"b\\\\c"',
  '\t\n\u0007\u0001\u007f': '"\\t\\n\\a\\x01\\x7f"',
  'é日本😀': '"é日本😀"',
  '\u00a0\u200b\u{e0001}': '"\\u00a0\\u200b\\U000e0001"',
});

table('goQuoteRune', (code) => goQuoteRune(Number(code)), {
  0: "'\\x00'",
  39: "'\\''",
  65: "'A'",
  34: `'"'`,
  55296: "'\ufffd'",
  2000000: "'\ufffd'",
});

table('formatGoDuration', (nanoseconds) => formatGoDuration(Number(nanoseconds)), {
  0: '0s',
  1: '1ns',
  1500: '1.5µs',
  2000000: '2ms',
  1500000000: '1.5s',
  90000000000: '1m30s',
  3600000000000: '1h0m0s',
  3723500000000: '1h2m3.5s',
});

table('normalizeDestination', (path) => normalizeDestination('/w', path), {
  '': '/w/',
  '.': '/w/',
  a: '/w/a',
  'a/': '/w/a/',
  '/a/.': '/a/',
  '/a/../b//c': '/b/c',
  '/': '/',
  '../../..': '/',
});

table('normalizePath', (path) => normalizePath('/', path), { '': '/', '../a': '/a', 'a/': '/a', '//a': '/a' });

table('joinWorkdir', (path) => joinWorkdir('/w', path), {
  '': '/w',
  '/a/../b/': '/a/../b/',
  '../x/.': '/x',
  b: '/w/b',
});
table('joinWorkdir from a path as it was written', (path) => joinWorkdir('/a/../w/', path), {
  '': '/a/../w/',
  '.': '/w',
});

table(
  'ports',
  (text) => {
    const spec = parsePortSpec(text);
    return typeof spec === 'string' ? undefined : exposedPorts(spec);
  },
  {
    80: ['80/tcp'],
    '53/UDP': ['53/udp'],
    '1-3/sctp': ['1/sctp', '2/sctp', '3/sctp'],
    '8000-8001:80': ['80/tcp'],
    '1.2.3.4:5:6': ['6/tcp'],
    '[::1]:5:6': ['6/tcp'],
    '/tcp': undefined,
    '1/foo': undefined,
    '3-1': '"3-1" is no port and no range of ports',
    65536: '"65536" is no port and no range of ports',
    '1.2.3:5:6': '"1.2.3" is no IP address',
    '1-2:1-3': 'the ranges 1-3 and 1-2 differ in length',
  },
);

table('isSignal', isSignal, {
  SIGTERM: true,
  term: true,
  9: true,
  0: false,
  'RTMIN+15': true,
  'RTMIN+16': false,
  'SIGRTMAX-1': true,
  FOO: false,
  '': false,
});

describe('EnvList', () => {
  it('moves what is set again to the end', () => {
    const list = new EnvList().with('A', '1').with('B', '2').with('A', '3');
    assert.deepEqual(list.toArray(), ['B=2', 'A=3']);
  });

  it('keeps its value when another is made from it', () => {
    const list = new EnvList([['A', '1']]);
    list.with('A', '2');
    assert.equal(list.get('A'), '1');
  });
});

describe('setImageEnv', () => {
  it('replaces in place and appends', () => {
    assert.deepEqual(setImageEnv(['A=1', 'AB=2'], 'A', '3'), ['A=3', 'AB=2']);
    assert.deepEqual(setImageEnv(['AB=2'], 'A', '3'), ['AB=2', 'A=3']);
  });
});
