/**
 * Sends one operation by HTTP, as "GraphQL over HTTP" asks: `POST`, JSON, and the media type of GraphQL
 * answers.
 * @module
 */

export const endpoint = "/graphql";

/** Answers beyond this many bytes are cut and shown as text. */
export const largestAnswer = 20_000_000;

/**
 * @typedef {{ query: string, variables?: Record<string, any>, operationName?: string }} Operation
 * @typedef {{ status: number, statusText: string, milliseconds: number, bytes: number, text: string,
 *   isCut: boolean, body: any }} Answer `body` is undefined when the text is no JSON
 */

/**
 * @param {Operation} operation
 * @param {Record<string, string>} headers
 * @param {AbortSignal} [signal]
 * @returns {Promise<Answer>} throws when there is no answer at all, or when aborted
 */
export async function postOperation(operation, headers, signal) {
  const started = performance.now();
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      accept: "application/graphql-response+json, application/json;q=0.9",
      ...headers,
      "content-type": "application/json",
    },
    body: JSON.stringify(operation),
    credentials: "same-origin",
    signal,
  });
  const { text, bytes, isCut } = await readBounded(response);
  const milliseconds = performance.now() - started;
  const body = isCut ? undefined : parse(text);
  return { status: response.status, statusText: response.statusText, milliseconds, bytes, text, isCut, body };
}

/**
 * @param {Response} response
 * @returns {Promise<{ text: string, bytes: number, isCut: boolean }>}
 */
async function readBounded(response) {
  const reader = response.body?.getReader();
  if (!reader) return { text: await response.text(), bytes: 0, isCut: false };
  const decoder = new TextDecoder();
  const pieces = [];
  let bytes = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    bytes += next.value.byteLength;
    pieces.push(decoder.decode(next.value, { stream: true }));
    if (bytes > largestAnswer) {
      await reader.cancel();
      return { text: pieces.join(""), bytes, isCut: true };
    }
  }
  pieces.push(decoder.decode());
  return { text: pieces.join(""), bytes, isCut: false };
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
