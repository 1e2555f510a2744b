import type { SecretSource, SshSource } from '../../build/ops/exec/step-inputs.ts';
import { csvFields, unknownField, usageError } from './csv-fields.ts';

/**
 * `id=x,src=path`, `id=x,env=NAME`, `type=file|env`. Without src and env the value comes from the variable of the id's
 * name where there is one, otherwise from the file of that name, as docker does.
 */
export function parseSecretFlag(value: string, env: NodeJS.ProcessEnv): SecretSource {
  let id = '';
  let path: string | undefined;
  let variable: string | undefined;
  let type = '';
  for (const [name, field] of csvFields(value)) {
    if (name === 'id') id = field;
    else if (name === 'src' || name === 'source') path = field;
    else if (name === 'env') variable = field;
    else if (name === 'type' && (field === 'file' || field === 'env')) type = field;
    else throw unknownField('--secret', name, ['id', 'src', 'source', 'env', 'type']);
  }
  if (id === '') throw usageError(`--secret ${JSON.stringify(value)} has no id.`, 'Write --secret id=NAME,src=FILE.');
  if (type === 'env' && path !== undefined && variable === undefined) [variable, path] = [path, undefined];
  if (variable !== undefined) return { id, variable };
  if (path !== undefined) return { id, path };
  return type !== 'file' && env[id] !== undefined ? { id, variable: id } : { id, path: id };
}

/** `default`, `id`, `id=path[,path…]`: agent sockets or key files. */
export function parseSshFlag(value: string): SshSource {
  const equals = value.indexOf('=');
  if (equals < 0) return { id: value || 'default', paths: [] };
  return {
    id: value.slice(0, equals) || 'default',
    paths: value
      .slice(equals + 1)
      .split(',')
      .filter(Boolean),
  };
}
