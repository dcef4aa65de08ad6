// Leaves that are lists written as a whole: their items are completed one by one (§ 6.4.3), so the writer
// takes note of those that are null or failed. The output pass knows the types and makes errors of them.

/// An item of a list that a leaf wrote as a whole, which is null or could not be written. Its bytes are
/// `null`.
@usableFromInline
struct UnusualItem {
  /// One item: its position in its list, and where its bytes begin and end in the output.
  struct Place {
    var index: Int
    var start: Int
    var end: Int
  }

  /// The item itself.
  var place: Place
  /// The items of lists around it, the outermost first.
  var outer: [Place] = []
  /// Why it could not be written; nil for a null.
  var failure: String?
}

extension JSONWriter {
  /// A list of leaves as a whole. The executor completes null and failed items by the field's type.
  @inlinable
  public mutating func write<Value: LeafValue>(list values: [Value]) {
    put(0x5B)
    let first = unusualItems.count
    var known = first
    var index = 0
    for value in values {
      if index > 0 { put(0x2C) }
      let mark = count
      value.write(to: &self)
      if outcome != .value { known = noteItem(index, from: mark, known: known) }
      index &+= 1
    }
    put(0x5D)
    if known > first { outcome = .items }
  }

  /// A list of leaves as a whole, or null.
  @inlinable
  public mutating func write<Value: LeafValue>(list values: [Value]?) {
    if let values { write(list: values) } else { writeNull() }
  }

  /// Takes note of the item that was just written; gives the number of those that are noted now. Items of
  /// lists in it are those behind the first `known`.
  @inline(never)
  @usableFromInline
  mutating func noteItem(_ index: Int, from mark: Int, known: Int) -> Int {
    switch outcome {
    case .value: break
    case .null, .failure:
      let failure = outcome == .failure ? failureMessage : nil
      if failure != nil {
        truncate(to: mark)
        putNull()
      }
      let place = UnusualItem.Place(index: index, start: mark, end: count)
      unusualItems.append(UnusualItem(place: place, failure: failure))
    case .items:
      let place = UnusualItem.Place(index: index, start: mark, end: count)
      for item in known..<unusualItems.count { unusualItems[item].outer.insert(place, at: 0) }
    }
    outcome = .value
    return unusualItems.count
  }

  /// The items that the last leaf left behind.
  mutating func takeUnusualItems() -> [UnusualItem] {
    defer { unusualItems = [] }
    return unusualItems
  }

  /// Whether what begins at `mark` is a list. JSON text may have white space before it.
  func isList(from mark: Int) -> Bool {
    var place = base + mark
    while place < end && place.pointee <= 0x20 { place += 1 }
    return place < end && place.pointee == 0x5B
  }

  /// Puts null in the place of some bytes that were written.
  mutating func replaceWithNull(from start: Int, to end: Int) {
    let tail = count - end
    reserve(4)
    (base + start + 4).update(from: base + end, count: tail)
    self.end = base + start
    putNull()
    self.end += tail
  }

  /// JSON's null is a null like any other: the executor makes an error of it where it must not be.
  @inline(never)
  @usableFromInline
  mutating func noteNull(in bytes: UnsafeBufferPointer<UInt8>) {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
    var text = bytes[...]
    while let first = text.first, isSpace(first) { text.removeFirst() }
    while let last = text.last, isSpace(last) { text.removeLast() }
    if text.elementsEqual([0x6E, 0x75, 0x6C, 0x6C]) { outcome = .null }
  }
}
