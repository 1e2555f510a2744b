import type { Rule } from '../rule.ts';
import { lineageSteps } from '../subject/lineage.ts';
import { expandKnown } from '../subject/stage-steps.ts';
import { shippedProgram } from '../subject/subject-module.ts';

/** EXPOSE is what tools and people map; a port that nobody listens on is a wrong sign. */
export const exposeOtherPort: Rule = {
  name: 'expose-other-port',
  family: 'production',
  severity: 'warning',
  level: 'default',
  summary: 'EXPOSE names another port than the program listens on',

  *check(subject) {
    const exposed = lineageSteps(subject.target, 'EXPOSE').flatMap(({ step }) =>
      step.instruction.ports.map((word) => ({ word, text: expandKnown(word.text, step.variables) })),
    );
    if (exposed.length === 0) return;
    // Only a port that the code fixes: a flag or a variable may be anything.
    const ports = shippedProgram(subject)?.ports ?? [];
    const isFixed =
      ports.length > 0 &&
      ports.every(({ certainty, env, flag }) => certainty === 'call' && env.length === 0 && flag === undefined);
    const numbers = exposed.map(({ text }) => Number(/^(\d+)(?:\/(?:tcp|udp))?$/i.exec(text)?.[1] ?? Number.NaN));
    if (!isFixed || numbers.some(Number.isNaN) || ports.some(({ port }) => numbers.includes(port))) return;
    const [first, ...others] = exposed;
    const [listens] = ports;
    if (!first || !listens) return;
    const start = subject.text.offsetAt(first.word.range.start);
    const edits = [
      { start, end: start + first.word.text.length, text: first.text.replace(/^\d+/, String(listens.port)) },
    ];
    const isPlain = others.length === 0 && ports.length === 1 && !first.word.text.includes('$');
    yield {
      message: `EXPOSE ${first.text}, but ${listens.at.path}:${listens.at.line} listens on ${listens.port}.`,
      range: first.word.range,
      hint: `Write EXPOSE ${listens.port}.`,
      ...(isPlain && { fix: { title: `Expose ${listens.port}`, safety: 'suggested', edits } as const }),
    };
  },
};
