/**
 * Starts this command again as root of a user namespace, when it is an ordinary user's; see `enterUserNamespace`. Wrong
 * usage has been told by then, and help costs no second start.
 */
export async function enterNamespace(env: NodeJS.ProcessEnv): Promise<number | undefined> {
  if (process.getuid?.() === 0) return undefined;
  const { enterUserNamespace } = await import('../exec/enter-user-namespace.ts');
  const [script = ''] = process.argv.slice(1);
  return enterUserNamespace({
    argv: [process.execPath, ...process.execArgv, '--', script, ...process.argv.slice(2)],
    env,
  });
}
