import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Descriptor } from './descriptor.ts';
import type { Digest } from './digest.ts';
import { matchPlatform, platformsOf, selectPlatform } from './match-platform.ts';
import { formatPlatform, hostPlatform, normalizePlatform, parsePlatform } from './parse-platform.ts';
import type { Platform } from './platform.ts';

const host = hostPlatform();

/** Written, parsed, normalised. */
const PARSED: readonly (readonly [string, string, string])[] = [
  ['linux/amd64', 'linux/amd64', 'linux/amd64'],
  ['Linux/X86_64', 'linux/amd64', 'linux/amd64'],
  ['linux/x86-64', 'linux/amd64', 'linux/amd64'],
  ['linux/amd64/v1', 'linux/amd64', 'linux/amd64'],
  ['linux/amd64/v3', 'linux/amd64/v3', 'linux/amd64/v3'],
  ['linux/i386', 'linux/386', 'linux/386'],
  ['linux/aarch64', 'linux/arm64', 'linux/arm64'],
  ['linux/arm64', 'linux/arm64', 'linux/arm64'],
  ['linux/arm64/v8', 'linux/arm64/v8', 'linux/arm64'],
  ['linux/arm64/8', 'linux/arm64/v8', 'linux/arm64'],
  ['linux/arm64/v8.0', 'linux/arm64/v8', 'linux/arm64'],
  ['linux/arm64/9', 'linux/arm64/v9', 'linux/arm64/v9'],
  ['linux/arm', 'linux/arm', 'linux/arm/v7'],
  ['linux/arm/v7', 'linux/arm/v7', 'linux/arm/v7'],
  ['linux/arm/6', 'linux/arm/v6', 'linux/arm/v6'],
  ['linux/armhf', 'linux/arm', 'linux/arm/v7'],
  ['linux/armel', 'linux/arm/v6', 'linux/arm/v6'],
  ['macos/arm64', 'darwin/arm64', 'darwin/arm64'],
  ['linux/riscv64', 'linux/riscv64', 'linux/riscv64'],
  ['something/strange', 'something/strange', 'something/strange'],
  ['linux', formatPlatform(host), formatPlatform(host)],
  ['arm64', 'linux/arm64', 'linux/arm64'],
  ['aarch64', 'linux/arm64', 'linux/arm64'],
  ['s390x', 'linux/s390x', 'linux/s390x'],
];

for (const [text, parsed, normal] of PARSED) {
  test(`reads ${text} as ${parsed}, which is ${normal}`, () => {
    assert.equal(formatPlatform(parsePlatform(text)), parsed);
    assert.equal(formatPlatform(normalizePlatform(parsePlatform(text))), normal);
  });
}

for (const text of [
  '',
  'nonsense',
  'linux/',
  '/amd64',
  'linux/amd64/v1/x',
  'linux/*',
  'li nux/amd64',
  'linux/am\u001bd',
]) {
  test(`refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => parsePlatform(text), { code: 'PLATFORM_INVALID' });
  });
}

test('keeps the version of a Windows image', () => {
  assert.deepEqual(parsePlatform('windows(10.0.17763)/amd64'), {
    os: 'windows',
    'os.version': '10.0.17763',
    architecture: 'amd64',
  });
});

/** Wanted, what the index has, what is chosen. */
const MATCHES: readonly (readonly [string, readonly string[], string | undefined])[] = [
  ['linux/amd64', ['linux/arm64', 'linux/amd64'], 'linux/amd64'],
  ['linux/amd64', ['linux/386', 'linux/amd64'], 'linux/amd64'],
  ['linux/amd64', ['linux/arm/v7', 'linux/386'], 'linux/386'],
  ['linux/amd64', ['linux/amd64/v3'], undefined],
  ['linux/amd64/v3', ['linux/amd64', 'linux/amd64/v2', 'linux/amd64/v4'], 'linux/amd64/v2'],
  ['linux/amd64/v2', ['linux/amd64/v1'], 'linux/amd64/v1'],
  ['linux/arm64', ['linux/arm/v7', 'linux/arm64/v8'], 'linux/arm64/v8'],
  ['linux/arm64', ['linux/arm/v6', 'linux/arm/v7'], 'linux/arm/v7'],
  ['linux/arm64/v9', ['linux/arm64/v8', 'linux/arm64/v8.5'], 'linux/arm64/v8.5'],
  ['linux/arm/v7', ['linux/arm/v5', 'linux/arm/v6', 'linux/arm64'], 'linux/arm/v6'],
  ['linux/arm/v6', ['linux/arm/v7', 'linux/arm/v5'], 'linux/arm/v5'],
  ['linux/arm', ['linux/arm/v6', 'linux/arm'], 'linux/arm'],
  ['linux/s390x', ['linux/amd64', 'unknown/unknown'], undefined],
  ['linux/amd64', ['unknown/unknown', 'windows/amd64'], undefined],
];

for (const [wanted, present, chosen] of MATCHES) {
  test(`of ${present.join(', ')} gives ${chosen ?? 'nothing'} to ${wanted}`, () => {
    const index = present.map((text) => descriptor(asWritten(text)));
    const found = matchPlatform(index, parsePlatform(wanted));
    assert.equal(found && present[index.indexOf(found)], chosen);
  });
}

test('skips attestations that claim a platform', () => {
  const attestation = {
    ...descriptor(asWritten('linux/amd64')),
    annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
  };
  assert.equal(matchPlatform([attestation], parsePlatform('linux/amd64')), undefined);
});

test('takes a manifest without a platform when nothing else matches', () => {
  const bare = descriptor(undefined);
  assert.equal(matchPlatform([bare, descriptor(asWritten('linux/arm64'))], parsePlatform('linux/amd64')), bare);
});

test('prefers the first among equals', () => {
  const [first, second] = [descriptor(asWritten('linux/amd64')), descriptor(asWritten('linux/amd64'))];
  assert.equal(matchPlatform([first, second], parsePlatform('linux/amd64')), first);
});

test('says which platforms there are', () => {
  const index = ['linux/arm64/v8', 'linux/s390x', 'unknown/unknown', 'linux/s390x'].map((text) =>
    descriptor(asWritten(text)),
  );
  assert.deepEqual(platformsOf(index), ['linux/arm64/v8', 'linux/s390x']);
  assert.throws(() => selectPlatform(index, parsePlatform('linux/amd64'), 'app:1'), {
    code: 'IMAGE_PLATFORM_MISSING',
    message: 'app:1 has no image for linux/amd64.',
    hint: 'It has linux/arm64/v8, linux/s390x; choose one with --platform.',
  });
});

function asWritten(text: string): Platform {
  const [os = '', architecture = '', variant] = text.split('/');
  return { os, architecture, ...(variant !== undefined && { variant }) };
}

function descriptor(platform: Platform | undefined): Descriptor {
  const digest = `sha256:${'00'.repeat(32)}` as Digest;
  return { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest, size: 1, ...(platform && { platform }) };
}
