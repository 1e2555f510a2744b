import { resolve } from 'node:path';
import { KnownError } from '../diagnostics/known-error.ts';
import { type Digest, isDigest } from '../image/digest.ts';

/** An image in an OCI layout: `oci-layout://PATH[:tag][@digest]`. */
export interface LayoutReference {
  readonly dir: string;
  readonly tag: string | undefined;
  readonly digest: Digest | undefined;
}

const SCHEME = 'oci-layout://';

/** The text with an absolute path, so that it means the same everywhere. @throws KnownError REFERENCE_INVALID */
export function layoutReference(text: string, cwd: string): string {
  const { dir, tag, digest } = parseLayoutReference(text) ?? refuse(text, 'names no folder');
  return `${SCHEME}${resolve(cwd, dir)}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** undefined when the text is no reference of this kind. @throws KnownError REFERENCE_INVALID */
export function parseLayoutReference(text: string): LayoutReference | undefined {
  if (!/^oci-layout:/.test(text)) return undefined;
  const [, path = '', tag, digest] = /^oci-layout:(?:\/\/)?(.*?)(?::([^:/@]+))?(?:@(.*))?$/s.exec(text) ?? [];
  if (path === '') refuse(text, 'names no folder');
  if (digest !== undefined && !isDigest(digest)) return refuse(text, `has "${digest}" in the place of a digest`);
  return { dir: path, tag, digest };
}

function refuse(text: string, problem: string): never {
  throw new KnownError('REFERENCE_INVALID', `${JSON.stringify(text)} ${problem}.`, {
    hint: 'Write oci-layout://PATH, oci-layout://PATH:TAG or oci-layout://PATH@sha256:….',
  });
}
