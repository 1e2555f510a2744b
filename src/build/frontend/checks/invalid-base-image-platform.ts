import { formatPlatform, normalizePlatform } from '../../../image/parse-platform.ts';
import type { Platform } from '../../../image/platform.ts';
import type { ResolvedImage } from '../build-plan.ts';
import type { StagePlan } from '../stage/stage-plan.ts';
import type { FindingSink, Rule } from './rule.ts';
import { finding } from './rule.ts';

const RULE: Rule = { name: 'InvalidBaseImagePlatform', page: undefined };

interface PulledImage {
  readonly name: string;
  readonly expected: Platform;
  readonly image: ResolvedImage;
}

/** An image that is for another platform than it was asked for: one that is not an index has only its own. */
export function checkBaseImagePlatform(
  { name, expected, image }: PulledImage,
  plan: StagePlan,
  sink: FindingSink,
): void {
  const { os, architecture, variant } = image.config;
  if (os === expected.os && architecture === expected.architecture) return;
  const actual = formatPlatform(normalizePlatform({ os, architecture, ...(variant ? { variant } : {}) }));
  const wanted = formatPlatform(normalizePlatform(expected));
  const message = `Base image ${name} was pulled with platform "${actual}", expected "${wanted}" for current build`;
  sink.report(finding(RULE, message, plan.origin));
}
