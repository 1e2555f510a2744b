import { KnownError } from '../diagnostics/known-error.ts';
import { stripControl } from '../diagnostics/redact.ts';
import { type Digest, isDigest } from './digest.ts';

/**
 * The name of an image, normalised: `busybox` is docker.io, library/busybox. Neither tag nor digest is there unless
 * the text had it; see `withDefaultTag`. Grammar and normalisation are those of distribution/reference.
 */
export interface Reference {
  /** Host with port if one was given, as people write it: `docker.io`, `127.0.0.1:5000`, `[::1]:5000`. */
  readonly registry: string;
  /** Path within the registry: `library/busybox`. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

export const DOCKER_HUB = 'docker.io';
const LEGACY_DOCKER_HUB = 'index.docker.io';
const OFFICIAL = 'library/';
const DEFAULT_TAG = 'latest';
const MAX_REPOSITORY_LENGTH = 255;
/** Longer than anything the grammar's own limits let through with a host name that DNS can hold. */
const MAX_TEXT_LENGTH = 2048;

const DOMAIN_COMPONENT = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const DOMAIN = `(?:${DOMAIN_COMPONENT}(?:\\.${DOMAIN_COMPONENT})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const PATH_COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const REPOSITORY = `${PATH_COMPONENT}(?:/${PATH_COMPONENT})*`;
const TAG = '[\\w][\\w.-]{0,127}';
const DIGEST = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';
const REFERENCE = new RegExp(`^(${DOMAIN})/(${REPOSITORY})(?::(${TAG}))?(?:@(${DIGEST}))?$`);
const ANCHORED_TAG = new RegExp(`^${TAG}$`);
const IDENTIFIER = /^[a-f0-9]{64}$/;

/**
 * Reads a name as docker does: without a host it is Docker Hub's, without a namespace the official one.
 * @throws KnownError REFERENCE_INVALID
 */
export function parseReference(text: string): Reference {
  if (text === '') throw invalid(text, 'it is empty');
  if (text.length > MAX_TEXT_LENGTH) throw invalid(`${text.slice(0, 60)}…`, 'it is too long');
  if (IDENTIFIER.test(text)) throw invalid(text, 'a name of 64 hexadecimal digits reads as an image ID');
  const { registry, rest } = splitRegistry(text);
  const colon = rest.indexOf(':');
  const path = colon < 0 ? rest : rest.slice(0, colon);
  if (path.toLowerCase() !== path) throw upperCase(text, path);
  const match = REFERENCE.exec(`${registry}/${rest}`);
  if (!match) throw invalid(text, whatIsWrong(text));
  const [, host = '', repository = '', tag, digest] = match;
  if (repository.length > MAX_REPOSITORY_LENGTH) {
    throw invalid(text, `its path is longer than ${MAX_REPOSITORY_LENGTH} characters`);
  }
  return {
    registry: host,
    repository,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest: checkedDigest(text, digest) }),
  };
}

/** The full name: `docker.io/library/busybox:latest@sha256:…`, with the tag and the digest that are there. */
export function formatReference(reference: Reference): string {
  return `${reference.registry}/${reference.repository}${suffix(reference)}`;
}

/** The repository as people write it, without tag and digest: `busybox`, `user/app`, `ghcr.io/user/app`. */
export function familiarName({ registry, repository }: Reference): string {
  if (registry !== DOCKER_HUB) return `${registry}/${repository}`;
  const official = repository.startsWith(OFFICIAL) ? repository.slice(OFFICIAL.length) : repository;
  return official.includes('/') ? repository : official;
}

/** The whole reference as people write it: `busybox:1.36`. */
export function familiarReference(reference: Reference): string {
  return familiarName(reference) + suffix(reference);
}

/** The same repository with this tag, and without a digest, which named the old content. @throws KnownError REFERENCE_INVALID */
export function withTag({ registry, repository }: Reference, tag: string): Reference {
  if (!ANCHORED_TAG.test(tag)) throw new KnownError('REFERENCE_INVALID', `"${stripControl(tag)}" is not a tag.`);
  return { registry, repository, tag };
}

/** The same name, held to this content; a tag stays, for people to read. */
export function withDigest(reference: Reference, digest: Digest): Reference {
  return { ...reference, digest };
}

/** With `latest` when there is neither tag nor digest. */
export function withDefaultTag(reference: Reference): Reference {
  return reference.tag === undefined && reference.digest === undefined ? withTag(reference, DEFAULT_TAG) : reference;
}

function suffix({ tag, digest }: Reference): string {
  return `${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** The first component is a host when it cannot be anything else: a dot, a colon, an upper-case letter, `localhost`. */
function splitRegistry(text: string): { registry: string; rest: string } {
  const slash = text.indexOf('/');
  if (slash < 0) return { registry: DOCKER_HUB, rest: OFFICIAL + text };
  const first = text.slice(0, slash);
  const isHost = first === 'localhost' || /[.:]/.test(first) || first.toLowerCase() !== first;
  const registry = isHost && first !== LEGACY_DOCKER_HUB ? first : DOCKER_HUB;
  const rest = isHost ? text.slice(slash + 1) : text;
  return { registry, rest: registry === DOCKER_HUB && !rest.includes('/') ? OFFICIAL + rest : rest };
}

function checkedDigest(text: string, digest: string): Digest {
  if (isDigest(digest)) return digest;
  throw invalid(text, 'its digest is not of the form sha256: and 64 lower-case hexadecimal digits');
}

function whatIsWrong(text: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return 'it is an address; write it without the scheme';
  if (/\s/.test(text)) return 'it contains a space';
  if (text.endsWith(':')) return 'the tag after ":" is missing';
  return 'it does not have the form [host[:port]/]path[:tag][@digest]';
}

function upperCase(text: string, path: string): KnownError {
  const written = text.includes(path) ? path : path.slice(OFFICIAL.length);
  return invalid(
    text,
    `"${stripControl(written)}" must be lower case`,
    `Write ${stripControl(text.replace(written, written.toLowerCase()))}.`,
  );
}

function invalid(text: string, reason: string, hint?: string): KnownError {
  return new KnownError('REFERENCE_INVALID', `"${stripControl(text)}" is not an image name: ${reason}.`, { hint });
}
