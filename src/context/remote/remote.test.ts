import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ContextArgument, parseContextArgument } from './context-argument.ts';
import { type GitReference, parseGitReference } from './git-reference.ts';
import { fileNameOfDisposition, fileNameOfUrl } from './http-file-name.ts';

const NOTHING = { ref: undefined, subdir: undefined, checksum: undefined, keepGitDir: undefined };
const git = (remote: string, rest: Partial<GitReference> = {}): GitReference => ({
  remote,
  ...NOTHING,
  submodules: true,
  looksLocal: false,
  ...rest,
});

const REPO = 'https://example.com/foo.git';
const GIT: readonly (readonly [text: string, reference: GitReference | undefined])[] = [
  ['https://example.com/', undefined],
  ['https://example.com/foo', undefined],
  ['https://example.com/foo.git/', undefined],
  ['https://example.com/foo.git.bar', undefined],
  ['httpx://example.com/foo.git', undefined],
  ['custom.xyz/moby/buildkit.git', undefined],
  ['./foo.git', undefined],
  ['../foo.git', undefined],
  ['.', undefined],
  [REPO, git(REPO)],
  [`${REPO}#deadbeef`, git(REPO, { ref: 'deadbeef' })],
  [`${REPO}#release/1.2`, git(REPO, { ref: 'release/1.2' })],
  [`${REPO}#v1:sub/dir`, git(REPO, { ref: 'v1', subdir: 'sub/dir' })],
  [`${REPO}#:sub`, git(REPO, { subdir: 'sub' })],
  [`${REPO}#:../../etc`, git(REPO, { subdir: 'etc' })],
  [`${REPO}#`, git(REPO)],
  [`${REPO}?tag=v1`, git(REPO, { ref: 'refs/tags/v1' })],
  [`${REPO}?branch=main&subdir=/a`, git(REPO, { ref: 'refs/heads/main', subdir: 'a' })],
  [`${REPO}?ref=v1#v1`, git(REPO, { ref: 'v1' })],
  [`${REPO}?checksum=ABC123&keep-git-dir`, git(REPO, { checksum: 'abc123', keepGitDir: true })],
  [`${REPO}?submodules=0`, git(REPO, { submodules: false })],
  ['https://foo:bar@github.com/moby/buildkit.git', git('https://foo:bar@github.com/moby/buildkit.git')],
  ['HTTPS://example.com/foo.git', git('HTTPS://example.com/foo.git')],
  ['git://example.com/foo', git('git://example.com/foo')],
  ['ssh://git@github.com:22/moby/buildkit.git#v1', git('ssh://git@github.com:22/moby/buildkit.git', { ref: 'v1' })],
  ['git@github.com:moby/buildkit', git('git@github.com:moby/buildkit')],
  ['git@github.com:moby/buildkit.git#v1:hack', git('git@github.com:moby/buildkit.git', { ref: 'v1', subdir: 'hack' })],
  ['me@example.com:/srv/x.git?subdir=/a#v1', git('me@example.com:/srv/x.git', { ref: 'v1', subdir: 'a' })],
  ['github.com/moby/buildkit#master', git('https://github.com/moby/buildkit', { ref: 'master', looksLocal: true })],
];

for (const [text, reference] of GIT) {
  test(`${text} is ${reference ? 'a' : 'no'} git reference`, () =>
    assert.deepEqual(parseGitReference(text), reference));
}

const BAD_GIT: readonly string[] = [
  `${REPO}#--upload-pack=touch /tmp/x`,
  `${REPO}#-x`,
  `${REPO}#+refs/heads/*`,
  `${REPO}#a..b`,
  `${REPO}#a b`,
  `${REPO}?ref=a:b`,
  `${REPO}?ref=v1#v2`,
  `${REPO}?tag=a&branch=b`,
  `${REPO}?tag=a&tag=b`,
  `${REPO}?tag=`,
  `${REPO}?what=1`,
  `${REPO}?checksum=xyz`,
  `${REPO}?submodules=maybe`,
  'ssh://-oProxyCommand=x/foo.git',
  'ssh://-x@example.com/foo.git',
];

for (const text of BAD_GIT) {
  test(`${text} is refused`, () => assert.throws(() => parseGitReference(text), { code: 'USAGE' }));
}

test('a password is not repeated in the error', () => {
  assert.throws(
    () => parseGitReference('https://me:hunter2@example.com/foo.git#-x'),
    (error: Error) => {
      return !error.message.includes('hunter2');
    },
  );
});

test('an ssh host that begins with a hyphen is no reference', () => {
  assert.equal(parseGitReference('-oProxyCommand@host:x'), undefined);
  assert.equal(parseGitReference('git@-oProxyCommand:x'), undefined);
});

const ARGUMENTS: readonly (readonly [text: string, named: boolean, argument: ContextArgument])[] = [
  ['.', false, { kind: 'local', path: '.' }],
  ['-', false, { kind: 'stdin' }],
  ['-', true, { kind: 'local', path: '-' }],
  ['dir', false, { kind: 'local', path: 'dir' }],
  ['github.com/is/here', false, { kind: 'local', path: 'github.com/is/here' }],
  ['https://example.com/ctx.tar.gz', false, { kind: 'http', url: 'https://example.com/ctx.tar.gz' }],
  [REPO, false, { kind: 'git', git: git(REPO) }],
  [REPO, true, { kind: 'git', git: git(REPO) }],
  ['docker-image://alpine:3.20', true, { kind: 'image', reference: 'alpine:3.20' }],
  ['docker-image://alpine', false, { kind: 'local', path: 'docker-image://alpine' }],
  ['oci-layout://a/b', true, { kind: 'oci-layout', path: 'a/b', reference: undefined }],
  ['oci-layout:///a/b:tag', true, { kind: 'oci-layout', path: '/a/b', reference: 'tag' }],
  ['oci-layout://a@sha256:12', true, { kind: 'oci-layout', path: 'a', reference: 'sha256:12' }],
  ['target:base', true, { kind: 'target', name: 'base' }],
];

for (const [text, named, argument] of ARGUMENTS) {
  test(`${named ? '--build-context x=' : ''}${text} is ${argument.kind}`, () => {
    const isDirectory = (path: string) => path === 'github.com/is/here';
    assert.deepEqual(parseContextArgument(text, { isDirectory, named }), argument);
  });
}

const NAMES: readonly (readonly [url: string, name: string])[] = [
  ['https://example.com/a/b.tar.gz?x=1#y', 'b.tar.gz'],
  ['https://example.com/a/', 'a'],
  ['https://example.com', '__unnamed__'],
  ['https://example.com/a%20b', 'a b'],
  ['https://example.com/..%2f..%2fetc', 'etc'],
  ['https://example.com/a/..%2f..', '__unnamed__'],
  ['not a url', '__unnamed__'],
];

for (const [url, name] of NAMES) test(`${url} is called ${name}`, () => assert.equal(fileNameOfUrl(url), name));

const DISPOSITIONS: readonly (readonly [header: string | undefined, name: string | undefined])[] = [
  [undefined, undefined],
  ['attachment', undefined],
  ['attachment; filename=a.txt', 'a.txt'],
  ['attachment; filename="a b.txt"', 'a b.txt'],
  ['attachment; filename="/etc/passwd"', 'passwd'],
  ['attachment; filename=".."', undefined],
  ['attachment; filename="x/"', undefined],
  ['attachment; filename="x"; filename*=UTF-8\'\'%e2%82%ac.txt', '€.txt'],
];

for (const [header, name] of DISPOSITIONS) {
  test(`${header} names ${name}`, () => assert.equal(fileNameOfDisposition(header), name));
}
