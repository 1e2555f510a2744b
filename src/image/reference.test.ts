import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KnownError } from '../diagnostics/known-error.ts';
import type { Digest } from './digest.ts';
import {
  familiarName,
  familiarReference,
  formatReference,
  parseReference,
  withDefaultTag,
  withDigest,
  withTag,
} from './reference.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}` as Digest;
const IDENTIFIER = '1a3f5e7d9c1b3a5f7e9d1c3b5a7f9e1d3c5b7a9f1e3d5d7c9b1a3f5e7d9c1b3a';

/** Written, full form, familiar form. */
const VALID: readonly (readonly [string, string, string])[] = [
  ['busybox', 'docker.io/library/busybox', 'busybox'],
  ['busybox:1.36', 'docker.io/library/busybox:1.36', 'busybox:1.36'],
  [`busybox@${DIGEST}`, `docker.io/library/busybox@${DIGEST}`, `busybox@${DIGEST}`],
  [`busybox:1@${DIGEST}`, `docker.io/library/busybox:1@${DIGEST}`, `busybox:1@${DIGEST}`],
  ['user/app', 'docker.io/user/app', 'user/app'],
  ['library/busybox', 'docker.io/library/busybox', 'busybox'],
  ['library/nested/busybox', 'docker.io/library/nested/busybox', 'library/nested/busybox'],
  ['docker.io/busybox', 'docker.io/library/busybox', 'busybox'],
  ['docker.io/user/app', 'docker.io/user/app', 'user/app'],
  ['index.docker.io/busybox', 'docker.io/library/busybox', 'busybox'],
  ['index.docker.io/library/busybox:x', 'docker.io/library/busybox:x', 'busybox:x'],
  ['localhost/app', 'localhost/app', 'localhost/app'],
  ['localhost:5000/app:1', 'localhost:5000/app:1', 'localhost:5000/app:1'],
  ['LOCALDOMAIN/app', 'LOCALDOMAIN/app', 'LOCALDOMAIN/app'],
  ['Docker/docker', 'Docker/docker', 'Docker/docker'],
  ['127.0.0.1:5000/library/debian', '127.0.0.1:5000/library/debian', '127.0.0.1:5000/library/debian'],
  ['192.168.0.1', 'docker.io/library/192.168.0.1', '192.168.0.1'],
  ['192.168.0.1:80', 'docker.io/library/192.168.0.1:80', '192.168.0.1:80'],
  ['[fc00::1]:5000/docker', '[fc00::1]:5000/docker', '[fc00::1]:5000/docker'],
  ['[::1]/app', '[::1]/app', '[::1]/app'],
  ['ghcr.io/a/b/c_d/e--f/g__h', 'ghcr.io/a/b/c_d/e--f/g__h', 'ghcr.io/a/b/c_d/e--f/g__h'],
  [`docker.io/${IDENTIFIER}`, `docker.io/library/${IDENTIFIER}`, IDENTIFIER],
  [`a:${'t'.repeat(128)}`, `docker.io/library/a:${'t'.repeat(128)}`, `a:${'t'.repeat(128)}`],
  [`h.io/${'a'.repeat(255)}`, `h.io/${'a'.repeat(255)}`, `h.io/${'a'.repeat(255)}`],
  ['a:Tag_1.2-3', 'docker.io/library/a:Tag_1.2-3', 'a:Tag_1.2-3'],
];

for (const [text, full, familiar] of VALID) {
  test(`reads ${text.slice(0, 60)} as ${full.slice(0, 60)}`, () => {
    const reference = parseReference(text);
    assert.equal(formatReference(reference), full);
    assert.equal(familiarReference(reference), familiar);
  });
}

const INVALID: readonly (readonly [string, RegExp])[] = [
  ['', /it is empty/],
  ['Busybox', /: "Busybox" must be lower case/],
  ['docker/Docker', /"docker\/Docker" must be lower case/],
  ['ghcr.io/Org/app:X', /"Org\/app" must be lower case/],
  [IDENTIFIER, /reads as an image ID/],
  ['https://github.com/docker/docker', /without the scheme/],
  ['busy box', /contains a space/],
  ['busybox:', /the tag after ":" is missing/],
  ['busybox\n', /is not an image name/],
  ['-docker/docker', /is not an image name/],
  ['-docker.io/docker/docker', /is not an image name/],
  ['docker///docker', /is not an image name/],
  ['docker/', /is not an image name/],
  ['_docker/_docker', /is not an image name/],
  ['dock..er/docker', /is not an image name/],
  ['a/dock_.er', /is not an image name/],
  ['[fc00::1]', /is not an image name/],
  ['[fc00::1]:5000', /is not an image name/],
  ['fc00::1:5000/debian', /is not an image name/],
  ['[fe80::1%eth0]:5000/debian', /is not an image name/],
  ['a:.tag', /is not an image name/],
  [`a:${'t'.repeat(129)}`, /is not an image name/],
  ['a@sha256:abc', /is not an image name/],
  [`a@sha256:${'AB'.repeat(32)}`, /its digest/],
  [`a@sha256:${'ab'.repeat(31)}`, /its digest/],
  [`h.io/${'a'.repeat(256)}`, /longer than 255/],
  ['a'.repeat(5000), /too long/],
  ['a\u001b[31m/b', /^"a\/b" is not an image name/],
];

for (const [text, message] of INVALID) {
  test(`refuses ${JSON.stringify(text.slice(0, 60))}`, () => {
    assert.throws(
      () => parseReference(text),
      (error: unknown) =>
        error instanceof KnownError && error.code === 'REFERENCE_INVALID' && message.test(error.message),
    );
  });
}

test('suggests the lower-case name', () => {
  assert.throws(() => parseReference('ghcr.io/Org/app:X'), { hint: 'Write ghcr.io/org/app:X.' });
});

test('changes tag and digest into new values', () => {
  const reference = parseReference(`h.io/app:1@${DIGEST}`);
  assert.equal(formatReference(withTag(reference, '2')), 'h.io/app:2');
  assert.equal(formatReference(withDigest(parseReference('h.io/app:1'), DIGEST)), `h.io/app:1@${DIGEST}`);
  assert.throws(() => withTag(reference, 'no tag'), /is not a tag/);
});

test('names latest only where neither tag nor digest is', () => {
  assert.equal(withDefaultTag(parseReference('busybox')).tag, 'latest');
  assert.equal(withDefaultTag(parseReference(`busybox@${DIGEST}`)).tag, undefined);
  assert.equal(familiarName(parseReference('busybox:1')), 'busybox');
});

test('what is printed is read as the same reference', () => {
  // No dots: docker's own familiar form is ambiguous where a namespace of Docker Hub looks like a host.
  const component = fc.stringMatching(/^[a-z0-9]{1,8}(?:(?:_|__|--)[a-z0-9]{1,4}){0,2}$/);
  const host = fc.constantFrom('', 'docker.io/', 'localhost/', 'h.example:5000/', '[::1]:80/', 'HOST/');
  const tag = fc.option(fc.stringMatching(/^\w[\w.-]{0,20}$/), { nil: undefined });
  fc.assert(
    fc.property(host, fc.array(component, { minLength: 1, maxLength: 3 }), tag, (prefix, path, name) => {
      const reference = parseReference(`${prefix}${path.join('/')}${name === undefined ? '' : `:${name}`}`);
      assert.deepEqual(parseReference(formatReference(reference)), reference);
      assert.deepEqual(parseReference(familiarReference(reference)), reference);
    }),
  );
});

// Exponential work would not end.
test('never takes long over a hostile name', () => {
  for (const text of [`${'a-'.repeat(1000)}!`, `${'a.'.repeat(1000)}/`, `x/${'a__'.repeat(600)}`]) {
    assert.throws(() => parseReference(text), { code: 'REFERENCE_INVALID' });
  }
});
