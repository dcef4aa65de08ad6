/**
 * The part of Markdown that descriptions use: paragraphs, lists, `code`, fenced code, **strong**, *emphasis*
 * and links to http(s) pages. It builds nodes, never markup, so a description cannot bring anything else onto
 * the page.
 * @module
 */

import { element } from "./dom.js";

/** Longer descriptions are cut. */
const longestText = 20_000;

/**
 * @param {string} source
 * @returns {Node[]} block elements
 */
export function markdown(source) {
  const blocks = source.slice(0, longestText).replace(/\r\n?/g, "\n").split(/(```[^]*?```)|\n{2,}/);
  return blocks.filter((block) => block?.trim()).map(renderBlock);
}

/** @param {string} block */
function renderBlock(block) {
  if (block.startsWith("```")) {
    return element("pre", { class: "markdown-code" }, block.replace(/^```.*\n?/, "").replace(/\n?```$/, ""));
  }
  const lines = block.split("\n").filter((line) => line.trim());
  if (lines.every((line) => /^\s*[-*] /.test(line))) {
    return element("ul", {}, lines.map((line) => element("li", {}, inline(line.replace(/^\s*[-*] /, "")))));
  }
  return element("p", {}, inline(lines.join(" ")));
}

const inlinePattern = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/g;

/**
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export function inline(text) {
  const parts = [];
  let position = 0;
  for (const match of text.matchAll(inlinePattern)) {
    const [whole, code, strong, emphasis, label, address] = match;
    parts.push(text.slice(position, match.index));
    position = match.index + whole.length;
    if (code !== undefined) parts.push(element("code", {}, code));
    else if (strong !== undefined) parts.push(element("strong", {}, strong));
    else if (emphasis !== undefined) parts.push(element("em", {}, emphasis));
    else parts.push(element("a", { href: address, rel: "noreferrer noopener", target: "_blank" }, label));
  }
  parts.push(text.slice(position));
  return parts;
}
