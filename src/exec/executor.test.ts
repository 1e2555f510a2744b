import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { KnownError } from '../diagnostics/known-error.ts';
import { makeWhiteout } from '../rootfs/overlay-form.ts';
import type { RootMount } from '../rootfs/snapshot.ts';
import { ChrootExecutor } from './chroot-executor.ts';
import { enterUserNamespace } from './enter-user-namespace.ts';
import type { ExecControl, ExecResult, ExecSpec, Executor } from './executor.ts';
import { NamespacesExecutor } from './namespaces-executor.ts';
import { OciExecutor } from './oci-executor.ts';
import { PerlExecutor } from './perl-executor.ts';
import { userNamespace } from './user-namespace.ts';

/** An ordinary user's tests run in a user namespace, as the command itself does; undefined when that is possible. */
const noNamespace = await enterNamespace();

async function enterNamespace(): Promise<string | undefined> {
  try {
    const argv = [process.execPath, ...process.execArgv, ...process.argv.slice(1)] as [string, ...string[]];
    const exitCode = await enterUserNamespace({ argv, env: process.env });
    return exitCode === undefined ? undefined : process.exit(exitCode);
  } catch (error) {
    if (error instanceof KnownError) return error.message;
    throw error;
  }
}

const BUSYBOX = ['/bin/busybox', '/usr/bin/busybox'].find((path) => existsSync(path));
const never = new AbortController().signal;

interface Outcome extends ExecResult {
  readonly stdout: string;
  readonly stderr: string;
}

function baseLayer(dir: string): string {
  const root = join(dir, 'base');
  for (const name of ['bin', 'etc', 'tmp', 'root', 'home/u', 'private'])
    mkdirSync(join(root, name), { recursive: true });
  cpSync(BUSYBOX ?? '', join(root, 'bin/busybox'));
  for (const name of 'sh cat ls id env pwd hostname mount touch mkdir rm sleep kill head tail dd wc stat ps true false sync echo chmod tr cut grep printf seq yes nc ip mknod readlink cp setsid chroot'.split(
    ' ',
  )) {
    symlinkSync('busybox', join(root, 'bin', name));
  }
  writeFileSync(join(root, 'tmp/script'), '#!/nosuch -x\n', { mode: 0o755 });
  writeFileSync(join(root, 'tmp/text'), 'echo hi\n', { mode: 0o755 });
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\nu:x:1000:1000::/home/u:/bin/sh\n');
  return root;
}

let dir: string;
let base: string;
let count = 0;

before(() => {
  if (childRun) return;
  dir = mkdtempSync(join(tmpdir(), 'slipway-exec-'));
  base = baseLayer(dir);
});
after(() => childRun || rmSync(dir, { recursive: true, force: true }));

function overlayRoot(lowerDirs: readonly string[] = [base]): Extract<RootMount, { kind: 'overlay' }> {
  const active = join(dir, `active-${++count}`);
  for (const name of ['fs', 'work']) mkdirSync(join(active, name), { recursive: true });
  return { kind: 'overlay', lowerDirs, upperDir: join(active, 'fs'), workDir: join(active, 'work') };
}

function directoryRoot(): RootMount {
  const path = join(dir, `directory-${++count}`, 'root');
  cpSync(base, path, { recursive: true, verbatimSymlinks: true });
  return { kind: 'directory', path };
}

/** What chroot alone cannot do, by the titles of the tests. */
const NOT_WITH_CHROOT = new Set([
  'has a working directory that is closed to the user',
  "has docker's capabilities",
  'has no capabilities for a user',
  'has the host name',
  'has process 1',
  'has nobody but itself',
  'has devices',
  'has /dev/shm of 64 MiB',
  'has /dev/shm as large as told',
  'has tmpfs with a size',
  'has no network but loopback',
  'filters system calls, where it can',
  'has readonly paths',
  'has nothing of the old root',
  "keeps the machine's devices away from root",
  'lets nobody change the program that made the sandbox',
  'has no open files but the three',
  'has no signals ignored',
  'has a read-only root',
  'passes the environment, exactly',
  'binds files and folders, read-only and not',
  'shows a chain of layers, with what the upper ones hide, and throws changes away',
  'mounts within mounts, and below symlinks of the root',
  'leaves an empty difference when nothing is changed',
  'takes a root of 120 layers with long names',
]);

function specOf(
  argv: readonly string[],
  changes: Partial<ExecSpec> = {},
): Omit<ExecSpec, 'stdio'> & Partial<Pick<ExecSpec, 'stdio'>> {
  return {
    id: `t${++count}`,
    root: { kind: 'directory', path: base },
    readOnlyRoot: false,
    argv,
    env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    cwd: '/',
    user: { uid: 0, gid: 0, additionalGids: [] },
    mounts: [],
    network: 'host',
    security: 'sandbox',
    hostname: 'buildkitsandbox',
    extraHosts: [],
    limits: {},
    ...changes,
  };
}

async function run(
  executor: Executor,
  argv: readonly string[],
  changes: Partial<ExecSpec> = {},
  signal = never,
  control?: ExecControl,
): Promise<Outcome> {
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const stdio = {
    kind: 'capture',
    onOutput: (stream: 'stdout' | 'stderr', chunk: Buffer) => void chunks[stream].push(chunk),
  } as const;
  const result = await executor.run(
    { stdio, ...specOf(argv, { root: executor.isolation === 'chroot' ? directoryRoot() : overlayRoot(), ...changes }) },
    signal,
    control,
  );
  return {
    ...result,
    stdout: Buffer.concat(chunks.stdout).toString(),
    stderr: Buffer.concat(chunks.stderr).toString(),
  };
}

async function until(isTrue: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !isTrue(); ) {
    if (Date.now() > end) throw new Error('waited for 10 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Cgroups that a runtime made for this process. */
function leftCgroups(): string[] {
  const parent = '/sys/fs/cgroup/devices/slipway';
  return existsSync(parent) ? readdirSync(parent).filter((name) => name.startsWith(`${process.pid}-`)) : [];
}

/** Command lines of this machine's processes that name a marker; processes that only wait to be reaped have none. */
function processesWith(marker: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .map(commandLine)
    .filter((line) => line.includes(marker) && !line.includes('execPath'));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

const sh = (script: string): string[] => ['sh', '-c', script];

const RUNTIMES = { crun: '/usr/bin/crun', runc: '/usr/sbin/runc' } as const;

/** The program that becomes the one in the sandbox. */
function madeBy({ isolation, description }: Executor): string {
  if (isolation === 'oci') return RUNTIMES[description as keyof typeof RUNTIMES];
  return description.startsWith('perl') ? '/usr/bin/perl' : '/bin/sh';
}

/** Why an executor cannot be tested here. */
function missing({ description }: Executor): string | false {
  const runtime = Object.entries(RUNTIMES).find(([name]) => name === description);
  return runtime && !existsSync(runtime[1]) ? `${runtime[1]} is not there` : false;
}

function executors(): Executor[] {
  const only = process.env['SLIPWAY_TEST_EXECUTOR'] ?? '';
  return [
    new PerlExecutor(),
    new NamespacesExecutor(),
    new ChrootExecutor(),
    new OciExecutor({ path: RUNTIMES.crun, kind: 'crun', description: 'crun' }),
    new OciExecutor({ path: RUNTIMES.runc, kind: 'runc', description: 'runc' }),
  ].filter(({ description }) => description.includes(only));
}

const childRun = process.env['SLIPWAY_TEST_RUN'];
if (childRun) {
  const asked: { uid: number; executor: string; marker: string; base: string; dir: string } = JSON.parse(childRun);
  ({ base, dir } = asked);
  count = 1_000_000;
  const executor = executors().find(({ description }) => description === asked.executor);
  const user = { uid: asked.uid, gid: asked.uid, additionalGids: [] };
  if (executor) await run(executor, sh(`(sleep ${asked.marker} &) ; sleep ${asked.marker}`), { user });
}

for (const executor of childRun ? [] : executors()) {
  const it = (name: string, run: () => Promise<void>): void => {
    const skip = executor.isolation === 'chroot' && NOT_WITH_CHROOT.has(name) ? 'not with chroot alone' : false;
    test(name, { skip }, run);
  };
  describe(`${executor.isolation}: ${executor.description}`, {
    skip: noNamespace ?? (BUSYBOX ? missing(executor) : 'no static busybox'),
  }, () => {
    it('ends what changed its root and its session', async () => {
      const marker = `7${process.pid}`;
      const script = `mkdir -p /sub/bin && cp /bin/busybox /sub/bin/sleep && (setsid chroot /sub sleep ${marker} >/dev/null 2>&1 &); sleep 0.2`;
      await run(executor, sh(script));
      await until(() => processesWith(marker).length === 0);
    });

    it('passes the environment, exactly', async () => {
      const env = [
        'PATH=/bin',
        'A=1',
        "B=it's",
        'C=two\nlines',
        'D=$(x) `y` "z" \\',
        'E=',
        'HOME=/h',
        'LD_PRELOAD=/nosuch.so',
      ];
      const { stdout, stderr } = await run(executor, ['env'], { env });
      assert.deepEqual(
        stdout
          .trimEnd()
          .split(/\n(?=[A-Z_]+=)/)
          .sort(),
        [...env].sort(),
        stderr,
      );
    });

    const outputs: [name: string, argv: readonly string[], changes: Partial<ExecSpec>, expected: string | RegExp][] = [
      ['HOME from passwd', sh('echo $HOME'), { user: { uid: 1000, gid: 1000, additionalGids: [] } }, '/home/u\n'],
      ['HOME of nobody known', sh('echo $HOME'), { user: { uid: 1, gid: 1, additionalGids: [] } }, '/\n'],
      ['the working directory', ['pwd'], { cwd: '/home/u' }, '/home/u\n'],
      [
        'a working directory that is closed to the user',
        ['readlink', '/proc/self/cwd'],
        { cwd: '/root', user: { uid: 1000, gid: 1000, additionalGids: [] } },
        '/root\n',
      ],
      [
        'ids and groups',
        ['id'],
        { user: { uid: 1000, gid: 55, additionalGids: [7, 8] } },
        /^uid=1000\S* gid=55 groups=7,8,55\n$/,
      ],
      ['root', ['id'], {}, /^uid=0\(root\) gid=0 groups=0\n$/],
      ['the host name', ['hostname'], { hostname: 'box' }, 'box\n'],
      [
        '/etc/hosts',
        ['cat', '/etc/hosts'],
        { extraHosts: [{ name: 'db', address: '10.0.0.7' }] },
        '127.0.0.1\tlocalhost buildkitsandbox\n::1\tlocalhost ip6-localhost ip6-loopback\n10.0.0.7\tdb\n',
      ],
      ['/etc/resolv.conf', ['cat', '/etc/resolv.conf'], {}, /nameserver/],
      ['an empty standard input', ['wc', '-c'], {}, '0\n'],
      [
        "docker's capabilities",
        ['grep', '-E', 'Cap|NoNew', '/proc/self/status'],
        {},
        /CapInh:\t0{16}\nCapPrm:\t0{8}a80425fb\nCapEff:\t0{8}a80425fb\nCapBnd:\t0{8}a80425fb\nCapAmb:\t0{16}\nNoNewPrivs:\t0\n/,
      ],
      [
        'no capabilities for a user',
        ['grep', 'Cap', '/proc/self/status'],
        { user: { uid: 1000, gid: 1000, additionalGids: [] } },
        /CapPrm:\t0{16}\nCapEff:\t0{16}\nCapBnd:\t0{8}a80425fb/,
      ],
      ['the usual umask', sh('umask'), {}, '0022\n'],
      ['process 1', sh('echo $$'), {}, '1\n'],
      ['nobody but itself', sh('ps >/tmp/o; wc -l </tmp/o'), {}, '3\n'],
      [
        'devices',
        sh(
          'echo x >/dev/null; head -c 2 /dev/zero | wc -c; echo a >/dev/stderr; echo b >/dev/stdout; ls /dev | grep -v core',
        ),
        {},
        '2\nb\nfd\nfull\nmqueue\nnull\nptmx\npts\nrandom\nshm\nstderr\nstdin\nstdout\ntty\nurandom\nzero\n',
      ],
      ['/dev/shm of 64 MiB', sh('grep -o "/dev/shm.*size=65536k" /proc/mounts | wc -l'), {}, '1\n'],
      [
        '/dev/shm as large as told',
        sh('dd if=/dev/zero of=/dev/shm/f bs=1k count=100 2>/dev/null; wc -c </dev/shm/f'),
        { shmSizeBytes: 8192 },
        '8192\n',
      ],
      [
        'tmpfs with a size',
        sh('dd if=/dev/zero of=/t/f bs=1k count=100 2>/dev/null; wc -c </t/f; stat -c %a /t'),
        { mounts: [{ type: 'tmpfs', target: '/t', sizeBytes: 4096 }] },
        '4096\n1777\n',
      ],
      [
        'no network but loopback',
        sh('ls /sys/class/net; ip -o link show lo | grep -c UP'),
        { network: 'none' },
        'lo\n1\n',
      ],
      ['readonly paths', sh('echo 1 >/proc/sys/kernel/domainname; touch /sys/x'), {}, ''],
      [
        'nothing of the old root',
        sh('grep -c /exec- /proc/self/mountinfo; ls -a /'),
        {},
        '0\n.\n..\nbin\ndev\netc\nhome\nprivate\nproc\nroot\nsys\ntmp\n',
      ],
      ['no signals ignored', ['grep', 'SigIgn', '/proc/self/status'], {}, 'SigIgn:\t0000000000000000\n'],
      ['no open files but the three', sh('cd /proc/$$/fd && echo *'), {}, /^0 1 2( 10| 3| 255)?\n$/],
      [
        'a read-only root',
        sh('touch /x || echo refused; touch /tmp/x || echo refused'),
        { readOnlyRoot: true },
        'refused\nrefused\n',
      ],
      [
        'ulimits',
        sh('ulimit -n; ulimit -Hn'),
        { limits: { ulimits: [{ name: 'nofile', soft: 99, hard: 100 }] } },
        '99\n100\n',
      ],
    ];
    for (const [name, argv, changes, expected] of outputs) {
      it(`has ${name}`, async () => {
        if (changes.user && userNamespace().kind === 'single') {
          await assert.rejects(run(executor, argv, changes), {
            code: 'SANDBOX_NO_SUBUID',
            hint: /usermod --add-subuids/,
          });
          return;
        }
        const { stdout, stderr } = await run(executor, argv, changes);
        if (typeof expected === 'string') assert.equal(stdout, expected, stderr);
        else assert.match(stdout, expected, stderr);
      });
    }

    it('filters system calls, where it can', async () => {
      const { stdout, stderr } = await run(executor, ['grep', 'Seccomp:', '/proc/self/status']);
      assert.equal(
        stdout,
        `Seccomp:\t${executor instanceof PerlExecutor || executor.isolation === 'oci' ? 2 : 0}\n`,
        stderr,
      );
      const insecure = await run(executor, ['grep', 'Seccomp:', '/proc/self/status'], { security: 'insecure' });
      assert.equal(insecure.stdout, 'Seccomp:\t0\n', insecure.stderr);
    });

    it('binds files and folders, read-only and not', async () => {
      const source = mkdtempSync(join(dir, 'bind-'));
      writeFileSync(join(source, 'f'), 'content');
      const mounts = [
        { type: 'bind', source, target: '/rw/deep', readOnly: false },
        { type: 'bind', source, target: '/ro', readOnly: true },
        { type: 'bind', source: join(source, 'f'), target: '/run/secrets/s', readOnly: true },
      ] as const;
      const script =
        'cat /run/secrets/s /ro/f; echo new >/rw/deep/n; touch /ro/x 2>/dev/null || echo refused; echo x 2>/dev/null >/run/secrets/s || echo refused';
      const root = overlayRoot();
      const { stdout, stderr } = await run(executor, sh(script), { mounts, root });
      assert.equal(stdout, 'contentcontentrefused\nrefused\n', stderr);
      assert.equal(readFileSync(join(source, 'n'), 'utf8'), 'new\n');
      assert.deepEqual(readdirSync(root.upperDir), ['dev', 'proc', 'sys']);
    });

    it('shows a chain of layers, with what the upper ones hide, and throws changes away', async () => {
      const [low, high] = [mkdtempSync(join(dir, 'low-')), mkdtempSync(join(dir, 'high-'))];
      mkdirSync(join(low, 'sub/old'), { recursive: true });
      writeFileSync(join(low, 'sub/a'), 'a');
      writeFileSync(join(low, 'sub/b'), 'b');
      mkdirSync(join(high, 'sub'));
      makeWhiteout(join(high, 'sub/b'));
      symlinkSync('/sub', join(high, 'link'));
      const lowerDirs = [high, low];
      const mounts = [
        { type: 'layers', lowerDirs, subpath: '/link', target: '/l' },
        { type: 'layers', lowerDirs, subpath: 'sub/a', target: '/one' },
        { type: 'layers', lowerDirs: [], subpath: '', target: '/nothing' },
        { type: 'scratch-bind', lowerDirs, subpath: '', target: '/s' },
      ] as const;
      const script =
        'ls /l /nothing; cat /one; touch /l/x 2>/dev/null || echo refused; echo 1 >/s/new; rm -r /s/sub; ls /s';
      const { stdout, stderr } = await run(executor, sh(script), { mounts });
      assert.equal(stdout, '/l:\na\nold\n\n/nothing:\narefused\nlink\nnew\n', stderr);
      assert.deepEqual(readdirSync(low), ['sub']);
      assert.deepEqual(readdirSync(high).sort(), ['link', 'sub']);
    });

    it('mounts within mounts, and below symlinks of the root', async () => {
      const lower = mkdtempSync(join(dir, 'lower-'));
      mkdirSync(join(lower, 'run'));
      mkdirSync(join(lower, 'var'));
      symlinkSync('/run', join(lower, 'var/run'));
      const source = mkdtempSync(join(dir, 'bind-'));
      mkdirSync(join(source, 'real'));
      symlinkSync('/real', join(source, 'link'));
      writeFileSync(join(source, 'f'), 'F');
      const file = join(source, 'f');
      const mounts = [
        { type: 'bind', source: file, target: '/var/run/a/secret', readOnly: true },
        { type: 'bind', source: file, target: '/t/b/secret', readOnly: true },
        { type: 'tmpfs', target: '/t' },
        { type: 'bind', source, target: '/c', readOnly: false },
      ] as const;
      const inFolder = { type: 'bind', source: file, target: '/c/link/secret', readOnly: true } as const;
      const root = overlayRoot([lower, base]);
      const { stdout, stderr } = await run(executor, sh('cat /run/a/secret /t/b/secret'), { mounts, root });
      assert.equal(stdout, 'FF', stderr);
      const running = run(executor, sh('cat /c/real/secret'), { mounts: [inFolder, ...mounts], root });
      if (executor instanceof NamespacesExecutor) {
        await assert.rejects(running, {
          code: 'SANDBOX_MOUNT_FAILED',
          message: /at \/c\/real\/secret: others may write to \/c\./,
        });
      } else assert.equal((await running).stdout, 'F');
      assert.equal(existsSync('/real/secret'), false);
      assert.deepEqual(readdirSync(root.upperDir).sort(), ['dev', 'proc', 'sys']);
    });

    it('leaves an empty difference when nothing is changed', async () => {
      const lower = mkdtempSync(join(dir, 'lower-'));
      for (const name of ['dev', 'proc', 'sys']) mkdirSync(join(lower, name));
      utimesSync(join(base, 'etc'), 1, 1);
      const root = overlayRoot([lower, base]);
      const mounts = [{ type: 'tmpfs', target: '/home/u/.cache/x' }] as const;
      await run(executor, ['true'], { root, mounts });
      assert.deepEqual(readdirSync(root.upperDir), []);
      const changed = overlayRoot([lower, base]);
      const { stderr } = await run(executor, sh('touch /home/u/.cache/new; rm /etc/passwd; chmod 700 /root'), {
        root: changed,
        mounts,
      });
      assert.deepEqual(
        readdirSync(changed.upperDir, { recursive: true }).map(String).sort(),
        ['etc', 'etc/passwd', 'home', 'home/u', 'home/u/.cache', 'home/u/.cache/new', 'root'],
        stderr,
      );
    });

    it('takes a root of 120 layers with long names', async () => {
      const lowerDirs = Array.from({ length: 120 }, (_, index) => {
        const layer = join(dir, `chain-${String(count).padStart(64, '0')}-${index}`);
        mkdirSync(layer);
        writeFileSync(join(layer, `f${index}`), '');
        return layer;
      });
      const { stdout, stderr } = await run(executor, sh('ls / | grep -c ^f'), {
        root: overlayRoot([...lowerDirs, base]),
      });
      assert.equal(stdout, '120\n', stderr);
    });

    it('streams 50 MB with bounded memory, each stream in its order', async () => {
      let bytes = 0;
      let largest = 0;
      const stdio = {
        kind: 'capture',
        onOutput: (_: string, chunk: Buffer) => {
          bytes += chunk.length;
          largest = Math.max(largest, process.memoryUsage.rss());
        },
      } as const;
      const before = process.memoryUsage.rss();
      await run(executor, sh('yes 123456789 | head -c 50000000'), { stdio });
      assert.equal(bytes, 50_000_000);
      assert.ok(largest - before < 100_000_000, `grew by ${largest - before}`);
      const { stdout, stderr } = await run(executor, sh('seq 1 20000; seq 1 20000 >&2'));
      const expected = Array.from({ length: 20_000 }, (_, index) => `${index + 1}\n`).join('');
      assert.ok(stdout === expected && stderr === expected);
    });

    it('kills the process and its grandchildren on abort', async () => {
      const marker = `9${process.pid}${count}`;
      const abort = new AbortController();
      const running = run(executor, sh(`(sleep ${marker} &) ; sleep ${marker}`), {}, abort.signal);
      await until(() => processesWith(marker).length >= 2);
      abort.abort(new Error('enough'));
      await assert.rejects(running, /enough/);
      assert.deepEqual(leftCgroups(), []);
      assert.deepEqual(processesWith(marker), []);
    });

    for (const uid of userNamespace().kind === 'single' ? [0] : [0, 1000])
      it(`leaves nothing running or mounted when this process is killed (user ${uid})`, async () => {
        const marker = `8${process.pid}${count}`;
        const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], {
          env: {
            ...process.env,
            SLIPWAY_TEST_RUN: JSON.stringify({ uid, executor: executor.description, marker, base, dir }),
          },
          stdio: 'inherit',
        });
        await until(() => processesWith(marker).some((line) => line.startsWith('sleep')));
        child.kill('SIGKILL');
        await until(() => processesWith(marker).length === 0);
        assert.doesNotMatch(readFileSync('/proc/self/mountinfo', 'latin1'), new RegExp(dir));
      });

    it('tells when it has started, and sends signals to process 1', async () => {
      const control = { onStarted: (send: (signal: NodeJS.Signals) => void) => setTimeout(() => send('SIGUSR1'), 300) };
      const { stdout, exitCode } = await run(
        executor,
        sh('trap "echo got; exit 7" USR1; echo ready; while :; do sleep 0.05; done'),
        {},
        never,
        control,
      );
      assert.equal(stdout, 'ready\ngot\n');
      assert.equal(exitCode, 7);
      const killed = await run(executor, sh('sleep 100'), {}, never, { onStarted: (send) => send('SIGKILL') });
      assert.equal(killed.exitCode, 137);
    });

    it('runs steps side by side', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, index) => run(executor, sh(`sleep 0.1; echo ${index}`))),
      );
      assert.deepEqual(
        outcomes.map(({ stdout }) => stdout),
        Array.from({ length: 8 }, (_, index) => `${index}\n`),
      );
    });

    it('runs on a plain directory as the root', async () => {
      const path = join(dir, `plain-${++count}`);
      cpSync(base, path, { recursive: true, verbatimSymlinks: true });
      const { stdout, stderr } = await run(executor, sh('echo hi >/new; pwd; cat /etc/hosts | wc -l'), {
        root: { kind: 'directory', path },
        cwd: '/made/here',
      });
      assert.equal(stdout, '/made/here\n2\n', stderr);
      assert.equal(readFileSync(join(path, 'new'), 'utf8'), 'hi\n');
      assert.deepEqual(readdirSync(join(path, 'etc')), ['passwd']);
    });

    it("keeps the machine's devices away from root", async () => {
      const node = (path: string): string =>
        `mknod ${path} c 1 11 2>/dev/null && head -c 0 ${path} 2>&1; rm -f ${path}`;
      const { stdout, stderr } = await run(
        executor,
        sh(['/tmp/kmsg', '/dev/kmsg', '/dev/shm/kmsg'].map(node).join('; ')),
      );
      assert.doesNotMatch(stdout.replaceAll(/.*(Permission denied|Operation not permitted)\n/g, ''), /./, stderr);
      const tried = await run(
        executor,
        sh('mknod /tmp/kmsg c 1 11 2>/dev/null; head -c 0 /tmp/kmsg 2>/dev/null && echo opened; rm -f /tmp/kmsg'),
      );
      assert.equal(tried.stdout, '');
    });

    it('lets nobody change the program that made the sandbox', async () => {
      const program = realpathSync(madeBy(executor));
      const { mode, ctimeNs } = statSync(program, { bigint: true });
      // The mode that it has: a machine on which this fails shall not suffer from it.
      const attack = `chmod ${(mode & 0o7777n).toString(8)} /proc/1/exe`;
      const mounts = ['/lib', '/lib64', '/usr/lib']
        .filter((path) => existsSync(path))
        .map((path) => ({ type: 'bind', source: path, target: path, readOnly: true }) as const);
      for (const argv of [
        ['-c', attack],
        ['-e', `chmod 0${attack.slice('chmod '.length).replace(' ', ', "')}"`],
      ]) {
        await run(executor, ['/proc/self/exe', ...argv], { mounts }).catch(() => undefined);
      }
      assert.equal(statSync(program, { bigint: true }).ctimeNs, ctimeNs);
    });

    it('limits memory and processors, or says that it cannot', async () => {
      const limits = { memoryBytes: 32 * 1024 * 1024, cpus: 0.5, pids: 50 };
      const script = 'head -c 100000000 /dev/zero | tail -c 90000000 >/dev/null; echo $?';
      const { stdout, exitCode, warnings, stderr } = await run(executor, sh(script), { limits });
      if (warnings.length > 0) {
        assert.match(warnings.join(), /^--memory has no effect: .*,--cpus has no effect/);
      } else {
        // Whom the kernel chooses is up to it: the pipeline or the shell around it.
        assert.ok(stdout === '137\n' || exitCode === 137, `${exitCode} ${stdout} ${stderr}`);
      }
      const own = readFileSync('/proc/self/cgroup', 'latin1');
      assert.doesNotMatch(own, /slipway/);
    });

    it('names a bind source that is not there', async () => {
      const mounts = [{ type: 'bind', source: '/nosuch/source', target: '/x', readOnly: true }] as const;
      await assert.rejects(run(executor, ['true'], { mounts }), {
        code: 'SANDBOX_MOUNT_FAILED',
        message: /"\/nosuch\/source"/,
      });
    });

    const exits: [string, readonly string[], number, RegExp?][] = [
      ['true', ['true'], 0],
      ['false', ['false'], 1],
      ['exit 3', sh('exit 3'), 3],
      ['SIGTERM to itself', sh('sh -c "kill -TERM \\$\\$"; exit $?'), 143],
      ['not in PATH', ['nosuch'], 127, /exec: "nosuch": executable file not found in \$PATH/],
      ['no such path', ['/nosuch'], 127, /no such file or directory/],
      ['a directory', ['/tmp'], 126, /is a directory/],
      ['no interpreter', ['/tmp/script'], 127, /needs the interpreter \/nosuch/],
      ['no program', ['/tmp/text'], 126, /exec format error/],
      ['not executable', ['/etc/passwd'], 126, /permission denied/],
    ];
    for (const [name, argv, exitCode, message] of exits) {
      it(`exits with ${exitCode}: ${name}`, async () => {
        const outcome = await run(executor, argv);
        assert.equal(outcome.exitCode, exitCode, outcome.stderr);
        if (message) assert.match(outcome.stderr, message);
      });
    }
  });
}

describe('chroot alone', { skip: noNamespace ?? (BUSYBOX ? false : 'no static busybox') }, () => {
  const executor = new ChrootExecutor();

  test('copies what it cannot mount, and carries changes of a writable bind back', async () => {
    const source = mkdtempSync(join(dir, 'bind-'));
    mkdirSync(join(source, 'old'));
    writeFileSync(join(source, 'f'), 'content');
    const [low, high] = [mkdtempSync(join(dir, 'low-')), mkdtempSync(join(dir, 'high-'))];
    for (const name of ['a', 'b']) writeFileSync(join(low, name), name);
    makeWhiteout(join(high, 'b'));
    const mounts = [
      { type: 'bind', source, target: '/etc', readOnly: false },
      { type: 'bind', source: join(source, 'f'), target: '/run/s', readOnly: true },
      { type: 'layers', lowerDirs: [high, low], subpath: '', target: '/l' },
      { type: 'scratch-bind', lowerDirs: [high, low], subpath: '/a', target: '/one' },
      { type: 'tmpfs', target: '/tmp' },
    ] as const;
    const root = directoryRoot();
    assert.ok(root.kind === 'directory');
    utimesSync(root.path, 1, 1);
    const script =
      'cat /run/s /etc/f /one; ls /l; echo new >/etc/n; rm -r /etc/old; echo x >/tmp/x; echo y >>/one; [ -w /dev/null ] && echo writable';
    const { stdout, stderr, warnings } = await run(executor, sh(script), { mounts, root, shmSizeBytes: 4096 });
    assert.match(stdout, /^contentcontentaa\nwritable\n$/, stderr);
    assert.ok(warnings.includes('read-only mounts are copies: a write to one succeeds and is lost'));
    assert.ok(warnings.includes('the size of /dev/shm is not limited'));
    assert.deepEqual(readdirSync(source).sort(), ['f', 'n']);
    assert.deepEqual(readdirSync(join(root.path, 'etc')), ['passwd']);
    assert.deepEqual(readdirSync(root.path).sort(), [
      'bin',
      'dev',
      'etc',
      'home',
      'private',
      'proc',
      'root',
      'sys',
      'tmp',
    ]);
    assert.deepEqual(readdirSync(low), ['a', 'b']);
  });

  for (const [name, changes] of [
    ['no network', { network: 'none' }],
    ['a read-only root', { readOnlyRoot: true }],
    ['LD_PRELOAD', { env: ['LD_PRELOAD=/x.so'] }],
  ] as const) {
    test(`refuses ${name}`, () =>
      assert.rejects(run(executor, ['true'], changes), {
        code: 'SANDBOX_UNAVAILABLE',
        message: /With --isolation=chroot/,
      }));
  }
});
