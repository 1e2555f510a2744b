import type { Instruction } from '../../dockerfile/ast.ts';

/** What the comment above an instruction says of a name it declares: `# NAME description`. */
export function describedBy({ comment }: Pick<Instruction, 'comment'>, name: string): string | undefined {
  const line = comment.find((text) => text.startsWith(`${name} `));
  return line?.slice(name.length + 1);
}
