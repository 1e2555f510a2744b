/**
 * Finds logins where docker and podman keep them, in files and in credential helpers. It must not know the network. What
 * surprises: nothing is cached, and a helper may ask its user something, so ask only when a registry does.
 */
import type { Environment } from '../environment.ts';
import { type AuthFile, readAuthFile, storedCredentials } from './auth-file.ts';
import { credentialFiles } from './credential-files.ts';
import { askHelper } from './credential-helper.ts';
import type { CredentialSource, Credentials } from './credentials.ts';
import { matchRegistryKey, registryKey } from './registry-keys.ts';

export interface FindCredentialsOptions {
  /** For the files' places, and for what helpers are started with. */
  readonly env: Environment;
  /** Lets a login for its namespace count before one for the whole registry. */
  readonly repository?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The login for a registry as docker and podman have it stored, or undefined. Each file in turn: the helper it names
 * for the registry, its general helper, then what it holds itself. Starts a helper at most once a file.
 * @throws KnownError CREDENTIALS_INVALID for a file that cannot be read and a helper that fails
 */
export async function findCredentials(
  registry: string,
  options: FindCredentialsOptions,
): Promise<Credentials | undefined> {
  for (const path of credentialFiles(options.env)) {
    const file = readAuthFile(path);
    const found = file && (await credentialsIn(file, registry, options));
    if (found) return found;
  }
  return undefined;
}

/** `findCredentials` in the form a `RegistryClient` takes. */
export function storedCredentialSource(env: Environment): CredentialSource {
  return (registry, options) => findCredentials(registry, { env, ...options });
}

/** The helper a file gives a registry to, or undefined when it keeps the login itself. */
export function helperFor({ credHelpers, credsStore }: AuthFile, registry: string): string | undefined {
  const key = matchRegistryKey(Object.keys(credHelpers), { registry });
  const helper = key === undefined ? credsStore : credHelpers[key];
  return typeof helper === 'string' && helper !== '' ? helper : undefined;
}

async function credentialsIn(
  file: AuthFile,
  registry: string,
  { env, repository, signal }: FindCredentialsOptions,
): Promise<Credentials | undefined> {
  const helper = helperFor(file, registry);
  const fromHelper = helper && (await askHelper(helper, registryKey(registry), { env, signal }));
  if (fromHelper) return fromHelper;
  const key = matchRegistryKey(Object.keys(file.auths), { registry, repository });
  return key === undefined ? undefined : storedCredentials(file, key);
}
