import { checkLegacyKeyValueFormat } from '../checks/legacy-key-value-format.ts';
import { checkSecretsUsed } from '../checks/secrets-used-in-arg-or-env.ts';
import { createExpander } from '../expand/expander.ts';
import { withConfig, withEmptyHistory } from '../stage/stage-state.ts';
import { setImageEnv } from '../value/env-list.ts';
import type { Lowering } from './lowering.ts';

/** All words are expanded before the first is set: `ENV a=1 b=$a` does not see the new `a`. */
export const lowerEnv: Lowering<'ENV'> = (state, instruction, context) => {
  checkLegacyKeyValueFormat(instruction, context);
  const expand = createExpander(state, instruction, context);
  const pairs = instruction.pairs.map(({ key, value }) => [expand(key.text), expand(value.text)] as const);
  for (const [name] of pairs) checkSecretsUsed('ENV', { name, range: instruction.range }, context);
  const imageEnv = pairs.reduce((env, [name, value]) => setImageEnv(env, name, value), state.config.Env ?? []);
  const next = withConfig({ ...state, env: state.env.withAll(pairs) }, { Env: imageEnv });
  return withEmptyHistory(next, `ENV ${pairs.map(([name, value]) => `${name}=${value}`).join(' ')}`);
};
