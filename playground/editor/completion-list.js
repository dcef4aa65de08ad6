/**
 * The list of proposals below the caret: a listbox that the textarea controls, so screen readers follow it.
 * It does not know where proposals come from.
 * @module
 */

import { element, fill } from "../shared/dom.js";

/** @typedef {import("../schema/completion.js").Completion} Completion */

let lists = 0;

export class CompletionList {
  /**
   * @param {import("./editor.js").Editor} editor
   * @param {(text: string, offset: number) => Completion | null} propose
   */
  constructor(editor, propose) {
    this.editor = editor;
    this.propose = propose;
    this.id = `completions-${(lists += 1)}`;
    /** @type {Completion | null} */
    this.completion = null;
    this.selected = 0;
    this.list = element("ul", {
      class: "completion-list", id: this.id, role: "listbox", "aria-label": "Completions",
    });
    this.note = element("div", { class: "completion-note" });
    this.root = element("div", { class: "completion", hidden: true }, this.list, this.note);
    editor.sheet.appendChild(this.root);
    editor.area.setAttribute("aria-autocomplete", "list");
    editor.area.addEventListener("blur", () => setTimeout(() => this.close(), 120));
    editor.area.addEventListener("click", () => this.close());
  }

  get isOpen() {
    return this.completion !== null;
  }

  /** Shows what may stand at the caret; closes when there is nothing, or only what stands there already. */
  open() {
    const { text, caret } = this.editor;
    const completion = this.propose(text, caret);
    const written = completion ? text.slice(completion.start, completion.end) : "";
    const isDone = completion?.proposals.length === 1 && completion.proposals[0].insert.trim() === written;
    if (!completion || completion.proposals.length === 0 || isDone) {
      this.close();
      return;
    }
    this.completion = completion;
    this.selected = 0;
    this.render();
  }

  close() {
    this.completion = null;
    this.root.hidden = true;
    this.editor.area.removeAttribute("aria-activedescendant");
    this.editor.area.removeAttribute("aria-controls");
  }

  /** Called after typing: goes on while a word, a variable or a directive is being written. */
  refresh() {
    const { text, caret } = this.editor;
    if (/[\w$@]/.test(text[caret - 1] ?? "")) this.open();
    else this.close();
  }

  /**
   * Handles a key of the editor; returns whether it was for the list.
   * @param {KeyboardEvent} event
   * @returns {boolean}
   */
  handleKey(event) {
    if ((event.ctrlKey || event.metaKey) && event.key === " ") {
      this.open();
      return true;
    }
    if (!this.completion || event.ctrlKey || event.metaKey || event.altKey) return false;
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    if (event.key in moves) return this.move(moves[event.key]);
    if (event.key === "Enter" || event.key === "Tab") return this.accept(this.selected);
    if (event.key === "Escape") {
      this.close();
      return true;
    }
    if (/^(ArrowLeft|ArrowRight|Home|End)$/.test(event.key)) this.close();
    return false;
  }

  /** @param {number} step */
  move(step) {
    const count = this.completion?.proposals.length ?? 0;
    const wraps = Math.abs(step) === 1;
    const next = this.selected + step;
    this.selected = wraps ? (next + count) % count : Math.min(count - 1, Math.max(0, next));
    this.select();
    return true;
  }

  /** @param {number} index */
  accept(index) {
    const completion = this.completion;
    if (!completion) return false;
    const proposal = completion.proposals[index];
    this.close();
    this.editor.replace(completion.start, completion.end, proposal.insert);
    const caret = completion.start + proposal.insert.length - (proposal.caret ?? 0);
    this.editor.area.setSelectionRange(caret, caret);
    this.close();
    return true;
  }

  render() {
    const completion = this.completion;
    if (!completion) return;
    const items = completion.proposals.map((proposal, index) =>
      element(
        "li",
        {
          id: `${this.id}-${index}`, role: "option", class: `completion-item completion-${proposal.kind}`,
          onmousedown: (event) => event.preventDefault(), onclick: () => this.accept(index),
        },
        element("span", { class: proposal.isDeprecated ? "is-deprecated" : null }, proposal.label),
        element("span", { class: "completion-detail" }, proposal.detail),
      ),
    );
    fill(this.list, items);
    this.root.hidden = false;
    this.editor.area.setAttribute("aria-controls", this.id);
    this.place(completion.start);
    this.select();
  }

  /** @param {number} offset */
  place(offset) {
    const { left, top, bottom } = this.editor.place(offset);
    const view = this.editor.root;
    const width = Math.min(this.root.offsetWidth, view.clientWidth);
    const right = view.scrollLeft + view.clientWidth - this.editor.gutter.offsetWidth - width - 8;
    const height = this.root.offsetHeight;
    const below = view.scrollTop + view.clientHeight - bottom;
    const isAbove = below < height && top - view.scrollTop > below;
    this.root.style.left = `${Math.max(0, Math.min(left, right))}px`;
    this.root.style.top = `${isAbove ? Math.max(0, top - height - 4) : bottom + 4}px`;
  }

  select() {
    const items = [...this.list.children];
    items.forEach((item, index) => item.setAttribute("aria-selected", String(index === this.selected)));
    items[this.selected]?.scrollIntoView({ block: "nearest" });
    this.editor.area.setAttribute("aria-activedescendant", `${this.id}-${this.selected}`);
    const proposal = this.completion?.proposals[this.selected];
    this.note.textContent = proposal?.description ?? "";
    this.note.hidden = !proposal?.description;
  }
}
