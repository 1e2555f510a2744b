/** A fixed number of places for work that goes on at once; those who wait are served in order. */
export class Slots {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(count: number) {
    this.#free = count;
  }

  /** Waits for a place. Dispose of it to give it back. */
  async take(signal?: AbortSignal): Promise<Disposable> {
    signal?.throwIfAborted();
    if (this.#free > 0) this.#free--;
    else await this.#wait(signal);
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (held) this.#release();
        held = false;
      },
    };
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#waiting.delete(serve);
        reject(signal?.reason);
      };
      const serve = () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      this.#waiting.add(serve);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** A place goes straight to the first that waits. */
  #release(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#free++;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
