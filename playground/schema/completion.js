/**
 * Proposes what to type next, from the schema and the document's own fragments and variables.
 * @module
 */

import { definitions, operationAt } from "../language/operations.js";
import { contextAt } from "./context.js";
import { isInput, typeText } from "./introspection.js";

/**
 * @typedef {{ label: string, insert: string, caret?: number, detail: string, description: string,
 *   kind: string, isDeprecated?: boolean }} Proposal `caret` counts back from the end of `insert`
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
  const score = (candidate) => {
    const place = candidate.label.toLowerCase().indexOf(wanted);
    if (place < 0) return -1;
    const isMeta = candidate.label.startsWith("__");
    return (place === 0 ? 0 : 2) + (candidate.isDeprecated ? 1 : 0) + (isMeta ? 4 : 0);
  };
  return proposals
    .map((candidate, index) => ({ candidate, index, score: score(candidate) }))
    .filter((entry) => entry.score >= 0)
    .sort((left, right) => left.score - right.score || left.index - right.index)
    .map((entry) => entry.candidate);
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
  return words.map((word) => proposal("keyword", word, { insert: `${word} ` }));
}

/** @param {import("./introspection.js").Field} field */
function fieldProposal(field) {
  const { description = "", isDeprecated } = field;
  return proposal("field", field.name, { detail: typeText(field.type), description, isDeprecated });
}

/** @param {import("./introspection.js").InputValue} input */
function inputProposal(input) {
  return proposal("argument", input.name, {
    insert: `${input.name}: `, detail: typeText(input.type), description: input.description ?? "",
    isDeprecated: input.isDeprecated,
  });
}

/** @param {import("./introspection.js").Type} type */
function typeProposal(type) {
  const detail = type.kind.toLowerCase().replace("_", " ");
  return proposal("type", type.name, { detail, description: type.description ?? "" });
}

/** @param {import("./introspection.js").Directive} directive */
function directiveProposal(directive) {
  const hasArguments = directive.args.length > 0;
  return proposal("directive", directive.name, {
    insert: hasArguments ? `${directive.name}()` : directive.name, caret: hasArguments ? 1 : 0,
    detail: "directive", description: directive.description ?? "",
  });
}

const executableLocation = /^(FIELD|QUERY|MUTATION|SUBSCRIPTION|INLINE_FRAGMENT|FRAGMENT_SPREAD)$/;

/** @param {import("./introspection.js").Directive} directive */
function isExecutable(directive) {
  return directive.locations.some((place) => executableLocation.test(place));
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
    .map((variable) => proposal("variable", `$${variable.name}`, {
      detail: variable.type, description: "A variable of this operation.",
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
    return ["true", "false"].map((text) => proposal("value", text, { detail: "Boolean" }));
  }
  if (type?.kind === "INPUT_OBJECT") {
    const description = type.description ?? "";
    return [proposal("value", "{ … }", { insert: "{  }", caret: 2, detail: type.name, description })];
  }
  return (type?.enumValues ?? []).map(({ name, description = "", isDeprecated }) =>
    proposal("value", name, { detail: type?.name ?? "", description, isDeprecated }));
}

/**
 * @param {import("./introspection.js").SchemaIndex} schema
 * @param {string | null | undefined} type
 * @param {string} source
 * @returns {Proposal[]}
 */
function spreads(schema, type, source) {
  const inline = proposal("keyword", "on", { insert: "on ", detail: "inline fragment" });
  const possible = new Set(schema.fragmentTypes(type).map((candidate) => candidate.name));
  const named = definitions(source)
    .filter((fragment) => fragment.kind === "fragment" && fragment.name && possible.has(fragment.type ?? ""))
    .map((fragment) => proposal("fragment", fragment.name ?? "", {
      detail: `on ${fragment.type}`, description: "A fragment of this document.",
    }));
  return [inline, ...named];
}

/**
 * @param {string} kind
 * @param {string} label what is shown, and inserted unless `more` says otherwise
 * @param {Partial<Proposal>} more
 * @returns {Proposal}
 */
function proposal(kind, label, more) {
  return { kind, label, insert: label, detail: "", description: "", ...more };
}
