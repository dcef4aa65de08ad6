/**
 * Finds out what may stand at a place of a GraphQL document: a tolerant walk over the tokens before the
 * caret, with a stack of the open brackets and the types they belong to.
 * @module
 */

import { isIgnored, tokenize } from "../language/lexer.js";
import { namedType } from "./introspection.js";

/**
 * @typedef {import("./introspection.js").InputValue} InputValue
 * @typedef {import("./introspection.js").TypeRef} TypeRef
 * @typedef {{ kind: "selection" | "arguments" | "object" | "list" | "variables", type?: string | null,
 *   inputs?: InputValue[], current?: InputValue | null, last?: any, used?: string[] }} Frame
 * @typedef {{ kind: "keyword" | "field" | "argument" | "value" | "inputType" | "fragmentType" | "spread" |
 *   "directive" | "nothing", type?: string | null, inputs?: InputValue[], used?: string[], start: number,
 *   prefix: string }} Context
 */

/** Walks the tokens; lives for one completion. */
class Walk {
  /** @param {import("./introspection.js").SchemaIndex} schema */
  constructor(schema) {
    this.schema = schema;
    /** @type {Frame[]} */
    this.stack = [];
    /** @type {string | null} */
    this.rootType = null;
    this.before = ["", "", ""];
  }

  get top() {
    return this.stack[this.stack.length - 1];
  }

  /** @param {import("../language/lexer.js").Token} token */
  take(token) {
    if (token.text === "{" || token.text === "(" || token.text === "[") this.open(token.text);
    else if (token.text === "}" || token.text === ")" || token.text === "]") this.close();
    else if (token.kind === "name") this.takeName(token.text);
    else if (token.text === ":" && this.top?.inputs) this.takeInputName(this.before[0]);
    this.before = [token.text, this.before[0], this.before[1]];
  }

  /** @param {string} bracket */
  open(bracket) {
    const top = this.top;
    if (!top) {
      const isVariables = bracket === "(";
      const root = this.rootType ?? this.schema.roots.query;
      this.stack.push(isVariables ? { kind: "variables" } : { kind: "selection", type: root });
    } else if (top.kind === "variables") {
      this.stack.push({ kind: "variables" });
    } else if (bracket === "(") {
      this.stack.push({ kind: "arguments", inputs: this.argumentsOf(top), used: [] });
    } else if (top.kind === "selection") {
      this.stack.push({ kind: "selection", type: top.last?.fragment ?? namedType(top.last?.type) ?? null });
    } else if (bracket === "[") {
      this.stack.push({ kind: "list", current: top.current });
    } else {
      const inputs = this.schema.type(namedType(top.current?.type))?.inputFields ?? [];
      this.stack.push({ kind: "object", inputs, used: [] });
    }
  }

  /** @param {Frame} top */
  argumentsOf(top) {
    const name = this.before[1] === "@" ? this.before[0] : null;
    if (name) return this.schema.directives.find((directive) => directive.name === name)?.args ?? [];
    return top.last?.args ?? [];
  }

  close() {
    const closed = this.stack.pop();
    const top = this.top;
    if (!top && closed?.kind === "selection") this.rootType = null;
    if (top?.inputs) top.current = null;
  }

  /** @param {string} name */
  takeName(name) {
    const top = this.top;
    if (!top) this.takeDefinitionWord(name);
    else if (top.kind === "selection") this.takeSelection(top, name);
  }

  /** @param {string} name */
  takeDefinitionWord(name) {
    if (name in this.schema.roots && this.before[0] !== "fragment") this.rootType = this.schema.roots[name];
    else if (this.before[0] === "on") this.rootType = name;
  }

  /**
   * @param {Frame} top
   * @param {string} name
   */
  takeSelection(top, name) {
    const previous = this.before[0];
    if (previous === "@") return;
    if (previous === "..." && name === "on") top.last = { fragment: top.type };
    else if (previous === "on" && this.before[1] === "...") top.last = { fragment: name };
    else if (previous === "...") top.last = null;
    else top.last = this.schema.fields(top.type).get(name) ?? null;
  }

  /** @param {string} name */
  takeInputName(name) {
    const top = this.top;
    top.current = top.inputs?.find((input) => input.name === name) ?? null;
    top.used?.push(name);
  }
}

/**
 * What may stand at `offset`, and the beginning of the word that stands there already.
 * @param {import("./introspection.js").SchemaIndex} schema
 * @param {string} source
 * @param {number} offset
 * @returns {Context}
 */
export function contextAt(schema, source, offset) {
  const tokens = tokenize(source.slice(0, offset));
  const last = tokens[tokens.length - 1];
  const isInside = last && (last.kind === "comment" || (last.kind === "string" && !isClosed(last.text)));
  if (isInside) return { kind: "nothing", start: offset, prefix: "" };
  const isWord = last?.kind === "name" || last?.kind === "variable" || last?.text === "$";
  const word = isWord ? last : null;
  const walk = new Walk(schema);
  for (const token of word ? tokens.slice(0, -1) : tokens) if (!isIgnored(token)) walk.take(token);
  const place = { start: word?.start ?? offset, prefix: word?.text ?? "" };
  return { ...describe(walk), ...place };
}

/** @param {string} text */
function isClosed(text) {
  if (text.startsWith('"""')) return text.length >= 6 && text.endsWith('"""');
  return text.length > 1 && text.endsWith('"');
}

/**
 * @param {Walk} walk
 * @returns {Omit<Context, "start" | "prefix">}
 */
function describe(walk) {
  const top = walk.top;
  const [previous, earlier] = walk.before;
  if (previous === "@") return { kind: "directive" };
  if (!top) return describeDefinition(previous);
  if (top.kind === "variables") return describeVariables(previous);
  if (top.kind === "selection") {
    if (previous === "...") return { kind: "spread", type: top.type };
    if (previous === "on" && earlier === "...") return { kind: "fragmentType", type: top.type };
    return { kind: "field", type: top.type };
  }
  if (top.kind === "list") return { kind: "value", type: namedType(top.current?.type) };
  if (previous === ":" && top.current) return { kind: "value", type: namedType(top.current.type) };
  return { kind: "argument", inputs: top.inputs, used: top.used };
}

/** @param {string} previous */
function describeDefinition(previous) {
  if (previous === "on") return { kind: /** @type {const} */ ("fragmentType"), type: null };
  const isFresh = previous === "" || previous === "}";
  return { kind: isFresh ? /** @type {const} */ ("keyword") : /** @type {const} */ ("nothing") };
}

/** @param {string} previous */
function describeVariables(previous) {
  const isType = previous === ":" || previous === "[";
  return { kind: isType ? /** @type {const} */ ("inputType") : /** @type {const} */ ("nothing") };
}
