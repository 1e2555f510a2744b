/** Longest line kept in memory; a longer one is shown in pieces. */
const LINE_LIMIT = 64 * 1024;

/** More of a line that goes on nobody sees. */
const CURRENT_LIMIT = 4096;

/** Cuts the output of a process into lines, each stream for itself; a line ends at a newline or a carriage return. */
export class LineSplitter {
  readonly #rest = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };

  /** The lines that the chunk completes, without their ends. */
  push(stream: 'stdout' | 'stderr', chunk: Buffer): string[] {
    const lines: string[] = [];
    let bytes = this.#rest[stream].length > 0 ? Buffer.concat([this.#rest[stream], chunk]) : chunk;
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a)) {
      lines.push(...visibleLines(bytes.subarray(0, end)));
      bytes = bytes.subarray(end + 1);
    }
    if (bytes.length > LINE_LIMIT) {
      lines.push(bytes.toString());
      bytes = Buffer.alloc(0);
    }
    this.#rest[stream] = Buffer.from(bytes);
    return lines;
  }

  /** What the line shows that is being written, of either stream; undefined when none is. */
  current(): string | undefined {
    const { stdout, stderr } = this.#rest;
    const bytes = stdout.length > 0 ? stdout : stderr;
    return visibleLines(bytes.subarray(-CURRENT_LIMIT)).findLast((line) => line !== '');
  }

  /** What is left without a final newline. */
  end(): string[] {
    const lines = [this.#rest.stdout, this.#rest.stderr].filter((bytes) => bytes.length > 0).flatMap(visibleLines);
    this.#rest.stdout = this.#rest.stderr = Buffer.alloc(0);
    return lines;
  }
}

/** Programs that redraw a line with carriage returns show each state as a line of its own; empty ones are dropped. */
function visibleLines(bytes: Buffer): string[] {
  const text = bytes.toString().replace(/\r+$/, '');
  return text.includes('\r') ? text.split('\r').filter((part) => part !== '') : [text];
}
