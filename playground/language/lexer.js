/**
 * A tolerant GraphQL lexer for the editor: every character of the source lies in exactly one token, and
 * broken text gives `error` tokens instead of an exception (§ 2.1 of the specification names the lexical
 * tokens).
 * @module
 */

/**
 * @typedef {"space" | "comma" | "comment" | "name" | "number" | "string" | "punctuator" | "variable" |
 *   "error"} TokenKind
 * @typedef {{ kind: TokenKind, start: number, end: number, text: string }} Token
 */

/** The alternatives stand in the order in which they are tried; each matches at least one character. */
const pattern = new RegExp(
  [
    "(?<space>[\\s\\uFEFF]+)",
    "(?<comma>,)",
    "(?<comment>#[^\\n\\r]*)",
    '(?<string>"""(?:\\\\"""|[^])*?(?:"""|$)|"(?:\\\\.|[^"\\\\\\n\\r])*"?)',
    "(?<variable>\\$[A-Za-z_][A-Za-z0-9_]*)",
    "(?<name>[A-Za-z_][A-Za-z0-9_]*)",
    "(?<number>-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)",
    "(?<punctuator>\\.\\.\\.|[!$&()\\[\\]{}:=@|])",
    "(?<error>[^])",
  ].join("|"),
  "y",
);

/**
 * Splits `source` into tokens.
 * @param {string} source
 * @returns {Token[]}
 */
export function tokenize(source) {
  /** @type {Token[]} */
  const tokens = [];
  pattern.lastIndex = 0;
  let start = 0;
  while (start < source.length) {
    const match = pattern.exec(source);
    if (!match || !match.groups) break;
    const [kind] = Object.entries(match.groups).find(([, text]) => text !== undefined) ?? ["error"];
    tokens.push({ kind: /** @type {TokenKind} */ (kind), start, end: pattern.lastIndex, text: match[0] });
    start = pattern.lastIndex;
  }
  return tokens;
}

/**
 * Whether a token says nothing: space, commas and comments.
 * @param {Token} token
 * @returns {boolean}
 */
export function isIgnored(token) {
  return token.kind === "space" || token.kind === "comma" || token.kind === "comment";
}
