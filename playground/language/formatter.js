/**
 * Formats an executable document: two spaces, one field a line, arguments broken where a line would be too long.
 * Comments stay. A document whose brackets do not match is left as it is.
 * @module
 */

import { tokenize } from "./lexer.js";

const longestLine = 100;
const partners = { "{": "}", "(": ")", "[": "]" };

/** @typedef {import("./lexer.js").Token} Token */

/**
 * @param {string} source
 * @returns {string | null} null when the document is too broken to format
 */
export function formatGraphQL(source) {
  const tokens = tokenize(source).filter((token) => token.kind !== "comma");
  if (!isBalanced(tokens)) return null;
  return new Printer(tokens).document();
}

/** @param {Token[]} tokens */
function isBalanced(tokens) {
  const open = [];
  for (const token of tokens) {
    if (token.kind === "error") return false;
    if (token.kind !== "punctuator") continue;
    if (token.text in partners) open.push(partners[token.text]);
    else if (/^[})\]]$/.test(token.text) && open.pop() !== token.text) return false;
  }
  return open.length === 0;
}

/** Writes tokens line by line; lives for one document. */
class Printer {
  /** @param {Token[]} tokens */
  constructor(tokens) {
    this.tokens = tokens;
    this.index = 0;
    this.depth = 0;
    /** @type {string[]} */
    this.lines = [];
    this.line = "";
    this.previous = "";
    this.blank = false;
  }

  document() {
    while (this.index < this.tokens.length) this.step();
    this.flush();
    return this.lines.join("\n").trim() + "\n";
  }

  step() {
    const token = this.tokens[this.index];
    this.index += 1;
    if (token.kind === "space") this.blank ||= (token.text.match(/\n/g) ?? []).length > 1;
    else if (token.kind === "comment") this.comment(token);
    else if (token.text === "{") this.openSelection();
    else if (token.text === "}") this.closeSelection();
    else if (token.text === "(") this.group();
    else if (token.text === "[") this.write(this.inline(this.index - 1), true);
    else this.word(token);
  }

  /** @param {Token} token */
  comment(token) {
    const text = this.tokens[this.index - 2];
    const ownLine = !text || (text.kind === "space" && text.text.includes("\n"));
    if (ownLine) this.flush();
    if (ownLine) this.keepBlank();
    this.line += ownLine ? token.text : `${this.line ? " " : ""}${token.text}`;
    if (!ownLine && this.line === token.text && this.lines.length > 0) {
      this.lines[this.lines.length - 1] += ` ${token.text}`;
      this.line = "";
    }
    this.flush();
  }

  openSelection() {
    this.write("{", this.line !== "");
    this.flush();
    this.depth += 1;
    this.blank = false;
  }

  closeSelection() {
    this.flush();
    this.depth = Math.max(0, this.depth - 1);
    this.blank = false;
    this.line = "}";
    this.previous = "}";
    this.flush();
    if (this.depth === 0) this.blank = true;
  }

  /** @param {Token} token */
  word(token) {
    const text = token.text;
    const beginsItem = this.depth > 0 && token.kind === "name" && !/^(\.\.\.|@|:|on|=)$/.test(this.previous);
    const isCondition = text === "on" && this.previous === "...";
    if (text === "..." || (beginsItem && !isCondition)) this.newItem();
    else if (this.depth === 0 && this.line === "") this.newItem();
    const isTight = text === ":" || /^(@)$/.test(this.previous) || (this.previous === "..." && text !== "on" && text !== "@");
    this.write(text, !isTight && this.line !== "");
  }

  newItem() {
    this.flush();
    this.keepBlank();
  }

  keepBlank() {
    if (this.blank && this.lines.length > 0 && this.lines[this.lines.length - 1] !== "") this.lines.push("");
    this.blank = false;
  }

  /** Arguments or variable definitions: on one line where they fit, else one a line. */
  group() {
    const start = this.index - 1;
    const end = this.partner(start);
    const text = this.inline(start);
    const hasComment = this.tokens.slice(start, end).some((token) => token.kind === "comment");
    const fits = this.depth * 2 + this.line.length + text.length <= longestLine;
    if (fits && !hasComment) {
      this.write(text, false);
      return;
    }
    this.write("(", false);
    this.flush();
    this.depth += 1;
    for (const entry of this.entries(start + 1, end)) {
      this.line = entry;
      this.flush();
    }
    this.depth -= 1;
    this.line = ")";
    this.previous = ")";
    this.index = end + 1;
  }

  /** @param {number} start the index of an opening bracket */
  partner(start) {
    let depth = 0;
    for (let index = start; index < this.tokens.length; index += 1) {
      const { text, kind } = this.tokens[index];
      if (kind !== "punctuator") continue;
      if (text in partners) depth += 1;
      else if (/^[})\]]$/.test(text)) depth -= 1;
      if (depth === 0) return index;
    }
    return this.tokens.length - 1;
  }

  /**
   * A bracket and all in it on one line; moves behind it.
   * @param {number} start
   */
  inline(start) {
    const end = this.partner(start);
    this.index = end + 1;
    return joinInline(this.tokens.slice(start, end + 1));
  }

  /**
   * The arguments between two brackets, each with its value; a comment is an entry of its own.
   * @param {number} start
   * @param {number} end
   * @returns {string[]}
   */
  entries(start, end) {
    const tokens = this.tokens.slice(start, end).filter((token) => token.kind !== "space");
    /** @type {Token[][]} */
    const groups = [];
    let depth = 0;
    tokens.forEach((token, index) => {
      const next = tokens[index + 1]?.text;
      const isName = token.kind === "variable" || token.kind === "name";
      const begins = depth === 0 && (token.kind === "comment" || (isName && next === ":"));
      const afterComment = groups[groups.length - 1]?.[0].kind === "comment";
      if (begins || afterComment || groups.length === 0) groups.push([]);
      groups[groups.length - 1].push(token);
      if (token.kind === "punctuator" && token.text in partners) depth += 1;
      else if (/^[})\]]$/.test(token.text)) depth -= 1;
    });
    return groups.map((group) => joinInline(group));
  }

  /**
   * @param {string} text
   * @param {boolean} spaced
   */
  write(text, spaced) {
    this.line += (spaced && this.line !== "" ? " " : "") + text;
    this.previous = text;
  }

  flush() {
    if (this.line === "") return;
    this.lines.push("  ".repeat(this.depth) + this.line);
    this.line = "";
    this.previous = "";
  }
}

/**
 * @param {Token[]} tokens
 * @returns {string}
 */
function joinInline(tokens) {
  let text = "";
  let previous = "";
  let depth = 0;
  const said = tokens.filter((token) => token.kind !== "space");
  said.forEach((token, index) => {
    const isName = token.kind === "name" || token.kind === "variable";
    const next = said[index + 1]?.text;
    const beginsEntry = isName && next === ":" && !/^[([{]?$/.test(previous);
    const beginsItem = depth > 0 && !/^[)\]}:!=]$/.test(token.text) && !/^[([{:@=]?$/.test(previous) && !beginsEntry;
    const isClause = /^[@=]$/.test(token.text) || previous === "=";
    if (isClause) text += " ";
    else if (beginsEntry) text += ", ";
    else if (beginsItem) text += token.text === "@" ? " " : ", ";
    else if (previous === ":") text += " ";
    text += token.text;
    if (/^[([{]$/.test(token.text)) depth += 1;
    else if (/^[)\]}]$/.test(token.text)) depth -= 1;
    previous = token.text;
  });
  return text;
}
