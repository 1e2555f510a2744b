import { KnownError } from '../../../diagnostics/known-error.ts';
import type { Platform } from '../../../image/platform.ts';
import { formatReference, parseReference, withDefaultTag } from '../../../image/reference.ts';
import type { BaseImageResolver, FrontendOptions, ResolvedImage } from '../build-plan.ts';
import { didYouMean } from '../checks/did-you-mean.ts';
import { checkBaseImagePlatform } from '../checks/invalid-base-image-platform.ts';
import type { FindingSink } from '../checks/rule.ts';
import { namedContextFor } from './named-contexts.ts';
import type { StageBase } from './stage-base.ts';
import { contextBase, imageBase, scratchBase } from './stage-base.ts';
import type { StagePlan, StageTable } from './stage-plan.ts';
import { stageLabels } from './stage-plan.ts';

export interface ResolveScope extends FindingSink {
  readonly options: FrontendOptions;
  readonly resolver: BaseImageResolver;
  readonly signal: AbortSignal;
}

/**
 * What a stage without an earlier one for its base starts from: nothing, a named context, or an image.
 * @throws KnownError IMAGE_*, REGISTRY_*, REFERENCE_INVALID at the stage; STAGE_MISSING where a stage may have been meant
 */
export async function resolveBase(plan: StagePlan, stages: StageTable, scope: ResolveScope): Promise<StageBase> {
  const { options } = scope;
  const platform = plan.platform ?? options.platform;
  const key = plan.replacedBy ?? namedContextFor(plan.baseName, platform, options);
  const context = key === undefined ? undefined : options.namedContexts[key];
  if (key !== undefined && context?.type === 'local') return contextBase(plan, { name: key, platform });
  const reference = context?.type === 'image' ? context.reference : plan.baseName;
  if (reference === 'scratch') return scratchBase(plan, key === undefined ? options.platform : platform);
  try {
    const image = await scope.resolver.resolve(withTag(reference), platform, scope.signal);
    if (key === undefined) checkBaseImagePlatform({ name: plan.baseName, expected: platform, image }, plan, scope);
    const named = key === undefined ? undefined : { name: key, reference };
    return imageBase(plan, { image, platform, context: named, options });
  } catch (error) {
    throw error instanceof KnownError ? explain(error, plan, stages).at(plan.origin) : error;
  }
}

/** A reference with a scheme (`oci-layout://…`) is the resolver's to read. */
function withTag(reference: string): string {
  return reference.includes('://') ? reference : formatReference(withDefaultTag(parseReference(reference)));
}

/** A name that no stage has is an image's; where the image is not there either, a stage was meant more likely. */
function explain(error: KnownError, plan: StagePlan, stages: StageTable): KnownError {
  const meant = didYouMean(plan.baseName, stageLabels(stages));
  const unreadable =
    error.code === 'REFERENCE_INVALID' || error.code.startsWith('REGISTRY_') || error.code === 'IMAGE_NOT_FOUND';
  if (meant === undefined || !unreadable) return error;
  const message = `"${plan.baseName}" is no stage above, and no image of that name can be had: ${error.message}`;
  return new KnownError('STAGE_MISSING', message, {
    hint: `Did you mean the stage "${meant}"? A name that is no stage's is taken for an image.`,
    cause: error,
  });
}

/** Asks for each image once, however many stages are built on it. */
export function rememberingResolver(resolver: BaseImageResolver): BaseImageResolver {
  const asked = new Map<string, Promise<ResolvedImage>>();
  return {
    resolve(reference: string, platform: Platform, signal: AbortSignal): Promise<ResolvedImage> {
      const key = JSON.stringify([reference, platform]);
      const pending = asked.get(key) ?? resolver.resolve(reference, platform, signal);
      asked.set(key, pending);
      return pending;
    },
  };
}
