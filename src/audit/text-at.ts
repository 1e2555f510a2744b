import type { AuditedImage } from './audited-image.ts';

/** The content of one of the small files that are kept whole; undefined when it is not there. */
export function textAt({ tree, texts }: AuditedImage, path: string): string | undefined {
  const hash = tree.find(path)?.node.content?.contentHash;
  return hash === undefined ? undefined : texts.get(hash);
}
