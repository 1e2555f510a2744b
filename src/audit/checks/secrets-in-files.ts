import { isAllowed } from '../audit-policy.ts';
import type { AuditedImage, FileSecret } from '../audited-image.ts';
import { type Check, type Evidence, failedIfAny } from '../check.ts';

export const secretsInFiles: Check = {
  name: 'secrets-in-files',
  title: 'holds no secrets in any layer',
  level: 'error',
  hint: 'Give it to the step with RUN --mount=type=secret, or to the container at run time; then change it, since it is known to everybody who has the image.',
  run(image, policy) {
    const found = image.secrets.filter(({ path }) => !isAllowed(policy, this.name, path));
    return failedIfAny(
      found.map((secret) => evidenceOf(secret, image)),
      `nothing in the files of ${image.layers.length} layers looks like a secret`,
    );
  },
};

function evidenceOf(secret: FileSecret, image: AuditedImage): Evidence {
  const { path, layer, finding, title } = secret;
  const place = finding?.line === undefined ? '' : ` in line ${finding.line}`;
  const shown = finding ? `${title}${place}: ${finding.masked}` : title;
  return { text: isVisible(secret, image) ? shown : `${shown}; deleted later, and still in the layer`, path, layer };
}

function isVisible({ path, layer }: FileSecret, { tree }: AuditedImage): boolean {
  const content = tree.find(path, { followLast: false })?.node.content;
  return content !== undefined && content.layer + 1 === layer;
}
