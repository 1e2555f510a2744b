import type { Vertex } from '../../graph/vertex.ts';
import type { FrontendOptions } from '../build-plan.ts';
import { platformPrefix } from './platform-prefix.ts';
import type { StageState } from './stage-state.ts';

export interface NextStep {
  /** `[builder 2/5] RUN go mod download`. */
  readonly name: string;
  readonly step: NonNullable<Vertex['step']> | undefined;
  /** The state in which the number is taken. */
  readonly state: StageState;
}

/** Names the next step of a stage as BuildKit's progress does. A stage without steps of its own has no numbers. */
export function nextStep(state: StageState, text: string, options: FrontendOptions): NextStep {
  const { label, stepTotal } = state.plan;
  if (stepTotal === 0) return { name: text, step: undefined, state };
  const index = state.stepIndex + 1;
  const place = `${String(index).padStart(String(stepTotal).length)}/${stepTotal}`;
  const platform = options.multiPlatform === true ? `${platformPrefix(state.platform, state.env)} ` : '';
  const prefix = `${platform}${label === '' ? '' : `${label} `}${place}`;
  return {
    name: `[${prefix}] ${text}`,
    step: { stage: label, index, total: stepTotal, text },
    state: { ...state, stepIndex: index },
  };
}
