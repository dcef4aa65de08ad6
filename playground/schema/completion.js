/**
 * Proposes what to type next, from the schema and the document's own fragments and variables.
 * @module
 */

import { definitions, operationAt } from "../language/operations.js";
import { contextAt } from "./context.js";
import { isInput, namedType, typeText } from "./introspection.js";

/**
 * @typedef {{ label: string, insert: string, caret?: number, detail: string, description: string, kind: string,
 *   isDeprecated?: boolean }} Proposal `caret` counts back from the end of `insert`
 * @typedef {{ start: number, end: number, proposals: Proposal[] }} Completion
 */

/** More than fit on a screen; what is typed narrows them. */
const mostProposals = 100;

/**
 * @param {import("./introspection.js").SchemaIndex} schema
 * @param {string} source
 * @param {number} offset
 * @returns {Completion}
 */
export function complete(schema, source, offset) {
  const context = contextAt(schema, source, offset);
  const all = proposalsFor(schema, context, source, offset);
  const tail = /^\w*/.exec(source.slice(offset))?.[0].length ?? 0;
  const proposals = rank(all, context.prefix).slice(0, mostProposals);
  return { start: context.start, end: context.prefix === "" ? offset : offset + tail, proposals };
}

/**
 * Those that match, beginnings first, deprecated ones last.
 * @param {Proposal[]} proposals
 * @param {string} prefix
 * @returns {Proposal[]}
 */
function rank(proposals, prefix) {
  const wanted = prefix.toLowerCase();
  const score = (proposal) => {
    const place = proposal.label.toLowerCase().indexOf(wanted);
    if (place < 0) return -1;
    return (place === 0 ? 0 : 2) + (proposal.isDeprecated ? 1 : 0) + (proposal.label.startsWith("__") ? 4 : 0);
  };
  return proposals
    .map((proposal, index) => ({ proposal, index, score: score(proposal) }))
    .filter((entry) => entry.score >= 0)
    .sort((left, right) => left.score - right.score || left.index - right.index)
    .map((entry) => entry.proposal);
}

/**
 * @param {import("./introspection.js").SchemaIndex} schema
 * @param {import("./context.js").Context} context
 * @param {string} source
 * @param {number} offset
 * @returns {Proposal[]}
 */
function proposalsFor(schema, context, source, offset) {
  switch (context.kind) {
    case "keyword":
      return keywords(schema);
    case "field":
      return [...schema.fields(context.type).values()].map(fieldProposal);
    case "argument":
      return (context.inputs ?? []).filter((input) => !context.used?.includes(input.name)).map(inputProposal);
    case "value":
      return [...variables(source, offset, context.type), ...values(schema, context.type)];
    case "inputType":
      return [...schema.types.values()].filter(isInput).map(typeProposal);
    case "fragmentType":
      return schema.fragmentTypes(context.type).map(typeProposal);
    case "spread":
      return spreads(schema, context.type, source);
    case "directive":
      return schema.directives.filter(isExecutable).map(directiveProposal);
    default:
      return [];
  }
}

/** @param {import("./introspection.js").SchemaIndex} schema */
function keywords(schema) {
  const operations = Object.entries(schema.roots).filter(([, type]) => type);
  const words = [...operations.map(([word]) => word), "fragment"];
  return words.map((word) => ({ label: word, insert: `${word} `, detail: "", description: "", kind: "keyword" }));
}

/** @param {import("./introspection.js").Field} field */
function fieldProposal(field) {
  return {
    label: field.name, insert: field.name, detail: typeText(field.type), description: field.description ?? "",
    kind: "field", isDeprecated: field.isDeprecated,
  };
}

/** @param {import("./introspection.js").InputValue} input */
function inputProposal(input) {
  return {
    label: input.name, insert: `${input.name}: `, detail: typeText(input.type), description: input.description ?? "",
    kind: "argument", isDeprecated: input.isDeprecated,
  };
}

/** @param {import("./introspection.js").Type} type */
function typeProposal(type) {
  return { label: type.name, insert: type.name, detail: type.kind.toLowerCase().replace("_", " "),
    description: type.description ?? "", kind: "type" };
}

/** @param {import("./introspection.js").Directive} directive */
function directiveProposal(directive) {
  const required = directive.args.length > 0;
  return {
    label: directive.name, insert: required ? `${directive.name}()` : directive.name, caret: required ? 1 : 0,
    detail: "directive", description: directive.description ?? "", kind: "directive",
  };
}

/** @param {import("./introspection.js").Directive} directive */
function isExecutable(directive) {
  return directive.locations.some((place) => /^(FIELD|QUERY|MUTATION|SUBSCRIPTION|INLINE_FRAGMENT|FRAGMENT_SPREAD)$/.test(place));
}

/**
 * The operation's variables; those of the wanted type stand first.
 * @param {string} source
 * @param {number} offset
 * @param {string | null | undefined} type
 * @returns {Proposal[]}
 */
function variables(source, offset, type) {
  const operation = operationAt(definitions(source), offset);
  const fits = (variable) => variable.type.replace(/[[\]!]/g, "") === type;
  return (operation?.variables ?? [])
    .slice()
    .sort((left, right) => Number(fits(right)) - Number(fits(left)))
    .map(({ name, type: text }) => ({
      label: `$${name}`, insert: `$${name}`, detail: text, description: "A variable of this operation.", kind: "variable",
    }));
}

/**
 * @param {import("./introspection.js").SchemaIndex} schema
 * @param {string | null | undefined} typeName
 * @returns {Proposal[]}
 */
function values(schema, typeName) {
  const type = schema.type(typeName);
  if (typeName === "Boolean") {
    return ["true", "false"].map((text) => ({ label: text, insert: text, detail: "Boolean", description: "", kind: "value" }));
  }
  if (type?.kind === "INPUT_OBJECT") {
    return [{ label: "{ … }", insert: "{  }", caret: 2, detail: type.name, description: type.description ?? "", kind: "value" }];
  }
  return (type?.enumValues ?? []).map((value) => ({
    label: value.name, insert: value.name, detail: type?.name ?? "", description: value.description ?? "", kind: "value",
    isDeprecated: value.isDeprecated,
  }));
}

/**
 * @param {import("./introspection.js").SchemaIndex} schema
 * @param {string | null | undefined} type
 * @param {string} source
 * @returns {Proposal[]}
 */
function spreads(schema, type, source) {
  const inline = { label: "on", insert: "on ", detail: "inline fragment", description: "", kind: "keyword" };
  const possible = new Set(schema.fragmentTypes(type).map((candidate) => candidate.name));
  const named = definitions(source)
    .filter((definition) => definition.kind === "fragment" && definition.name && possible.has(definition.type ?? ""))
    .map((fragment) => ({
      label: fragment.name ?? "", insert: fragment.name ?? "", detail: `on ${fragment.type}`,
      description: "A fragment of this document.", kind: "fragment",
    }));
  return [inline, ...named];
}

/**
 * Whether a field needs a selection behind it.
 * @param {import("./introspection.js").SchemaIndex} schema
 * @param {import("./introspection.js").Field} field
 * @returns {boolean}
 */
export function needsSelection(schema, field) {
  return schema.fields(namedType(field.type)).size > 0;
}
