/**
 * Where the files of a cache mount lie in a store, and what they are: a folder under `mounts/`, and beside it a lock and the
 * mount's identity, by which other stores know it. It must not know how a mount is filled.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemErrorCode } from '../../diagnostics/known-error.ts';
import { acquireLock, type HeldLock } from '../../system/lock.ts';
import { writeFileAtomic } from '../../system/write-file-atomic.ts';

/** What a mount is, on whichever machine. Plain data. */
export type MountIdentity =
  /** RUN --mount=type=cache. */
  | { readonly kind: 'cache'; readonly id: string; readonly seedKey?: string }
  /** Go's build cache that steps get without asking. */
  | {
      readonly kind: 'go-build';
      readonly project: string;
      readonly goVersion: string;
      readonly platform: string;
      readonly uid: number;
    }
  /** Modules that steps of a project downloaded. */
  | { readonly kind: 'go-modules'; readonly project: string };

/** A mount that is there. */
export interface KeptMount {
  readonly identity: MountIdentity;
  readonly dir: string;
}

const KINDS: readonly MountIdentity['kind'][] = ['cache', 'go-build', 'go-modules'];
const IDENTITY = '.mount.json';

/** `root` is the store's `mounts/`. */
export function mountFolder(root: string, identity: MountIdentity): string {
  return identity.kind === 'cache' ? join(root, folderName(identity)) : join(root, identity.kind, folderName(identity));
}

function folderName(identity: MountIdentity): string {
  return createHash('sha256').update(identityText(identity)).digest('hex').slice(0, 32);
}

/** Equal for equal mounts. */
export function identityText(identity: MountIdentity): string {
  switch (identity.kind) {
    case 'cache':
      return `${identity.id}\0${identity.seedKey ?? ''}`;
    case 'go-build':
      return [identity.kind, identity.project, identity.goVersion, identity.platform, identity.uid].join('\0');
    default:
      return [identity.kind, identity.project].join('\0');
  }
}

/** Written once, when the mount is made or first used by a version that knows of it. */
export function writeIdentity(dir: string, identity: MountIdentity): void {
  const path = `${dir}${IDENTITY}`;
  if (existsSync(path)) return;
  makeMountsFolder(dirname(path));
  writeFileAtomic(path, JSON.stringify(identity), { durable: false });
}

/** Every mount whose identity is known, in no order. */
export function listMounts(root: string): KeptMount[] {
  const folders = [root, ...KINDS.slice(1).map((kind) => join(root, kind))];
  return folders.flatMap((folder) =>
    namesIn(folder)
      .filter((name) => name.endsWith(IDENTITY) && !name.startsWith('.'))
      .flatMap((name) => keptMount(join(folder, name)) ?? []),
  );
}

function keptMount(path: string): KeptMount | undefined {
  const dir = path.slice(0, -IDENTITY.length);
  if (!existsSync(dir)) return undefined;
  try {
    const identity = parseIdentity(JSON.parse(readFileSync(path, 'utf8')));
    return identity && { identity, dir };
  } catch (error) {
    // Damaged, or gone just now: nobody can be told what it is.
    if (systemErrorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Of JSON from anywhere; undefined when it is no identity. */
export function parseIdentity(value: unknown): MountIdentity | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, id, seedKey, project, goVersion, platform, uid } = value as Readonly<Record<string, unknown>>;
  if (kind === 'cache' && typeof id === 'string' && (seedKey === undefined || typeof seedKey === 'string'))
    return { kind, id, ...(seedKey === undefined ? {} : { seedKey }) };
  if (typeof project !== 'string') return undefined;
  if (kind === 'go-modules') return { kind, project };
  const isWhole = typeof goVersion === 'string' && typeof platform === 'string' && Number.isSafeInteger(uid);
  return kind === 'go-build' && isWhole ? { kind, project, goVersion, platform, uid: uid as number } : undefined;
}

/** As people know it. */
export function mountName(identity: MountIdentity): string {
  switch (identity.kind) {
    case 'cache':
      return identity.id;
    case 'go-build':
      return `Go build cache of ${identity.project} (${[`go${identity.goVersion}`, identity.platform].join(' ')})`;
    default:
      return `Go modules of ${identity.project}`;
  }
}

/** The store's `mounts/`. Steps may leave setuid programs there, which nobody else on this machine may reach. */
export function makeMountsFolder(root: string): void {
  mkdirSync(root, { recursive: true, mode: 0o700 });
}

/** Nobody else uses the mount until it is given back; waits for steps that do. */
export function lockMount(
  dir: string,
  options: { readonly shared?: boolean; readonly signal: AbortSignal },
): Promise<HeldLock> {
  makeMountsFolder(dirname(dir));
  return acquireLock(`${dir}.lock`, options);
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
