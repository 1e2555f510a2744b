import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CallAnswer } from '../build/call-build.ts';
import type { CommandContext } from './command.ts';
import { type BuildFlags, toBuildOptions } from './flags/build-flags.ts';
import type { CallFlag } from './flags/call-flag.ts';
import { renderError } from './render/error.ts';
import { renderWarnings } from './render/warnings.ts';

export interface Call {
  readonly path: string;
  readonly flags: BuildFlags;
  readonly call: CallFlag;
}

/** Runs --call: the answer on stdout, what else was noticed on stderr. Exits with 1 when a check found something. */
export async function answerCall(context: CommandContext, { path, flags, call }: Call): Promise<number> {
  const { stdout, stderr } = context;
  const [{ callBuild }, { callAnswerJson, renderCallAnswer }] = await Promise.all([
    import('../build/call-build.ts'),
    import('./render/call-answer.ts'),
  ]);
  const answer = await callBuild(toBuildOptions(context, path, flags), call.method);
  if (answer.method === 'outline') stderr.write(renderWarnings(answer.findings, stderr));
  stdout.write(
    call.format === 'json' ? callAnswerJson(answer) : renderCallAnswer(answer, shownFile(answer, path, flags)),
  );
  if (answer.method === 'check' && answer.error) stderr.write(renderError(answer.error, stderr));
  return failed(answer) && !call.ignoreStatus ? 1 : 0;
}

/** As BuildKit: from where the command stands, in a context that is a directory. */
function shownFile({ file }: CallAnswer, path: string, flags: BuildFlags): string {
  return flags.file === undefined && existsSync(join(path, file)) ? join(path, file) : file;
}

function failed(answer: CallAnswer): boolean {
  return answer.method === 'check' && (answer.findings.length > 0 || answer.error !== undefined);
}
