import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileEntry } from '../context/file-tree.ts';
import { systemErrorCode } from '../diagnostics/known-error.ts';
import type { DiffId } from '../image/digest.ts';
import { packTar, type TarMember } from '../image/tar/pack-tar.ts';
import type { TarHeader } from '../image/tar/tar-header.ts';
import { writeFileAtomic } from '../system/write-file-atomic.ts';
import type { Snapshot } from './snapshot.ts';
import { layerXattrs, snapshotDiff } from './snapshot-diff.ts';

export interface LayerOptions {
  /** SOURCE_DATE_EPOCH: later times are clamped to it. Seconds. */
  readonly epochSeconds?: number | undefined;
  /** Keep nanoseconds; without it times are whole seconds, as in BuildKit's layers. */
  readonly nanoseconds?: boolean | undefined;
}

/** Facts about the layer of a snapshot. */
export interface LayerIdentity {
  readonly diffId: DiffId;
  /** Of the uncompressed tar. */
  readonly sizeBytes: number;
}

const NS_PER_S = 1_000_000_000n;

/**
 * The layer of a snapshot as an uncompressed tar: what BuildKit writes for the same files, byte for byte (image-spec
 * layer.md; containerd's order). Equal differences give equal bytes. Chunks of about 1 MiB that belong to who gets them.
 */
export async function* layerFromSnapshot(snapshot: Snapshot, options: LayerOptions = {}): AsyncGenerator<Buffer> {
  yield* packTar(layerMembers(snapshot, options));
}

/** Digest and size of the snapshot's layer: computed once and remembered beside the snapshot's difference. */
export async function diffIdOf(snapshot: Snapshot, options: LayerOptions = {}): Promise<LayerIdentity> {
  const remembered = readIdentities(snapshot)[variantOf(options)];
  if (remembered) return remembered;
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of layerFromSnapshot(snapshot, options)) {
    hash.update(chunk);
    sizeBytes += chunk.length;
  }
  const identity = { diffId: `sha256:${hash.digest('hex')}` as DiffId, sizeBytes };
  rememberDiffId(snapshot, identity, options);
  return identity;
}

/** What `diffIdOf` would say, when it is known already. */
export function knownDiffId(snapshot: Snapshot, options: LayerOptions = {}): LayerIdentity | undefined {
  return readIdentities(snapshot)[variantOf(options)];
}

/** With which options the snapshot's layer has this diff id; undefined when it never was made or verified here. */
export function layerOptionsFor(snapshot: Snapshot, diffId: DiffId): LayerOptions | undefined {
  const variant = Object.entries(readIdentities(snapshot)).find(([, identity]) => identity.diffId === diffId)?.[0];
  const [, epoch, nanoseconds] = /^epoch=(\d*) nanoseconds=(true|false)$/.exec(variant ?? '') ?? [];
  if (epoch === undefined) return undefined;
  return { epochSeconds: epoch === '' ? undefined : Number(epoch), nanoseconds: nanoseconds === 'true' };
}

/** For whoever hashed the layer anyway (an exporter), or pulled it. */
export function rememberDiffId(snapshot: Snapshot, identity: LayerIdentity, options: LayerOptions = {}): void {
  const all = { ...readIdentities(snapshot), [variantOf(options)]: identity };
  writeFileAtomic(identityPath(snapshot), JSON.stringify(all), { durable: false });
}

function readIdentities(snapshot: Snapshot): Readonly<Record<string, LayerIdentity>> {
  try {
    return JSON.parse(readFileSync(identityPath(snapshot), 'utf8')) ?? {};
  } catch (error) {
    // Damaged or not there: it is computed again.
    if (systemErrorCode(error) === 'ENOENT' || error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Beside the difference, which snapshots on several parents may share. */
function identityPath(snapshot: Snapshot): string {
  return join(dirname(snapshot.diffDir), 'layer.json');
}

function variantOf({ epochSeconds, nanoseconds }: LayerOptions): string {
  return `epoch=${epochSeconds ?? ''} nanoseconds=${nanoseconds ?? false}`;
}

function* layerMembers(snapshot: Snapshot, options: LayerOptions): Generator<TarMember> {
  const firstNames = new Map<string, string>();
  for (const change of snapshotDiff(snapshot.origin ?? snapshot)) {
    if (change.kind === 'delete') {
      yield { header: whiteout(change.path) };
      continue;
    }
    const { entry } = change;
    const first = entry.hardLink === undefined ? undefined : firstNames.get(entry.hardLink);
    if (entry.hardLink !== undefined && first === undefined) firstNames.set(entry.hardLink, entry.path);
    yield { header: memberHeader(entry, first, options), content: { hostPath: entry.hostPath } };
  }
}

/** image-spec layer.md, "Whiteouts". containerd 2 gives them the time 0. */
function whiteout(path: string): TarHeader {
  const slash = path.lastIndexOf('/') + 1;
  const name = `${path.slice(0, slash)}.wh.${path.slice(slash)}`;
  return { path: name, type: 'file', mode: 0, uid: 0, gid: 0, size: 0, mtimeNs: 0n };
}

function memberHeader(entry: FileEntry, linkTo: string | undefined, options: LayerOptions): TarHeader {
  const { path, type, mode, uid, gid, linkTarget, rdev } = entry;
  const xattrs = type === 'file' ? layerXattrs(entry) : undefined;
  const common = {
    path,
    mode,
    uid,
    gid,
    mtimeNs: layerTime(entry.mtimeNs, options),
    ...(xattrs && xattrs.size > 0 && { xattrs }),
    ...(rdev && { rdev }),
  };
  if (linkTo !== undefined) return { ...common, type: 'link', size: 0, linkTarget: linkTo };
  if (type === 'socket') throw new Error(`the socket ${path} has no place in a layer`);
  return { ...common, type, size: entry.size, ...(linkTarget !== undefined && { linkTarget }) };
}

function layerTime(mtimeNs: bigint, { epochSeconds, nanoseconds }: LayerOptions): bigint {
  const limit = epochSeconds === undefined ? undefined : BigInt(epochSeconds) * NS_PER_S;
  const time = limit !== undefined && mtimeNs > limit ? limit : mtimeNs;
  if (nanoseconds) return time;
  const fraction = ((time % NS_PER_S) + NS_PER_S) % NS_PER_S;
  return time - fraction;
}
