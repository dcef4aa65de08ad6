/**
 * Paints text with classes: syntax spans below, marks (errors, brackets) above. The result is one element a
 * line, laid behind a transparent textarea; lines that did not change stay, so typing costs one line whatever
 * the length.
 * @module
 */

/**
 * @typedef {import("../language/highlighter.js").Span} Span
 * @typedef {{ text: string, class: string }[]} Line
 */

/**
 * The text cut into lines of pieces. Marks may overlap syntax spans; a piece gets the classes of all that
 * cover it.
 * @param {string} text
 * @param {Span[]} syntax in order, without overlaps
 * @param {Span[]} marks few, in any order
 * @returns {Line[]}
 */
export function paintedLines(text, syntax, marks) {
  const cuts = marks.flatMap((mark) => [mark.start, mark.end]).sort((left, right) => left - right);
  /** @type {Line[]} */
  const lines = [[]];
  let position = 0;
  const emit = (end, name) => {
    while (position < end) {
      const cut = cuts.find((offset) => offset > position && offset < end) ?? end;
      const covering = marks.filter((mark) => mark.start <= position && position < mark.end);
      const classes = [name, ...covering.map((mark) => mark.class)].filter(Boolean);
      addPiece(lines, text.slice(position, cut), classes.join(" "));
      position = cut;
    }
  };
  for (const span of syntax) {
    emit(span.start, "");
    emit(span.end, span.class);
  }
  emit(text.length, "");
  return lines;
}

/**
 * @param {Line[]} lines
 * @param {string} text
 * @param {string} name
 */
function addPiece(lines, text, name) {
  text.split("\n").forEach((part, index) => {
    if (index > 0) lines.push([]);
    if (part !== "") lines[lines.length - 1].push({ text: part, class: name });
  });
}

/**
 * Brings an element's lines up to date: those at the beginning and end that are the same as before stay.
 * @param {HTMLElement} paper
 * @param {string[]} before the keys of the lines that it shows
 * @param {Line[]} lines
 * @returns {string[]} the keys of the lines that it shows now
 */
export function showLines(paper, before, lines) {
  const keys = lines.map((line) => line.map((piece) => `${piece.class}\t${piece.text}`).join("\n"));
  const shorter = Math.min(before.length, keys.length);
  let head = 0;
  while (head < shorter && before[head] === keys[head]) head += 1;
  let tail = 0;
  const isSameFromEnd = (count) => before[before.length - 1 - count] === keys[keys.length - 1 - count];
  while (tail < shorter - head && isSameFromEnd(tail)) tail += 1;
  const next = paper.children[before.length - tail] ?? null;
  for (let count = before.length - tail - head; count > 0; count -= 1) paper.children[head].remove();
  const fragment = document.createDocumentFragment();
  for (const line of lines.slice(head, lines.length - tail)) fragment.appendChild(lineElement(line));
  paper.insertBefore(fragment, next);
  return keys;
}

/** @param {Line} line */
function lineElement(line) {
  const row = document.createElement("div");
  row.className = "editor-line";
  for (const piece of line) {
    if (piece.class === "") {
      row.appendChild(document.createTextNode(piece.text));
      continue;
    }
    const span = document.createElement("span");
    span.className = piece.class;
    span.textContent = piece.text;
    row.appendChild(span);
  }
  return row;
}

const closing = { "{": "}", "(": ")", "[": "]" };
const opening = { "}": "{", ")": "(", "]": "[" };

/**
 * Marks for the bracket beside the caret and its partner; brackets in strings and comments do not count.
 * @param {string} text
 * @param {number} caret
 * @param {Span[]} syntax
 * @returns {Span[]}
 */
export function bracketMarks(text, caret, syntax) {
  const isBracket = (span) => span.class === "syntax-punctuator" && /[{}()[\]]/.test(text[span.start]);
  const places = syntax.filter(isBracket);
  const at = places.findIndex((span) => span.start === caret - 1 || span.start === caret);
  if (at < 0) return [];
  const bracket = text[places[at].start];
  const step = bracket in closing ? 1 : -1;
  const partner = closing[bracket] ?? opening[bracket];
  let depth = 0;
  for (let index = at; index >= 0 && index < places.length; index += step) {
    const other = text[places[index].start];
    if (other === bracket) depth += 1;
    else if (other === partner) depth -= 1;
    if (depth === 0) return [places[at], places[index]].map((place) => ({ ...place, class: "mark-bracket" }));
  }
  return [{ ...places[at], class: "mark-bracket-alone" }];
}
