/** Pages in a real Chromium, through the DevTools protocol. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { WebSocket } from 'undici';

/** Its command; undefined where there is none. */
export const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync('which', [name]).status === 0,
);

/** The DevTools protocol of one page of a headless Chromium. */
export class Page {
  readonly problems: string[] = [];
  readonly requests: string[] = [];
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (message: { result?: unknown; error?: unknown }) => void>();
  #id = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#receive(JSON.parse(String(data))));
  }

  send(method: string, params: object = {}): Promise<Record<string, never>> {
    const id = ++this.#id;
    this.#socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve, reject) =>
      this.#waiting.set(id, ({ result, error }) =>
        error ? reject(new Error(JSON.stringify(error))) : resolve(result as Record<string, never>),
      ),
    );
  }

  async evaluate<T>(expression: string): Promise<T> {
    const { result } = await this.send('Runtime.evaluate', { expression, returnByValue: true });
    return (result as { value: T }).value;
  }

  async press(key: string): Promise<void> {
    const text = key === 'Enter' ? { text: '\r' } : {};
    const code = { Enter: 13, Escape: 27, Tab: 9 }[key];
    await this.send('Input.dispatchKeyEvent', {
      type: 'keyDown',
      key,
      code: key,
      windowsVirtualKeyCode: code,
      ...text,
    });
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code: key, windowsVirtualKeyCode: code });
  }

  async open(path: string, width: number, scheme: 'light' | 'dark'): Promise<void> {
    await this.send('Emulation.setDeviceMetricsOverride', { width, height: 900, deviceScaleFactor: 1, mobile: false });
    await this.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
    await this.send('Page.navigate', { url: pathToFileURL(path).href });
    while (!(await this.evaluate("document.readyState === 'complete' && !!document.querySelector('.tile')")))
      await sleep(50);
  }

  #receive(message: { id?: number; method?: string; params?: Record<string, unknown> }): void {
    if (message.id !== undefined) this.#waiting.get(message.id)?.(message as never);
    if (message.method === 'Runtime.exceptionThrown' || message.method === 'Log.entryAdded')
      this.problems.push(JSON.stringify(message.params));
    if (message.method === 'Network.requestWillBeSent')
      this.requests.push((message.params as { request: { url: string } }).request.url);
  }
}

/** Ends with the test. */
export async function startChromium(t: TestContext): Promise<Page> {
  const profile = mkdtempSync(join(tmpdir(), 'slipway-chromium-'));
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--remote-debugging-port=0'];
  const browser = spawn(CHROMIUM ?? '', [...flags, `--user-data-dir=${profile}`, 'about:blank'], { stdio: 'ignore' });
  t.after(async () => {
    const ended = new Promise((resolve) => browser.once('exit', resolve));
    browser.kill();
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  });
  const portFile = join(profile, 'DevToolsActivePort');
  for (let tries = 0; !existsSync(portFile) && tries < 300; tries++) await sleep(50);
  const [port] = readFileSync(portFile, 'utf8').split('\n');
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as {
    type: string;
    webSocketDebuggerUrl: string;
  }[];
  const socket = new WebSocket(targets.find(({ type }) => type === 'page')?.webSocketDebuggerUrl ?? '');
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
  t.after(() => socket.close());
  const page = new Page(socket);
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await page.send(`${domain}.enable`);
  return page;
}

/** Fits, and can be read: at the width of a phone and of a large screen, in light and dark; `also` looks further at each. */
export async function checkPage(page: Page, file: string, also: () => Promise<void>): Promise<void> {
  for (const width of [400, 1600]) {
    for (const scheme of ['light', 'dark'] as const) {
      await page.open(file, width, scheme);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, `${width} px fit`);
      const [back, text] = await page.evaluate<number[]>(LUMINANCES);
      assert.ok(contrast(back ?? 0, text ?? 0) >= 7, `${scheme} is readable`);
      assert.equal(await page.evaluate("document.querySelectorAll('img').length"), 0, 'names are no markup');
      await also();
    }
  }
}

/** Enter looks into a tile of the map, Escape leads up, and neither the page nor its map complains or loads anything. */
export async function checkMap(page: Page, file: string): Promise<void> {
  await page.evaluate("document.querySelector('button.tile').focus()");
  const crumbs = () => page.evaluate<number>("document.querySelectorAll('.crumbs button').length");
  const before = await crumbs();
  await page.press('Enter');
  assert.ok((await crumbs()) > before, 'Enter looks into a tile');
  const isInMap = "document.activeElement.classList.contains('tile')";
  assert.equal(await page.evaluate(isInMap), true, 'the focus stays in the map');
  await page.press('Escape');
  assert.equal(await crumbs(), before, 'Escape leads up again');
  assert.deepEqual(page.problems, []);
  const own = pathToFileURL(file).href;
  assert.deepEqual(
    page.requests.filter((url) => url !== own),
    [],
    'it loads nothing',
  );
}

/** WCAG's relative luminance of the page's background and text. */
const LUMINANCES = `['backgroundColor', 'color'].map(name => {
  const [r, g, b] = getComputedStyle(document.body)[name].match(/\\d+/g).map(v => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
})`;

function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
