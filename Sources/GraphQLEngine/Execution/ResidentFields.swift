// Resident fields: their value lies in the parent's row, so that no call and no column is needed. They are
// static functions of types that generated code declares; each is erased once per field, so a cell costs one
// virtual call.

/// A leaf of a Swift row, written in the output pass.
///
///     enum Flow_name: LeafField {
///       static func write(_ row: UnsafePointer<FlowRow>, _ out: inout JSONWriter) {
///         out.write(row.pointee.name)
///       }
///     }
///
/// A null goes through `writeNull()`; the engine sees it and applies the schema's nullability (§ 6.4.4).
/// A list of leaves may be written as a whole through `write(list:)`.
public protocol LeafField: SendableMetatype {
  associatedtype Row: Sendable
  static func write(_ row: UnsafePointer<Row>, _ out: inout JSONWriter)
}

/// An object that lies elsewhere at a stable address, most often the single row of a `RowList`.
public protocol ObjectField: SendableMetatype {
  associatedtype Row: Sendable
  associatedtype Child: Sendable
  /// The child's row, or nil for null. The parent's row must keep it alive.
  static func row(_ row: UnsafePointer<Row>) -> UnsafePointer<Child>?
}

/// A list of objects whose rows lie at a stable address, most often a `RowList` of the parent's row.
public protocol ListField: SendableMetatype {
  associatedtype Row: Sendable
  associatedtype Child: Sendable
  /// The children's rows, or nil for null. The parent's row must keep them alive.
  static func rows(_ row: UnsafePointer<Row>) -> RowSlice<Child>?
}

/// An object or list of objects computed from the parent's row, with arguments: introspection works this way.
///
/// The children are small trivial structs that the engine keeps until they are written.
public protocol DerivedField: SendableMetatype {
  associatedtype Row: Sendable
  associatedtype Child: BitwiseCopyable & Sendable
  /// Appends the children: none or one for an object (none is null), any number for a list (`appendNull` is
  /// null).
  static func derive(
    _ row: UnsafePointer<Row>, _ arguments: borrowing Arguments, into children: inout DerivedRows<Child>)
}

/// Where a `DerivedField` puts its children.
public struct DerivedRows<Child: BitwiseCopyable> {
  @usableFromInline var arena: UnsafeMutablePointer<RowArena>
  @usableFromInline var count = 0
  @usableFromInline var isNull = false

  @inlinable @inline(__always)
  init(arena: UnsafeMutablePointer<RowArena>) { self.arena = arena }

  /// Adds a child.
  @inlinable
  public mutating func append(_ child: Child) {
    arena.pointee.append(child)
    count += 1
  }

  /// Says that the list itself is null.
  @inlinable
  public mutating func setNull() { isNull = true }
}

/// A leaf binding without its type. The engine calls `write` once per cell.
///
/// Metatypes are trivial values, so a step of the output pass holds one without counting references, and a
/// call is one load from the type's witness table. A stored closure would retain its context for each cell; a
/// method of a generic class would look its type's witnesses up.
@usableFromInline
struct LeafWriter: Sendable {
  /// The Swift type of the rows that it reads.
  @usableFromInline let rowType: ObjectIdentifier
  @usableFromInline let field: any LeafField.Type

  @inlinable
  init<Field: LeafField>(_ field: Field.Type) {
    rowType = ObjectIdentifier(Field.Row.self)
    self.field = field
  }
}

extension LeafField {
  /// Writes the leaf of the row at an address, which must be of the field's type.
  @inline(__always)
  static func write(at row: UnsafeRawPointer, _ out: inout JSONWriter) {
    write(row.assumingMemoryBound(to: Row.self), &out)
  }
}

/// Where a resident object field finds its children's rows: a segment of equal strides.
@usableFromInline
struct ChildSegment {
  @usableFromInline var base: UnsafeRawPointer?
  /// The number of rows; -1 is null.
  @usableFromInline var count: Int

  @inlinable
  init(base: UnsafeRawPointer?, count: Int) {
    self.base = base
    self.count = count
  }

  @inlinable static var null: ChildSegment { ChildSegment(base: nil, count: -1) }
}

/// A resident object binding without its types; a trivial value for the same reason as a leaf's.
@usableFromInline
struct ChildReader: Sendable {
  @usableFromInline
  enum Kind: Sendable {
    case object(any ObjectField.Type)
    case list(any ListField.Type)
    case derived(any DerivedField.Type, alignment: Int)
  }

  @usableFromInline let rowType: ObjectIdentifier
  @usableFromInline let childType: ObjectIdentifier
  @usableFromInline let stride: Int
  @usableFromInline let kind: Kind

  @inlinable
  init<Row, Child>(_ row: Row.Type, _ child: Child.Type, _ kind: Kind) {
    rowType = ObjectIdentifier(row)
    childType = ObjectIdentifier(child)
    stride = MemoryLayout<Child>.stride
    self.kind = kind
  }

  @inlinable
  static func object<Field: ObjectField>(_ field: Field.Type) -> ChildReader {
    ChildReader(Field.Row.self, Field.Child.self, .object(field))
  }

  @inlinable
  static func list<Field: ListField>(_ field: Field.Type) -> ChildReader {
    ChildReader(Field.Row.self, Field.Child.self, .list(field))
  }

  @inlinable
  static func derived<Field: DerivedField>(_ field: Field.Type) -> ChildReader {
    ChildReader(
      Field.Row.self, Field.Child.self, .derived(field, alignment: MemoryLayout<Field.Child>.alignment))
  }

  /// The children of one row; derived ones are put into the arena.
  @inline(__always)
  func children(
    _ row: UnsafeRawPointer, _ arguments: borrowing Arguments, _ arena: UnsafeMutablePointer<RowArena>
  ) -> ChildSegment {
    switch kind {
    case .object(let field): return field.child(of: row)
    case .list(let field): return field.children(of: row)
    case .derived(let field, let alignment):
      arena.pointee.begin(alignment: alignment)
      return field.children(of: row, arguments, arena)
    }
  }
}

extension ObjectField {
  @inline(__always)
  static func child(of pointer: UnsafeRawPointer) -> ChildSegment {
    guard let child = row(pointer.assumingMemoryBound(to: Row.self)) else { return .null }
    return ChildSegment(base: UnsafeRawPointer(child), count: 1)
  }
}

extension ListField {
  @inline(__always)
  static func children(of row: UnsafeRawPointer) -> ChildSegment {
    guard let slice = rows(row.assumingMemoryBound(to: Row.self)) else { return .null }
    return ChildSegment(base: UnsafeRawPointer(slice.base), count: slice.count)
  }
}

extension DerivedField {
  @inline(__always)
  static func children(
    of row: UnsafeRawPointer, _ arguments: borrowing Arguments, _ arena: UnsafeMutablePointer<RowArena>
  ) -> ChildSegment {
    var children = DerivedRows<Child>(arena: arena)
    derive(row.assumingMemoryBound(to: Row.self), arguments, into: &children)
    return children.isNull ? .null : ChildSegment(base: arena.pointee.finish(), count: children.count)
  }
}
