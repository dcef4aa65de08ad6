/**
 * A code editor: a textarea that holds the text, the caret and the browser's undo, over a painted copy of the
 * same text. It knows nothing of GraphQL but the highlighter that it is given.
 * @module
 */

import { element } from "../shared/dom.js";
import { bracketMarks, paintedLines, showLines } from "./decorations.js";
import { handleTyping, replaceRange } from "./typing.js";

/** Longer texts are shown without colours, so that typing stays quick. */
const longestHighlight = 60_000;

/**
 * @typedef {import("../language/highlighter.js").Span} Span
 * @typedef {{ offset: number, message: string }} Problem
 * @typedef {{
 *   label: string, highlight: (source: string) => Span[], comment?: string, placeholder?: string,
 *   onchange?: (text: string) => void, onkey?: (event: KeyboardEvent) => boolean
 * }} EditorOptions
 */

export class Editor {
  /** @param {EditorOptions} options */
  constructor(options) {
    this.options = options;
    /** @type {Problem[]} */
    this.problems = [];
    /** @type {Span[]} */
    this.syntax = [];
    /** The keys of the painted lines. @type {string[]} */
    this.shownLines = [];
    this.leavesOnTab = false;
    this.build();
    this.listen();
    this.render();
  }

  build() {
    const { label, placeholder } = this.options;
    this.area = element("textarea", {
      class: "editor-input", "aria-label": label, placeholder, spellcheck: "false", autocapitalize: "off",
      autocomplete: "off", autocorrect: "off", wrap: "off", rows: "1",
      "aria-description": "Tab indents. Press Escape and then Tab to leave the editor.",
    });
    this.paper = element("pre", { class: "editor-paper", "aria-hidden": "true" });
    this.gutter = element("div", { class: "editor-gutter", "aria-hidden": "true" });
    this.ruler = element("span", { class: "editor-ruler", "aria-hidden": "true" }, "0".repeat(50));
    this.sheet = element("div", { class: "editor-sheet" }, this.paper, this.area, this.ruler);
    this.root = element("div", { class: "editor" }, this.gutter, this.sheet);
  }

  listen() {
    this.area.addEventListener("input", () => {
      this.problems = [];
      this.render();
      this.options.onchange?.(this.text);
    });
    this.area.addEventListener("keydown", (event) => this.handleKey(event));
    document.addEventListener("selectionchange", () => {
      if (document.activeElement === this.area) this.render();
    });
    this.area.addEventListener("blur", () => this.render());
    // A click below the last line means the text as well.
    this.root.addEventListener("mousedown", (event) => {
      if (event.target === this.root) setTimeout(() => this.area.focus());
    });
  }

  /** @param {KeyboardEvent} event */
  handleKey(event) {
    if (this.options.onkey?.(event)) {
      event.preventDefault();
      return;
    }
    if (event.key === "Escape") this.leavesOnTab = true;
    else if (event.key === "Tab" && this.leavesOnTab) return;
    else if (event.key !== "Shift") this.leavesOnTab = false;
    if (handleTyping(this.area, event, this.options.comment ?? "")) event.preventDefault();
  }

  get text() {
    return this.area.value;
  }

  /** Replaces everything and forgets the marks; not an edit, so there is no undo to the text before. */
  set text(value) {
    this.area.value = value;
    this.area.setSelectionRange(0, 0);
    this.root.scrollTop = 0;
    this.problems = [];
    this.render();
  }

  get caret() {
    return this.area.selectionStart;
  }

  /**
   * Replaces a range as if it had been typed.
   * @param {number} start
   * @param {number} end
   * @param {string} text
   */
  replace(start, end, text) {
    replaceRange(this.area, start, end, text);
  }

  /**
   * Underlines places of the text until it changes.
   * @param {Problem[]} problems
   */
  showProblems(problems) {
    this.problems = problems;
    this.render();
  }

  /**
   * Puts the caret at an offset and shows it.
   * @param {number} offset
   */
  goTo(offset) {
    this.area.focus();
    this.area.setSelectionRange(offset, offset);
    const { top } = this.place(offset);
    if (top < this.root.scrollTop || top > this.root.scrollTop + this.root.clientHeight - 40) {
      this.root.scrollTop = Math.max(0, top - this.root.clientHeight / 3);
    }
  }

  render() {
    const text = this.text;
    if (this.rendered !== text) {
      this.syntax = text.length <= longestHighlight ? this.options.highlight(text) : [];
    }
    const brackets = document.activeElement === this.area ? bracketMarks(text, this.caret, this.syntax) : [];
    const marks = [...brackets, ...this.problems.map((problem) => this.problemMark(problem))];
    const key = JSON.stringify(marks);
    if (this.rendered === text && this.renderedMarks === key) return;
    this.shownLines = showLines(this.paper, this.shownLines, paintedLines(text, this.syntax, marks));
    this.renderGutter(text);
    this.rendered = text;
    this.renderedMarks = key;
    // The sheet grows with the text; what the browser scrolled in the textarea before that is taken back.
    this.area.scrollTop = 0;
    this.area.scrollLeft = 0;
  }

  /** @param {string} text */
  renderGutter(text) {
    const key = `${lineOf(text, text.length)} ${this.problems.map((problem) => problem.offset)}`;
    if (this.renderedGutter === key) return;
    this.renderedGutter = key;
    const broken = new Map(this.problems.map((problem) => [lineOf(text, problem.offset), problem.message]));
    const count = lineOf(text, text.length);
    const fragment = document.createDocumentFragment();
    for (let line = 1; line <= count; line += 1) {
      const message = broken.get(line);
      fragment.appendChild(element("div", { class: message ? "gutter-broken" : null, title: message }, line));
    }
    this.gutter.replaceChildren(fragment);
  }

  /**
   * The word at a problem, or one character where there is no word.
   * @param {Problem} problem
   * @returns {Span}
   */
  problemMark(problem) {
    const text = this.text;
    const start = Math.min(problem.offset, Math.max(0, text.length - 1));
    const word = /^[$@]?\w+/.exec(text.slice(start, start + 200));
    return { start, end: start + (word ? word[0].length : 1), class: "mark-problem" };
  }

  /**
   * Where an offset lies in the sheet, in pixels; `bottom` is the lower edge of its line.
   * @param {number} offset
   * @returns {{ left: number, top: number, bottom: number }}
   */
  place(offset) {
    const text = this.text;
    const line = lineOf(text, offset);
    const column = offset - (text.lastIndexOf("\n", offset - 1) + 1);
    const style = getComputedStyle(this.paper);
    const height = parseFloat(style.lineHeight);
    const width = this.ruler.getBoundingClientRect().width / 50;
    const top = parseFloat(style.paddingTop) + (line - 1) * height;
    return { left: parseFloat(style.paddingLeft) + column * width, top, bottom: top + height };
  }
}

/**
 * @param {string} text
 * @param {number} offset
 * @returns {number} the line from 1
 */
function lineOf(text, offset) {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}
