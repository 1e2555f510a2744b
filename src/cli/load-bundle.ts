/**
 * What `module.enableCompileCache` of Node.js 22 does, for Node.js 20: runs a CommonJS bundle with the code that V8 compiled
 * of it in an earlier process. It must not know what the bundle does. What surprises: V8 compares only
 * the length of a source with what was kept, so the caller names the bundle's content.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';

export interface LoadBundleOptions {
  /** Where compiled code is kept; made when it is not there. Whoever may write there decides what runs. */
  readonly folder: string;
  /** Of what is kept. What another id or another V8 left under this name goes once it is a week old. */
  readonly name: string;
  /** Stands for the content of the bundle and of those it requires. Letters and digits. */
  readonly id: string;
  /** Calls `keep` once what is to be kept was compiled: functions are compiled when they are first called. */
  atEnd(keep: () => void): void;
}

/** The bundles that a bundle requires lie here, beside it. */
const PARTS = './parts/';
const DIGEST_BYTES = 32;
const KEPT_MS = 7 * 86_400_000;

/** Runs the bundle, which must be ASCII, and returns its exports. */
export function loadBundle(path: string, options: LoadBundleOptions): unknown {
  const source = `(function (exports, require, module, __filename, __dirname) { ${readFileSync(path, 'latin1')}\n})`;
  const file = join(options.folder, `${options.name}-${options.id}${cachedDataVersionTag().toString(36)}`);
  const cachedData = readKept(file);
  const script = new Script(source, { filename: path, ...(cachedData && { cachedData }) });
  if (!cachedData || script.cachedDataRejected) options.atEnd(() => keep(file, script.createCachedData(), options));
  const native = createRequire(path);
  const require = (id: string): unknown =>
    id.startsWith(PARTS) ? loadBundle(join(dirname(path), id), { ...options, name: basename(id, '.cjs') }) : native(id);
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, path, dirname(path));
  return module.exports;
}

/** undefined when it is not there or damaged: V8 believes what it is given. */
function readKept(file: string): Buffer | undefined {
  try {
    const bytes = readFileSync(file);
    const code = bytes.subarray(DIGEST_BYTES);
    return digest(code).equals(bytes.subarray(0, DIGEST_BYTES)) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** A cache folder that cannot be written costs time and nothing else. */
function keep(file: string, code: Buffer, { folder, name }: LoadBundleOptions): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const other of readdirSync(folder)) if (other.startsWith(`${name}-`)) removeOld(join(folder, other));
    const temporary = join(folder, `${name}-${randomBytes(6).toString('hex')}`);
    writeFileSync(temporary, Buffer.concat([digest(code), code]), { flag: 'wx', mode: 0o600 });
    renameSync(temporary, file);
  } catch {
    return;
  }
}

/** Not at once: two installations may be used in turns. */
function removeOld(file: string): void {
  if (statSync(file).mtimeMs < Date.now() - KEPT_MS) unlinkSync(file);
}

function digest(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
