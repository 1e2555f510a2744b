import { KnownError } from '../../../diagnostics/known-error.ts';

/** Bytes of a failed step's output that are shown with the error; the whole lies in the build's log. */
const SHOWN_BYTES = 8 * 1024;
const SHOWN_LINES = 25;

export interface RunFailure {
  readonly argv: readonly string[];
  readonly exitCode: number;
  /** The last bytes it wrote, both streams in order. */
  readonly output: Buffer;
  readonly logPath: string | undefined;
  /** Why the program could not be started; undefined when it ran. */
  readonly startFailure?: string | undefined;
}

/** A RUN step that ended with something other than 0. `exitCode` of the error itself stays the build's: 1. */
export class RunFailedError extends KnownError {
  readonly failure: RunFailure;

  constructor(failure: RunFailure) {
    super('RUN_FAILED', `RUN exited with code ${failure.exitCode}.`, {
      details: [
        failure.startFailure ?? '',
        lastLines(failure.output),
        failure.logPath ? `\nwhole log: ${failure.logPath}` : '',
      ]
        .join('\n')
        .trim(),
      hint: hint(failure.exitCode),
    });
    this.failure = failure;
  }
}

/** Keeps the end of a stream in bounded memory. */
export class OutputTail {
  #chunks: Buffer[] = [];
  #bytes = 0;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    while (this.#chunks.length > 1 && this.#bytes - (this.#chunks[0]?.length ?? 0) >= SHOWN_BYTES) {
      this.#bytes -= this.#chunks.shift()?.length ?? 0;
    }
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks).subarray(-SHOWN_BYTES);
  }
}

function lastLines(output: Buffer): string {
  const lines = output.toString().trimEnd().split('\n').slice(-SHOWN_LINES);
  return lines.map(lastState).join('\n');
}

/** What a line shows in the end, when its program redrew it with carriage returns. */
function lastState(line: string): string {
  return line.split('\r').findLast((part) => part !== '') ?? '';
}

function hint(exitCode: number): string | undefined {
  switch (exitCode) {
    case 126:
      return 'The command was found but could not be executed: check its mode and that it is made for this platform.';
    case 127:
      return 'The command was not found in this stage: check its spelling, PATH, and that the stage has a shell.';
    case 137:
      return 'It was killed, usually because memory ran out.';
    default:
      return undefined;
  }
}
