/**
 * Gives each token of a GraphQL or JSON document the class that colours it. Only classes come out of here;
 * colours live in `styles/theme.css`.
 * @module
 */

import { isIgnored, tokenize } from "./lexer.js";

/** @typedef {{ start: number, end: number, class: string }} Span */

const keywords = new Set(["query", "mutation", "subscription", "fragment", "on"]);
const literals = new Set(["true", "false", "null"]);

/**
 * @param {string} source
 * @returns {Span[]} spans in order; what lies between them has no colour
 */
export function highlightGraphQL(source) {
  const tokens = tokenize(source);
  /** @type {Span[]} */
  const spans = [];
  /** @type {string[]} */
  const brackets = [];
  let previous = "";
  tokens.forEach((token, index) => {
    const name = token.kind === "name" ? nameClass(tokens, index, previous, brackets) : token.kind;
    if (token.kind === "punctuator") track(brackets, token.text);
    if (token.kind !== "space" && token.kind !== "comma") {
      spans.push({ start: token.start, end: token.end, class: `syntax-${name}` });
    }
    if (!isIgnored(token)) previous = token.text;
  });
  return spans;
}

/**
 * @param {string[]} brackets
 * @param {string} text
 */
function track(brackets, text) {
  if (text === "{" || text === "(" || text === "[") brackets.push(text);
  else if (text === "}" || text === ")" || text === "]") brackets.pop();
}

/**
 * What a name is: keyword, literal, type, directive, argument, operation name or field.
 * @param {import("./lexer.js").Token[]} tokens
 * @param {number} index
 * @param {string} previous the text of the last token that says something
 * @param {string[]} brackets the open brackets
 * @returns {string}
 */
function nameClass(tokens, index, previous, brackets) {
  const text = tokens[index].text;
  if (previous === "@") return "directive";
  if (previous === "on" || previous === "fragment") return "type";
  if (previous === "query" || previous === "mutation" || previous === "subscription") {
    if (brackets.length === 0) return "definition";
  }
  if (brackets.length === 0) return keywords.has(text) ? "keyword" : "definition";
  if (text === "on" && previous === "...") return "keyword";
  if (brackets.includes("(")) return argumentClass(tokens, index, previous, brackets);
  return previous === "..." ? "definition" : "field";
}

/**
 * @param {import("./lexer.js").Token[]} tokens
 * @param {number} index
 * @param {string} previous
 * @param {string[]} brackets
 * @returns {string}
 */
function argumentClass(tokens, index, previous, brackets) {
  const text = tokens[index].text;
  if (literals.has(text)) return "literal";
  let next = index + 1;
  while (next < tokens.length && isIgnored(tokens[next])) next += 1;
  if (tokens[next]?.text === ":") return "argument";
  // Parentheses at the top level hold variable definitions; there a type stands behind the colon.
  const isType = brackets[0] === "(" && (previous === ":" || previous === "[");
  return isType ? "type" : "enum";
}

const jsonPattern = new RegExp(
  [
    '(?<key>"(?:\\\\.|[^"\\\\\\n])*"(?=\\s*:))',
    '(?<string>"(?:\\\\.|[^"\\\\\\n])*"?)',
    "(?<number>-?\\d[\\d.eE+-]*)",
    "(?<literal>true|false|null)",
    "(?<punctuator>[{}[\\],:])",
  ].join("|"),
  "g",
);

/**
 * @param {string} source
 * @returns {Span[]}
 */
export function highlightJSON(source) {
  /** @type {Span[]} */
  const spans = [];
  for (const match of source.matchAll(jsonPattern)) {
    const name = Object.keys(match.groups ?? {}).find((key) => match.groups?.[key] !== undefined);
    spans.push({ start: match.index, end: match.index + match[0].length, class: `syntax-${name}` });
  }
  return spans;
}
