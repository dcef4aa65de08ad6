/// An immutable list of rows with a stable address, so that the output pass reads rows where they lie.
///
/// A row is a Swift struct; its fields are read through generated `LeafField`s. Row types may hold further
/// `RowList`s: nested lists are read as segments, never flattened.
public struct RowList<Row: Sendable>: @unchecked Sendable {
  // @unchecked: the rows are written in init and only read afterwards.

  /// The first row; valid while this list or a copy of it lives.
  public let base: UnsafePointer<Row>

  /// The number of rows.
  public let count: Int

  @usableFromInline let storage: RowStorage<Row>

  /// Copies the rows once into storage of their own.
  @inlinable
  public init(_ rows: [Row]) {
    storage = RowStorage(rows)
    base = UnsafePointer(storage.base)
    count = rows.count
  }

  /// An empty list.
  @inlinable
  public init() { self.init([]) }

  /// The rows as a segment; it must not outlive the list.
  @inlinable public var slice: RowSlice<Row> { RowSlice(base: base, count: count) }

  /// The address of one row.
  @inlinable
  public subscript(index: Int) -> UnsafePointer<Row> {
    precondition(index >= 0 && index < count)
    return base + index
  }
}

extension RowList: ExpressibleByArrayLiteral {
  @inlinable
  public init(arrayLiteral elements: Row...) { self.init(elements) }
}

/// Consecutive rows that something else keeps alive.
public struct RowSlice<Row> {
  /// The first row.
  public let base: UnsafePointer<Row>
  /// The number of rows.
  public let count: Int

  @inlinable
  public init(base: UnsafePointer<Row>, count: Int) {
    self.base = base
    self.count = count
  }
}

/// Keeps memory alive that an execution reads: the base class of everything that rows may lie in.
@usableFromInline
class RowOwner: @unchecked Sendable {
  // @unchecked: subclasses are immutable once made.
  @usableFromInline init() {}
}

/// The memory of a `RowList`.
@usableFromInline
final class RowStorage<Row>: RowOwner, @unchecked Sendable {
  // @unchecked: written in init, then only read.
  @usableFromInline let base: UnsafeMutablePointer<Row>
  @usableFromInline let count: Int

  @inlinable
  init(_ rows: [Row]) {
    count = rows.count
    let memory = UnsafeMutablePointer<Row>.allocate(capacity: max(rows.count, 1))
    rows.withUnsafeBufferPointer { source in
      if let first = source.baseAddress { memory.initialize(from: first, count: source.count) }
    }
    base = memory
    super.init()
  }

  deinit {
    base.deinitialize(count: count)
    base.deallocate()
  }
}
