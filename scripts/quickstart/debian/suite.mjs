import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { decompress } from './compression.mjs';
import { HttpError } from './download.mjs';
import { indexPackages, parseFields } from './package-index.mjs';

/** Why a suite cannot be used; another suite or mirror may do. */
export class SuiteError extends Error {}

const KEYRINGS = ['/usr/share/keyrings/debian-archive-keyring.gpg', '/usr/share/keyrings/debian-archive-keyring.pgp'];

/** @returns {string | undefined} the keyring that Debian's machines have */
export function archiveKeyring() {
  return KEYRINGS.find((path) => existsSync(path));
}

/**
 * Opens one suite of a mirror: its release file's signature, origin and dates are checked, then its index against the
 * release file.
 *
 * @param {import('./download.mjs').Downloader} downloader
 * @param {{ mirror: string, suite: string, architecture: string, keyring?: string,
 *   checkDate?: boolean, checkValidUntil?: boolean }} options without a keyring the signature goes unchecked
 * @returns {Promise<import('./package-index.mjs').PackageIndex>}
 * @throws {SuiteError} when the mirror lacks the suite or it cannot be trusted
 */
export async function openSuite(downloader, { mirror, suite, architecture, ...trust }) {
  const base = `${mirror}/dists/${suite}`;
  const release = await readRelease(downloader, base, trust);
  const index = `main/binary-${architecture}/Packages.xz`;
  const expected = release.files.get(index);
  if (!expected) throw new SuiteError(`${base} has no packages for ${architecture}`);
  const path = await downloadIndex(downloader, `${base}/${index}`, expected, release.acquireByHash);
  return indexPackages(await readLatin1(path, index), mirror);
}

async function readRelease(downloader, base, { keyring, checkDate = true, checkValidUntil = true }) {
  const signed = await downloader.text(`${base}/InRelease`).catch((error) => {
    const isMissing = error.code === 'ENOENT' || (error instanceof HttpError && error.status === 404);
    throw isMissing ? new SuiteError(`${base} does not exist`) : error;
  });
  const text = await verifyRelease(signed, base, { keyring, checkDate });
  const fields = parseFields(text);
  if (!/^Debian( Backports)?$/.test(fields.get('origin') ?? ''))
    throw new SuiteError(`${base} is not Debian's archive`);
  checkDates(fields, base, { checkDate, checkValidUntil });
  return { files: parseDigests(fields.get('sha256')), acquireByHash: fields.get('acquire-by-hash') === 'yes' };
}

/**
 * The text that a signature of the keyring covers.
 * @param {string} signed an OpenPGP cleartext message
 * @param {string} base names the release in errors
 * @param {{ keyring?: string, checkDate?: boolean }} options
 */
export async function verifyRelease(signed, base, { keyring, checkDate = true }) {
  const openpgp = await import('openpgp');
  const message = await openpgp.readCleartextMessage({ cleartextMessage: signed }).catch((cause) => {
    throw new SuiteError(`${base}/InRelease is not a signed release file`, { cause });
  });
  if (!keyring) return message.getText();
  const verificationKeys = await openpgp.readKeys({ binaryKeys: readFileSync(keyring) });
  const date = checkDate ? new Date() : null;
  const { signatures, data } = await openpgp.verify({ message, verificationKeys, date });
  // One good signature is enough: a release is signed by several keys so that older machines know one of them.
  const results = await Promise.allSettled(signatures.map(({ verified }) => verified));
  if (!results.some(({ status }) => status === 'fulfilled')) {
    throw new SuiteError(`${base}/InRelease has no good signature of a key in ${keyring}`, {
      cause: results[0]?.reason,
    });
  }
  return data;
}

function checkDates(fields, base, { checkDate, checkValidUntil }) {
  const now = Date.now();
  if (checkDate && Date.parse(fields.get('date') ?? '') > now + 24 * 3600_000) {
    throw new SuiteError(`${base} was made in the future (${fields.get('date')}): is this machine's clock right?`);
  }
  const validUntil = fields.get('valid-until');
  if (checkValidUntil && validUntil !== undefined && Date.parse(validUntil) < now) {
    throw new SuiteError(`${base} was valid until ${validUntil} only: the mirror is out of date`);
  }
}

function parseDigests(field = '') {
  const files = new Map();
  for (const line of field.split('\n')) {
    const [sha256, size, name] = line.trim().split(/\s+/);
    if (name) files.set(name, { sha256, size: Number(size) });
  }
  return files;
}

// By hash first: the index under its plain name may be replaced while a release file is in use.
async function downloadIndex(downloader, url, expected, acquireByHash) {
  const byHash = `${url.slice(0, url.lastIndexOf('/'))}/by-hash/SHA256/${expected.sha256}`;
  if (!acquireByHash) return downloader.file(url, expected);
  return downloader.file(byHash, expected).catch((error) => {
    if (error.code === 'ENOENT' || (error instanceof HttpError && error.status === 404))
      return downloader.file(url, expected);
    throw error;
  });
}

async function readLatin1(path, name) {
  const chunks = [];
  for await (const chunk of decompress([await readFile(path)], name)) chunks.push(Buffer.from(chunk).latin1Slice());
  return chunks.join('');
}
