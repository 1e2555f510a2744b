import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mountCall } from './mount-call.ts';

const cases: [type: string, options: readonly string[], flags: number, left: string, restrictions: number][] = [
  ['tmpfs', ['nosuid', 'nodev', 'size=4k', 'mode=755'], 0x6, 'size=4k,mode=755', 0],
  ['proc', ['nosuid', 'nodev', 'noexec'], 0xe, '', 0],
  ['overlay', ['ro', 'lowerdir=a:b', 'userxattr'], 0x1, 'lowerdir=a:b,userxattr', 0],
  ['none', ['bind'], 0x1000, '', 0],
  ['none', ['bind', 'ro', 'nosuid'], 0x1000, '', 0x3],
  ['none', ['rbind', 'ro'], 0x5000, '', 0x1],
];
for (const [type, options, flags, left, restrictions] of cases) {
  test(`${type} ${options.join(',')}`, () => {
    const made = mountCall({ source: 's', target: '/t', type, options });
    assert.deepEqual(made, { source: 's', target: '/t', type, flags, options: left, restrictions });
  });
}
