import type { ShellSource } from '../../shell/shell-source.ts';

/** What a shell gets to read, and which one. */
export interface CheckedScript {
  readonly shell: 'sh' | 'bash' | 'dash' | 'ksh';
  readonly source: ShellSource;
  /** Names that ENV and ARG set before it. */
  readonly variables: readonly string[];
}

/** Offsets are those of the script's text; `end` is exclusive. */
export interface ShellRemark {
  /** Index of the script. */
  readonly script: number;
  readonly code: number;
  readonly level: 'error' | 'warning' | 'info' | 'style';
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly replacements: readonly { readonly start: number; readonly end: number; readonly text: string }[];
}

/** Finds mistakes in shell scripts; implemented by a program that is installed. */
export interface ShellChecker {
  check(scripts: readonly CheckedScript[]): readonly ShellRemark[];
}
