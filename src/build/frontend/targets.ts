import type { SourceRange } from '../../diagnostics/source-range.ts';
import type { Dockerfile } from '../../dockerfile/ast.ts';
import { describedBy } from './described-by.ts';
import { splitStages } from './stage/split-stages.ts';

/** A stage that --target can name. */
export interface Target {
  /** Lower case; undefined when it has none. */
  readonly name: string | undefined;
  readonly isDefault: boolean;
  readonly description: string | undefined;
  /** What FROM names, as written. */
  readonly base: string;
  /** --platform, as written. */
  readonly platform: string | undefined;
  readonly range: SourceRange;
}

/** The stages as the text has them, in order. @throws KnownError DOCKERFILE_SYNTAX */
export function listTargets(dockerfile: Dockerfile): readonly Target[] {
  const { stages } = splitStages(dockerfile);
  return stages.map(({ from }, index) => {
    const name = from.stageName?.text.toLowerCase();
    return {
      name,
      isDefault: index === stages.length - 1,
      description: name === undefined ? undefined : describedBy(from, name),
      base: from.image.text,
      platform: from.flags.find((flag) => flag.name === 'platform')?.value,
      range: from.range,
    };
  });
}
