/// Makes a fresh global context one that cannot be changed (see `SharedRealm`).
enum Hardening {
  /// Answers the `Promise` constructor when everything is frozen, and something that is no object otherwise.
  ///
  /// Objects that no property leads to (the prototypes of iterators, generators, asynchronous functions,
  /// `arguments`) are found by making one of each. Everything that the global object held is frozen too,
  /// before its name is taken away, for it may be reached by another way, as `Iterator` is.
  static let script = #"""
    (function () {
      "use strict";
      const { defineProperty, freeze, isFrozen, getPrototypeOf, getOwnPropertyDescriptor } = Object;
      const { ownKeys } = Reflect;
      const global = globalThis;
      const promise = Promise;
      const refuse = () => { throw null; };
      const kept = new Set([
        "Object", "Array", "String", "Number", "Boolean", "Symbol", "BigInt", "Math", "JSON", "Date", "Map",
        "Set", "Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError",
        "undefined", "NaN", "Infinity", "parseInt", "parseFloat", "isNaN", "isFinite", "encodeURI",
        "encodeURIComponent", "decodeURI", "decodeURIComponent", "escape", "unescape",
      ]);
      const values = [][Symbol.iterator]();
      const roots = [
        global, refuse, values, ""[Symbol.iterator](), new Map().entries(), new Set().entries(),
        "a".matchAll(/a/g), values.map ? values.map(String) : values,
        global.Iterator ? Iterator.from({ next() {} }) : values,
        function* () {}, (function* () {})(), async function () {}, async () => {}, async function* () {},
        (async function* () {})(), class {}, /a/, (function () { return arguments; })(), new Error(""),
        (async () => {})(),
      ];
      for (const key of ownKeys(global)) {
        roots.push(global[key]);
        if (!kept.has(key)) defineProperty(global, key, { get: refuse, set: undefined, configurable: false });
      }
      for (const maker of [function () {}, function* () {}, async function () {}, async function* () {}]) {
        defineProperty(getPrototypeOf(maker), "constructor", { value: refuse });
      }
      defineProperty(Math, "random", { value: refuse });
      const expression = getPrototypeOf(/a/).constructor;
      for (const key of ownKeys(expression)) {
        if (["length", "name", "prototype", "escape", Symbol.species].includes(key)) continue;
        delete expression[key];
        defineProperty(expression, key, { get: refuse, set: refuse, configurable: false });
      }
      const found = new Set();
      const visit = (value) => {
        if (value !== null && (typeof value === "object" || typeof value === "function")) found.add(value);
      };
      roots.forEach(visit);
      for (const object of found) {  // a set's iteration reaches what is added meanwhile
        visit(getPrototypeOf(object));
        for (const key of ownKeys(object)) {
          const property = getOwnPropertyDescriptor(object, key);
          visit(property.value);
          visit(property.get);
          visit(property.set);
        }
      }
      for (const object of found) freeze(object);
      for (const object of found) if (!isFrozen(object)) return 0;
      return promise;
    })()
    """#
}
