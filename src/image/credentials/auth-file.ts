import { readFileSync } from 'node:fs';
import { KnownError, systemErrorCode } from '../../diagnostics/known-error.ts';
import type { Credentials } from './credentials.ts';

/** What docker's config.json and podman's auth.json have in common. */
export interface AuthFile {
  readonly path: string;
  readonly auths: Readonly<Record<string, unknown>>;
  /** Helper's name by registry. */
  readonly credHelpers: Readonly<Record<string, unknown>>;
  /** The helper for all other registries. */
  readonly credsStore: string | undefined;
  /** Everything in the file, so that writing it loses nothing. */
  readonly json: Readonly<Record<string, unknown>>;
}

/**
 * Reads a file of credentials; undefined when there is none or it may not be read.
 * @throws KnownError CREDENTIALS_INVALID, which names the file and never what is in it
 */
export function readAuthFile(path: string): AuthFile | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  const json = parseObject(path, text);
  return {
    path,
    auths: isObject(json.auths) ? json.auths : {},
    credHelpers: isObject(json.credHelpers) ? json.credHelpers : {},
    credsStore: typeof json.credsStore === 'string' && json.credsStore !== '' ? json.credsStore : undefined,
    json,
  };
}

/** The credentials under a key, or undefined for an entry without any: docker leaves those for its helper. */
export function storedCredentials(file: AuthFile, key: string): Credentials | undefined {
  const entry = file.auths[key];
  if (!isObject(entry)) return undefined;
  const { auth, identitytoken, username, password } = entry;
  const source = file.path;
  if (typeof identitytoken === 'string' && identitytoken !== '') {
    return { kind: 'identity-token', token: identitytoken, source };
  }
  if (typeof auth === 'string' && auth !== '') return { kind: 'password', ...decodeAuth(file, key, auth), source };
  if (typeof username !== 'string' || typeof password !== 'string' || username === '') return undefined;
  return { kind: 'password', username, password, source };
}

/** `username:password` in base64, the form docker stores. */
export function encodeAuth({ username, password }: { readonly username: string; readonly password: string }): string {
  return Buffer.from(`${username}:${password}`).toString('base64');
}

function decodeAuth(file: AuthFile, key: string, auth: string): { username: string; password: string } {
  const decoded = Buffer.from(auth, 'base64').toString();
  const colon = decoded.indexOf(':');
  if (colon < 1 || !/^[A-Za-z0-9+/_-]+={0,2}\s*$/.test(auth)) {
    throw new KnownError('CREDENTIALS_INVALID', `The entry for ${key} in ${file.path} is not a login in base64.`, {
      hint: `Log in again, or remove the entry.`,
    });
  }
  // docker has padded passwords with NUL.
  return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1).replace(/^\0+|\0+$/g, '') };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === undefined) throw error;
    throw new KnownError('CREDENTIALS_INVALID', `${path} cannot be read (${code}).`, { cause: error });
  }
}

function parseObject(path: string, text: string): Readonly<Record<string, unknown>> {
  let json: unknown;
  try {
    json = text.trim() === '' ? {} : JSON.parse(text);
  } catch (error) {
    // Its message quotes the text, which holds secrets.
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (isObject(json)) return json;
  throw new KnownError('CREDENTIALS_INVALID', `${path} is not a JSON object.`, {
    hint: 'Repair the file, or remove it and log in again.',
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
