/// Memory for derived rows, handed out like a stack: the output pass releases a subtree's rows when it is
/// written.
///
/// Owned by one execution, used on one thread at a time. Rows are trivial, so nothing is deinitialised.
@usableFromInline
struct RowArena: ~Copyable {
  @usableFromInline var chunks: [UnsafeMutableRawPointer] = []
  @usableFromInline var capacities: [Int] = []
  /// The chunk in use, and the next free byte in it.
  @usableFromInline var chunk = 0
  @usableFromInline var used = 0
  /// Where the list being built starts.
  @usableFromInline var start = 0

  /// A place to return to.
  @usableFromInline
  struct Mark {
    @usableFromInline var chunk: Int
    @usableFromInline var used: Int

    @inlinable
    init(chunk: Int, used: Int) {
      self.chunk = chunk
      self.used = used
    }
  }

  @usableFromInline static let firstCapacity = 4096

  @inlinable init() {}

  deinit { for chunk in chunks { chunk.deallocate() } }

  @inlinable var mark: Mark { Mark(chunk: chunk, used: used) }

  /// Forgets everything that was made after `mark`.
  @inlinable
  mutating func release(to mark: Mark) {
    chunk = mark.chunk
    used = mark.used
  }

  /// Starts a list of children.
  @inlinable
  mutating func begin<Child: BitwiseCopyable>(_ type: Child.Type) {
    let alignment = MemoryLayout<Child>.alignment
    used = (used + alignment - 1) & ~(alignment - 1)
    start = used
    if chunks.isEmpty { addChunk(RowArena.firstCapacity) }
  }

  @inlinable
  mutating func append<Child: BitwiseCopyable>(_ child: Child) {
    if used + MemoryLayout<Child>.stride > capacities[chunk] { grow(MemoryLayout<Child>.stride) }
    (chunks[chunk] + used).initializeMemory(as: Child.self, to: child)
    used += MemoryLayout<Child>.stride
  }

  /// The address of the list that `begin` started.
  @inlinable
  mutating func finish() -> UnsafeRawPointer { UnsafeRawPointer(chunks[chunk] + start) }

  /// Moves the list being built to a chunk with room for it and `more` bytes.
  @usableFromInline
  mutating func grow(_ more: Int) {
    let size = used - start
    let source = chunks[chunk] + start
    let needed = (size + more) * 2
    while chunk + 1 < chunks.count, capacities[chunk + 1] < needed {
      chunks.remove(at: chunk + 1).deallocate()
      capacities.remove(at: chunk + 1)
    }
    if chunk + 1 == chunks.count { addChunk(max(needed, capacities[chunk] * 2)) }
    chunk += 1
    chunks[chunk].copyMemory(from: source, byteCount: size)
    start = 0
    used = size
  }

  @usableFromInline
  mutating func addChunk(_ capacity: Int) {
    chunks.append(UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16))
    capacities.append(capacity)
  }
}
