import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goModCacheDir, withModuleFolder } from './go-mod-cache-dir.ts';

for (const [env, home, dir] of [
  [{ GOMODCACHE: '/m' }, '/root', '/m'],
  [{ GOPATH: '/go:/other' }, '/root', '/go/pkg/mod'],
  [{}, '/root', '/root/go/pkg/mod'],
  [{ HOME: '/home/x' }, undefined, '/home/x/go/pkg/mod'],
  [{}, undefined, undefined],
  [{ GOMODCACHE: 'relative' }, '/root', undefined],
] as const) {
  test(`modules with ${JSON.stringify(env)} lie in ${dir}`, () => assert.equal(goModCacheDir(env, home), dir));
}

test('the folder is asked first, and nothing when downloads are off', () => {
  assert.equal(withModuleFolder(undefined, '/p'), 'file:///p,https://proxy.golang.org,direct');
  assert.equal(withModuleFolder('https://corp', '/p'), 'file:///p,https://corp');
  assert.equal(withModuleFolder('off', '/p'), undefined);
});
