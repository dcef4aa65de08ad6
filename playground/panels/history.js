/**
 * What was run before, the newest first, remembered in this browser without headers and without values that
 * look like secrets.
 * @module
 */

import { byId, element, fill } from "../shared/dom.js";
import { load, save, withoutSecretLiterals, withoutSecrets } from "../shared/storage.js";
import { titleOf } from "./tabs.js";

const mostEntries = 50;

/** Longer documents are not remembered. */
const longestEntry = 10_000;

/** @typedef {{ query: string, variables: string, operation: string | null, at: number }} Entry */

export class History {
  /** @param {(entry: Entry) => void} onchoose opens an entry */
  constructor(onchoose) {
    this.onchoose = onchoose;
    this.dialog = byId("history");
    this.list = byId("history-list");
    const stored = load("history", []);
    /** @type {Entry[]} */
    this.entries = Array.isArray(stored) ? stored.filter(isEntry).slice(0, mostEntries) : [];
    byId("open-history").addEventListener("click", () => this.open());
    byId("clear-history").addEventListener("click", () => {
      this.entries = [];
      this.store();
    });
  }

  /**
   * Remembers a run; the same document moves to the front.
   * @param {string} query
   * @param {string} variables
   * @param {string | null} operation
   */
  add(query, variables, operation) {
    if (query.length + variables.length > longestEntry) return;
    const entry = {
      query: withoutSecretLiterals(query), variables: withoutSecrets(variables), operation, at: Date.now(),
    };
    const key = ({ query, variables, operation }) => JSON.stringify([query, variables, operation]);
    const others = this.entries.filter((other) => key(other) !== key(entry));
    this.entries = [entry, ...others].slice(0, mostEntries);
    this.store();
  }

  store() {
    while (!save("history", this.entries) && this.entries.length > 0) this.entries.pop();
    if (this.dialog.open) this.render();
  }

  open() {
    this.render();
    this.dialog.showModal();
  }

  render() {
    if (this.entries.length === 0) {
      const text = "What you run appears here. It stays in this browser.";
      fill(this.list, element("li", { class: "note" }, text));
      return;
    }
    fill(this.list, this.entries.map((entry) => element("li", {},
      element("button", { type: "button", class: "history-entry", onclick: () => this.choose(entry) },
        element("span", { class: "history-name" }, entry.operation ?? titleOf(entry)),
        element("span", { class: "fact" }, new Date(entry.at).toLocaleString()),
        element("code", { class: "history-text" }, firstLines(entry.query))))));
  }

  /** @param {Entry} entry */
  choose(entry) {
    this.dialog.close();
    this.onchoose(entry);
  }
}

/** @param {string} query */
function firstLines(query) {
  const said = query.split("\n").filter((line) => line.trim() && !line.trimStart().startsWith("#"));
  return said.join(" ").replace(/\s+/g, " ").slice(0, 160);
}

/** @param {any} entry */
function isEntry(entry) {
  return typeof entry?.query === "string" && typeof entry?.variables === "string";
}
