import type { BuildReply } from '../drivers/driver.ts';

/** The place of the failure as BuildKit's frame and as Slipway's heading name it. */
const PLACES = [/^[^\s:]+:(\d+)\n-{10,}$/gm, /^[^\s:]+:(\d+):\d+: error:/gm, /parse error on line (\d+):/gm];

/** The line of the Dockerfile that a failed build names. */
export function failureLine({ output }: BuildReply): number | undefined {
  for (const place of PLACES) {
    const found = [...output.matchAll(place)].at(-1);
    if (found) return Number(found[1]);
  }
  return undefined;
}

/** What went wrong, on one line. */
export function failureMessage({ output }: BuildReply): string {
  const lines = output.trim().split('\n');
  const line = lines.findLast((text) => /^ERROR: |: error: |^error: |^Error: /i.test(text)) ?? lines.at(-1) ?? '';
  return line.replace(/^ERROR: (?:failed to build: )?(?:failed to solve: )?/, '').slice(0, 300);
}

/** Findings while the build goes on, and the list of them after it. */
const FINDING = /^(?:#\d+ WARN:| -) ([A-Za-z]+): .*\(line (\d+)\)$/gm;

/** docker colours the list even where there is no terminal. */
const COLOR = /\x1b\[[0-9;]*m/g;

/** `Rule:line` of each build check that found something. */
export function warningsOf({ output }: BuildReply): string[] {
  const found = [...output.replace(COLOR, '').matchAll(FINDING)];
  return [...new Set(found.map(([, rule, line]) => `${rule}:${line}`))].sort();
}
