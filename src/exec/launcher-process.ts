/**
 * A process of perl that makes sandboxes (perl-launcher.ts), for one after the other or for several at once: starting
 * it costs more than a sandbox. What surprises: it ends by itself when this process does, with everything it started,
 * and does not keep this process from ending.
 */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { keepInheritedFiles } from '../system/inherited-files.ts';
import { callNumber, encodeRequest, type LaunchOperation, launcherNumbers } from './launch-plan.ts';
import { openOutputPipe } from './output-pipe.ts';
import { LAUNCHER, SEALED } from './perl-launcher.ts';
import { sendSignal } from './process-tree.ts';
import { SandboxReports } from './sandbox-reports.ts';

export interface LauncherOptions {
  /** Path of the program. */
  readonly perl: string;
  /** Folders of cgroups that the launcher, and so all that it starts, is in; it removes them when it ends. */
  readonly cgroups: readonly string[];
  /** Streams that sandboxes inherit; without them each plan has to name its own. */
  readonly inherit?: { readonly stdin: boolean };
}

export interface Launch {
  /** A folder for a pipe, of this launch alone. */
  readonly dir: string;
  /** Of the first process of the sandbox: flags of clone(2). */
  readonly namespaces: number;
  readonly plan: readonly LaunchOperation[];
  readonly signal: AbortSignal;
  /** A word of the plan's processes; `pid` is the first one's. */
  onWord(word: string, pid: number): void;
}

export interface LaunchResult {
  /** 0 to 255; 128 + N after signal N; undefined when the launcher did not live to tell. */
  readonly exitCode: number | undefined;
  readonly complaints: string;
}

/** Of what the launcher itself complains of. */
const MAX_COMPLAINT_BYTES = 4096;

export class LauncherProcess {
  readonly #child: ChildProcess;
  readonly #pending = new Set<() => void>();
  #complaint = '';
  #hasEnded = false;

  constructor({ perl, cgroups, inherit }: LauncherOptions) {
    const streams: StdioOptions = inherit
      ? [inherit.stdin ? 'inherit' : 'ignore', 'inherit', 'inherit']
      : ['ignore', 'ignore', 'pipe'];
    keepInheritedFiles();
    const argv = ['-e', SEALED, String(callNumber('memfd_create')), LAUNCHER, launcherNumbers(), ...cgroups];
    this.#child = spawn(perl, argv, { env: { LC_ALL: 'C' }, cwd: '/', stdio: [...streams, 'ignore', 'pipe'] });
    this.#child.once('error', (error) => this.#end(error.message)).once('exit', () => this.#end(''));
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#complaint = (this.#complaint + chunk.toString('latin1')).slice(0, MAX_COMPLAINT_BYTES);
    });
    // A launcher that has ended has closed its side; its exit says so.
    this.#plans.on('error', () => undefined);
    for (const handle of [this.#child, this.#child.stderr, this.#plans])
      (handle as Partial<Unreferenced> | null)?.unref?.();
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /**
   * Runs a plan to its end.
   * @throws the signal's reason when it is aborted: everything that the plan started has been killed by then.
   */
  async launch({ dir, namespaces, plan, signal, onWord }: Launch): Promise<LaunchResult> {
    signal.throwIfAborted();
    const pipe = openOutputPipe(join(dir, 'report'));
    const release = once(() => {
      pipe.release();
      this.#pending.delete(release);
    });
    this.#pending.add(release);
    let pid: number | undefined;
    let exitCode: number | undefined;
    const kill = (): void => {
      if (pid !== undefined && exitCode === undefined) sendSignal(pid, 'SIGKILL');
    };
    const reports = new SandboxReports((word) => {
      const [name, value] = word.split(' ');
      if (name === 'process') {
        pid = Number(value);
        release();
        if (signal.aborted) kill();
      } else if (name === 'ended') exitCode = Number(value);
      else onWord(word, pid ?? 0);
    });
    const reading = pipe.read((chunk) => reports.push(chunk));
    signal.addEventListener('abort', kill, { once: true });
    this.#plans.write(encodeRequest({ report: pipe.path, namespaces, plan }));
    if (this.#hasEnded) release();
    await reading;
    signal.removeEventListener('abort', kill);
    signal.throwIfAborted();
    return { exitCode, complaints: reports.complaints || this.#complaint };
  }

  /** Ends the launcher, and what it still runs. Resolves when it is gone. */
  async close(): Promise<void> {
    if (this.#hasEnded) return;
    this.#child.ref();
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#plans.end();
    await ended;
  }

  get #plans(): Duplex {
    return this.#child.stdio[4] as Duplex;
  }

  #end(complaint: string): void {
    this.#hasEnded = true;
    this.#complaint ||= complaint;
    for (const release of this.#pending) release();
  }
}

/** Sockets, which streams of a child are. */
type Unreferenced = Readable & { unref(): void };

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}
