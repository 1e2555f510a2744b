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

/** Masks user and password in every URL within a text; a password may hold an `@` itself. The bounds keep long texts linear. */
export function redactUsers(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]{0,15}:\/\/)[^\s/?#"]+@/gi, '$1***@');
}

/** Masks the user, the password and query values that may carry credentials in every URL within a text. */
export function redactUrls(text: string): string {
  return redactUsers(text).replace(
    /([?&](?:[^=&\s]{0,64}(?:token|secret|password|signature|credential|key)[^=&\s]{0,64})=)[^&\s]+/gi,
    '$1***',
  );
}
