/**
 * The browser's storage with JSON values, a common prefix and a bound. Private windows and full disks make
 * storage throw; the playground then works on without remembering.
 * @module
 */

const prefix = "studio.playground.";

/** The longest value that is stored, in UTF-16 units. */
export const largestValue = 400_000;

/**
 * @template T
 * @param {string} key
 * @param {T} fallback returned when nothing readable is stored
 * @returns {T}
 */
export function load(key, fallback) {
  return read(() => localStorage, key, fallback);
}

/**
 * @param {string} key
 * @param {unknown} value
 * @returns {boolean} whether it was stored
 */
export function save(key, value) {
  return write(() => localStorage, key, value);
}

/**
 * Like {@link load}, for this tab and until it closes.
 * @template T
 * @param {string} key
 * @param {T} fallback
 * @returns {T}
 */
export function loadForTab(key, fallback) {
  return read(() => sessionStorage, key, fallback);
}

/**
 * Like {@link save}, for this tab and until it closes; `null` forgets the value.
 * @param {string} key
 * @param {unknown} value
 * @returns {boolean}
 */
export function saveForTab(key, value) {
  return write(() => sessionStorage, key, value);
}

/**
 * @template T
 * @param {() => Storage} storage
 * @param {string} key
 * @param {T} fallback
 * @returns {T}
 */
function read(storage, key, fallback) {
  try {
    const text = storage().getItem(prefix + key);
    return text === null ? fallback : JSON.parse(text);
  } catch {
    return fallback;
  }
}

/**
 * @param {() => Storage} storage
 * @param {string} key
 * @param {unknown} value
 * @returns {boolean}
 */
function write(storage, key, value) {
  try {
    if (value === null) {
      storage().removeItem(prefix + key);
      return true;
    }
    const text = JSON.stringify(value);
    if (text.length > largestValue) return false;
    storage().setItem(prefix + key, text);
    return true;
  } catch {
    return false;
  }
}

const secretName = /pass(?:word|phrase)|secret|token|credential|authorization|api_?key/i;

const secretLiteral = new RegExp(
  `(\\w*(?:${secretName.source})\\w*\\s*:\\s*)(?:"""[^]*?"""|"(?:\\\\.|[^"\\\\\\n])*"?)`,
  "gi",
);

/**
 * A GraphQL document in which strings behind names of secrets are empty: `login(input: { password: "" })`.
 * @param {string} source
 * @returns {string}
 */
export function withoutSecretLiterals(source) {
  return source.replace(secretLiteral, '$1""');
}

/**
 * A copy of JSON text in which the values of keys that name secrets are empty; for everything that is stored.
 * Text that is no JSON is stored only when no such name is in it.
 * @param {string} text
 * @returns {string}
 */
export function withoutSecrets(text) {
  if (!secretName.test(text)) return text;
  try {
    const clean = (key, value) => (key && secretName.test(key) ? "" : value);
    return JSON.stringify(JSON.parse(text, clean), null, 2);
  } catch {
    return "";
  }
}
