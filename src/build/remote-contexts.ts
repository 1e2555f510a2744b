/**
 * Build contexts that are no directories: repositories, downloads, what comes on stdin. Each becomes a snapshot, read in
 * place like any stage, so that owners of an archive are kept, nothing is fetched twice, and a killed build leaves nothing
 * that the store does not clean up. What surprises: no .dockerignore applies to them, as in BuildKit.
 */
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { forgetfulFileDigests } from '../context/file-digests.ts';
import type { FileTree } from '../context/file-tree.ts';
import { type ContextStream, readContextStream } from '../context/remote/context-stream.ts';
import type { GitReference } from '../context/remote/git-reference.ts';
import { redactUrls } from '../diagnostics/redact.ts';
import { decompressDetected } from '../image/compression/decompress.ts';
import { readTar } from '../image/tar/read-tar.ts';
import type { TarEntry } from '../image/tar/tar-entry.ts';
import { openLayeredView, viewOfActive } from '../rootfs/layered-view.ts';
import { RootWriter } from '../rootfs/root-writer.ts';
import type { ActiveSnapshot, Snapshot, Snapshotter, WritableDifference } from '../rootfs/snapshot.ts';
import { cacheKey } from './cache/cache-key.ts';
import type { CacheStore } from './cache/cache-store.ts';
import type { FetchSources } from './fetch-sources.ts';
import type { FetchOp } from './graph/op.ts';
import { fetchKey } from './ops/fetch-op.ts';
import type { BuildContextTree } from './ops/op-environment.ts';
import { withArchive } from './ops/unpack-archive.ts';
import type { EmitBuildEvent } from './progress/build-event.ts';
import { reportVertex } from './report-vertex.ts';

export interface RemoteContextsOptions {
  readonly snapshotter: Snapshotter;
  readonly cache: CacheStore;
  readonly sources: FetchSources;
  readonly emit: EmitBuildEvent;
  readonly signal: AbortSignal;
}

export interface DownloadedContext {
  readonly files: BuildContextTree;
  /** False: the download is no archive, and the only file of the context. */
  readonly isArchive: boolean;
}

export class RemoteContexts implements AsyncDisposable {
  readonly #options: RemoteContextsOptions;
  readonly #unpacked: ActiveSnapshot[] = [];

  constructor(options: RemoteContextsOptions) {
    this.#options = options;
  }

  /** @throws KnownError CONTEXT_FETCH_FAILED */
  async git(git: GitReference, { name, keepGitDir }: { name: string; keepGitDir: boolean }): Promise<BuildContextTree> {
    const { remote, ref, subdir, checksum, submodules } = git;
    const source: FetchOp['source'] = {
      type: 'git',
      remote,
      keepGitDir: git.keepGitDir ?? keepGitDir,
      submodules,
      ...(ref === undefined ? {} : { ref }),
      ...(subdir === undefined ? {} : { subdir }),
      ...(checksum === undefined ? {} : { checksum }),
    };
    const address = `${redactUrls(remote)}${ref || subdir ? '#' : ''}${ref ?? ''}${subdir ? `:${subdir}` : ''}`;
    return snapshotTree(await this.#fetched(source, `[internal] load git source ${address}`), name);
  }

  /** An archive is unpacked; anything else is the one file, called `fileName`. @throws KnownError CONTEXT_FETCH_FAILED, ARCHIVE_INVALID */
  async http(url: string, { name, fileName }: { name: string; fileName: string }): Promise<DownloadedContext> {
    const download = await this.#fetched({ type: 'http', url, fileName }, '[internal] load remote build context');
    const unpacked = await this.#unpackedDownload(download, { name, fileName });
    return { files: snapshotTree(unpacked ?? download, name), isArchive: unpacked !== undefined };
  }

  /** The text of a file from the network. @throws KnownError CONTEXT_FETCH_FAILED */
  async text(url: string): Promise<string> {
    const fileName = 'Dockerfile';
    const download = await this.#fetched({ type: 'http', url, fileName }, `[internal] load ${redactUrls(url)}`);
    return readFileSync(openLayeredView(download, 'the download').lstat(fileName)?.hostPath ?? '', 'utf8');
  }

  /** @throws KnownError CONTEXT_FETCH_FAILED, ARCHIVE_INVALID */
  async stream(
    stream: Readable,
    name: string,
  ): Promise<{ readonly content: ContextStream; readonly files: BuildContextTree }> {
    const active = await this.#options.snapshotter.prepare(undefined);
    this.#unpacked.push(active);
    const content = await readContextStream(stream, {
      dir: active.diffDir,
      signal: this.#options.signal,
      unpack: (archive) =>
        this.#unpack(active, readTar(decompressDetected(asBuffers(archive), { name }), { name }), name),
    });
    return { content, files: withoutMemory(viewOfActive(active, name)) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#unpacked.map((active) => active[Symbol.asyncDispose]()));
  }

  #fetched(source: FetchOp['source'], name: string): Promise<Snapshot> {
    const { emit, sources, cache, signal } = this.#options;
    const op: FetchOp = { kind: 'fetch', source };
    return reportVertex(emit, name, async (progress) => {
      const context = { signal, progress, code: 'CONTEXT_FETCH_FAILED' as const };
      const key = fetchKey(op, await sources.identity(op, context));
      const hit = await cache.lookup(key.digest);
      if (hit) return hit.snapshot;
      const startedMs = Date.now();
      const snapshot = await sources.fetch(op, context);
      await cache.record({
        key,
        snapshotId: snapshot.id,
        createdMs: Date.now(),
        durationMs: Date.now() - startedMs,
        name,
      });
      return snapshot;
    });
  }

  /** undefined when it is no archive. */
  async #unpackedDownload(
    download: Snapshot,
    { name, fileName }: { name: string; fileName: string },
  ): Promise<Snapshot | undefined> {
    const { cache, snapshotter } = this.#options;
    const key = cacheKey({ operation: 'unpack', archive: download.id }, []);
    const hit = await cache.lookup(key.digest);
    if (hit) return hit.snapshot;
    const file = openLayeredView(download, name).lstat(fileName);
    if (!file) throw new Error(`the download ${download.id} has no ${fileName}`);
    const startedMs = Date.now();
    await using active = await snapshotter.prepare(undefined);
    if (!(await withArchive(file, (members) => this.#unpack(active, members, name)))) return undefined;
    const snapshot = await active.commit();
    const durationMs = Date.now() - startedMs;
    await cache.record({
      key,
      snapshotId: snapshot.id,
      createdMs: Date.now(),
      durationMs,
      name: `[internal] unpack ${name}`,
    });
    return snapshot;
  }

  async #unpack(active: WritableDifference, members: AsyncIterable<TarEntry>, name: string): Promise<void> {
    const writer = new RootWriter(active);
    await writer.unpack(members, { into: '', name, signal: this.#options.signal });
    writer.finish();
  }
}

function snapshotTree(snapshot: Snapshot, name: string): BuildContextTree {
  return { ...withoutMemory(openLayeredView(snapshot, name)), snapshotId: snapshot.id };
}

function withoutMemory(tree: FileTree): BuildContextTree {
  return { tree, digests: forgetfulFileDigests({ now: Date.now }) };
}

async function* asBuffers(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
