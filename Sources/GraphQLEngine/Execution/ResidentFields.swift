// Resident fields: their value lies in the parent's row, so that no call and no column is needed. They are static
// functions of types that generated code declares; each is erased once per field, so a cell costs one virtual call.

/// A leaf of a Swift row, written in the output pass.
///
///     enum Flow_name: LeafField {
///       static func write(_ row: UnsafePointer<FlowRow>, _ out: inout JSONWriter) { out.write(row.pointee.name) }
///     }
///
/// A null goes through `writeNull()`; the engine sees it and applies the schema's nullability (§ 6.4.4).
/// A list of leaves may be written as a whole through `write(list:)`.
public protocol LeafField {
  associatedtype Row: Sendable
  static func write(_ row: UnsafePointer<Row>, _ out: inout JSONWriter)
}

/// An object that lies elsewhere at a stable address, most often the single row of a `RowList`.
public protocol ObjectField {
  associatedtype Row: Sendable
  associatedtype Child: Sendable
  /// The child's row, or nil for null. The parent's row must keep it alive.
  static func row(_ row: UnsafePointer<Row>) -> UnsafePointer<Child>?
}

/// A list of objects whose rows lie at a stable address, most often a `RowList` of the parent's row.
public protocol ListField {
  associatedtype Row: Sendable
  associatedtype Child: Sendable
  /// The children's rows, or nil for null. The parent's row must keep them alive.
  static func rows(_ row: UnsafePointer<Row>) -> RowSlice<Child>?
}

/// An object or list of objects computed from the parent's row, with arguments: introspection works this way.
///
/// The children are small trivial structs that the engine keeps until they are written.
public protocol DerivedField {
  associatedtype Row: Sendable
  associatedtype Child: BitwiseCopyable & Sendable
  /// Appends the children: none or one for an object (none is null), any number for a list (`appendNull` is null).
  static func derive(
    _ row: UnsafePointer<Row>, _ arguments: borrowing Arguments, into children: inout DerivedRows<Child>)
}

/// Where a `DerivedField` puts its children.
public struct DerivedRows<Child: BitwiseCopyable> {
  @usableFromInline var arena: UnsafeMutablePointer<RowArena>
  @usableFromInline var count = 0
  @usableFromInline var isNull = false

  @inlinable
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
@usableFromInline
class LeafWriter: @unchecked Sendable {
  // @unchecked: immutable.

  /// The Swift type of the rows that it reads.
  @usableFromInline let rowType: ObjectIdentifier

  @usableFromInline init(rowType: ObjectIdentifier) { self.rowType = rowType }

  @usableFromInline func write(_ row: UnsafeRawPointer, _ out: inout JSONWriter) {}
}

@usableFromInline
final class LeafWriterOf<Field: LeafField>: LeafWriter, @unchecked Sendable {
  // @unchecked: see LeafWriter.
  @inlinable init() { super.init(rowType: ObjectIdentifier(Field.Row.self)) }

  @inlinable
  override func write(_ row: UnsafeRawPointer, _ out: inout JSONWriter) {
    Field.write(row.assumingMemoryBound(to: Field.Row.self), &out)
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

/// A resident object binding without its types.
@usableFromInline
class ChildReader: @unchecked Sendable {
  // @unchecked: immutable.
  @usableFromInline let rowType: ObjectIdentifier
  @usableFromInline let childType: ObjectIdentifier
  @usableFromInline let stride: Int

  @usableFromInline
  init(rowType: ObjectIdentifier, childType: ObjectIdentifier, stride: Int) {
    self.rowType = rowType
    self.childType = childType
    self.stride = stride
  }

  /// The children of one row; derived ones are put into `arena`.
  @usableFromInline
  func children(
    _ row: UnsafeRawPointer, _ arguments: borrowing Arguments, _ arena: UnsafeMutablePointer<RowArena>
  ) -> ChildSegment {
    .null
  }
}

@usableFromInline
final class ObjectReader<Field: ObjectField>: ChildReader, @unchecked Sendable {
  // @unchecked: see ChildReader.
  @inlinable
  init() {
    super.init(
      rowType: ObjectIdentifier(Field.Row.self), childType: ObjectIdentifier(Field.Child.self),
      stride: MemoryLayout<Field.Child>.stride)
  }

  @inlinable
  override func children(
    _ row: UnsafeRawPointer, _ arguments: borrowing Arguments, _ arena: UnsafeMutablePointer<RowArena>
  ) -> ChildSegment {
    guard let child = Field.row(row.assumingMemoryBound(to: Field.Row.self)) else { return .null }
    return ChildSegment(base: UnsafeRawPointer(child), count: 1)
  }
}

@usableFromInline
final class ListReader<Field: ListField>: ChildReader, @unchecked Sendable {
  // @unchecked: see ChildReader.
  @inlinable
  init() {
    super.init(
      rowType: ObjectIdentifier(Field.Row.self), childType: ObjectIdentifier(Field.Child.self),
      stride: MemoryLayout<Field.Child>.stride)
  }

  @inlinable
  override func children(
    _ row: UnsafeRawPointer, _ arguments: borrowing Arguments, _ arena: UnsafeMutablePointer<RowArena>
  ) -> ChildSegment {
    guard let slice = Field.rows(row.assumingMemoryBound(to: Field.Row.self)) else { return .null }
    return ChildSegment(base: UnsafeRawPointer(slice.base), count: slice.count)
  }
}

@usableFromInline
final class DerivedReader<Field: DerivedField>: ChildReader, @unchecked Sendable {
  // @unchecked: see ChildReader.
  @inlinable
  init() {
    super.init(
      rowType: ObjectIdentifier(Field.Row.self), childType: ObjectIdentifier(Field.Child.self),
      stride: MemoryLayout<Field.Child>.stride)
  }

  @inlinable
  override func children(
    _ row: UnsafeRawPointer, _ arguments: borrowing Arguments, _ arena: UnsafeMutablePointer<RowArena>
  ) -> ChildSegment {
    arena.pointee.begin(Field.Child.self)
    var children = DerivedRows<Field.Child>(arena: arena)
    Field.derive(row.assumingMemoryBound(to: Field.Row.self), arguments, into: &children)
    let base = arena.pointee.finish()
    return children.isNull ? .null : ChildSegment(base: base, count: children.count)
  }
}
