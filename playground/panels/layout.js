/**
 * The frame of the page: panels that open and close, borders that move, and the choice of colours. Sizes and
 * choices are remembered in this browser.
 * @module
 */

import { byId } from "../shared/dom.js";
import { load, save } from "../shared/storage.js";

const palettes = ["copper-tide", "mint-voltage", "solar-drift"];

/** Sets up everything that does not depend on the schema or on a document. */
export function setUpLayout() {
  setUpPalette();
  setUpDocs();
  setUpDrawer();
  setUpBorder(byId("border-answer"), byId("workspace"), "--answer-share", 0.5, [0.2, 0.8]);
  for (const button of document.querySelectorAll("[data-close]")) {
    button.addEventListener("click", () => /** @type {any} */ (button.closest("dialog"))?.close());
  }
  for (const dialog of document.querySelectorAll("dialog")) {
    // A click on the backdrop has the dialog itself as its target.
    dialog.addEventListener("mousedown", (event) => event.target === dialog && dialog.close());
  }
  byId("open-help").addEventListener("click", () => byId("help").showModal());
}

function setUpPalette() {
  const choice = byId("palette");
  const apply = (name) => (document.documentElement.dataset.palette = name);
  const stored = load("palette", palettes[0]);
  choice.value = palettes.includes(stored) ? stored : palettes[0];
  apply(choice.value);
  choice.addEventListener("change", () => {
    apply(choice.value);
    save("palette", choice.value);
  });
}

function setUpDocs() {
  const button = byId("toggle-docs");
  const panel = byId("docs");
  const isWide = window.matchMedia("(min-width: 1100px)").matches;
  const show = (isOpen) => {
    panel.hidden = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
  };
  show(isWide && load("docsOpen", true));
  const toggle = (isOpen) => {
    show(isOpen);
    save("docsOpen", isOpen);
  };
  button.addEventListener("click", () => toggle(panel.hidden));
  byId("docs-close").addEventListener("click", () => {
    toggle(false);
    button.focus();
  });
}

function setUpDrawer() {
  const tabs = [byId("tab-variables"), byId("tab-headers")];
  const select = (chosen) => {
    for (const tab of tabs) {
      const isChosen = tab === chosen;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      byId(tab.getAttribute("aria-controls")).hidden = !isChosen;
    }
  };
  tabs.forEach((tab, index) => {
    tab.addEventListener("click", () => select(tab));
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      const other = tabs[1 - index];
      select(other);
      other.focus();
    });
  });
}

/**
 * A border that the mouse or the arrow keys move.
 * @param {HTMLElement} border
 * @param {HTMLElement} frame whose style carries the share
 * @param {string} property
 * @param {number} standard the share at first
 * @param {[number, number]} bounds
 */
function setUpBorder(border, frame, property, standard, bounds) {
  const set = (share) => {
    const bounded = Math.min(bounds[1], Math.max(bounds[0], Number(share) || standard));
    frame.style.setProperty(property, String(bounded));
    border.setAttribute("aria-valuenow", String(Math.round(bounded * 100)));
    save(property, bounded);
    return bounded;
  };
  let share = set(load(property, standard));
  border.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    border.setPointerCapture(event.pointerId);
  });
  border.addEventListener("pointermove", (event) => {
    if (!border.hasPointerCapture(event.pointerId)) return;
    const box = frame.getBoundingClientRect();
    share = set((event.clientX - box.left) / box.width);
  });
  border.addEventListener("dblclick", () => (share = set(standard)));
  border.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: -0.02, ArrowRight: 0.02, Home: -1, End: 1 };
    if (!(event.key in steps)) return;
    event.preventDefault();
    share = set(share + steps[event.key]);
  });
}
