import { createHash } from 'node:crypto';
import { constants, copyFileSync, existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ExecMount } from '../../../exec/executor.ts';
import { withModuleFolder } from '../../../golang/go-mod-cache-dir.ts';
import type { ActiveSnapshot } from '../../../rootfs/snapshot.ts';
import { noteUse } from '../../../system/note-use.ts';
import { makeMountsFolder, mountFolder, writeIdentity } from '../../cache/mount-folder.ts';
import type { OpContext } from '../../solver/op-runner.ts';
import type { OpEnvironment } from '../op-environment.ts';

/** A step that may download Go modules and has no cache mount of its own for them. */
export interface GoModulesRequest {
  /** Absolute path of GOMODCACHE in the root. */
  readonly modCacheDir: string;
  /** GOPROXY as the step has it. */
  readonly goProxy: string | undefined;
  /** Tell people: the step is about modules, not one that merely may need some. */
  readonly announce: boolean;
}

export interface GoModules {
  readonly mounts: readonly ExecMount[];
  readonly env: readonly string[];
  /** Keeps what the step downloaded, for the next one. */
  keep(active: ActiveSnapshot): void;
}

const NONE: GoModules = { mounts: [], env: [], keep: () => undefined };
const TARGET = '/run/slipway/go-modules';
/** What a module proxy serves (`go help goproxy`); hashes are computed by go itself, from these. */
const SERVED = /^v.*\.(?:info|mod|zip)$/;

/**
 * Modules that the project's steps downloaded before, served to go as a proxy that is a folder: go verifies them as any
 * download and writes the same files, so the layer is the same as with the network. Files appear by rename and never
 * change, so no lock is needed.
 */
export async function goModules(
  { project, mountsDir, fillMount }: OpEnvironment,
  request: GoModulesRequest | undefined,
  context: OpContext,
): Promise<GoModules> {
  if (!request || project === undefined) return NONE;
  const identity = { kind: 'go-modules', project } as const;
  const folder = mountFolder(mountsDir, identity);
  makeMountsFolder(mountsDir);
  const keep = (active: ActiveSnapshot) => {
    if (keepDownloads(active, request.modCacheDir, folder)) writeIdentity(folder, identity);
  };
  const proxy = withModuleFolder(request.goProxy, TARGET);
  if (proxy === undefined) return { ...NONE, keep };
  if (fillMount && !existsSync(folder)) await fillFolder(folder, (dir) => fillMount(identity, dir, context.signal));
  if (!existsSync(folder)) return { ...NONE, keep };
  writeIdentity(folder, identity);
  noteUse(folder);
  if (request.announce) context.note("Go modules: this project's, as downloaded before");
  return {
    mounts: [{ type: 'bind', source: folder, target: TARGET, readOnly: true }],
    env: [`GOPROXY=${proxy}`],
    keep,
  };
}

/** Appears whole; when another step was faster, its folder stays. */
async function fillFolder(folder: string, fill: (dir: string) => Promise<boolean>): Promise<void> {
  const making = `${folder}.new-${process.pid}-${Date.now()}`;
  mkdirSync(making, { recursive: true });
  try {
    if ((await fill(making)) && !existsSync(folder)) renameSync(making, folder);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

/** False when the step downloaded nothing that could be kept. */
function keepDownloads({ rootMount }: ActiveSnapshot, modCacheDir: string, folder: string): boolean {
  if (rootMount.kind !== 'overlay') return false;
  const downloads = realDirectory(rootMount.upperDir, `${modCacheDir}/cache/download`);
  if (downloads === undefined) return false;
  for (const path of servedFiles(downloads, '')) {
    const target = join(folder, path);
    if (existsSync(target)) continue;
    mkdirSync(dirname(target), { recursive: true });
    const making = join(folder, `.new-${process.pid}-${createHash('sha256').update(path).digest('hex').slice(0, 16)}`);
    copyFileSync(join(downloads, path), making, constants.COPYFILE_FICLONE);
    renameSync(making, target);
  }
  return existsSync(folder);
}

/** The directory below `root`, unless a part of the way is missing or is a link, which the step may have made lead anywhere. */
function realDirectory(root: string, path: string): string | undefined {
  let dir = root;
  for (const name of path.split('/').filter(Boolean)) {
    dir = join(dir, name);
    if (name === '..' || !lstatSync(dir, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  }
  return dir;
}

function* servedFiles(root: string, path: string): Generator<string> {
  for (const entry of readdirSync(join(root, path), { withFileTypes: true })) {
    const below = path === '' ? entry.name : `${path}/${entry.name}`;
    if (entry.isDirectory()) yield* servedFiles(root, below);
    else if (entry.isFile() && path.endsWith('/@v') && SERVED.test(entry.name)) yield below;
  }
}
