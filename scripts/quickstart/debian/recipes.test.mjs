import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { baseSystem, isDocumentation } from './base-system.mjs';
import { indexPackages } from './package-index.mjs';
import { findRecipe } from './recipes.mjs';

const indexOfNames = (...names) =>
  indexPackages(names.map((name) => `Package: ${name}\nVersion: 1.26.10-1~bpo13+1\nArchitecture: amd64\n`).join('\n'));

describe('golang', () => {
  const { choose } = findRecipe('golang', '1.26');
  const rows = [
    [['golang-1.25-go', 'golang-1.26-go', 'golang-1.27-go'], 'golang-1.26-go', true],
    [['golang-1.9-go', 'golang-1.28-go', 'golang-1.27-go'], 'golang-1.27-go', false],
  ];
  for (const [names, expected, isExact] of rows) {
    test(`takes ${expected} of ${names.join(' ')}`, () => {
      const choice = choose([indexOfNames(...names)]);
      assert.equal(choice.packages.at(-1), expected);
      assert.equal(choice.isExact, isExact);
    });
  }
  test('has a C compiler as golang-cgo alone', () => {
    const hasCompiler = (repository) =>
      findRecipe(repository, '1.26')
        .choose([indexOfNames('golang-1.26-go')])
        .packages.includes('gcc');
    assert.deepEqual([hasCompiler('golang'), hasCompiler('golang-cgo')], [false, true]);
  });
  test('does without a suite that has only older ones', () =>
    assert.equal(choose([indexOfNames('golang-1.24-go')]), undefined));

  const packages = indexOfNames('golang-1.26-go').versions('golang-1.26-go');
  const { changes, rootfs } = findRecipe('golang', '1.26-trixie');
  test('says the version without Debian’s revision', () =>
    assert.equal(changes(packages)[0], 'ENV GOLANG_VERSION=1.26.10'));

  const { place } = rootfs(packages);
  for (const [path, expected, target] of [
    ['usr/lib/go-1.26/bin/go', 'usr/local/go/bin/go'],
    ['usr/share/go-1.26/src/net/http/server.go', 'usr/local/go/src/net/http/server.go'],
    ['usr/share/go-1.26', 'usr/local/go'],
    ['usr/lib/go-1.26/src', undefined, '../../share/go-1.26/src'],
    ['usr/share/go-1.26/src/net/http/server_test.go', undefined],
    ['usr/share/go-1.26/src/image/testdata/a.png', undefined],
    ['usr/share/go-1.26/test/fixedbugs/x.go', undefined],
    ['usr/share/doc/git/copyright', 'usr/share/doc/git/copyright'],
    ['usr/share/doc/git/changelog.gz', undefined],
    ['usr/bin/git', 'usr/bin/git'],
  ]) {
    test(`${path} goes to ${expected}`, () =>
      assert.equal(place(path, { type: target ? 'symlink' : 'file', target }), expected));
  }
});

test('there is a recipe for each of the names that the tests need', () => {
  for (const [repository, tag] of [
    ['busybox', 'latest'],
    ['debian', 'bookworm-slim'],
    ['debian', 'latest'],
    ['golang', '1.26'],
    ['golang', '1.26.1-bookworm'],
  ]) {
    assert.ok(findRecipe(repository, tag), `${repository}:${tag}`);
  }
  assert.equal(findRecipe('alpine', 'latest'), undefined);
  assert.equal(findRecipe('golang', 'latest'), undefined);
});

test('licences stay, manuals and translations go', () => {
  for (const [path, expected] of [
    ['usr/share/doc/bash', false],
    ['usr/share/doc/bash/copyright', false],
    ['usr/share/doc/bash/NEWS.gz', true],
    ['usr/share/man/man1/ls.1.gz', true],
    ['usr/share/man', false],
    ['usr/share/zoneinfo/UTC', false],
  ]) {
    assert.equal(isDocumentation(path), expected, path);
  }
});

test('the bundle of certificates ends each with a line break', () => {
  const path = (name) => `usr/share/ca-certificates/mozilla/${name}.crt`;
  const files = new Map([
    [path('b'), Buffer.from('B')],
    [path('a'), Buffer.from('A\n')],
  ]);
  const bundle = baseSystem(files, []).find((entry) => entry.path === 'etc/ssl/certs/ca-certificates.crt');
  assert.equal(bundle.content.toString(), 'A\nB\n');
});

test('dpkg’s status has the packages without what concerns the download', () => {
  const [one] = indexPackages(
    'Package: bash\nVersion: 5\nFilename: pool/b.deb\nSize: 3\nMD5sum: x\nSHA256: y\nDescription: shell\n',
  ).versions('bash');
  const status = baseSystem(new Map(), [one]).find(({ path }) => path === 'var/lib/dpkg/status');
  assert.equal(
    status.content.toString(),
    'Package: bash\nStatus: install ok installed\nVersion: 5\nDescription: shell\n',
  );
});
