/**
 * Says in a few words what a JSON Schema of the OpenAPI document allows, with links to the schemas it names.
 * @module
 */

import { element } from "../shared/dom.js";

/** Deeper ones are shown as an ellipsis. */
const deepest = 6;

/**
 * @param {any} api the OpenAPI document
 * @param {any} schema
 * @returns {any[]} nodes and texts
 */
export function describe(api, schema, depth = 0) {
  if (depth > deepest) return ["…"];
  if (schema.$ref) return [reference(api, schema.$ref)];
  if (schema.anyOf) return joined(schema.anyOf.map((part) => describe(api, part, depth + 1)), " | ");
  if (schema.enum) return [schema.enum.join(" | ")];
  const types = [schema.type ?? "any"].flat();
  return joined(types.map((type) => named(api, schema, type, depth)), " | ");
}

function named(api, schema, type, depth) {
  if (type === "array") return ["[", describe(api, schema.items, depth + 1), "]", range(schema.minItems, schema.maxItems)];
  if (type === "object" && schema.properties) {
    const entries = Object.entries(schema.properties).map(([key, property]) =>
      [`${key}: `, describe(api, property, depth + 1)]);
    return ["{ ", joined(entries, ", "), " }"];
  }
  if (type === "string") return [schema.format ?? type, range(schema.minLength, schema.maxLength)];
  if (type === "integer") return [type, schema.format && schema.maximum > 2 ** 30 ? "" : range(schema.minimum, schema.maximum)];
  return [type];
}

/** Bounds, where there are any. */
function range(low, high) {
  return low === undefined && high === undefined ? "" : ` (${low ?? 0} to ${high ?? "…"})`;
}

function reference(api, address) {
  const name = address.split("/").pop();
  const schema = api.components.schemas[name];
  return schema.properties || schema.enum ? element("a", { href: `#schema-${name}` }, name) : name;
}

function joined(parts, separator) {
  return parts.flatMap((part, index) => (index ? [separator, part] : [part]));
}
