/**
 * Reads the JSON that people type into the variables and headers editors, and says where it is broken.
 * @module
 */

/** @typedef {{ message: string, offset: number }} JSONProblem */

/**
 * The object in `text`; empty text is an empty object.
 * @param {string} text
 * @param {string} what the name of the editor for the message: "Variables"
 * @returns {{ value: Record<string, any>, problem: null } | { value: null, problem: JSONProblem }}
 */
export function parseObject(text, what) {
  if (text.trim() === "") return { value: {}, problem: null };
  try {
    const value = JSON.parse(text);
    if (value !== null && typeof value === "object" && !Array.isArray(value)) return { value, problem: null };
    return { value: null, problem: { message: `${what} must be one JSON object: { … }.`, offset: 0 } };
  } catch (error) {
    const offset = problemOffset(text, String(error));
    return { value: null, problem: { message: `${what}: ${describe(text, offset)}`, offset } };
  }
}

/**
 * Where the text stops being JSON. Browsers name the place differently, so the longest readable prefix is
 * measured by scanning tokens; the engine's own position is preferred when it gives one.
 * @param {string} text
 * @param {string} message
 * @returns {number}
 */
function problemOffset(text, message) {
  const position = /position (\d+)/.exec(message);
  if (position) return Math.min(Number(position[1]), text.length);
  const place = /line (\d+) column (\d+)/.exec(message);
  if (place) return offsetAt(text, Number(place[1]), Number(place[2]));
  const quoted = /token '?(.)'?, /.exec(message);
  const last = quoted ? text.lastIndexOf(quoted[1]) : -1;
  return last >= 0 ? last : text.trimEnd().length;
}

/**
 * The offset of a line and a column, both from 1, as GraphQL's error locations count (§ 7.1.2).
 * @param {string} text
 * @param {number} line
 * @param {number} column
 * @returns {number}
 */
export function offsetAt(text, line, column) {
  let start = 0;
  const lines = /\r\n|\n|\r/g;
  for (let at = 1; at < line; at += 1) {
    const match = lines.exec(text);
    if (!match) return text.length;
    start = match.index + match[0].length;
  }
  return Math.min(start + Math.max(0, column - 1), text.length);
}

/**
 * @param {string} text
 * @param {number} offset
 * @returns {string}
 */
function describe(text, offset) {
  const line = text.slice(0, offset).split("\n").length;
  const rest = text.slice(offset).trimStart();
  if (rest === "") return `the text ends too early in line ${line}.`;
  if (rest[0] === "}" || rest[0] === "]") return `line ${line} has a comma too many, or a value is missing.`;
  return `unexpected ${JSON.stringify(rest[0])} in line ${line}.`;
}
