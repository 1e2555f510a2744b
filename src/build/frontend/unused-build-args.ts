import type { Dockerfile, Instruction } from '../../dockerfile/ast.ts';

/** Read by the builder or passed to every step, so that they need no ARG. */
const PREDEFINED =
  /^(?:https?_proxy|ftp_proxy|no_proxy|all_proxy|buildkit_.*|source_date_epoch|(?:build|target)(?:platform|os|osversion|arch|variant)|targetstage)$/i;

/** Build args that have no effect: no ARG anywhere declares them and the builder does not know them. */
export function unusedBuildArgs(
  dockerfile: Dockerfile,
  buildArgs: Readonly<Record<string, string>>,
): readonly string[] {
  const declared = new Set(dockerfile.instructions.flatMap(declaredNames));
  return Object.keys(buildArgs).filter((name) => !declared.has(name) && !PREDEFINED.test(name));
}

function declaredNames(instruction: Instruction): readonly string[] {
  if (instruction.kind === 'ONBUILD') return declaredNames(instruction.trigger);
  return instruction.kind === 'ARG' ? instruction.args.map(({ name }) => name.text) : [];
}
