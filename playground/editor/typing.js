/**
 * What keys do in a code editor beyond a plain textarea: indentation, paired brackets, comments. Text is
 * changed with `insertText`, so the browser's own undo works.
 * @module
 */

const indent = "  ";
const pairs = { "{": "}", "(": ")", "[": "]", '"': '"' };

/**
 * Replaces a range of a textarea and keeps the undo history.
 * @param {HTMLTextAreaElement} area
 * @param {number} start
 * @param {number} end
 * @param {string} text
 */
export function replaceRange(area, start, end, text) {
  area.focus();
  area.setSelectionRange(start, end);
  // `execCommand` is deprecated, but it is the only way to edit a textarea inside the undo history.
  const command = text === "" ? "delete" : "insertText";
  if (start === end && text === "") return;
  if (document.execCommand(command, false, text)) return;
  area.setRangeText(text, start, end, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * Handles a key; returns whether it did something, so that the browser does not.
 * @param {HTMLTextAreaElement} area
 * @param {KeyboardEvent} event
 * @param {string} comment what begins a comment, or "" where there are none
 * @returns {boolean}
 */
export function handleTyping(area, event, comment) {
  const withCommand = event.ctrlKey || event.metaKey;
  if (withCommand && event.key === "/" && comment !== "") return toggleComment(area, comment);
  if (withCommand || event.altKey || event.isComposing) return false;
  if (event.key === "Enter") return breakLine(area);
  if (event.key === "Tab") return shiftLines(area, event.shiftKey);
  if (event.key === "Backspace") return eraseBackwards(area);
  if (event.key === "}" || event.key === ")" || event.key === "]") return closeBracket(area, event.key);
  if (event.key in pairs) return openPair(area, event.key);
  return false;
}

/** @param {HTMLTextAreaElement} area */
function lineStart(area) {
  return area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
}

/** @param {HTMLTextAreaElement} area */
function breakLine(area) {
  const { value, selectionStart: start, selectionEnd: end } = area;
  const margin = /^[ \t]*/.exec(value.slice(lineStart(area), start))?.[0] ?? "";
  const before = value[start - 1] ?? "";
  const opens = "{([".includes(before) && before !== "";
  const closes = opens && value[end] === pairs[before];
  const inner = `\n${margin}${opens ? indent : ""}`;
  replaceRange(area, start, end, closes ? `${inner}\n${margin}` : inner);
  if (closes) area.setSelectionRange(start + inner.length, start + inner.length);
  return true;
}

/**
 * @param {HTMLTextAreaElement} area
 * @param {boolean} outwards
 */
function shiftLines(area, outwards) {
  const { value, selectionStart: start, selectionEnd: end } = area;
  if (start === end && !outwards) {
    replaceRange(area, start, end, indent);
    return true;
  }
  const first = lineStart(area);
  const lines = value.slice(first, end).split("\n");
  const moved = lines.map((line) => (outwards ? line.replace(/^ {1,2}/, "") : indent + line)).join("\n");
  if (moved === value.slice(first, end)) return true;
  const change = moved.length - (end - first);
  replaceRange(area, first, end, moved);
  area.setSelectionRange(Math.max(first, start + (outwards ? Math.max(change, -2) : 2)), end + change);
  return true;
}

/** @param {HTMLTextAreaElement} area */
function eraseBackwards(area) {
  const { value, selectionStart: start, selectionEnd: end } = area;
  if (start !== end || start === 0) return false;
  if (pairs[value[start - 1]] === value[start] && value[start] !== undefined) {
    replaceRange(area, start - 1, start + 1, "");
    return true;
  }
  return false;
}

/**
 * Types over a closing bracket that stands there already, or moves it to its margin on an empty line.
 * @param {HTMLTextAreaElement} area
 * @param {string} key
 */
function closeBracket(area, key) {
  const { value, selectionStart: start, selectionEnd: end } = area;
  if (start === end && value[start] === key) {
    area.setSelectionRange(start + 1, start + 1);
    return true;
  }
  const first = lineStart(area);
  const margin = value.slice(first, start);
  if (start !== end || margin === "" || margin.trim() !== "" || key !== "}") return false;
  replaceRange(area, first, end, margin.replace(/ {1,2}$/, "") + key);
  return true;
}

/**
 * @param {HTMLTextAreaElement} area
 * @param {string} key
 */
function openPair(area, key) {
  const { value, selectionStart: start, selectionEnd: end } = area;
  if (start !== end) {
    const inner = value.slice(start, end);
    replaceRange(area, start, end, key + inner + pairs[key]);
    area.setSelectionRange(start + 1, end + 1);
    return true;
  }
  if (key === '"' && value[start] === '"') {
    area.setSelectionRange(start + 1, start + 1);
    return true;
  }
  const next = value[start] ?? "\n";
  const isBesideWord = key === '"' && /[\w"]/.test(value[start - 1] ?? " ");
  if (!/[\s)\]},:]/.test(next) || isBesideWord) return false;
  replaceRange(area, start, end, key + pairs[key]);
  area.setSelectionRange(start + 1, start + 1);
  return true;
}

/**
 * @param {HTMLTextAreaElement} area
 * @param {string} comment
 */
function toggleComment(area, comment) {
  const { value, selectionStart: start, selectionEnd: end } = area;
  const first = lineStart(area);
  const stop = value.indexOf("\n", end) < 0 ? value.length : value.indexOf("\n", end);
  const lines = value.slice(first, stop).split("\n");
  const isCommented = lines.every((line) => line.trim() === "" || line.trimStart().startsWith(comment));
  const mark = new RegExp(`^(\\s*)${comment} ?`);
  const text = lines
    .map((line) => (isCommented ? line.replace(mark, "$1") : line.replace(/^(\s*)(?=\S)/, `$1${comment} `)))
    .join("\n");
  replaceRange(area, first, stop, text);
  const caret = Math.max(first, start + (isCommented ? -2 : 2));
  area.setSelectionRange(caret, start === end ? caret : first + text.length);
  return true;
}
