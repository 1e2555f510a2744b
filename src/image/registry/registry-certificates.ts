import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../diagnostics/known-error.ts';

/** PEM texts for the TLS connections to one registry. */
export interface RegistryCertificates {
  /** Authorities trusted beside the usual ones. */
  readonly ca: string | undefined;
  /** What we identify ourselves with. */
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/**
 * Certificates laid out as docker has them: `<dir>/<host[:port]>/` with `*.crt` for authorities and `x.cert` with
 * `x.key` for the client. The first folder that is there counts; undefined when none is.
 */
export function readRegistryCertificates(dirs: readonly string[], host: string): RegistryCertificates | undefined {
  for (const dir of dirs.map((base) => join(base, host))) {
    const names = readNames(dir);
    if (!names) continue;
    const read = (name: string) => readFileSync(join(dir, name), 'utf8');
    const authorities = names.filter((name) => name.endsWith('.crt')).map(read);
    const client = names.find((name) => name.endsWith('.cert') && names.includes(keyOf(name)));
    return {
      ca: authorities.length > 0 ? authorities.join('\n') : undefined,
      cert: client && read(client),
      key: client && read(keyOf(client)),
    };
  }
  return undefined;
}

/** A CA file, or nothing when it cannot be read: Node.js itself only warns of that. */
export function readExtraAuthorities(path: string | undefined): string[] {
  try {
    return path ? [readFileSync(path, 'utf8')] : [];
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return [];
  }
}

function keyOf(certificate: string): string {
  return certificate.replace(/\.cert$/, '.key');
}

function readNames(dir: string): string[] | undefined {
  try {
    return readdirSync(dir).sort();
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return undefined;
    throw error;
  }
}
