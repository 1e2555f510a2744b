import { checkstyle } from './checkstyle.ts';
import type { FindingFormat } from './finding-format.ts';
import { github } from './github.ts';
import { json } from './json.ts';
import { sarif } from './sarif.ts';
import { text } from './text.ts';

export const FINDING_FORMATS = { text, json, sarif, github, checkstyle } as const satisfies Readonly<
  Record<string, FindingFormat>
>;
