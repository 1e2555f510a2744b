import { parseBool } from '../../../dockerfile/go-number.ts';
import type { Vertex } from '../../graph/vertex.ts';
import type { FrontendOptions } from '../build-plan.ts';
import { platformPrefix } from './platform-prefix.ts';
import type { StageState } from './stage-state.ts';

const MULTI_PLATFORM = 'BUILDKIT_MULTI_PLATFORM';

export interface NextStep {
  /** `[builder 2/5] RUN go mod download`. */
  readonly name: string;
  readonly step: NonNullable<Vertex['step']> | undefined;
  /** The state in which the number is taken. */
  readonly state: StageState;
}

export interface StepContext {
  readonly options: FrontendOptions;
  /** A trigger of the base brought it here, and its name says so. */
  readonly onBuild: boolean;
}

/** Names the next step of a stage as BuildKit's progress does. A stage without steps of its own has no numbers. */
export function nextStep(state: StageState, instruction: string, { options, onBuild }: StepContext): NextStep {
  const { label, stepTotal } = state.plan;
  if (stepTotal === 0) return { name: instruction, step: undefined, state };
  const text = onBuild ? `ONBUILD ${instruction}` : instruction;
  const index = state.stepIndex + 1;
  const place = `${String(index).padStart(String(stepTotal).length)}/${stepTotal}`;
  const platform = isMultiPlatform(options) ? `${platformPrefix(state.platform, state.env)} ` : '';
  const prefix = `${platform}${label === '' ? '' : `${label} `}${place}`;
  return {
    name: `[${prefix}] ${text}`,
    step: { stage: label, index, total: stepTotal, text },
    state: { ...state, stepIndex: index },
  };
}

function isMultiPlatform({ multiPlatform, buildArgs }: FrontendOptions): boolean {
  return parseBool(buildArgs[MULTI_PLATFORM] ?? '') ?? multiPlatform ?? false;
}
