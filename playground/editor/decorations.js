/**
 * Paints text with classes: syntax spans below, marks (errors, brackets) above. The result is plain spans with text,
 * laid behind a transparent textarea.
 * @module
 */

/**
 * @typedef {import("../language/highlighter.js").Span} Span
 */

/**
 * The text as a fragment. Marks may overlap syntax spans; each piece gets the classes of all that cover it.
 * @param {string} text
 * @param {Span[]} syntax in order, without overlaps
 * @param {Span[]} marks few, in any order
 * @returns {DocumentFragment}
 */
export function paint(text, syntax, marks) {
  const fragment = document.createDocumentFragment();
  const cuts = marks.flatMap((mark) => [mark.start, mark.end]).sort((left, right) => left - right);
  let position = 0;
  const emit = (end, name) => {
    while (position < end) {
      const cut = cuts.find((offset) => offset > position && offset < end) ?? end;
      fragment.appendChild(piece(text.slice(position, cut), name, marks, position));
      position = cut;
    }
  };
  for (const span of syntax) {
    emit(span.start, "");
    emit(span.end, span.class);
  }
  emit(text.length, "");
  return fragment;
}

/**
 * @param {string} text
 * @param {string} name
 * @param {Span[]} marks
 * @param {number} position
 * @returns {Node}
 */
function piece(text, name, marks, position) {
  const covering = marks.filter((mark) => mark.start <= position && position < mark.end).map((mark) => mark.class);
  const classes = [name, ...covering].filter(Boolean).join(" ");
  if (classes === "") return document.createTextNode(text);
  const span = document.createElement("span");
  span.className = classes;
  span.textContent = text;
  return span;
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
  const places = syntax.filter((span) => span.class === "syntax-punctuator" && /[{}()[\]]/.test(text[span.start]));
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
    if (depth === 0) return [places[at], places[index]].map(({ start, end }) => ({ start, end, class: "mark-bracket" }));
  }
  return [{ start: places[at].start, end: places[at].end, class: "mark-bracket-alone" }];
}
