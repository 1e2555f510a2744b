import { isSpace } from './white-space.ts';

/**
 * Collects the words of a text that is read piece by piece; each `add` hands its text back. The word that is being
 * collected lies outside: expansions nested in each other share it.
 */
export class WordSplitter {
  readonly #word: { text: string };
  readonly #words: string[] = [];
  #inWord = false;

  constructor(word: { text: string }) {
    this.#word = word;
  }

  /** White space in the text ends the word. */
  addSplit(text: string): string {
    for (let at = 0; at < text.length; ) {
      const end = wordEnd(text, at);
      if (end > at) this.addWhole(text.slice(at, end));
      if (end < text.length && this.#inWord && this.#word.text !== '') this.#end();
      at = end + 1;
    }
    return text;
  }

  addWhole(text: string): string {
    this.#word.text += text;
    this.#inWord = true;
    return text;
  }

  finish(): readonly string[] {
    if (this.#word.text !== '') this.#end();
    return this.#words;
  }

  #end(): void {
    this.#words.push(this.#word.text);
    this.#word.text = '';
    this.#inWord = false;
  }
}

function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isSpace(text.charAt(at))) at++;
  return at;
}
