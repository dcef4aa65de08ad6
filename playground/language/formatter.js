/**
 * Formats an executable document: two spaces, one field a line, arguments broken where a line would be too
 * long. Comments stay. A document whose brackets do not match is left as it is.
 * @module
 */

import { tokenize } from "./lexer.js";
import { isClosing, isOpening, layoutGroup, partnerOf, partners } from "./value-layout.js";

/** Deeper documents are left as they are. */
const deepestNesting = 200;

/** @typedef {import("./lexer.js").Token} Token */

/**
 * @param {string} source
 * @returns {string | null} null when the document is too broken to format
 */
export function formatGraphQL(source) {
  const tokens = tokenize(source).filter((token) => token.kind !== "comma");
  if (!isBalanced(tokens)) return null;
  const pretty = new Printer(tokens).document();
  // Formatting must not change what a document says, whatever was typed.
  return essence(tokenize(pretty)) === essence(tokens) ? pretty : null;
}

/** @param {Token[]} tokens */
function essence(tokens) {
  const said = tokens.filter((token) => token.kind !== "space" && token.kind !== "comma");
  return said.map((token) => token.text).join("\n");
}

/** @param {Token[]} tokens */
function isBalanced(tokens) {
  const open = [];
  for (const token of tokens) {
    if (token.kind === "error") return false;
    if (isOpening(token)) open.push(partners[token.text]);
    else if (isClosing(token) && open.pop() !== token.text) return false;
    if (open.length > deepestNesting) return false;
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
    else if (token.text === "(") this.group(false);
    else if (token.text === "[") this.group(true);
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
    const continuesItem = /^(\.\.\.|@|:|=|type condition)$/.test(this.previous);
    const beginsItem = this.depth > 0 && token.kind === "name" && !continuesItem;
    const isCondition = text === "on" && this.previous === "...";
    if (text === "..." || (beginsItem && !isCondition)) this.newItem();
    else if (this.depth === 0 && this.line === "") this.newItem();
    const isSpread = this.previous === "..." && text !== "on" && text !== "@";
    const isTight = text === ":" || this.previous === "@" || isSpread;
    this.write(text, !isTight && this.line !== "");
    if (isCondition) this.previous = "type condition";
  }

  newItem() {
    this.flush();
    this.keepBlank();
  }

  keepBlank() {
    if (this.blank && this.lines.length > 0 && this.lines[this.lines.length - 1] !== "") this.lines.push("");
    this.blank = false;
  }

  /**
   * Arguments, variable definitions or a list.
   * @param {boolean} spaced
   */
  group(spaced) {
    const start = this.index - 1;
    const end = partnerOf(this.tokens, start);
    this.index = end + 1;
    const used = this.depth * 2 + this.line.length;
    const [first, ...rest] = layoutGroup(this.tokens.slice(start, end + 1), this.depth, used);
    this.write(first, spaced);
    if (rest.length === 0) return;
    this.flush();
    const last = rest.pop() ?? "";
    this.lines.push(...rest);
    this.line = last.trimStart();
    this.previous = this.tokens[end].text;
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
