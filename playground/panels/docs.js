/**
 * The documentation of the schema: types, fields and arguments with their descriptions, a search, and a way
 * back.
 * @module
 */

import { byId, debounced, element, fill } from "../shared/dom.js";
import { inline, markdown } from "../shared/markdown.js";
import { namedType } from "../schema/introspection.js";
import { printSchema, printType } from "../schema/sdl.js";

const mostMatches = 100;

const kindNames = {
  OBJECT: "type", INTERFACE: "interface", UNION: "union", ENUM: "enum", INPUT_OBJECT: "input",
  SCALAR: "scalar",
};

const groups = [
  ["OBJECT", "Objects"], ["INTERFACE", "Interfaces"], ["UNION", "Unions"], ["INPUT_OBJECT", "Inputs"],
  ["ENUM", "Enums"], ["SCALAR", "Scalars"],
];

export class DocsPanel {
  /** @param {() => void} reload asks for the schema again */
  constructor(reload) {
    this.body = byId("docs-body");
    this.search = byId("docs-search");
    this.back = byId("docs-back");
    this.copyButton = byId("docs-copy");
    /** @type {import("../schema/introspection.js").SchemaIndex | null} */
    this.schema = null;
    /** The names of the types that were visited; empty is the overview.
     * @type {string[]} */
    this.path = [];
    this.back.addEventListener("click", () => this.goBack());
    this.copyButton.addEventListener("click", () => this.copy());
    byId("docs-reload").addEventListener("click", reload);
    this.search.addEventListener("input", debounced(80, () => this.render()));
    this.search.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.search.value) {
        event.stopPropagation();
        this.search.value = "";
        this.render();
      }
    });
  }

  /** @param {import("../schema/introspection.js").SchemaIndex} schema */
  show(schema) {
    this.schema = schema;
    this.path = this.path.filter((name) => schema.type(name));
    this.render();
  }

  /** @param {string} message */
  showProblem(message) {
    fill(this.body, element("p", { class: "note note-bad" }, message));
  }

  /** @param {string} name */
  open(name) {
    if (!this.schema?.type(name)) return;
    if (this.path[this.path.length - 1] !== name) this.path.push(name);
    if (this.path.length > 50) this.path.shift();
    this.search.value = "";
    this.render();
    this.body.scrollTop = 0;
    this.body.querySelector("h3")?.focus({ preventScroll: true });
  }

  goBack() {
    if (this.search.value) this.search.value = "";
    else this.path.pop();
    this.render();
    this.search.focus();
  }

  async copy() {
    const type = this.schema?.type(this.path[this.path.length - 1]);
    if (!this.schema) return;
    const text = type ? printType(type) : printSchema(this.schema);
    await navigator.clipboard.writeText(text).catch(() => undefined);
    this.copyButton.textContent = "Copied";
    setTimeout(() => (this.copyButton.textContent = "Copy SDL"), 1500);
  }

  render() {
    if (!this.schema) return;
    const wanted = this.search.value.trim().toLowerCase();
    const name = this.path[this.path.length - 1];
    const type = this.schema.type(name);
    this.back.disabled = !wanted && !name;
    this.copyButton.disabled = Boolean(wanted);
    if (wanted) fill(this.body, this.matches(wanted));
    else if (type) fill(this.body, this.typePage(type));
    else fill(this.body, this.overview());
  }

  overview() {
    const schema = /** @type {import("../schema/introspection.js").SchemaIndex} */ (this.schema);
    const roots = Object.entries(schema.roots).filter(([, name]) => name);
    const rootNames = new Set(roots.map(([, name]) => name));
    const isListed = (type) => !type.name.startsWith("__") && !rootNames.has(type.name);
    const byName = (left, right) => (left.name < right.name ? -1 : 1);
    const types = [...schema.types.values()].filter(isListed).sort(byName);
    const sections = groups.map(([kind, title]) => {
      const members = types.filter((type) => type.kind === kind);
      if (members.length === 0) return null;
      return element("section", {}, element("h4", {}, title), this.links(members));
    });
    return [
      element("h3", { tabindex: "-1" }, "Schema"),
      markdown(schema.description),
      element("section", {}, element("h4", {}, "Operations"),
        element("ul", { class: "docs-list" }, roots.map(([operation, name]) =>
          element("li", {}, code("keyword", operation), " ", this.typeLink(name ?? ""))))),
      ...sections,
    ];
  }

  /** @param {string} wanted */
  matches(wanted) {
    const found = [];
    for (const type of this.schema?.types.values() ?? []) {
      if (type.name.startsWith("__")) continue;
      if (type.name.toLowerCase().includes(wanted)) found.push([this.typeLink(type.name), type.description]);
      for (const field of type.fields ?? type.inputFields ?? type.enumValues ?? []) {
        if (!field.name.toLowerCase().includes(wanted)) continue;
        found.push([[this.typeLink(type.name), ".", code("field", field.name)], field.description]);
      }
    }
    const shown = found.slice(0, mostMatches);
    return [
      element("h3", { tabindex: "-1" }, found.length === 1 ? "1 match" : `${found.length} matches`),
      element("ul", { class: "docs-members" }, shown.map(([head, text]) => element("li", {}, head,
        text ? element("div", { class: "docs-text" }, inline(text.split("\n\n")[0])) : null))),
      found.length > mostMatches && element("p", { class: "note" }, `The first ${mostMatches} are shown.`),
    ];
  }

  /** @param {import("../schema/introspection.js").Type} type */
  typePage(type) {
    const section = (title, children) =>
      children.length === 0 ? null : element("section", {}, element("h4", {}, title), children);
    const kind = element("span", { class: "docs-kind" }, kindNames[type.kind]);
    const address = type.specifiedByURL;
    const possible = type.kind === "OBJECT" ? [] : (type.possibleTypes ?? []);
    return [
      element("h3", { tabindex: "-1" }, kind, " ", type.name),
      element("div", { class: "docs-text" }, markdown(type.description ?? "")),
      address && element("p", {}, inline(`Specified by [${address}](${address}).`)),
      type.interfaces?.length ? section("Implements", [this.links(type.interfaces)]) : null,
      possible.length > 0 ? section("Possible types", [this.links(possible)]) : null,
      type.fields?.length ? section("Fields", [this.members(type.fields)]) : null,
      type.inputFields?.length ? section("Fields", [this.members(type.inputFields)]) : null,
      type.enumValues?.length ? section("Values", [this.members(type.enumValues)]) : null,
    ];
  }

  /** @param {{ name: string | null }[]} types */
  links(types) {
    return element("ul", { class: "docs-list" },
      types.map((type) => element("li", {}, this.typeLink(type.name ?? ""))));
  }

  /** @param {any[]} members fields, inputs or enum values */
  members(members) {
    return element("ul", { class: "docs-members" }, members.map((member) => element("li", {},
      element("div", { class: "docs-signature" },
        code(member.isDeprecated ? "field is-deprecated" : "field", member.name),
        member.args?.length ? this.argumentList(member.args) : null,
        member.type ? [": ", this.reference(member.type)] : null,
        member.defaultValue ? [" = ", code("literal", member.defaultValue)] : null),
      member.description ? element("div", { class: "docs-text" }, markdown(member.description)) : null,
      member.isDeprecated &&
        element("div", { class: "docs-deprecated" }, "Deprecated. ", inline(member.deprecationReason ?? "")),
    )));
  }

  /** @param {import("../schema/introspection.js").InputValue[]} inputs */
  argumentList(inputs) {
    const lines = inputs.map((input) => element("span", { class: "docs-argument" },
      code("argument", input.name), ": ", this.reference(input.type),
      input.defaultValue ? [" = ", code("literal", input.defaultValue)] : null,
      input.description &&
        element("span", { class: "docs-text docs-argument-text" }, inline(input.description))));
    return ["(", lines, ")"];
  }

  /** @param {import("../schema/introspection.js").TypeRef} reference */
  reference(reference) {
    const { kind, ofType } = reference;
    if (kind === "NON_NULL" && ofType) return [this.reference(ofType), "!"];
    if (kind === "LIST" && ofType) return ["[", this.reference(ofType), "]"];
    return [this.typeLink(namedType(reference) ?? "")];
  }

  /** @param {string} name */
  typeLink(name) {
    return element("button", { type: "button", class: "type-link", onclick: () => this.open(name) }, name);
  }
}

/**
 * @param {string} syntax a class of the highlighter without its prefix
 * @param {string} text
 */
function code(syntax, text) {
  return element("span", { class: `syntax-${syntax}` }, text);
}
