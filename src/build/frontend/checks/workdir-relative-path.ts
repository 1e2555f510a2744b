import { posix } from 'node:path';
import type { SourceRange } from '../../../diagnostics/source-range.ts';
import type { StageState } from '../stage/stage-state.ts';
import type { FindingSink, Rule } from './rule.ts';
import { finding } from './rule.ts';

const RULE: Rule = { name: 'WorkdirRelativePath', page: 'workdir-relative-path' };

interface Workdir {
  readonly path: string;
  readonly range: SourceRange;
}

/** The first WORKDIR of a stage, when where it leads depends on the base image. */
export function checkWorkdirRelativePath(state: StageState, workdir: Workdir, sink: FindingSink): void {
  if (state.workdirSet || posix.isAbsolute(workdir.path)) return;
  const shown = JSON.stringify(workdir.path);
  const message = `Relative workdir ${shown} can have unexpected results if the base image changes`;
  sink.report(finding(RULE, message, workdir.range));
}
