import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { createRig, importBusybox, type Rig } from './rig.ts';

const SOURCE = '# ours\nFROM busybox:1\nADD app /app\n';

function project(t: TestContext, files: Readonly<Record<string, string>>): { readonly rig: Rig; readonly dir: string } {
  const rig = createRig(t);
  const dir = join(rig.dir, 'project');
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(dir, path, '..'), { recursive: true });
    writeFileSync(join(dir, path), content);
  }
  return { rig, dir };
}

describe('slipway lint', () => {
  it('says what it found by place, and fails at the level asked for', (t) => {
    const { rig, dir } = project(t, { Dockerfile: SOURCE, app: '' });
    const lint = (...args: string[]) => rig.slipway('lint', '--no-shellcheck', ...args, dir);
    const { status, stdout } = lint();
    assert.equal(status, 1);
    assert.match(stdout, /Dockerfile:3:1: warning: ADD copies/);
    assert.match(stdout, /> 3 \| ADD app \/app\n\s+\| \^\^\^/);
    assert.equal(lint('--fail-on', 'error').status, 0);
    assert.equal(lint('--fail-on', 'never').status, 0);
    assert.equal(lint('--rule', 'add-instead-of-copy=error', '--fail-on', 'error').status, 1);
    assert.doesNotMatch(lint('--rule', 'add-instead-of-copy=off').stdout, /add-instead-of-copy/);
  });

  it('shows a diff and changes nothing, or mends in place through a link', (t) => {
    const { rig, dir } = project(t, {
      'real.Dockerfile': SOURCE,
      app: '',
      'slipway.yaml': 'lint:\n  rules:\n    dockerignore-missing: off\n',
    });
    symlinkSync('real.Dockerfile', join(dir, 'Dockerfile'));
    const path = join(dir, 'Dockerfile');
    const mode = statSync(path).mode;
    const diff = rig.slipway('lint', '--no-shellcheck', '--diff', path);
    assert.match(diff.stdout, /^-ADD app \/app\n\+COPY app \/app$/m);
    assert.equal(readFileSync(path, 'utf8'), SOURCE);
    const fixed = rig.slipway('lint', '--no-shellcheck', '--fix', path);
    assert.match(fixed.stderr, /Dockerfile:3: Write COPY \(add-instead-of-copy\)/);
    assert.equal(readFileSync(join(dir, 'real.Dockerfile'), 'utf8'), SOURCE.replace('ADD', 'COPY'));
    assert.equal(statSync(path).mode, mode);
  });

  it('is configured by slipway.yaml, which flags overrule', (t) => {
    const config = 'lint:\n  fail-on: error\n  exclude: ["old/**"]\n  rules:\n    add-instead-of-copy: error\n';
    const { rig, dir } = project(t, {
      Dockerfile: SOURCE,
      app: '',
      'old/Dockerfile': 'NOTHING',
      'slipway.yaml': config,
    });
    const result = rig.slipway('lint', '--no-shellcheck', dir);
    assert.equal(result.status, 1);
    assert.match(result.stdout, /error: ADD copies/);
    assert.doesNotMatch(result.stdout, /NOTHING/);
    assert.equal(rig.slipway('lint', '--no-shellcheck', '--rule', 'add-instead-of-copy=info', dir).status, 0);
    writeFileSync(join(dir, 'slipway.yaml'), 'lint:\n  strikt: true\n');
    const mistake = rig.slipway('lint', dir);
    assert.equal(mistake.status, 1);
    assert.match(mistake.stderr, /slipway\.yaml:2:3.*CONFIG_INVALID[\s\S]*Did you mean "strict"\?/);
  });

  it('speaks to machines', (t) => {
    const { rig, dir } = project(t, { Dockerfile: SOURCE, app: '' });
    const out = (format: string) => rig.slipway('lint', '--no-shellcheck', '--format', format, dir).stdout;
    const objects = out('json')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const add = objects.find(({ rule }) => rule === 'add-instead-of-copy');
    assert.deepEqual([add.start, add.end, add.severity], [{ line: 3, column: 1 }, { line: 3, column: 4 }, 'warning']);
    const log = JSON.parse(out('sarif'));
    assert.ok(log.runs[0].results.some(({ ruleId }: { ruleId: string }) => ruleId === 'add-instead-of-copy'));
    assert.match(
      out('github'),
      /^::warning file=.*,line=3,endLine=3,col=1,endColumn=4,title=add-instead-of-copy::ADD copies/m,
    );
    assert.match(out('checkstyle'), /<error line="3" column="1" severity="warning" message="ADD copies/);
  });

  it('says what is wrong with the command', (t) => {
    const { rig, dir } = project(t, { 'README.md': '' });
    const failed = (...args: string[]) => {
      const { status, stderr } = rig.slipway('lint', ...args);
      return `${status} ${stderr.split('\n')[0]}`;
    };
    assert.match(failed('--rule', 'add-instead-of-copi=off'), /^2 error: There is no rule "add-instead-of-copi"/);
    assert.match(failed('--format', 'xml'), /^2 /);
    assert.match(failed(join(dir, 'nowhere')), /^1 .*does not exist.*DOCKERFILE_NOT_FOUND/);
    assert.match(failed(dir), /^1 .*holds no Dockerfile/);
    assert.match(failed('--fix=some', dir), /^2 /);
  });

  it('proves a fix by building before and after, and leaves the files as they are', (t) => {
    const { rig, dir } = project(t, {
      Dockerfile: 'FROM busybox\nADD app.sh /app.sh\nRUN sh /app.sh\n',
      'app.sh': 'true\n',
    });
    importBusybox(rig);
    const { status, stdout, stderr } = rig.slipway(
      'lint',
      '--no-shellcheck',
      '--prove',
      '--rule',
      'dockerignore-missing=off',
      dir,
    );
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^layers +3 +3/m);
    assert.match(stdout, /^build, one line changed +[\d.]+ ?m?s/m);
    assert.match(stdout, /The line was changed in app\.sh\./);
    assert.match(readFileSync(join(dir, 'Dockerfile'), 'utf8'), /ADD/);
    assert.equal(readFileSync(join(dir, 'app.sh'), 'utf8'), 'true\n');
  });
});
