/**
 * Shows a JSON value as lines that fold. Children are built when they are first opened, long lists in pieces
 * and long strings cut, so a huge answer stays quick to look at.
 * @module
 */

import { element } from "../shared/dom.js";

/** Children shown at once; the rest stands behind a button. */
const pieceLength = 100;
const longestString = 1_000;

/** Lines that are open at first, over the whole value. */
const openLines = 600;

/**
 * @param {any} value
 * @param {{ openDepth?: number }} [options] how many levels are open at first
 * @returns {HTMLElement}
 */
export function jsonView(value, options = {}) {
  const budget = { lines: openLines, depth: options.openDepth ?? 12 };
  return element("div", { class: "json" }, node(null, value, true, 0, budget));
}

/**
 * @param {string | null} key
 * @param {any} value
 * @param {boolean} isLast whether no comma follows
 * @param {number} depth
 * @param {{ lines: number, depth: number }} budget
 * @returns {Node}
 */
function node(key, value, isLast, depth, budget) {
  budget.lines -= 1;
  const label = key === null ? [] : [element("span", { class: "syntax-key" }, JSON.stringify(key)), ": "];
  const comma = isLast ? "" : ",";
  const isBranch = value !== null && typeof value === "object";
  if (!isBranch || Object.keys(value).length === 0) {
    const leaf = isBranch ? (Array.isArray(value) ? "[]" : "{}") : scalar(value);
    return element("div", { class: "json-line" }, label, leaf, comma);
  }
  return branch(label, value, comma, depth, budget);
}

/**
 * @param {(Node | string)[]} label
 * @param {any} value
 * @param {string} comma
 * @param {number} depth
 * @param {{ lines: number, depth: number }} budget
 */
function branch(label, value, comma, depth, budget) {
  const isList = Array.isArray(value);
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  const count = isList ? value.length : Object.keys(value).length;
  const summary = `${count} ${isList ? "item" : "key"}${count === 1 ? "" : "s"}`;
  const children = element("div", { class: "json-children" });
  const toggle = element("button", { type: "button", class: "json-toggle", "aria-label": `Fold ${summary}` });
  const folded = element("span", { class: "json-folded" }, ` ${summary} `, close, comma);
  const end = element("div", { class: "json-line" }, close, comma);
  const setOpen = (isOpen) => {
    if (isOpen && !children.firstChild) addPiece(children, value, 0, depth + 1, budget);
    toggle.setAttribute("aria-expanded", String(isOpen));
    children.hidden = !isOpen;
    end.hidden = !isOpen;
    folded.hidden = isOpen;
  };
  toggle.addEventListener("click", () => setOpen(toggle.getAttribute("aria-expanded") !== "true"));
  setOpen(depth < budget.depth && budget.lines > Math.min(count, pieceLength));
  const head = element("div", { class: "json-line json-head" }, toggle, label, open, folded);
  return element("div", {}, head, children, end);
}

/**
 * @param {HTMLElement} parent
 * @param {any} value
 * @param {number} start
 * @param {number} depth
 * @param {{ lines: number, depth: number }} budget
 */
function addPiece(parent, value, start, depth, budget) {
  const isList = Array.isArray(value);
  const keys = isList ? null : Object.keys(value);
  const count = keys ? keys.length : value.length;
  const end = Math.min(count, start + pieceLength);
  for (let index = start; index < end; index += 1) {
    const key = keys ? keys[index] : null;
    parent.appendChild(node(key, value[key ?? index], index === count - 1, depth, budget));
  }
  if (end === count) return;
  const label = `Show more of ${count - end} remaining`;
  const more = element("button", { type: "button", class: "json-more" }, label);
  more.addEventListener("click", () => {
    more.remove();
    addPiece(parent, value, end, depth, { lines: 0, depth: 0 });
  });
  parent.appendChild(more);
}

/**
 * @param {any} value
 * @returns {Node}
 */
function scalar(value) {
  if (typeof value !== "string") {
    const kind = typeof value === "number" ? "number" : "literal";
    return element("span", { class: `syntax-${kind}` }, String(value));
  }
  const text = JSON.stringify(value);
  const span = element("span", { class: "syntax-string" }, text);
  if (text.length <= longestString) return span;
  span.textContent = `${text.slice(0, longestString)}…`;
  const label = `Show all ${text.length} characters`;
  const more = element("button", { type: "button", class: "json-more" }, label);
  more.addEventListener("click", () => {
    span.textContent = text;
    more.remove();
  });
  return element("span", {}, span, " ", more);
}
