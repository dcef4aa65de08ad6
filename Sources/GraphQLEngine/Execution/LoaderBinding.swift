/// A loader without its key type.
class LoaderBinding: @unchecked Sendable {
  // @unchecked: immutable.

  /// The loader's identity: fields with the same one share their keys.
  let identity: ObjectIdentifier

  init(identity: ObjectIdentifier) { self.identity = identity }
}

final class LoaderBindingOf<Key: Hashable & Sendable>: LoaderBinding, @unchecked Sendable {
  // @unchecked: see LoaderBinding.
  let loader: Loader<Key>
  let keys: @Sendable (FieldCall) throws -> [Key?]

  init(loader: Loader<Key>, keys: @escaping @Sendable (FieldCall) throws -> [Key?]) {
    self.loader = loader
    self.keys = keys
    super.init(identity: ObjectIdentifier(loader))
  }
}
