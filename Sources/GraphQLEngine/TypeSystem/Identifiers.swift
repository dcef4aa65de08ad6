// Dense ids: positions in the tables of a `Schema`. An id means nothing without its schema.

/// A name interned by a schema; two names of one schema are equal when their symbols are.
public struct Symbol: Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// A type's position in `Schema.types`.
public struct TypeID: Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// A field's position in `Schema.fields`; every (type, field) pair has its own.
public struct FieldID: Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// The position of an argument or input field in `Schema.inputValues`.
public struct InputValueID: Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// The position of an enum value in `Schema.enumValues`.
public struct EnumValueID: Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// A directive definition's position in `Schema.directives`.
public struct DirectiveID: Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// The six kinds of named types (§ 3.4).
public enum TypeKind: UInt8, Sendable {
  case scalar, object, interface, union, `enum`, inputObject

  /// Whether values have no fields: scalars and enums.
  /// § 3.4.2: IsOutputType.
  /// Whether values have fields to select.
  /// Whether values have no fields: scalars and enums.
  /// Whether values are of one of several object types.
  @inlinable public var isLeaf: Bool { self == .scalar || self == .enum }
  @inlinable public var isComposite: Bool { self == .object || self == .interface || self == .union }
  @inlinable public var isAbstract: Bool { self == .interface || self == .union }
  @inlinable public var isInput: Bool { isLeaf || self == .inputObject }
  @inlinable public var isOutput: Bool { self != .inputObject }
}

/// A type with its wrappers, packed into one word; equality is the specification's type equality (§ 3.4.1).
///
/// The named type is in bits 40-63. Below, two bits a wrapper, the outermost lowest: 1 is non-null, 2 is a
/// list. There is room for `maximumWrappers`; building a schema or reading a variable's type refuses more.
public struct TypeReference: Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt64

  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// The named type alone.
  @inlinable public init(_ type: TypeID) { rawValue = UInt64(type.rawValue) << 40 }

  /// The number of wrappers that there is room for.
  public static let maximumWrappers = 20

  /// Types that the bits of the named type can tell apart.
  public static let maximumTypes = 1 << 24

  /// The type without its wrappers.
  /// Whether it has no wrappers.
  /// Whether the outermost wrapper is non-null.
  /// Whether the outermost wrapper is a list.
  @inlinable public var namedType: TypeID { TypeID(rawValue: UInt32(truncatingIfNeeded: rawValue >> 40)) }
  @inlinable public var isNonNull: Bool { rawValue & 3 == 1 }
  @inlinable public var isList: Bool { rawValue & 3 == 2 }
  @inlinable public var isNamed: Bool { rawValue & 3 == 0 }

  /// The type below the outermost wrapper; itself when there is none.
  @inlinable
  public var wrapped: TypeReference {
    let wrappers = rawValue & 0xFF_FFFF_FFFF
    return TypeReference(rawValue: (rawValue & ~0xFF_FFFF_FFFF) | (wrappers >> 2))
  }

  /// The type without an outermost non-null.
  @inlinable public var nullable: TypeReference { isNonNull ? wrapped : self }

  /// This type as a list; nil when the wrappers are full.
  @inlinable public var asList: TypeReference? { wrapping(2) }

  /// This type as non-null, itself if it is already; nil when the wrappers are full.
  @inlinable public var asNonNull: TypeReference? { isNonNull ? self : wrapping(1) }

  @inlinable
  func wrapping(_ wrapper: UInt64) -> TypeReference? {
    let wrappers = rawValue & 0xFF_FFFF_FFFF
    guard wrappers >> 38 == 0 else { return nil }
    return TypeReference(rawValue: (rawValue & ~0xFF_FFFF_FFFF) | (wrappers << 2) | wrapper)
  }
}
