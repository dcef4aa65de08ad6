/// Memory for derived rows, handed out like a stack: the output pass releases a subtree's rows when it is
/// written.
///
/// Owned by one execution, used on one thread at a time. Rows are trivial, so nothing is deinitialised.
@usableFromInline
struct RowArena: ~Copyable {
  /// The next free byte of the chunk in use, the end of that chunk, and where the list being built starts.
  /// Before the first row there is no chunk, and all three are the same address that nobody reads.
  @usableFromInline var next: UnsafeMutableRawPointer
  @usableFromInline var limit: UnsafeMutableRawPointer
  @usableFromInline var start: UnsafeMutableRawPointer
  /// The number of the chunk in use; -1 is none.
  private var chunk = -1
  private var chunks: [UnsafeMutableRawBufferPointer] = []

  /// A place to return to.
  struct Mark {
    var next: UnsafeMutableRawPointer?
    var chunk: Int
  }

  private static let firstCapacity = 4096

  init() {
    next = RowArena.nowhere
    limit = RowArena.nowhere
    start = RowArena.nowhere
  }

  deinit { for chunk in chunks { chunk.deallocate() } }

  /// An aligned address that stands for no memory.
  private static var nowhere: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(bitPattern: 64).unsafelyUnwrapped
  }

  var mark: Mark {
    @inline(__always) get { Mark(next: next, chunk: chunk) }
  }

  /// Forgets everything that was made after `mark`.
  @inline(__always)
  mutating func release(to mark: Mark) {
    next = mark.next.unsafelyUnwrapped
    if mark.chunk != chunk { reenter(mark.chunk) }
  }

  @inline(never)
  private mutating func reenter(_ chunk: Int) {
    self.chunk = chunk
    limit = chunk < 0 ? RowArena.nowhere : chunks[chunk].baseAddress.unsafelyUnwrapped + chunks[chunk].count
  }

  /// Starts a list of children whose rows have this alignment.
  @inline(__always)
  mutating func begin(alignment: Int) {
    next = next.alignedUp(toMultipleOf: alignment)
    start = next
  }

  @inlinable
  mutating func append<Child: BitwiseCopyable>(_ child: Child) {
    let size = MemoryLayout<Child>.stride
    if UInt(bitPattern: next) &+ UInt(bitPattern: size) > UInt(bitPattern: limit) { grow(size) }
    next.storeBytes(of: child, as: Child.self)
    next += size
  }

  /// The address of the list that `begin` started.
  @inline(__always)
  func finish() -> UnsafeRawPointer { UnsafeRawPointer(start) }

  /// Moves the list being built to a chunk with room for it and `more` bytes.
  @inline(never)
  @usableFromInline
  mutating func grow(_ more: Int) {
    let size = next - start
    let needed = (size + more) * 2
    while chunk + 1 < chunks.count, chunks[chunk + 1].count < needed {
      chunks.remove(at: chunk + 1).deallocate()
    }
    if chunk + 1 == chunks.count {
      let capacity = max(needed, chunks.last.map { $0.count * 2 } ?? RowArena.firstCapacity)
      chunks.append(.allocate(byteCount: capacity, alignment: 64))
    }
    let source = start
    reenter(chunk + 1)
    start = chunks[chunk].baseAddress.unsafelyUnwrapped
    if size > 0 { start.copyMemory(from: source, byteCount: size) }
    next = start + size
  }
}
