/** A case's result with one builder. */
export type Verdict = 'same' | 'different' | 'differs on purpose' | 'not recorded';

export interface CaseResult {
  readonly group: string;
  readonly name: string;
  readonly verdict: Verdict;
  readonly differences: readonly string[];
}

/** A Markdown table: a row a group, a column a builder, `same/all`; cases that differ on purpose count as neither. */
export function reportTable(results: ReadonlyMap<string, readonly CaseResult[]>): string {
  const builders = [...results.keys()];
  const groups = [...new Set([...results.values()].flatMap((all) => all.map(({ group }) => group)))].sort();
  const row = (title: string, pick: (result: CaseResult) => boolean): string =>
    `| ${[title, ...builders.map((builder) => score((results.get(builder) ?? []).filter(pick)))].join(' | ')} |`;
  return [
    `| group | ${builders.join(' | ')} |`,
    `|---|${builders.map(() => '--:|').join('')}`,
    ...groups.map((group) => row(group, (result) => result.group === group)),
    row('**all**', () => true),
  ].join('\n');
}

function score(results: readonly CaseResult[]): string {
  const same = results.filter(({ verdict }) => verdict === 'same').length;
  const purposes = results.filter(({ verdict }) => verdict === 'differs on purpose').length;
  return `${same}/${results.length - purposes}${purposes > 0 ? ` (+${purposes})` : ''}`;
}
