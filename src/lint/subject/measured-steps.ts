import type { Dockerfile } from '../../dockerfile/ast.ts';

/** How long an instruction's step took when it ran last, in milliseconds, by the line that it begins on; undefined: not known. */
export type MeasuredSteps = (line: number) => number | undefined;

/** The same, by the text of the instruction. */
export type StepDurations = ReadonlyMap<string, number>;

/** Finds the instructions that ran at the lines that they stand on now. */
export function measuredSteps({ instructions }: Dockerfile, durations: StepDurations): MeasuredSteps {
  const lines = new Map(instructions.map(({ original, range }) => [range.start.line, durations.get(original)]));
  return (line) => lines.get(line);
}
