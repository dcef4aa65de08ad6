/**
 * Finds the operations and fragments of a document, without a full parse: enough to let somebody choose which
 * operation runs, also while the text is still incomplete.
 * @module
 */

import { isIgnored, tokenize } from "./lexer.js";

/**
 * @typedef {{ name: string, type: string }} VariableDefinition
 * @typedef {{
 *   kind: "query" | "mutation" | "subscription" | "fragment", name: string | null, type: string | null,
 *   start: number, end: number, variables: VariableDefinition[]
 * }} Definition
 */

/**
 * All definitions of `source` in order.
 * @param {string} source
 * @returns {Definition[]}
 */
export function definitions(source) {
  const tokens = tokenize(source).filter((token) => !isIgnored(token));
  /** @type {Definition[]} */
  const found = [];
  let index = 0;
  while (index < tokens.length) {
    const first = tokens[index];
    const isShorthand = first.text === "{";
    if (!isShorthand && !/^(query|mutation|subscription|fragment)$/.test(first.text)) {
      index += 1;
      continue;
    }
    const end = endOfDefinition(tokens, index);
    found.push(readDefinition(tokens.slice(index, end)));
    index = Math.max(end, index + 1);
  }
  return found;
}

/**
 * The index behind the selection set that ends the definition at `start`.
 * @param {import("./lexer.js").Token[]} tokens
 * @param {number} start
 * @returns {number}
 */
function endOfDefinition(tokens, start) {
  let depth = 0;
  let parentheses = 0;
  for (let index = start; index < tokens.length; index += 1) {
    const text = tokens[index].text;
    if (text === "(") parentheses += 1;
    else if (text === ")") parentheses = Math.max(0, parentheses - 1);
    else if (text === "{" && (parentheses === 0 || depth > 0)) depth += 1;
    else if (text === "}" && depth > 0) {
      depth -= 1;
      if (depth === 0) return index + 1;
    }
  }
  return tokens.length;
}

/**
 * @param {import("./lexer.js").Token[]} tokens the tokens of one definition
 * @returns {Definition}
 */
function readDefinition(tokens) {
  const range = { start: tokens[0].start, end: tokens[tokens.length - 1].end };
  const word = tokens[0].text;
  if (word === "{") return { kind: "query", name: null, type: null, variables: [], ...range };
  const name = tokens[1]?.kind === "name" ? tokens[1].text : null;
  const kind = /** @type {Definition["kind"]} */ (word);
  const type = kind === "fragment" ? (tokens[3]?.text ?? null) : null;
  return { kind, name, type, variables: readVariables(tokens), ...range };
}

/**
 * @param {import("./lexer.js").Token[]} tokens
 * @returns {VariableDefinition[]}
 */
function readVariables(tokens) {
  /** @type {VariableDefinition[]} */
  const variables = [];
  for (let index = 1; index < tokens.length && tokens[index].text !== "{"; index += 1) {
    if (tokens[index].kind !== "variable" || tokens[index + 1]?.text !== ":") continue;
    let type = "";
    for (let at = index + 2; at < tokens.length && isPartOfType(tokens[at]); at += 1) type += tokens[at].text;
    variables.push({ name: tokens[index].text.slice(1), type });
  }
  return variables;
}

/**
 * @param {import("./lexer.js").Token} token
 * @returns {boolean}
 */
function isPartOfType(token) {
  return token.kind === "name" || token.text === "[" || token.text === "]" || token.text === "!";
}

/**
 * The operations alone.
 * @param {string} source
 * @returns {Definition[]}
 */
export function operations(source) {
  return definitions(source).filter((definition) => definition.kind !== "fragment");
}

/**
 * The operation that the caret stands in, else the last one before it, else the first.
 * @param {Definition[]} all
 * @param {number} offset
 * @returns {Definition | undefined}
 */
export function operationAt(all, offset) {
  const before = all.filter((operation) => operation.start <= offset);
  return before[before.length - 1] ?? all[0];
}
