import type { BuildEvent } from '../../build/progress/build-event.ts';
import type { ProgressRenderer } from './progress.ts';

/** One JSON object a line in the shape of BuildKit's SolveStatus (`--progress rawjson`): vertexes, statuses, logs, warnings. */
export class RawjsonProgress implements ProgressRenderer {
  readonly #write: (text: string) => void;
  readonly #started = new Map<string, string>();

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  event(event: BuildEvent): void {
    const status = this.#status(event);
    if (status) this.#write(`${JSON.stringify(status)}\n`);
  }

  finish(): void {
    this.#started.clear();
  }

  #status(event: BuildEvent): object | undefined {
    const time = new Date(event.timeMs).toISOString();
    switch (event.type) {
      case 'plan':
        return { vertexes: event.vertices.map(({ vertex, name }) => ({ digest: vertex, name })) };
      case 'vertex-started':
        this.#started.set(event.vertex, time);
        return this.#vertex(event, {});
      case 'vertex-cached':
        return this.#vertex(event, {
          ...{ started: time, completed: time, cached: true },
          ...(event.importedFrom ? { importedFrom: event.importedFrom } : {}),
        });
      case 'vertex-completed':
        return this.#vertex(event, { completed: time });
      case 'vertex-failed':
        return this.#vertex(event, { completed: time, error: event.message });
      case 'vertex-cancelled':
        return this.#vertex(event, { completed: time, error: 'context canceled' });
      case 'log':
        return {
          logs: [
            {
              vertex: event.vertex,
              stream: event.stream === 'stdout' ? 1 : 2,
              data: event.chunk.toString('base64'),
              timestamp: time,
            },
          ],
        };
      case 'note':
        return { notes: [{ vertex: event.vertex, text: event.text, timestamp: time }] };
      case 'progress': {
        const { id, current, total, done } = event.transfer;
        return {
          statuses: [
            { id, vertex: event.vertex, current, total, timestamp: time, ...(done ? { completed: time } : {}) },
          ],
        };
      }
      case 'warning':
        return { warnings: [{ level: 1, short: event.diagnostic.message, ...event.diagnostic }] };
      case 'notice':
        return { warnings: [{ level: 1, short: event.text }] };
    }
  }

  #vertex(event: { vertex: string; name: string }, more: object): object {
    const started = this.#started.get(event.vertex);
    return { vertexes: [{ digest: event.vertex, name: event.name, ...(started ? { started } : {}), ...more }] };
  }
}
