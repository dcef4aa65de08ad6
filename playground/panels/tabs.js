/**
 * The open documents, one tab each, remembered in this browser. Values that look like secrets are not stored.
 * @module
 */

import { byId, debounced, element, fill } from "../shared/dom.js";
import { load, save, withoutSecretLiterals, withoutSecrets } from "../shared/storage.js";
import { emptyDocument, starterDocument } from "../shared/starter.js";
import { definitions } from "../language/operations.js";

const mostTabs = 12;

/** @typedef {{ query: string, variables: string }} Tab */

export class Tabs {
  /** @param {(tab: Tab) => void} onselect shows a tab */
  constructor(onselect) {
    this.onselect = onselect;
    this.list = byId("tabs");
    this.addButton = byId("add-tab");
    const stored = load("tabs", { tabs: [], selected: 0 });
    /** @type {Tab[]} */
    this.tabs = Array.isArray(stored.tabs) ? stored.tabs.filter(isTab).slice(0, mostTabs) : [];
    if (this.tabs.length === 0) this.tabs = [{ query: starterDocument, variables: "" }];
    this.selected = Math.min(Math.max(0, Number(stored.selected) || 0), this.tabs.length - 1);
    this.saveSoon = debounced(400, () => this.save());
    this.addButton.addEventListener("click", () => this.add({ query: emptyDocument, variables: "" }));
    this.list.addEventListener("keydown", (event) => this.handleKey(event));
    window.addEventListener("pagehide", () => this.save());
  }

  get current() {
    return this.tabs[this.selected];
  }

  /** @param {Partial<Tab>} change */
  update(change) {
    const title = titleOf(this.current);
    Object.assign(this.current, change);
    if (titleOf(this.current) !== title) this.render();
    this.saveSoon();
  }

  /** Opens a document in a new tab, or in the current one when there are too many. @param {Tab} tab */
  add(tab) {
    if (this.tabs.length < mostTabs) this.tabs.push(tab);
    else this.tabs[this.tabs.length - 1] = tab;
    this.select(this.tabs.length - 1);
  }

  /** @param {number} index */
  select(index) {
    this.selected = index;
    this.render();
    this.saveSoon();
    this.onselect(this.current);
  }

  /** @param {number} index */
  close(index) {
    this.tabs.splice(index, 1);
    if (this.tabs.length === 0) this.tabs.push({ query: emptyDocument, variables: "" });
    const next = this.selected > index ? this.selected - 1 : this.selected;
    this.select(Math.min(next, this.tabs.length - 1));
    this.list.querySelector('[aria-selected="true"]')?.focus();
  }

  save() {
    const tabs = this.tabs.map(({ query, variables }) => ({
      query: withoutSecretLiterals(query), variables: withoutSecrets(variables),
    }));
    save("tabs", { tabs, selected: this.selected });
  }

  /** @param {KeyboardEvent} event */
  handleKey(event) {
    const steps = { ArrowLeft: -1, ArrowRight: 1 };
    if (event.key in steps) {
      this.select((this.selected + steps[event.key] + this.tabs.length) % this.tabs.length);
      this.list.querySelector('[aria-selected="true"]')?.focus();
    } else if (event.key === "Delete") this.close(this.selected);
  }

  render() {
    fill(this.list, this.tabs.map((tab, index) => this.tabItem(tab, index)));
    this.addButton.disabled = this.tabs.length >= mostTabs;
  }

  /**
   * @param {Tab} tab
   * @param {number} index
   */
  tabItem(tab, index) {
    const isSelected = index === this.selected;
    const title = titleOf(tab);
    return element("div", { class: isSelected ? "tab is-selected" : "tab", role: "presentation" },
      element("button", {
        type: "button", class: "tab-name", role: "tab", "aria-selected": String(isSelected),
        tabindex: isSelected ? 0 : -1, "aria-controls": "workspace", onclick: () => this.select(index),
      }, title),
      element("button", {
        type: "button", class: "tab-close", tabindex: -1, "aria-label": `Close ${title} (Delete)`,
        onclick: () => this.close(index),
      }, "×"));
  }
}

/** @param {any} tab */
function isTab(tab) {
  return typeof tab?.query === "string" && typeof tab?.variables === "string";
}

/** @param {Tab} tab */
export function titleOf(tab) {
  const first = definitions(tab.query.slice(0, 20_000))[0];
  return first?.name ?? (first ? `Untitled ${first.kind}` : "Untitled");
}
