import type { Rule } from '../rule.ts';
import { isForDevelopment } from '../subject/stage-purpose.ts';

/** Distroless' debug variants have a shell, which is what the others leave away. */
export const debugBaseShipped: Rule = {
  name: 'debug-base-shipped',
  family: 'production',
  severity: 'warning',
  level: 'default',
  summary: 'The image is built on the debug variant of distroless',

  *check(subject) {
    const { target } = subject;
    if (target.base.kind !== 'image' || isForDevelopment(subject, target)) return;
    const { reference, isVariable } = target.base;
    const { text, range } = target.from.image;
    const tag = reference?.tag ?? '';
    if (!reference?.repository.startsWith('distroless/') || !/^debug(?:-|$)/.test(tag)) return;
    const plain = tag === 'debug' ? 'latest' : tag.slice('debug-'.length);
    const at = subject.text.offsetAt(range.start) + text.lastIndexOf(`:${tag}`) + 1;
    const edits = [{ start: at, end: at + tag.length, text: plain }];
    // Its shell runs steps: without it they fail.
    const needsShell = target.steps.some(({ instruction: { kind } }) => kind === 'RUN' || kind === 'SHELL');
    const isPlain = !isVariable && !needsShell && reference.digest === undefined;
    yield {
      message: `${text} has busybox and its shell, for people who look into a container.`,
      range,
      hint: `Ship the tag "${plain}", and debug with an ephemeral container or an image of its own.`,
      ...(isPlain && { fix: { title: `Take the tag ${plain}`, safety: 'suggested', edits } as const }),
    };
  },
};
