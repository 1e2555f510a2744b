import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { TmpfsMount, VolumeMount } from '../../container/run-options.ts';
import { usageError } from './csv-fields.ts';
import { parseSizeFlag } from './value-flag.ts';

const VOLUME_MODES = new Set(['ro', 'rw', 'z', 'Z', 'cached', 'delegated', 'consistent', 'nocopy']);

/** `source:target[:ro]`. Named volumes are not kept, so a source has to be a path that exists. */
export function parseVolume(value: string, cwd: string): VolumeMount {
  const [source = '', target = '', modes = '', ...more] = value.split(':');
  if (!source || !target || more.length > 0) throw usageError(`-v ${JSON.stringify(value)} is not SOURCE:TARGET[:ro].`);
  if (!/^[./~]/.test(source)) {
    throw usageError(
      `-v ${JSON.stringify(value)} names a volume, and volumes are not kept.`,
      `Name a directory: -v ./${source}:${target}.`,
    );
  }
  if (!target.startsWith('/')) throw usageError(`-v ${JSON.stringify(value)}: the target must be absolute.`);
  const unknown = modes.split(',').find((mode) => mode !== '' && !VOLUME_MODES.has(mode));
  if (unknown !== undefined)
    throw usageError(`-v ${JSON.stringify(value)}: the mode "${unknown}" is not known.`, 'It is ro or rw.');
  const path = resolve(cwd, source);
  if (!statSync(path, { throwIfNoEntry: false }))
    throw usageError(`-v ${JSON.stringify(value)}: ${path} does not exist.`);
  return { source: path, target, readOnly: modes.split(',').includes('ro') };
}

/** `target[:size=64m,mode=1777]`. */
export function parseTmpfs(value: string): TmpfsMount {
  const [target = '', options = ''] = value.split(':');
  if (!target.startsWith('/')) throw usageError(`--tmpfs ${JSON.stringify(value)}: the target must be absolute.`);
  let mount: TmpfsMount = { target };
  for (const option of options.split(',').filter(Boolean)) {
    const [name = '', field = ''] = option.split('=');
    if (name === 'size') mount = { ...mount, sizeBytes: parseSizeFlag('--tmpfs size', field) };
    else if (name === 'mode' && /^[0-7]+$/.test(field)) mount = { ...mount, mode: Number.parseInt(field, 8) };
    else if (!['rw', 'nosuid', 'nodev', 'noexec', 'exec'].includes(name)) {
      throw usageError(`--tmpfs ${JSON.stringify(value)}: the option "${option}" is not known.`, 'It is size or mode.');
    }
  }
  return mount;
}
