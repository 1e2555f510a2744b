/** Colours and cursor movements (CSI), titles and links (OSC, to the end of the line at most), short escapes. */
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|[ -/]+[0-~]|[=>78NOc])/g;

/**
 * Removes what must not reach a terminal or a log from text of foreign origin: escape sequences, and control characters
 * other than tab and newline (a carriage return counts: it rewrites the line that is being read).
 */
export function stripControl(text: string): string {
  const plain = text.includes('\u001b') ? text.replace(ESCAPES, '') : text;
  return plain.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}

/** Masks the password and query values that may carry credentials in every URL within a text. */
export function redactUrls(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1***@')
    .replace(/([?&](?:[^=&\s]*(?:token|secret|password|signature|credential|key)[^=&\s]*)=)[^&\s]+/gi, '$1***');
}
