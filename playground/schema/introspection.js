/**
 * Reads the schema through introspection (§ 4) and makes it quick to look things up in.
 * @module
 */

/**
 * @typedef {{ kind: string, name: string | null, ofType: TypeRef | null }} TypeRef
 * @typedef {{ name: string, description?: string, type: TypeRef, defaultValue?: string | null,
 *   isDeprecated?: boolean, deprecationReason?: string | null }} InputValue
 * @typedef {{ name: string, description?: string, type: TypeRef, args: InputValue[],
 *   isDeprecated: boolean, deprecationReason?: string | null }} Field
 * @typedef {{ name: string, description?: string, isDeprecated: boolean,
 *   deprecationReason?: string | null }} EnumValue
 * @typedef {{ kind: string, name: string, description?: string, specifiedByURL?: string | null,
 *   fields: Field[] | null, inputFields: InputValue[] | null, enumValues: EnumValue[] | null,
 *   interfaces: TypeRef[] | null, possibleTypes: TypeRef[] | null }} Type
 * @typedef {{ name: string, description?: string, isRepeatable?: boolean, locations: string[],
 *   args: InputValue[] }} Directive
 */

/** A type reference deep enough for `[[Type!]!]!` with some to spare. */
const typeRef = Array(8).fill(0).reduce((inner) => `kind name ofType { ${inner} }`, "kind name");

export const introspectionQuery = `query PlaygroundSchema {
  __schema {
    description
    queryType { name } mutationType { name } subscriptionType { name }
    types { ...FullType }
    directives { name description isRepeatable locations args(includeDeprecated: true) { ...Input } }
  }
}
fragment FullType on __Type {
  kind name description specifiedByURL
  fields(includeDeprecated: true) {
    name description isDeprecated deprecationReason type { ...Ref } args(includeDeprecated: true) { ...Input }
  }
  inputFields(includeDeprecated: true) { ...Input }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
  interfaces { kind name }
  possibleTypes { kind name }
}
fragment Input on __InputValue {
  name description defaultValue isDeprecated deprecationReason type { ...Ref }
}
fragment Ref on __Type { ${typeRef} }`;

const metaFields = {
  __typename: {
    name: "__typename", description: "The name of the object's type.", type: nonNull("SCALAR", "String"),
  },
  __schema: { name: "__schema", description: "The schema itself.", type: nonNull("OBJECT", "__Schema") },
  __type: {
    name: "__type", description: "A type of the schema by its name.",
    type: { kind: "OBJECT", name: "__Type", ofType: null },
    args: [{ name: "name", type: nonNull("SCALAR", "String") }],
  },
};

/**
 * @param {string} kind
 * @param {string} name
 * @returns {TypeRef}
 */
function nonNull(kind, name) {
  return { kind: "NON_NULL", name: null, ofType: { kind, name, ofType: null } };
}

/** The schema of the server that the page came from; immutable. */
export class SchemaIndex {
  /** @param {any} data what `introspectionQuery` answered */
  constructor(data) {
    const schema = data.__schema;
    /** @type {string} */
    this.description = schema.description ?? "";
    /** @type {Map<string, Type>} */
    this.types = new Map(schema.types.map((type) => [type.name, type]));
    /** @type {Directive[]} */
    this.directives = schema.directives;
    this.roots = {
      query: schema.queryType?.name ?? null,
      mutation: schema.mutationType?.name ?? null,
      subscription: schema.subscriptionType?.name ?? null,
    };
    /** @type {Map<string, Map<string, Field>>} */
    this.fieldsOfType = new Map();
  }

  /** @param {string | null | undefined} name */
  type(name) {
    return name ? (this.types.get(name) ?? null) : null;
  }

  /**
   * The fields that may be selected on a type, `__typename` with them.
   * @param {string | null | undefined} typeName
   * @returns {Map<string, Field>}
   */
  fields(typeName) {
    const type = this.type(typeName);
    if (!type || !/^(OBJECT|INTERFACE|UNION)$/.test(type.kind)) return new Map();
    const known = this.fieldsOfType.get(type.name);
    if (known) return known;
    const fields = new Map((type.fields ?? []).map((field) => [field.name, field]));
    const metas = type.name === this.roots.query ? Object.values(metaFields) : [metaFields.__typename];
    for (const meta of metas) fields.set(meta.name, { args: [], isDeprecated: false, ...meta });
    this.fieldsOfType.set(type.name, fields);
    return fields;
  }

  /**
   * The types that a fragment inside this type can name.
   * @param {string | null | undefined} typeName
   * @returns {Type[]}
   */
  fragmentTypes(typeName) {
    const isOffered = (type) => isComposite(type) && !type.name.startsWith("__");
    const composite = [...this.types.values()].filter(isOffered);
    const outer = this.type(typeName);
    if (!outer) return composite;
    const possible = this.possibleNames(outer);
    return composite.filter((type) => [...this.possibleNames(type)].some((name) => possible.has(name)));
  }

  /**
   * @param {Type} type
   * @returns {Set<string>}
   */
  possibleNames(type) {
    if (type.kind === "OBJECT") return new Set([type.name]);
    return new Set((type.possibleTypes ?? []).map((possible) => possible.name ?? ""));
  }
}

/** @param {Type} type */
export function isComposite(type) {
  return type.kind === "OBJECT" || type.kind === "INTERFACE" || type.kind === "UNION";
}

/** @param {Type} type */
export function isInput(type) {
  return type.kind === "SCALAR" || type.kind === "ENUM" || type.kind === "INPUT_OBJECT";
}

/**
 * A type reference as it is written: `[Flow!]!`.
 * @param {TypeRef | null | undefined} reference
 * @returns {string}
 */
export function typeText(reference) {
  if (!reference) return "";
  if (reference.kind === "NON_NULL") return `${typeText(reference.ofType)}!`;
  if (reference.kind === "LIST") return `[${typeText(reference.ofType)}]`;
  return reference.name ?? "";
}

/**
 * The name inside all lists and non-nulls.
 * @param {TypeRef | null | undefined} reference
 * @returns {string | null}
 */
export function namedType(reference) {
  let inner = reference;
  while (inner?.ofType) inner = inner.ofType;
  return inner?.name ?? null;
}
