import { findSecretInVariable, findSecrets } from '../../secret/find-secrets.ts';
import type { SecretFinding } from '../../secret/secret-finding.ts';
import type { AuditedImage } from '../audited-image.ts';
import { type Check, type Evidence, failedIfAny } from '../check.ts';

export const secretsInConfig: Check = {
  name: 'secrets-in-config',
  title: 'holds no secrets in its config and history',
  level: 'error',
  hint: 'ENV, ARG, LABEL and the text of RUN stay readable for everybody who has the image: use RUN --mount=type=secret, or set it at run time.',
  run(image) {
    return failedIfAny(
      [...fromVariables(image), ...fromLabels(image), ...fromHistory(image), ...fromCommands(image)],
      'variables, labels, commands and history looked through',
    );
  },
};

function fromVariables({ config: { config } }: AuditedImage): Evidence[] {
  return (config.Env ?? []).flatMap((each) =>
    evidence('ENV', each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)),
  );
}

function fromLabels({ config: { config } }: AuditedImage): Evidence[] {
  return Object.entries(config.Labels ?? {}).flatMap(([name, value]) => evidence('LABEL', name, value));
}

function evidence(kind: string, name: string, value: string): Evidence[] {
  const found = findSecretInVariable(name, value);
  return found ? [{ text: `${kind} ${name} has a ${found.title}: ${found.masked}` }] : [];
}

function fromCommands({ config: { config } }: AuditedImage): Evidence[] {
  const words = [...(config.Entrypoint ?? []), ...(config.Cmd ?? []), ...(config.Healthcheck?.Test ?? [])];
  return findSecrets(words.join('\n')).map((found) => ({ text: `command: ${found.title}: ${found.masked}` }));
}

/** BuildKit writes build arguments before the command: `|1 TOKEN=… /bin/sh -c …`. */
function fromHistory({ config: { history = [] } }: AuditedImage): Evidence[] {
  return history.flatMap(({ created_by: text = '' }, index) =>
    unique(findSecrets(text, { assignments: 'literal' })).map((found) => ({
      text: `history entry ${index + 1} has a ${found.title}: ${found.masked}`,
    })),
  );
}

function unique(found: readonly SecretFinding[]): readonly SecretFinding[] {
  return [...new Map(found.map((each) => [`${each.title} ${each.masked}`, each])).values()];
}
