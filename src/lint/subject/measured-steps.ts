/** How long an instruction's step took when it ran last, in milliseconds, by the line that it begins on; undefined: not known. */
export type MeasuredSteps = (line: number) => number | undefined;
