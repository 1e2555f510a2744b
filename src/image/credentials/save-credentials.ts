import { mkdirSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemErrorCode } from '../../diagnostics/known-error.ts';
import { writeFileAtomic } from '../../system/write-file-atomic.ts';
import type { Environment } from '../environment.ts';
import { type AuthFile, encodeAuth, readAuthFile } from './auth-file.ts';
import { dockerConfigFile } from './credential-files.ts';
import { eraseFromHelper, storeInHelper } from './credential-helper.ts';
import { helperFor } from './find-credentials.ts';
import { matchRegistryKey, registryKey } from './registry-keys.ts';

export interface StoreOptions {
  readonly env: Environment;
  readonly signal?: AbortSignal | undefined;
}

/** What is kept of a login: a password, or the identity token that was given for it. */
export type LoginToSave = { readonly username: string; readonly password: string } | { readonly identityToken: string };

/**
 * Keeps a login where docker keeps it: in the helper that its config.json names, else in that file (mode 0600,
 * replaced as a whole, everything else in it kept). Returns where, for people.
 * @throws KnownError CREDENTIALS_INVALID
 */
export async function saveCredentials(
  registry: string,
  { login, env, signal }: StoreOptions & { readonly login: LoginToSave },
): Promise<string> {
  const file = readConfig(env);
  const key = registryKey(registry);
  const helper = helperFor(file, registry);
  if (helper === undefined) {
    const entry = 'identityToken' in login ? { identitytoken: login.identityToken } : { auth: encodeAuth(login) };
    writeAuths(file, { ...file.auths, [key]: entry });
    return file.path;
  }
  const [username, secret] =
    'identityToken' in login ? ['<token>', login.identityToken] : [login.username, login.password];
  await storeInHelper(helper, { key, username, secret }, { env, signal });
  // docker lists the registries it has logins for, also those in a helper.
  writeAuths(file, { ...file.auths, [key]: {} });
  return `docker-credential-${helper}`;
}

/** Forgets a login that docker or `saveCredentials` kept; returns whether there was one. podman's files stay. */
export async function removeCredentials(registry: string, { env, signal }: StoreOptions): Promise<boolean> {
  const file = readConfig(env);
  const helper = helperFor(file, registry);
  const erased = helper !== undefined && (await eraseFromHelper(helper, registryKey(registry), { env, signal }));
  const key = matchRegistryKey(Object.keys(file.auths), { registry });
  if (key === undefined) return erased;
  const { [key]: _, ...others } = file.auths;
  writeAuths(file, others);
  return true;
}

function readConfig(env: Environment): AuthFile {
  const path = dockerConfigFile(env);
  return readAuthFile(path) ?? { path, auths: {}, credHelpers: {}, credsStore: undefined, json: {} };
}

function writeAuths(file: AuthFile, auths: Readonly<Record<string, unknown>>): void {
  mkdirSync(dirname(file.path), { recursive: true, mode: 0o700 });
  const text = `${JSON.stringify({ ...file.json, auths }, null, '\t')}\n`;
  writeFileAtomic(followLink(file.path), text, { mode: 0o600 });
}

/** People link their config.json into a folder of dotfiles; a rename must replace the file, not the link. */
function followLink(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return path;
    throw error;
  }
}
