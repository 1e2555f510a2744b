import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import * as openpgp from 'openpgp';
import { Downloader } from './download.mjs';
import { openSuite, SuiteError } from './suite.mjs';

// A Packages file with one package, "hello", compressed by xz.
const PACKAGES_XZ = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4ACjAJVdACgYSGbb2jCF/hblXKh4+VxOOUP4af9UyCy7p5FxQwl9G31+szUlrWN3LLay9n5mKTu8m8tlJoUqi4W8OX8UNOLfhCto1UlPcmIYXMluYHQ9UMVgR2vhmcjevBq93fNYn+JDCmbjNLxC1rWMDp/adN4jTRqf7oq1o8LQHng3q40+PPV0VOTtyG36NXmfDghpMAcMe70AAAAAAHe04EAHjnBXAAGxAaQBAADY2WjsscRn+wIAAAAABFla',
  'base64',
);
const digest = createHash('sha256').update(PACKAGES_XZ).digest('hex');
const folder = mkdtempSync(join(tmpdir(), 'suite-'));
const mirror = pathToFileURL(join(folder, 'mirror')).href;
const keyring = join(folder, 'keyring.gpg');
let signer;
let stranger;

before(async () => {
  const generate = async () =>
    (await openpgp.generateKey({ userIDs: [{ name: 'Archive' }], format: 'object' })).privateKey;
  [signer, stranger] = await Promise.all([generate(), generate()]);
  writeFileSync(keyring, signer.toPublic().write());
});
after(() => rmSync(folder, { recursive: true }));

function releaseText({ origin = 'Debian', date = new Date(), validUntil, sha256 = digest } = {}) {
  return [
    `Origin: ${origin}`,
    `Date: ${date.toUTCString()}`,
    ...(validUntil ? [`Valid-Until: ${validUntil.toUTCString()}`] : []),
    'SHA256:',
    ` ${sha256} ${PACKAGES_XZ.length} main/binary-amd64/Packages.xz`,
    '',
  ].join('\n');
}

async function publish(text, { key = signer, tamper = (signed) => signed } = {}) {
  const message = await openpgp.createCleartextMessage({ text });
  const signed = await openpgp.sign({ message, signingKeys: key });
  const index = join(folder, 'mirror/dists/stable/main/binary-amd64');
  mkdirSync(index, { recursive: true });
  writeFileSync(join(index, 'Packages.xz'), PACKAGES_XZ);
  writeFileSync(join(folder, 'mirror/dists/stable/InRelease'), tamper(signed));
}

function open(options = {}) {
  const downloader = new Downloader({ cacheDir: mkdtempSync(join(folder, 'cache-')), env: {} });
  return openSuite(downloader, { mirror, suite: 'stable', architecture: 'amd64', keyring, ...options });
}

describe('openSuite', () => {
  const yesterday = new Date(Date.now() - 24 * 3600_000);
  const nextWeek = new Date(Date.now() + 7 * 24 * 3600_000);

  test('reads the packages of a suite that is signed', async () => {
    await publish(releaseText());
    const [hello] = (await open()).versions('hello');
    assert.equal(hello.version, '1.0-1');
    assert.equal(hello.mirror, mirror);
  });

  const refused = [
    ['a signature of another key', releaseText(), { key: () => stranger }, /has no good signature/],
    [
      'a changed text',
      releaseText(),
      { tamper: (text) => text.replace('Origin: Debian', 'Origin: Debiam') },
      /has no good signature/,
    ],
    ['a file without a signature', releaseText(), { tamper: () => releaseText() }, /is not a signed release file/],
    ["another archive's origin", releaseText({ origin: 'Elsewhere' }), {}, /is not Debian's archive/],
    ['a release of the future', releaseText({ date: nextWeek }), {}, /was made in the future/],
    ['a release that has expired', releaseText({ validUntil: yesterday }), {}, /the mirror is out of date/],
    ['an architecture that it lacks', releaseText().replaceAll('amd64', 'arm64'), {}, /has no packages for amd64/],
  ];
  for (const [title, text, { key, tamper }, message] of refused) {
    test(`refuses ${title}`, async () => {
      await publish(text, { key: key?.(), tamper });
      await assert.rejects(open(), (error) => error instanceof SuiteError && message.test(error.message));
    });
  }

  test('refuses a suite that does not exist', () => assert.rejects(open({ suite: 'none' }), /none does not exist/));

  test('refuses an index with another digest', async () => {
    await publish(releaseText({ sha256: 'a'.repeat(64) }));
    await assert.rejects(open(), /instead of sha256:aaaa/);
  });

  test('takes an expired release where apt is told to', async () => {
    await publish(releaseText({ validUntil: yesterday }));
    assert.equal((await open({ checkValidUntil: false })).versions('hello').length, 1);
  });
});
