import type { Annotation, AnnotationType } from '../../build/export/annotation.ts';
import { parsePlatform } from '../../image/parse-platform.ts';
import { usageError } from './csv-fields.ts';
import { oneOf } from './one-of.ts';

const TYPES = ['manifest', 'manifest-descriptor', 'index', 'index-descriptor'] as const;
const INDEX_TYPES: readonly AnnotationType[] = ['index', 'index-descriptor'];

/**
 * `name=value`, `manifest:name=value`, `manifest[linux/amd64],manifest-descriptor:name=value`: one annotation a type.
 * @throws KnownError USAGE, PLATFORM_INVALID
 */
export function parseAnnotation(text: string): readonly Annotation[] {
  const equals = text.indexOf('=');
  if (equals < 0) throw usageError(`--annotation ${JSON.stringify(text)} is not NAME=VALUE.`);
  const [head, value] = [text.slice(0, equals), text.slice(equals + 1)];
  const colon = head.indexOf(':');
  if (colon < 0) return [{ type: 'manifest', platform: undefined, name: head, value }];
  const name = head.slice(colon + 1);
  return head
    .slice(0, colon)
    .split(',')
    .map((part) => ({ ...parseType(part), name, value }));
}

function parseType(text: string): Pick<Annotation, 'type' | 'platform'> {
  const [, name, platform] = /^([a-z-]+)(?:\[([A-Za-z0-9_/-]+)\])?$/.exec(text) ?? [];
  if (name === undefined) {
    throw usageError(`--annotation has no type ${JSON.stringify(text)}.`, 'Write TYPE[PLATFORM]:NAME=VALUE.');
  }
  const type = oneOf('--annotation type', name, TYPES);
  if (INDEX_TYPES.includes(type)) {
    throw usageError(
      `--annotation ${type}: annotates an index, and an image for one platform has none.`,
      'Annotate the manifest.',
    );
  }
  return { type, platform: platform === undefined ? undefined : parsePlatform(platform) };
}

/** A field of -o: `annotation.NAME=VALUE`, `annotation-manifest-descriptor[linux/amd64].NAME=VALUE`. @throws KnownError USAGE */
export function parseAnnotationField(field: string, value: string): readonly Annotation[] {
  const [, type, name] = /^annotation(?:-([a-z-]+(?:\[[^\]]*\])?))?\.(.+)$/.exec(field) ?? [];
  if (name === undefined) throw usageError(`-o ${field} names no annotation.`, 'Write annotation.NAME=VALUE.');
  return [{ ...parseType(type ?? 'manifest'), name, value }];
}
