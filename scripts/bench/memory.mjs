import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

const EVERY_MS = 25;

/** The highest sum of proportional set sizes (PSS, where a shared page counts once) of a builder's processes. */
export class PeakMemory {
  #processes;
  #hasDaemon;
  #timer;
  #peakKib = 0;

  /** @param {{ processes: RegExp, hasDaemon: boolean }} builder */
  constructor({ processes, hasDaemon }) {
    this.#processes = processes;
    this.#hasDaemon = hasDaemon;
  }

  /** @param {number} pid the command, whose descendants count; of a daemon, all processes of its names do */
  start(pid) {
    const sample = () => {
      const candidates = this.#hasDaemon ? processIds() : descendants(pid);
      const sum = candidates.reduce((total, each) => total + this.#sizeOf(each), 0);
      this.#peakKib = Math.max(this.#peakKib, sum);
    };
    sample();
    this.#timer = setInterval(sample, EVERY_MS);
  }

  /** Megabytes of 10^6. */
  stop() {
    clearInterval(this.#timer);
    return (this.#peakKib * 1024) / 1e6;
  }

  #sizeOf(pid) {
    try {
      const program = basename(readlinkSync(`/proc/${pid}/exe`).replace(' (deleted)', ''));
      if (!this.#processes.test(program)) return 0;
      return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      // It ended meanwhile.
      return 0;
    }
  }
}

function processIds() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function descendants(root) {
  const children = new Map();
  for (const pid of processIds()) {
    const parent = parentOf(pid);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

function parentOf(pid) {
  try {
    // The name in parentheses may hold spaces.
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[1],
    );
  } catch {
    return -1;
  }
}
