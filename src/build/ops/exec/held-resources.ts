/** What a step holds: given back in reverse order, all of it, even when giving back one thing fails. */
export class HeldResources implements AsyncDisposable {
  readonly #releases: (() => void | Promise<void>)[] = [];

  use<T extends AsyncDisposable>(resource: T): T {
    this.#releases.push(() => Promise.resolve(resource[Symbol.asyncDispose]()));
    return resource;
  }

  defer(release: () => void): void {
    this.#releases.push(release);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = [];
    for (const release of this.#releases.splice(0).reverse()) {
      try {
        await release();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
