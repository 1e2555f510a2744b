import { KnownError } from '../../diagnostics/known-error.ts';
import type { SourceRange } from '../../diagnostics/source-range.ts';
import { parseReference, type Reference } from '../../image/reference.ts';
import type { LintSubject } from './lint-subject.ts';
import { mountsOf } from './mounts.ts';
import { expandKnown } from './stage-steps.ts';
import { stageNamed } from './stage-use.ts';
import { stepsOf } from './steps.ts';

/** An image that the Dockerfile names, by FROM, COPY --from or a mount. */
export interface NamedImage {
  /** Variables expanded by their defaults. */
  readonly name: string;
  readonly reference: Reference;
  readonly range: SourceRange;
  /** It stands there as it is, without variables: text that an edit may change. */
  readonly isLiteral: boolean;
}

/** Stages and names that hang on a build argument without a default are left out. */
export function* namedImages(subject: LintSubject): Generator<NamedImage> {
  for (const { base, from } of subject.stages) {
    if (base.kind !== 'image' || !base.reference) continue;
    yield { name: base.name, reference: base.reference, range: from.image.range, isLiteral: !base.isVariable };
  }
  for (const { step } of stepsOf(subject, 'COPY', 'RUN')) {
    const { instruction, variables } = step;
    const flag = instruction.flags.find(({ name }) => name === 'from');
    const names = instruction.kind === 'RUN' ? mountsOf(instruction).map(({ from }) => from) : [flag?.value];
    for (const written of names) {
      const name = written === undefined ? '' : expandKnown(written, variables);
      const reference = stageNamed(name, subject.stages) ? undefined : imageReference(name);
      if (reference)
        yield { name, reference, range: flag?.range ?? instruction.keywordRange, isLiteral: name === written };
    }
  }
}

/** A bare word may be a named context of the build. */
function imageReference(name: string): Reference | undefined {
  if (!/[/:@]/.test(name) || name.includes('$')) return undefined;
  try {
    return parseReference(name);
  } catch (error) {
    if (error instanceof KnownError) return undefined;
    throw error;
  }
}
