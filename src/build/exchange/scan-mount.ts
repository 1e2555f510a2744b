import { createHash } from 'node:crypto';
import { closeSync, constants, lstatSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { systemErrorCode } from '../../diagnostics/known-error.ts';
import type { Digest } from '../../image/digest.ts';
import type { KeptMount } from '../cache/mount-folder.ts';
import { isGoCacheEntry } from './go-cache-entry.ts';
import { MOST_CONTENT_BYTES, type MountListing, type MountMember } from './mounts-index.ts';

/** Others get a turn after so many files. */
const BATCH = 200;
const NS_PER_S = 1_000_000_000n;

/** Reads every file of a mount, which nobody must change meanwhile. Sockets, devices and pipes have no place elsewhere. */
export async function scanMount({ identity, dir }: KeptMount, signal: AbortSignal): Promise<MountListing> {
  const members: MountMember[] = [];
  for (const path of pathsBelow(dir, '')) {
    const member = scanMember(dir, path);
    if (member) members.push(member);
    if (members.length % BATCH !== 0) continue;
    await nextTurn();
    signal.throwIfAborted();
  }
  return { identity, members };
}

/** Parents before their children, names in order. */
function* pathsBelow(root: string, folder: string): Generator<string> {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    yield path;
    if (entry.isDirectory()) yield* pathsBelow(root, path);
  }
}

function scanMember(root: string, path: string): MountMember | undefined {
  const full = join(root, path);
  const stats = lstatSync(full, { bigint: true });
  // Go keeps the time of an entry's last use as its modification.
  const isRead = !isGoCacheEntry(path) && stats.atimeMs > stats.mtimeMs;
  const usedMs = Number(isRead ? stats.atimeMs : stats.mtimeMs);
  const entry = { path, mode: Number(stats.mode) & 0o7777, uid: Number(stats.uid), gid: Number(stats.gid), usedMs };
  // Go looks at hours; whole seconds can be set without a call into libc.
  const mtimeNs = isGoCacheEntry(path) ? (stats.mtimeNs / NS_PER_S) * NS_PER_S : stats.mtimeNs;
  if (stats.isDirectory()) return { ...entry, mtimeNs, type: 'directory' };
  if (stats.isSymbolicLink()) return { ...entry, mtimeNs, type: 'symlink', target: readlinkSync(full) };
  if (!stats.isFile()) return undefined;
  return { ...entry, mtimeNs, type: 'file', ...readContents(full) };
}

function readContents(path: string): { readonly size: number; readonly contents: readonly Digest[] } {
  const contents: Digest[] = [];
  let size = 0;
  for (const content of contentsOf(path)) {
    contents.push(`sha256:${createHash('sha256').update(content).digest('hex')}` as Digest);
    size += content.length;
  }
  return { size, contents };
}

/** The pieces of a file that travel, in order; each is good until the next is asked for. */
export function* contentsOf(path: string): Generator<Buffer> {
  const fd = openUnseen(path);
  try {
    let buffer = Buffer.alloc(0);
    for (;;) {
      if (buffer.length === 0) buffer = Buffer.allocUnsafeSlow(bufferSize(path));
      const length = readFully(fd, buffer);
      if (length === 0) return;
      yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(fd);
  }
}

/** Looking at a file for its copy is no use of it. */
function openUnseen(path: string): number {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  try {
    return openSync(path, flags | constants.O_NOATIME);
  } catch (error) {
    // The kernel grants it to the owner alone.
    if (systemErrorCode(error) !== 'EPERM') throw error;
    return openSync(path, flags);
  }
}

function bufferSize(path: string): number {
  return Math.max(1, Math.min(lstatSync(path).size, MOST_CONTENT_BYTES));
}

function readFully(fd: number, buffer: Buffer): number {
  let length = 0;
  while (length < buffer.length) {
    const read = readSync(fd, buffer, length, buffer.length - length, null);
    if (read === 0) break;
    length += read;
  }
  return length;
}
