import type { HttpResponse } from './http-transport.ts';

/** The whole body, or undefined when it is longer than the limit; the rest is not read then. */
export async function readBody({ chunks: body }: HttpResponse, limitBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limitBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The beginning of a body, as text; for error pages, which nobody needs whole. Never fails: a cut ends the text. */
export async function readBodyStart({ chunks: body }: HttpResponse, limitBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= limitBytes) break;
    }
  } catch {
    // The status was the answer; its explanation is only lost.
  }
  return Buffer.concat(chunks).subarray(0, limitBytes).toString();
}
