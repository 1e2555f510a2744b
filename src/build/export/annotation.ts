import { type ManifestAnnotations, sortedAnnotations } from '../../image/manifest-annotations.ts';
import { formatPlatform } from '../../image/parse-platform.ts';
import type { Platform } from '../../image/platform.ts';

/** What an annotation is written on. Only an image for several platforms has an index. */
export type AnnotationType = 'manifest' | 'manifest-descriptor' | 'index' | 'index-descriptor';

/** --annotation: one name and value. */
export interface Annotation {
  readonly type: AnnotationType;
  /** Only the image for this platform; undefined is any. */
  readonly platform: Platform | undefined;
  readonly name: string;
  readonly value: string;
}

/** Those of an image for a platform; undefined when it has none. Of equal names the later counts. */
export function annotationsFor(
  platform: Platform,
  annotations: readonly Annotation[],
): ManifestAnnotations | undefined {
  const own = annotations.filter(
    (each) => !each.platform || formatPlatform(each.platform) === formatPlatform(platform),
  );
  const of = (type: AnnotationType) =>
    sortedAnnotations(
      Object.fromEntries(own.filter((each) => each.type === type).map(({ name, value }) => [name, value])),
    );
  return own.length === 0 ? undefined : { manifest: of('manifest'), descriptor: of('manifest-descriptor') };
}
