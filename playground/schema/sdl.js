/**
 * Writes an introspected schema as SDL, for "Copy SDL". Applied directives other than `@deprecated`,
 * `@specifiedBy` and `@oneOf` are not part of introspection and so not of this text.
 * @module
 */

import { typeText } from "./introspection.js";

const builtInScalars = new Set(["String", "Int", "Float", "Boolean", "ID"]);
const builtInDirectives = new Set(["skip", "include", "deprecated", "specifiedBy", "oneOf"]);

/**
 * @param {import("./introspection.js").SchemaIndex} schema
 * @returns {string}
 */
export function printSchema(schema) {
  const types = [...schema.types.values()].filter(
    (type) => !type.name.startsWith("__") && !builtInScalars.has(type.name),
  );
  const parts = [printRoots(schema)];
  for (const directive of schema.directives) {
    if (!builtInDirectives.has(directive.name)) parts.push(printDirective(directive));
  }
  for (const type of types) parts.push(printType(type));
  return parts.join("\n\n") + "\n";
}

/** @param {import("./introspection.js").SchemaIndex} schema */
function printRoots(schema) {
  const roots = Object.entries(schema.roots).filter(([, name]) => name);
  const lines = roots.map(([operation, name]) => `  ${operation}: ${name}`);
  return `${printDescription(schema.description, "")}schema {\n${lines.join("\n")}\n}`;
}

/** @param {import("./introspection.js").Directive} directive */
function printDirective(directive) {
  const repeatable = directive.isRepeatable ? " repeatable" : "";
  const head = `directive @${directive.name}${printArguments(directive.args, "")}`;
  const places = directive.locations.join(" | ");
  return `${printDescription(directive.description, "")}${head}${repeatable} on ${places}`;
}

/**
 * One type, as the documentation shows and copies it.
 * @param {import("./introspection.js").Type} type
 * @returns {string}
 */
export function printType(type) {
  return printDescription(type.description, "") + printDefinition(type);
}

/** @param {import("./introspection.js").Type} type */
function printDefinition(type) {
  const interfaces = (type.interfaces ?? []).map((reference) => reference.name);
  const implementsText = interfaces.length > 0 ? ` implements ${interfaces.join(" & ")}` : "";
  switch (type.kind) {
    case "SCALAR":
      return `scalar ${type.name}${printSpecification(type.specifiedByURL)}`;
    case "UNION":
      return `union ${type.name} = ${(type.possibleTypes ?? []).map((possible) => possible.name).join(" | ")}`;
    case "ENUM":
      return `enum ${type.name} ${block(type.enumValues ?? [], (value) => value.name)}`;
    case "INPUT_OBJECT":
      return `input ${type.name} ${block(type.inputFields ?? [], printInput)}`;
    default: {
      const keyword = type.kind === "INTERFACE" ? "interface" : "type";
      const line = (field) => `${field.name}${printArguments(field.args, "  ")}: ${typeText(field.type)}`;
      return `${keyword} ${type.name}${implementsText} ${block(type.fields ?? [], line)}`;
    }
  }
}

/**
 * @template {{ description?: string, isDeprecated?: boolean, deprecationReason?: string | null }} Member
 * @param {Member[]} members
 * @param {(member: Member) => string} line
 */
function block(members, line) {
  const lines = members.map(
    (member) => `${printDescription(member.description, "  ")}  ${line(member)}${printDeprecation(member)}`,
  );
  return `{\n${lines.join("\n")}\n}`;
}

/** @param {import("./introspection.js").InputValue} input */
function printInput(input) {
  return `${input.name}: ${typeText(input.type)}${input.defaultValue ? ` = ${input.defaultValue}` : ""}`;
}

/**
 * @param {import("./introspection.js").InputValue[]} inputs
 * @param {string} margin
 */
function printArguments(inputs, margin) {
  if (inputs.length === 0) return "";
  if (inputs.every((input) => !input.description)) return `(${inputs.map(printInput).join(", ")})`;
  const inner = `${margin}  `;
  const lines = inputs.map(
    (input) =>
      `${printDescription(input.description, inner)}${inner}${printInput(input)}${printDeprecation(input)}`,
  );
  return `(\n${lines.join("\n")}\n${margin})`;
}

/** @param {string | null | undefined} address */
function printSpecification(address) {
  return address ? ` @specifiedBy(url: ${JSON.stringify(address)})` : "";
}

/** @param {{ isDeprecated?: boolean, deprecationReason?: string | null }} member */
function printDeprecation(member) {
  return member.isDeprecated ? ` @deprecated(reason: ${JSON.stringify(member.deprecationReason ?? "")})` : "";
}

/**
 * @param {string | null | undefined} description
 * @param {string} margin
 */
function printDescription(description, margin) {
  if (!description) return "";
  const isShort = !description.includes("\n") && description.length < 90 && !/["\\]/.test(description);
  if (isShort) return `${margin}"${description}"\n`;
  const lines = description.replaceAll('"""', '\\"""').split("\n");
  const inner = lines.map((line) => (line ? margin + line : ""));
  return [`${margin}"""`, ...inner, `${margin}"""`].join("\n") + "\n";
}
