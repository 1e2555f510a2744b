import { spawn } from 'node:child_process';
import { KnownError, systemErrorCode } from '../../diagnostics/known-error.ts';
import { redactUrls, stripControl } from '../../diagnostics/redact.ts';
import type { Environment } from '../environment.ts';
import type { Credentials } from './credentials.ts';

export interface HelperOptions {
  readonly env: Environment;
  readonly signal?: AbortSignal | undefined;
  /** 30 seconds unless told: some helpers ask a cloud. */
  readonly timeoutMs?: number;
}

const MAX_OUTPUT_BYTES = 256 * 1024;
const TIMEOUT_MS = 30_000;
/** In place of a user name when the secret is an identity token. docker-credential-helpers, "Usage". */
const TOKEN_USER = '<token>';
const NOT_FOUND = /credentials not found|no credentials server URL/i;

/** Asks `docker-credential-<name>` for a login; undefined when it has none. @throws KnownError CREDENTIALS_INVALID */
export async function askHelper(name: string, key: string, options: HelperOptions): Promise<Credentials | undefined> {
  const { code, output } = await runHelper(name, { action: 'get', input: key }, options);
  if (code !== 0 && NOT_FOUND.test(output)) return undefined;
  if (code !== 0) throw helperFailed(name, output);
  const { Username: username, Secret: secret } = parseAnswer(name, output);
  if (typeof username !== 'string' || typeof secret !== 'string' || secret === '') return undefined;
  const source = `docker-credential-${name}`;
  if (username === TOKEN_USER) return { kind: 'identity-token', token: secret, source };
  return username === '' ? undefined : { kind: 'password', username, password: secret, source };
}

/** Gives a login to a helper to keep. @throws KnownError CREDENTIALS_INVALID */
export async function storeInHelper(
  name: string,
  login: { readonly key: string; readonly username: string; readonly secret: string },
  options: HelperOptions,
): Promise<void> {
  const input = JSON.stringify({ ServerURL: login.key, Username: login.username, Secret: login.secret });
  const { code, output } = await runHelper(name, { action: 'store', input }, options);
  if (code !== 0) throw helperFailed(name, output);
}

/** Makes a helper forget a login; returns whether it had one. @throws KnownError CREDENTIALS_INVALID */
export async function eraseFromHelper(name: string, key: string, options: HelperOptions): Promise<boolean> {
  const { code, output } = await runHelper(name, { action: 'erase', input: key }, options);
  if (code !== 0 && !NOT_FOUND.test(output)) throw helperFailed(name, output);
  return code === 0;
}

interface HelperCall {
  readonly action: 'get' | 'store' | 'erase';
  readonly input: string;
}

/** Secrets go over stdin and stdout only; there is no shell, and the name cannot lead out of PATH. */
async function runHelper(
  name: string,
  { action, input }: HelperCall,
  { env, signal, timeoutMs = TIMEOUT_MS }: HelperOptions,
): Promise<{ code: number | null; output: string }> {
  if (!/^[\w.-]+$/.test(name)) throw invalid(`"${stripControl(name)}" is not the name of a credential helper.`);
  const timeout = AbortSignal.timeout(timeoutMs);
  const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
  const child = spawn(`docker-credential-${name}`, [action], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...env },
    signal: either,
    killSignal: 'SIGKILL',
  });
  const chunks: Buffer[] = [];
  let size = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MAX_OUTPUT_BYTES) chunks.push(chunk);
    else child.kill('SIGKILL');
  });
  // A helper that answers without reading its input closes the pipe.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    return { code, output: Buffer.concat(chunks).toString() };
  } catch (error) {
    signal?.throwIfAborted();
    if (timeout.aborted) throw invalid(`docker-credential-${name} did not answer within ${timeoutMs / 1000} seconds.`);
    throw notStarted(name, error);
  }
}

function notStarted(name: string, error: unknown): unknown {
  const code = systemErrorCode(error);
  if (code === undefined) return error;
  const reason = code === 'ENOENT' ? 'is not installed' : `cannot be started (${code})`;
  return invalid(`The credential helper docker-credential-${name} ${reason}.`, {
    hint: 'Install it, or remove credsStore and credHelpers from the configuration of docker and log in again.',
    cause: error,
  });
}

function parseAnswer(name: string, output: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(output));
  } catch (error) {
    // Its message quotes the text, which holds a secret.
    if (error instanceof SyntaxError) throw invalid(`docker-credential-${name} did not answer with JSON.`);
    throw error;
  }
}

/** Helpers explain failures on stdout; what could be a login after all is not repeated. */
function helperFailed(name: string, output: string): KnownError {
  const [line = ''] = redactUrls(stripControl(output)).trim().split('\n');
  const said = line === '' || line.includes('{') ? '' : `: ${line.slice(0, 200)}`;
  return invalid(`docker-credential-${name} failed${said}.`);
}

function invalid(message: string, options: { hint?: string; cause?: unknown } = {}): KnownError {
  return new KnownError('CREDENTIALS_INVALID', message, options);
}
