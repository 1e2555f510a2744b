/**
 * What ADD and build contexts take from the network: downloads and repositories, each as a root filesystem with just
 * that in it. A download is asked for once a build and kept with its ETag, so that a server which still has the same
 * need not send it again; a repository is known by its commit. What surprises: `identity` may have to download, and then
 * keeps the file aside until `fetch` wants it; disposing throws away what nobody wanted.
 */
import { join } from 'node:path';
import { fetchGit, type ResolvedGit, resolveGit } from '../context/remote/fetch-git.ts';
import { fetchHttp, type HttpDownload } from '../context/remote/fetch-http.ts';
import { type GitReference, isCommit, parseGitReference } from '../context/remote/git-reference.ts';
import type { ErrorCode } from '../diagnostics/error-code.ts';
import { KnownError } from '../diagnostics/known-error.ts';
import { redactUrls } from '../diagnostics/redact.ts';
import type { Digest } from '../image/digest.ts';
import { adoptFiles } from '../rootfs/adopt-files.ts';
import type { ActiveSnapshot, Snapshot, Snapshotter } from '../rootfs/snapshot.ts';
import { DownloadMemo } from './download-memo.ts';
import type { FetchOp } from './graph/op.ts';
import type { EmitBuildEvent, TransferProgress } from './progress/build-event.ts';
import { reportVertex } from './report-vertex.ts';

export interface FetchSourcesOptions {
  readonly snapshotter: Snapshotter;
  /** The store's `cache/`. */
  readonly cacheDir: string;
  readonly env: NodeJS.ProcessEnv;
  /** Hears of downloads; nobody unless given. */
  readonly emit?: EmitBuildEvent;
}

export interface FetchContext {
  readonly signal: AbortSignal;
  /** Takes the place of a vertex for the download alone. */
  readonly progress?: (transfer: TransferProgress) => void;
  /** Of a failure; ADD_FETCH_FAILED unless told. */
  readonly code?: ErrorCode;
}

export type HttpSource = Extract<FetchOp['source'], { type: 'http' }>;
export type GitSource = Extract<FetchOp['source'], { type: 'git' }>;

/** A file that a URL had: in a snapshot already, or aside until somebody wants it. */
interface Download {
  readonly digest: Digest;
  readonly modifiedMs: number;
  snapshot(): Promise<Snapshot>;
}

export class FetchSources implements AsyncDisposable {
  readonly #options: FetchSourcesOptions;
  readonly #memo: DownloadMemo;
  readonly #downloads = new Map<string, Promise<Download>>();
  readonly #commits = new Map<string, Promise<ResolvedGit>>();
  readonly #aside = new Set<ActiveSnapshot>();

  constructor(options: FetchSourcesOptions) {
    this.#options = options;
    this.#memo = new DownloadMemo(options.cacheDir);
  }

  /**
   * What decides whether a fetch can be taken from the cache: a checksum as it stands, else what the server has now.
   * @throws KnownError ADD_FETCH_FAILED (or `context.code`), ADD_CHECKSUM_MISMATCH.
   */
  async identity({ source }: FetchOp, context: FetchContext): Promise<string> {
    if (source.type === 'git') return (await this.#resolve(source, context)).commit;
    if (source.checksum !== undefined) return source.checksum;
    const { digest, modifiedMs } = await this.#download(source, context);
    return `${digest} ${modifiedMs}`;
  }

  /** A root with the download or the repository's files in it, root's own. @throws as `identity`. */
  async fetch({ source }: FetchOp, context: FetchContext): Promise<Snapshot> {
    if (source.type === 'git') return this.#clone(source, context);
    return (await this.#download(source, context)).snapshot();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([...this.#downloads.values()]);
    await Promise.all([...this.#aside].map((active) => active[Symbol.asyncDispose]()));
  }

  #download(source: HttpSource, context: FetchContext): Promise<Download> {
    const name = JSON.stringify([source.url, source.fileName, source.checksum]);
    const pending = this.#downloads.get(name) ?? this.#startDownload(source, context);
    this.#downloads.set(name, pending);
    return pending;
  }

  async #startDownload(source: HttpSource, context: FetchContext): Promise<Download> {
    const before = this.#memo.get(source);
    const kept = before && (await this.#options.snapshotter.get(before.snapshotId));
    const known = before && kept ? { ...before, snapshot: async () => kept } : undefined;
    if (known && known.digest === source.checksum) return known;
    const active = await this.#options.snapshotter.prepare(undefined);
    this.#aside.add(active);
    const answer = await this.#get(source, join(active.diffDir, source.fileName), { ...context, etag: known?.etag });
    if (answer.status === 'not-modified') {
      if (!known) throw new Error(`${redactUrls(source.url)} answered a question that was not asked`);
      return known;
    }
    const { modifiedMs, etag } = answer;
    const digest = answer.digest as Digest;
    const remember = (snapshot: Snapshot): Snapshot => {
      this.#memo.set(source, { etag, digest, modifiedMs, snapshotId: snapshot.id });
      return snapshot;
    };
    if (kept && before?.digest === digest && before.modifiedMs === modifiedMs) {
      remember(kept);
      return { digest, modifiedMs, snapshot: async () => kept };
    }
    return { digest, modifiedMs, snapshot: once(async () => remember(await this.#commit(active))) };
  }

  /** Seen as a vertex of its own: it may come before the step that asks for it. */
  #get(
    { url, checksum }: HttpSource,
    file: string,
    { signal, code, etag, progress }: FetchContext & { readonly etag: string | undefined },
  ): Promise<HttpDownload> {
    const id = redactUrls(url);
    const get = (report: (transfer: TransferProgress) => void) =>
      fetchHttp(url, file, {
        checksum,
        // What is kept has another digest than the one that is wanted: it is no answer.
        etag: checksum === undefined ? etag : undefined,
        env: this.#options.env,
        signal,
        code: code ?? 'ADD_FETCH_FAILED',
        onProgress: (current, total) => report({ id, current, total, done: current === total }),
      });
    if (progress) return get(progress);
    return reportVertex(this.#options.emit ?? (() => undefined), `[internal] load ${id}`, get, { onlyTransfers: true });
  }

  async #commit(active: ActiveSnapshot): Promise<Snapshot> {
    adoptFiles(active);
    this.#aside.delete(active);
    return active.commit();
  }

  #resolve(source: GitSource, context: FetchContext): Promise<ResolvedGit> {
    const name = JSON.stringify([source.remote, source.ref, source.checksum]);
    const pending = this.#commits.get(name) ?? resolveGit(gitReference(source), this.#gitOptions(context));
    this.#commits.set(name, pending);
    return pending;
  }

  async #clone(source: GitSource, context: FetchContext): Promise<Snapshot> {
    const resolved = await this.#resolve(source, context);
    await using active = await this.#options.snapshotter.prepare(undefined);
    await fetchGit(gitReference(source), resolved, active.diffDir, this.#gitOptions(context));
    adoptFiles(active);
    return await active.commit();
  }

  #gitOptions({ signal, code }: FetchContext) {
    return { env: this.#options.env, signal, code: code ?? ('ADD_FETCH_FAILED' as const) };
  }
}

/** Read once more by the context room's own rules, which know what git could take for an option. */
function gitReference(source: GitSource): GitReference {
  const { remote, subdir = '', checksum, keepGitDir, submodules = true } = source;
  // As in BuildKit: without a ref, a whole commit is not what the default branch must be, but what is wanted.
  const ref = source.ref ?? (checksum && isCommit(checksum) ? checksum : '');
  const reference = parseGitReference(`${remote}#${encodeURIComponent(ref)}:${encodeURIComponent(subdir)}`);
  if (!reference) throw new KnownError('DOCKERFILE_INVALID_VALUE', `${redactUrls(remote)} is no git repository.`);
  return { ...reference, checksum: checksum?.toLowerCase(), keepGitDir, submodules };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
