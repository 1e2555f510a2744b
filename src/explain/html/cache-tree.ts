import type { BuildRecord, StepRecord } from '../../build/record/build-record.ts';
import { isShownStep } from '../../build/record/build-record.ts';
import { duration, escapeHtml } from '../../page/markup.ts';
import { numberSteps, stepText } from '../explain.ts';
import type { Explanation } from '../explanation.ts';

const WORDS: Readonly<Record<StepRecord['outcome'], string>> = {
  hit: 'cached',
  run: 'ran',
  'not-needed': 'not needed',
  failed: 'failed',
  cancelled: 'stopped',
};

interface TreeContext {
  readonly record: BuildRecord;
  /** Reasons by index of the step. */
  readonly reasons: ReadonlyMap<number, string>;
  readonly shown: Set<string>;
}

/** The stages from the target down: each step with its fate and reason, and below it the stages that it reads from. */
export function cacheTree(record: BuildRecord, explanation: Explanation): string {
  const last = record.steps.findLastIndex(isShownStep);
  if (last < 0) return '<p>No step was planned.</p>';
  return stageTree(last, { record, reasons: reasonsByIndex(record, explanation), shown: new Set() });
}

function reasonsByIndex(record: BuildRecord, { misses }: Explanation): ReadonlyMap<number, string> {
  const indexes = new Map(numberSteps(record.steps).map((number, index) => [number, index]));
  const reasons = new Map<number, string>();
  for (const { steps, causes, caused } of misses) {
    const names = steps.map((number) => stepText(record.steps[indexes.get(number) ?? -1] as StepRecord));
    for (const number of caused) reasons.set(indexes.get(number) ?? -1, `follows ${names.join(' and ')}`);
    for (const number of steps) reasons.set(indexes.get(number) ?? -1, causes.map(({ text }) => text).join('; '));
  }
  return reasons;
}

/** A stage from its base to one of its steps. */
function stageTree(index: number, context: TreeContext): string {
  const { steps } = context.record;
  const chain: number[] = [];
  const stage = steps[index]?.place?.stage;
  for (let next: number | undefined = index; next !== undefined; next = previousInStage(next, steps))
    chain.unshift(next);
  const name = stage || 'steps';
  if (context.shown.has(`${name} ${index}`)) return `<p class="again">${escapeHtml(name)}: see above</p>`;
  context.shown.add(`${name} ${index}`);
  const counts = chain.filter((each) => steps[each]?.outcome === 'hit').length;
  const items = chain.map((each) => stepItem(each, chain, context));
  return `<details open><summary>${escapeHtml(name)} <small>${counts} of ${chain.length} cached</small></summary><ol>${items.join('')}</ol></details>`;
}

function previousInStage(index: number, steps: readonly StepRecord[]): number | undefined {
  const { place, inputs } = steps[index] as StepRecord;
  return inputs.find((input) => place !== undefined && steps[input]?.place?.stage === place.stage);
}

function stepItem(index: number, chain: readonly number[], context: TreeContext): string {
  const step = context.record.steps[index] as StepRecord;
  const reason = context.reasons.get(index);
  const sources = step.inputs.filter(
    (input) => !chain.includes(input) && isShownStep(context.record.steps[input] ?? step),
  );
  const took =
    step.outcome === 'hit' || step.outcome === 'not-needed' ? '' : ` <small>${duration(step.durationMs)}</small>`;
  return `<li class="step ${step.outcome}"><span class="badge">${WORDS[step.outcome]}</span> <code>${escapeHtml(stepText(step))}</code>${took}${
    reason ? `<div class="reason">${escapeHtml(reason)}</div>` : ''
  }${sources.map((source) => stageTree(source, context)).join('')}</li>`;
}
