/**
 * The language server: what `lint` finds, its fixes, and what it knows of a Dockerfile, for editors (Language Server
 * Protocol 3.17). Documents are linted as they stand in the editor, in the context that lies on the disk around them. What
 * surprises: a text that cannot be parsed still gets completions, from what could last be read.
 */
import { fileURLToPath } from 'node:url';
import {
  type CodeAction,
  CodeActionKind,
  type CompletionItem,
  CompletionItemKind,
  type Connection,
  createConnection,
  type Diagnostic,
  DiagnosticSeverity,
  type InitializeResult,
  MarkupKind,
  type Range,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node.js';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { SourceRange } from '../diagnostics/source-range.ts';
import { SourceText } from '../diagnostics/source-text.ts';
import type { LintFinding } from '../lint/lint.ts';
import { complete, type Proposal } from './complete.ts';
import { cursorAt } from './cursor.ts';
import { describe } from './describe.ts';
import { type OpenDockerfile, readOpenDockerfile } from './open-dockerfile.ts';

export interface LanguageServerOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly version: string;
  /** Resolves when the client says exit, or goes away. */
  readonly signal: AbortSignal;
}

/** Typing does not lint at every key. */
const QUIET_MS = 150;

/** Serves one client until it goes. */
export function serveLanguage({ input, output, version, signal }: LanguageServerOptions): Promise<void> {
  const connection = createConnection(input, output);
  const documents = new TextDocuments(TextDocument);
  const open = new Map<string, OpenDockerfile>();
  const timers = new Map<string, NodeJS.Timeout>();

  const refresh = async (document: TextDocument): Promise<void> => {
    const dockerfile = await readOpenDockerfile(pathOf(document.uri), document.getText(), open.get(document.uri));
    if (documents.get(document.uri)?.version !== document.version) return;
    open.set(document.uri, dockerfile);
    await connection.sendDiagnostics({
      uri: document.uri,
      version: document.version,
      diagnostics: dockerfile.findings.map(diagnosticOf),
    });
  };

  connection.onInitialize(
    (): InitializeResult => ({ capabilities: CAPABILITIES, serverInfo: { name: 'slipway', version } }),
  );
  documents.onDidChangeContent(({ document }) => {
    clearTimeout(timers.get(document.uri));
    const delay = open.has(document.uri) ? QUIET_MS : 0;
    timers.set(
      document.uri,
      setTimeout(
        () => void refresh(document).catch((error: unknown) => connection.window.showErrorMessage(String(error))),
        delay,
      ),
    );
  });
  documents.onDidClose(({ document: { uri } }) => {
    clearTimeout(timers.get(uri));
    open.delete(uri);
    void connection.sendDiagnostics({ uri, diagnostics: [] });
  });
  answerRequests(connection, { documents, open });
  documents.listen(connection);
  connection.listen();
  return new Promise((resolve) => {
    connection.onExit(() => resolve());
    input.once('end', resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

const CAPABILITIES: InitializeResult['capabilities'] = {
  textDocumentSync: TextDocumentSyncKind.Incremental,
  completionProvider: { triggerCharacters: ['$', '{', '-', '=', ','] },
  hoverProvider: true,
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.SourceFixAll] },
};

interface Session {
  readonly documents: TextDocuments<TextDocument>;
  readonly open: ReadonlyMap<string, OpenDockerfile>;
}

function answerRequests(connection: Connection, { documents, open }: Session): void {
  connection.onCompletion(({ textDocument: { uri }, position }) => {
    const document = documents.get(uri);
    if (!document) return [];
    const cursor = cursorAt(document.getText(), document.offsetAt(position));
    return complete(cursor, open.get(uri)?.subject, position.line + 1).map((proposal) =>
      completionItem(proposal, document.offsetAt(position), document),
    );
  });
  connection.onHover(({ textDocument: { uri }, position }) => {
    const subject = open.get(uri)?.subject;
    const found = subject && describe(subject, { line: position.line + 1, column: position.character + 1 });
    return found ? { contents: { kind: MarkupKind.Markdown, value: found.text }, range: lspRange(found.range) } : null;
  });
  connection.onCodeAction(({ textDocument: { uri }, range }) => {
    const dockerfile = open.get(uri);
    return dockerfile ? codeActions(uri, dockerfile, range) : [];
  });
}

const KINDS: Readonly<Record<Proposal['kind'], CompletionItemKind>> = {
  instruction: CompletionItemKind.Keyword,
  flag: CompletionItemKind.Property,
  stage: CompletionItemKind.Module,
  variable: CompletionItemKind.Variable,
  value: CompletionItemKind.EnumMember,
};

function completionItem(
  { label, kind, detail, replaces }: Proposal,
  at: number,
  document: TextDocument,
): CompletionItem {
  const range = { start: document.positionAt(at - replaces), end: document.positionAt(at) };
  return { label, kind: KINDS[kind], detail, textEdit: { range, newText: label } };
}

const SEVERITIES = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
} as const;

function diagnosticOf({ code, message, hint, severity, range, docs }: LintFinding): Diagnostic {
  return {
    source: 'slipway',
    code,
    severity: SEVERITIES[severity],
    message: hint ? `${message} ${hint}` : message,
    range: lspRange(range),
    ...(docs?.startsWith('https://') && { codeDescription: { href: docs } }),
  };
}

/** A quick fix for each finding in the range, and one action for all safe ones of the file. */
function codeActions(uri: string, { findings, source }: OpenDockerfile, range: Range): CodeAction[] {
  const text = new SourceText('', source);
  const action = (title: string, found: readonly LintFinding[], kind: CodeActionKind): CodeAction => ({
    title,
    kind,
    diagnostics: found.map(diagnosticOf),
    edit: {
      changes: {
        [uri]: found.flatMap(({ fix }) =>
          (fix?.edits ?? []).map((edit) => ({
            range: lspRange(text.rangeOf(edit.start, edit.end)),
            newText: edit.text,
          })),
        ),
      },
    },
  });
  const fixable = findings.filter(({ fix }) => fix && fix.edits.length > 0 && !fix.writes);
  const here = fixable.filter((finding) => intersects(lspRange(finding.range), range));
  const quick = here.map((finding) => action(finding.fix?.title ?? '', [finding], CodeActionKind.QuickFix));
  const safe = withoutOverlaps(fixable.filter(({ fix }) => fix?.safety === 'safe'));
  return safe.length === 0
    ? quick
    : [...quick, action('Mend all that is safe to mend', safe, CodeActionKind.SourceFixAll)];
}

function withoutOverlaps(findings: readonly LintFinding[]): readonly LintFinding[] {
  let end = -1;
  return findings.filter(({ fix }) => {
    const edits = fix?.edits ?? [];
    const isFree = edits.every((edit) => edit.start > end);
    if (isFree) end = Math.max(end, ...edits.map((edit) => edit.end));
    return isFree;
  });
}

function intersects(a: Range, b: Range): boolean {
  const isBefore = (x: Range['start'], y: Range['start']): boolean =>
    x.line < y.line || (x.line === y.line && x.character < y.character);
  return !isBefore(a.end, b.start) && !isBefore(b.end, a.start);
}

function lspRange({ start, end }: SourceRange): Range {
  return {
    start: { line: start.line - 1, character: start.column - 1 },
    end: { line: end.line - 1, character: end.column - 1 },
  };
}

/** undefined for a document that is no file. */
function pathOf(uri: string): string | undefined {
  return uri.startsWith('file://') ? fileURLToPath(uri) : undefined;
}
