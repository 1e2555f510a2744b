import { EXPORT_TYPES, type ExportSpec, type ExportType } from '../../build/export/export-spec.ts';
import { parseAnnotationField } from './annotation-flag.ts';
import { csvFields, unknownField, usageError } from './csv-fields.ts';
import { oneOf } from './one-of.ts';

const FIELDS = [
  'type',
  'dest',
  'name',
  'push',
  'compression',
  'compression-level',
  'rewrite-timestamp',
  'oci-mediatypes',
  'force-compression',
  'tar',
];
const COMPRESSIONS = ['gzip', 'zstd', 'uncompressed'] as const;

/** docker's `-o`: `type=…[,dest=…][,name=…][,push=true]`; a bare path is `type=local,dest=PATH`, `-` is `type=tar,dest=-`. */
export function parseOutputFlag(value: string): ExportSpec {
  if (value === '-') return { ...NOTHING, type: 'tar', dest: '-' };
  if (!value.includes('=')) return { ...NOTHING, type: 'local', dest: value };
  let spec: ExportSpec = NOTHING;
  for (const [name, field] of csvFields(value)) {
    const { annotations = [], ...more } = outputField(name, field);
    spec = { ...spec, ...more, annotations: [...(spec.annotations ?? []), ...annotations] };
  }
  if (['local', 'tar'].includes(spec.type) && !spec.dest) {
    throw usageError(`-o ${JSON.stringify(value)} has no dest.`, `Write -o type=${spec.type},dest=PATH.`);
  }
  return spec;
}

const NOTHING: ExportSpec = { type: 'store', names: [], push: false, compression: 'gzip', tar: true };

function outputField(name: string, field: string): Partial<ExportSpec> {
  switch (name) {
    case 'type':
      return { type: exportType(field) };
    case 'dest':
      return { dest: field };
    case 'name':
      return { names: field.split(',').filter(Boolean) };
    case 'push':
      return { push: booleanField('push', field) };
    case 'rewrite-timestamp':
      // With SOURCE_DATE_EPOCH every time is clamped already, and without it there is nothing to rewrite to.
      booleanField('rewrite-timestamp', field);
      return {};
    case 'oci-mediatypes':
      if (booleanField(name, field)) return {};
      throw usageError(
        "-o oci-mediatypes=false asks for docker's media types.",
        'Slipway writes those of OCI: leave it away.',
      );
    case 'force-compression':
      if (!booleanField(name, field)) return {};
      throw usageError(
        '-o force-compression asks to compress layers of base images anew.',
        'They stay as they are: leave it away.',
      );
    case 'tar':
      return { tar: booleanField('tar', field) };
    case 'compression':
      return { compression: oneOf('-o compression', field, COMPRESSIONS) };
    case 'compression-level':
      return { compressionLevel: compressionLevel(field) };
    default:
      if (!name.startsWith('annotation')) throw unknownField('-o', name, FIELDS);
      return { annotations: parseAnnotationField(name, field) };
  }
}

/** docker calls the store `image`. */
function exportType(field: string): ExportType {
  return field === 'image' ? 'store' : oneOf('-o type', field, EXPORT_TYPES);
}

function booleanField(name: string, field: string): boolean {
  if (['', 'true', '1'].includes(field)) return true;
  if (['false', '0'].includes(field)) return false;
  throw usageError(`-o ${name}=${field} is neither true nor false.`);
}

function compressionLevel(field: string): number {
  const level = Number(field);
  if (Number.isInteger(level) && level >= 0 && level <= 22) return level;
  throw usageError(
    `-o compression-level=${field} is no level.`,
    'It is a number from 0 to 9 for gzip, to 22 for zstd.',
  );
}
