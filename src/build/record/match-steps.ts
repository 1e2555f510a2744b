import type { StepRecord } from './build-record.ts';

type Described = Pick<StepRecord, 'kind' | 'place' | 'text' | 'source' | 'name'>;

/**
 * Which step of an earlier build each step is: the same instruction of the same stage, else the same instruction
 * anywhere (the stage got another name), else the one that stood at its place and is nobody else's (it was edited). A step
 * that has none is new. The result is by index of `current`.
 */
export function matchSteps<Earlier extends Described>(
  current: readonly Described[],
  earlier: readonly Earlier[],
): readonly (Earlier | undefined)[] {
  const matching = new StepMatching(current, earlier);
  matching.pairBy((step) => `${stageOf(step)}\n${step.source || step.text}\n${step.text}`);
  matching.pairBy((step) => `${stageOf(step)}\n${step.source || step.text}`);
  matching.pairBy((step) => step.source || step.text);
  matching.pairBy(({ text }) => text);
  matching.pairByPlace();
  return matching.matches;
}

class StepMatching<Earlier extends Described> {
  readonly matches: (Earlier | undefined)[];
  readonly #current: readonly Described[];
  readonly #free: Set<Earlier>;

  constructor(current: readonly Described[], earlier: readonly Earlier[]) {
    this.#current = current;
    this.#free = new Set(earlier);
    this.matches = current.map(() => undefined);
  }

  /** Of several that are equal the first is matched with the first. */
  pairBy(identity: (step: Described) => string): void {
    const waiting = new Map<string, Earlier[]>();
    for (const step of this.#free) {
      const key = `${step.kind}\n${identity(step)}`;
      waiting.set(key, [...(waiting.get(key) ?? []), step]);
    }
    for (const [index, step] of this.#current.entries()) {
      if (this.matches[index]) continue;
      const found = waiting.get(`${step.kind}\n${identity(step)}`)?.shift();
      if (found) this.#match(index, found);
    }
  }

  /** What follows the match of the step before it; for the first of a stage, what stands at the same number. */
  pairByPlace(): void {
    const free = new Map([...this.#free].map((step) => [placeKey(step, step.place?.index), step]));
    for (const [index, step] of this.#current.entries()) {
      if (this.matches[index] || !step.place) continue;
      const before = this.#matchOfPrevious(step);
      const found = free.get(placeKey(step, before?.place ? before.place.index + 1 : step.place.index));
      if (found && this.#free.has(found)) this.#match(index, found);
    }
  }

  #matchOfPrevious({ place }: Described): Earlier | undefined {
    const previous = this.#current.findIndex(
      (step) => step.place?.stage === place?.stage && step.place?.index === (place?.index ?? 0) - 1,
    );
    return this.matches[previous];
  }

  #match(index: number, step: Earlier): void {
    this.matches[index] = step;
    this.#free.delete(step);
  }
}

function stageOf({ place, name }: Described): string {
  return place?.stage ?? name;
}

function placeKey({ kind, place }: Described, index: number | undefined): string {
  return `${kind}\n${place?.stage ?? ''}\n${index}`;
}
