import type { Rule } from '../rule.ts';
import { baseTraits } from '../subject/base-traits.ts';
import { releaseBuilds } from '../subject/go-build.ts';
import { startStep } from '../subject/lineage.ts';
import { isForDevelopment } from '../subject/stage-purpose.ts';

/** A compiled program needs neither the compiler nor its own sources. */
export const goToolchainShipped: Rule = {
  name: 'go-toolchain-shipped',
  family: 'production',
  severity: 'warning',
  level: 'default',
  summary: 'The image ships the Go toolchain, the sources and the caches with the program',

  *check(subject) {
    const { target } = subject;
    const base = baseTraits(target.rootBase);
    const [build] = releaseBuilds(subject).filter(({ stage }) => stage.isShipped);
    const command = startStep(subject);
    if (!base?.go || !build || !command || isForDevelopment(subject, target)) return;
    // A container that calls go when it runs is meant to have it.
    if (command.step.commands.some(({ name }) => /(?:^|\/)(?:go|make|air|dlv|sh|bash)$/.test(name))) return;
    const size = base.packageManager === 'apk' ? '250 MB' : '800 MB';
    yield {
      message: `The program ships on golang, with about ${size} of compiler, standard library and tools that it never uses.`,
      range: target.from.image.range,
      hint: 'Build in a stage of its own, and copy the binary into a small base: FROM gcr.io/distroless/static-debian12.',
    };
  },
};
