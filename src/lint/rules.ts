import type { Rule } from './rule.ts';
import { addInsteadOfCopy } from './rules/add-instead-of-copy.ts';
import { aptNoRecommends } from './rules/apt-no-recommends.ts';

/** Every rule, by family and name. Documentation, configuration and completion follow this table. */
export const RULES: readonly Rule[] = [addInsteadOfCopy, aptNoRecommends];
