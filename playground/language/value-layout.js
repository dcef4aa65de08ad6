/**
 * Lays out arguments, variable definitions, objects and lists: on one line where they fit, else one entry a
 * line.
 * @module
 */

/** @typedef {import("./lexer.js").Token} Token */

export const longestLine = 100;

/** @type {Record<string, string>} */
export const partners = { "{": "}", "(": ")", "[": "]" };

/** @param {Token} token */
export function isOpening(token) {
  return token.kind === "punctuator" && token.text in partners;
}

/** @param {Token} token */
export function isClosing(token) {
  return token.kind === "punctuator" && /^[})\]]$/.test(token.text);
}

/**
 * The index of the bracket that closes the one at `start`.
 * @param {Token[]} tokens balanced
 * @param {number} start
 * @returns {number}
 */
export function partnerOf(tokens, start) {
  let depth = 0;
  for (let index = start; index < tokens.length; index += 1) {
    if (isOpening(tokens[index])) depth += 1;
    else if (isClosing(tokens[index])) depth -= 1;
    if (depth === 0) return index;
  }
  return tokens.length - 1;
}

/**
 * A bracket with all in it. The first line continues a line that has `used` characters; the others have their
 * margin.
 * @param {Token[]} tokens from the opening to the closing bracket
 * @param {number} depth of the line in which the bracket opens
 * @param {number} used
 * @returns {string[]}
 */
export function layoutGroup(tokens, depth, used) {
  const text = joinInline(tokens);
  const hasComment = tokens.some((token) => token.kind === "comment");
  if (!hasComment && used + text.length <= longestLine) return [text];
  const margin = "  ".repeat(depth);
  const entries = splitEntries(tokens.slice(1, -1).filter((token) => token.kind !== "space"));
  if (entries.length === 0) return [text];
  const inner = entries.flatMap((entry) => layoutEntry(entry, depth + 1));
  return [tokens[0].text, ...inner, margin + tokens[tokens.length - 1].text];
}

/**
 * One argument, definition or list item, with its margin.
 * @param {Token[]} tokens
 * @param {number} depth
 * @returns {string[]}
 */
function layoutEntry(tokens, depth) {
  const margin = "  ".repeat(depth);
  const bracket = tokens.findIndex(isOpening);
  if (bracket < 0) return [margin + joinInline(tokens)];
  const end = partnerOf(tokens, bracket);
  const head = bracket === 0 ? "" : `${joinInline(tokens.slice(0, bracket))} `;
  const tail = joinInline(tokens.slice(end + 1));
  const whole = margin + joinInline(tokens);
  const hasComment = tokens.some((token) => token.kind === "comment");
  if (whole.length <= longestLine && !hasComment) return [whole];
  const [first, ...rest] = layoutGroup(tokens.slice(bracket, end + 1), depth, margin.length + head.length);
  const lines = [margin + head + first, ...rest];
  if (tail !== "") lines[lines.length - 1] += tail.startsWith("!") ? tail : ` ${tail.trimStart()}`;
  return lines;
}

/**
 * The entries between two brackets: `name: value`, `$variable: Type`, or the items of a list. A comment is an
 * entry.
 * @param {Token[]} tokens
 * @returns {Token[][]}
 */
function splitEntries(tokens) {
  const isKeyed = isKey(tokens, tokens.findIndex((token) => token.kind !== "comment"));
  /** @type {Token[][]} */
  const groups = [];
  let depth = 0;
  tokens.forEach((token, index) => {
    const isFirst = groups.length === 0 || groups[groups.length - 1][0].kind === "comment";
    const begins = isKeyed ? isKey(tokens, index) : !isClosing(token);
    if (depth === 0 && (isFirst || begins || token.kind === "comment")) groups.push([]);
    groups[groups.length - 1].push(token);
    if (isOpening(token)) depth += 1;
    else if (isClosing(token)) depth -= 1;
  });
  return groups;
}

/**
 * @param {Token[]} tokens without spaces
 * @param {number} index
 */
function isKey(tokens, index) {
  const kind = tokens[index]?.kind;
  return (kind === "name" || kind === "variable") && tokens[index + 1]?.text === ":";
}

/**
 * Tokens on one line with the spaces and commas that belong there.
 * @param {Token[]} tokens
 * @returns {string}
 */
export function joinInline(tokens) {
  const said = tokens.filter((token) => token.kind !== "space");
  let text = "";
  let previous = "";
  let depth = 0;
  said.forEach((token, index) => {
    const begins = isKey(said, index) || (depth > 0 && !/^[()\]}:!=@]$/.test(token.text));
    if (index > 0 && (/^[@=]$/.test(token.text) || /^[=:]$/.test(previous))) text += " ";
    else if (begins && !/^[([{@]?$/.test(previous)) text += ", ";
    text += token.text;
    if (isOpening(token)) depth += 1;
    else if (isClosing(token)) depth -= 1;
    previous = token.text;
  });
  return text;
}
